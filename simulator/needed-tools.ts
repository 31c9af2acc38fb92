import type { ToolName } from "../tools/find-tool";

/** What a stack needs to live on simulated clouds with genuine clusters. */
export const LIFE_TOOLS: readonly ToolName[] = [
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-resource-kubernetes",
  "helm",
  "kube-control-plane",
  "kwok",
];
