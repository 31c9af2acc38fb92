import { resourceFacts, type ResourceFacts } from "../facts";
import type { ResourceModel } from "../models/model";
import { isMap, Unknown, type Value, type ValueMap } from "../../preview/engine/values";
import { DEFAULTS } from "./check";
import { bare, same, toPlain } from "./properties";

/** One property that is to change. */
export interface PropertyChange {
  /** As a person writes it: `vpcConfig.subnetIds[1]`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

/** What a change of inputs means. */
export interface Difference {
  readonly changes: readonly PropertyChange[];
  readonly deleteBeforeReplace: boolean;
}

/** Which inputs were, which shall be, and the whole state before. */
export interface DiffRequest {
  readonly type: string;
  readonly oldInputs: ValueMap;
  readonly news: ValueMap;
  /** Outputs as last recorded. */
  readonly olds: ValueMap;
  /** Top-level properties or paths that the program wants left alone. */
  readonly ignoreChanges: readonly string[];
  /** Region of the provider in use, for a resource that names its own. */
  readonly region: string;
}

/**
 * Compares inputs as the provider does: what changed, and which of it cannot be changed in place.
 *
 * @throws Error for a change whose effect depends on a condition that nobody has modelled
 */
export function difference(asked: DiffRequest, model?: ResourceModel): Difference {
  const facts = resourceFacts(asked.type);
  const request = withForeignTags(asked);
  const changes = changedKeys(request, facts).flatMap((key) => {
    const found: PropertyChange[] = [];
    compare(request.oldInputs[key], request.news[key], key, found);
    return found.map((change) => ({ ...change, replaces: replaces(change, request, facts, model) }));
  });
  const replaced = changes.some((change) => change.replaces);
  return { changes, deleteBeforeReplace: replaced && goesFirst(request, facts) };
}

/**
 * Tags that somebody put on a thing which the program gave none: the provider compares with the state, where they
 * are, and takes them away. Other properties that the program leaves open keep what they have.
 */
function withForeignTags(request: DiffRequest): DiffRequest {
  const { oldInputs, olds, type } = request;
  if (!type.startsWith("aws:") || oldInputs["tags"] !== undefined || olds["tags"] === undefined)
    return request;
  return { ...request, oldInputs: { ...oldInputs, tags: olds["tags"] } };
}

function changedKeys(
  { oldInputs, news, ignoreChanges, region }: DiffRequest,
  facts?: ResourceFacts,
): string[] {
  const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(news)])];
  return keys.filter((key) => {
    if (key === DEFAULTS || ignoreChanges.includes(key)) return false;
    if (same(oldInputs[key], news[key])) return false;
    // What the provider filled in, it keeps when the program no longer names it.
    if (news[key] === undefined && facts?.computedIfUnset?.includes(key)) return false;
    // Naming the provider's own region changes nothing.
    return !(key === "region" && (oldInputs[key] ?? region) === (news[key] ?? region));
  });
}

function compare(before: Value | undefined, after: Value | undefined, path: string, into: PropertyChange[]) {
  if (same(before, after)) return;
  if (isMap(before) && isMap(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(before[key], after[key], `${path}.${key}`, into);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++)
      compare(before[index], after[index], `${path}[${index}]`, into);
    return;
  }
  const missing = (value: Value | undefined) => !(value instanceof Unknown) && bare(value) === undefined;
  const kind = missing(before) ? "add" : missing(after) ? "delete" : "update";
  into.push({ path, kind, replaces: false });
}

function replaces(
  { path, kind }: PropertyChange,
  request: DiffRequest,
  facts: ResourceFacts | undefined,
  model: ResourceModel | undefined,
): boolean {
  const plainPath = path.replace(/\[\d+\]/g, "");
  const chain = plainPath.split(".").map((_, index, keys) => keys.slice(0, index + 1).join("."));
  if (chain.some((part) => facts?.replaceOn.includes(part))) return true;
  if (kind !== "update" && facts?.replaceOnPresence?.includes(plainPath)) return true;
  for (const part of chain) {
    const condition = model?.replaceWhen?.[part];
    if (condition) {
      const [olds, news] = [toPlain(request.olds).properties, toPlain(request.news).properties];
      const oldInputs = toPlain(request.oldInputs).properties;
      if (condition(at(oldInputs, part), at(news, part), olds, news)) return true;
      continue;
    }
    const words = facts?.replaceWhen?.[part];
    // changedKeys has already left out the provider's own region.
    if (part === "region" && words) return true;
    if (words)
      throw new Error(
        `${request.type}: whether a change of ${part} replaces depends (${words}), and the simulator has no model of it`,
      );
  }
  return false;
}

function at(map: unknown, path: string): never {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], map) as never;
}

/**
 * Deleted before its replacement is made: where the provider says so, and where the program itself chose the
 * name and keeps it, so that both cannot exist (pulumi-terraform-bridge, pkg/tfbridge/provider.go:
 * `nameRequiresDeleteBeforeReplace`).
 */
function goesFirst({ oldInputs, news }: DiffRequest, facts: ResourceFacts | undefined): boolean {
  if (facts?.deleteBeforeReplace) return true;
  const [property = ""] = (facts?.autoName ?? "").split(" ");
  if (!property || news[property] === undefined) return false;
  const madeUp = (news[DEFAULTS] as Value[] | undefined)?.includes(property) ?? false;
  return !madeUp && same(oldInputs[property], news[property]);
}
