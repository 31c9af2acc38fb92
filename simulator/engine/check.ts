import { createHash } from "node:crypto";
import { resourceFacts, type ResourceFacts } from "../facts";
import type { CheckFailure, ResourceModel } from "../models/model";
import { isMap, Unknown, type Value, type ValueMap } from "../../preview/engine/values";
import { isGiven, toPlain, valuesAt } from "./properties";

/** Property in which the bridged providers note which inputs they filled themselves. */
export const DEFAULTS = "__defaults";

/** What a provider's check answers. */
export interface Checked {
  readonly inputs: ValueMap;
  readonly failures: readonly CheckFailure[];
}

/**
 * Checks the inputs of a resource as its provider does: defaults and a made-up name filled in, what is missing or
 * does not go together named.
 *
 * @param name logical name and seed for a made-up name
 */
export function checkInputs(
  type: string,
  news: ValueMap,
  olds: ValueMap,
  name: { readonly logical: string; readonly seed: string },
  model?: ResourceModel,
): Checked {
  const facts = resourceFacts(type);
  const filled = facts ? withDefaults(facts, news, olds, name) : { ...news };
  return { inputs: filled, failures: inputFailures(type, filled, facts, model) };
}

/** Faults of inputs: by the facts of the provider, and by the model where it knows more. */
export function inputFailures(
  type: string,
  inputs: ValueMap,
  facts = resourceFacts(type),
  model?: ResourceModel,
): CheckFailure[] {
  const { properties, unknown } = toPlain(inputs);
  return [...(facts ? failuresOf(facts, inputs) : []), ...(model?.check?.(properties, unknown) ?? [])];
}

function failuresOf(facts: ResourceFacts, inputs: ValueMap): CheckFailure[] {
  const given = (path: string) => isGiven(inputs, path);
  const failures: CheckFailure[] = [];
  const add = (property: string, reason: string) => failures.push({ property, reason });
  for (const path of [...(facts.required ?? []), ...(facts.requiredInBlocks ?? [])])
    if (isMissing(inputs, path)) add(path, `Missing required property '${path}'`);
  for (const group of facts.exactlyOneOf ?? []) {
    const present = group.filter(given);
    const siblings = blockOf(group);
    if (siblings !== undefined && !given(siblings)) continue;
    if (present.length !== 1 && !(group.length === 1 && present.length === 0))
      add(
        group[0]!,
        `exactly one of ${group.join(", ")} must be given, here: ${present.join(", ") || "none"}`,
      );
  }
  for (const group of facts.atLeastOneOf ?? []) {
    const siblings = blockOf(group);
    if ((siblings === undefined || given(siblings)) && !group.some(given))
      add(group[0]!, `at least one of ${group.join(", ")} must be given`);
  }
  for (const [path, others] of Object.entries(facts.requiredWith ?? {}))
    for (const other of given(path) ? others : [])
      if (!given(other)) add(other, `'${path}' needs '${other}' beside it`);
  for (const [path, others] of Object.entries(facts.conflicts ?? {}))
    for (const other of given(path) ? others : [])
      if (other !== path && given(other)) add(path, `'${path}' conflicts with '${other}'`);
  return failures;
}

/** A path is missing where its block is there and it is not; a block that is absent misses nothing but itself. */
function isMissing(inputs: ValueMap, path: string): boolean {
  const at = path.lastIndexOf(".");
  if (at < 0) return !isGiven(inputs, path);
  const key = path.slice(at + 1);
  return valuesAt(inputs, path.slice(0, at))
    .flatMap((block) => (Array.isArray(block) ? block : [block]))
    .some((block) => isMap(block) && !isGiven(block, key));
}

/** The block in which all of a group lie; undefined for the resource itself. */
function blockOf(group: readonly string[]): string | undefined {
  const blocks = new Set(group.map((path) => path.slice(0, Math.max(0, path.lastIndexOf(".")))));
  const [only] = blocks;
  return blocks.size === 1 && only ? only : undefined;
}

function withDefaults(
  facts: ResourceFacts,
  news: ValueMap,
  olds: ValueMap,
  name: { readonly logical: string; readonly seed: string },
): ValueMap {
  const added: string[] = [];
  let inputs: ValueMap = { ...news };
  for (const [path, value] of Object.entries(facts.defaults ?? {})) {
    const keys = path.split(".");
    if (keys.length === 1 && !clashes(facts, inputs, path)) {
      if (inputs[path] === undefined) added.push(path);
      inputs = { ...inputs, [path]: inputs[path] ?? (value as Value) };
    } else inputs = fillNested(inputs, keys, value as Value);
  }
  const [property = "", lower] = (facts.autoName ?? "").split(" ");
  if (property && inputs[property] === undefined && inputs[`${property}Prefix`] === undefined) {
    const before = olds[property];
    const wasMadeUp = (olds[DEFAULTS] as Value[] | undefined)?.includes(property);
    const made = `${name.logical}-${createHash("sha256").update(name.seed).digest("hex").slice(0, 7)}`;
    inputs[property] = wasMadeUp && before !== undefined ? before : lower ? made.toLowerCase() : made;
    added.push(property);
  }
  return { ...inputs, [DEFAULTS]: added };
}

/** A default does not come beside something that excludes it. */
function clashes(facts: ResourceFacts, inputs: ValueMap, path: string): boolean {
  const others = [
    ...(facts.conflicts?.[path] ?? []),
    ...(facts.exactlyOneOf ?? []).filter((group) => group.includes(path)).flat(),
  ];
  return others.some((other) => other !== path && isGiven(inputs, other));
}

/** Fills a field inside a block that the program gave. */
function fillNested(map: ValueMap, [key = "", ...rest]: readonly string[], value: Value): ValueMap {
  if (rest.length === 0) return map[key] === undefined ? { ...map, [key]: value } : map;
  const inner = map[key];
  if (Array.isArray(inner))
    return { ...map, [key]: inner.map((item) => (isMap(item) ? fillNested(item, rest, value) : item)) };
  return isMap(inner) && !(inner instanceof Unknown)
    ? { ...map, [key]: fillNested(inner, rest, value) }
    : map;
}
