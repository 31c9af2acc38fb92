import * as pulumi from "@pulumi/pulumi";
import type { CommonSettings } from "../infra/config/settings";

/**
 * Tags (AWS) or labels (Google) of everything a stack makes: whose it is, so that a bill can be split and a stray
 * be found. The stack's own come first, the person's after, so nobody can take the program's marks off.
 */
export function stackTags(
  settings: Pick<CommonSettings, "clusterName" | "profile" | "tags">,
): Record<string, string> {
  return {
    ...settings.tags,
    "managed-by": "pulumi",
    project: "cmbcluster",
    stack: labelValue(pulumi.getStack()),
    cluster: settings.clusterName,
    profile: settings.profile,
  };
}

/** A stack's name may hold what a Google label may not: capitals, dots, more than 63 characters. */
export function labelValue(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "-")
    .slice(0, 63);
}
