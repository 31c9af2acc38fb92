import { resourceFacts } from "../facts";
import type { Properties } from "../models/model";
import type { Json } from "../../preview/engine/values";

/** Properties under which Google's resource types take labels. */
const LABELS = ["labels", "resourceLabels", "userLabels"];

/** Tags or labels that a provider puts on everything it makes. */
export interface DefaultTags {
  readonly tags: Readonly<Record<string, Json>>;
}

/**
 * What the provider's default tags and labels become on a resource: `tagsAll` on AWS, `effectiveLabels` and
 * `pulumiLabels` on Google. Empty for types that take none.
 */
export function taggedOutputs(type: string, inputs: Properties, defaults: DefaultTags): Record<string, Json> {
  const computed = resourceFacts(type)?.computed ?? [];
  if (computed.includes("tagsAll")) return { tagsAll: { ...defaults.tags, ...block(inputs["tags"]) } };
  if (!computed.includes("effectiveLabels")) return {};
  const own = LABELS.map((property) => block(inputs[property]));
  const labels: Json = Object.assign({}, defaults.tags, ...own) as Json;
  return { effectiveLabels: labels, pulumiLabels: labels };
}

/** Inputs from which {@link taggedOutputs} follows, and its main output: for comparing. */
export function taggingProperties(
  type: string,
): { readonly inputs: readonly string[]; readonly output: string } | undefined {
  const computed = resourceFacts(type)?.computed ?? [];
  if (computed.includes("tagsAll")) return { inputs: ["tags"], output: "tagsAll" };
  if (computed.includes("effectiveLabels")) return { inputs: LABELS, output: "effectiveLabels" };
  return undefined;
}

function block(value: Json | undefined): Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
