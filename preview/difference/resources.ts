import { resourceFacts } from "../../simulator/facts";
import { UNKNOWN } from "../engine";
import { providerUrn } from "../engine/recording";
import { rank, UNTOLD } from "../report/render/tree";
import type { DataReport } from "../report/data";
import type { PropertyChange, ResourceChange } from "./document";
import { match, type Matching, type Pair } from "./match";
import { aliasHint } from "./moves";
import { type Effect, replacedByProvider, rulesFor } from "./replacement";
import type { Compared, Side } from "./side";
import { compareValues } from "./values";

/** What becomes of every resource; those that stay as they are, are left out. */
export function compareResources(
  before: Side,
  after: Side,
): { changes: ResourceChange[]; matching: Matching } {
  const matching = match(before.resources, after.resources);
  const joined = settle(matching, before, after);
  const oldData = new Map(before.report.data.map((one) => [one.urn, one]));
  const changes = [
    ...joined.map((change) => withConsequences(change, matching, oldData)),
    ...matching.added.map((resource): ResourceChange => ({
      ...told(resource),
      action: "create",
      properties: telling(resource),
      hint: aliasHint(resource, matching),
    })),
    ...matching.removed.map((resource): ResourceChange =>
      consequencesOf({ ...told(resource), action: "delete", properties: [] }, resource, oldData),
    ),
  ];
  // Siblings register in an order that is not promised.
  const sorted = changes.map(withoutUndefined).sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return { changes: sorted, matching };
}

/** Types whose inputs say who may do or reach what, of which the type alone says nothing. */
const TELLING =
  /iam|rbac|polic|rule|firewall|binding|permission|grant|access|publicAccess|role|securityGroup|cidr|defaultAcl/i;

/** What matters of something new, as it may be shown; empty where its name and type say enough. */
function telling({ type, inputs, custom }: Compared): PropertyChange[] {
  if (!custom || !TELLING.test(type)) return [];
  const shown = Object.entries(inputs)
    .filter(([key, value]) => !UNTOLD.has(key) && value !== UNKNOWN)
    .sort(([a], [b]) => rank(a) - rank(b));
  return shown.flatMap(([key, value]) =>
    compareValues(undefined, value, key).map((one) => ({ ...one, replaces: "no" as const })),
  );
}

function told({ urn, type, name, section, custom }: Compared) {
  return { urn, type, name, section, custom };
}

/**
 * Changes of the joined resources, until nothing follows any more: what is replaced gets new ids, and whatever
 * takes one of those as an input changes with it.
 */
function settle(matching: Matching, before: Side, after: Side): ResourceChange[] {
  const replaced = new Set<string>();
  for (;;) {
    const changes = matching.pairs.map((pair) => changeOf(pair, matching, before, after, replaced));
    const found = changes.filter((change) => change?.action === "replace").map((change) => change!.urn);
    if (found.every((urn) => replaced.has(urn))) return changes.filter((change) => change !== undefined);
    found.forEach((urn) => replaced.add(urn));
  }
}

function changeOf(
  { before, after }: Pair,
  matching: Matching,
  base: Side,
  head: Side,
  replaced: ReadonlySet<string>,
): ResourceChange | undefined {
  const properties = [
    ...changedInputs(before, after),
    ...changedSources(before, after, matching, replaced),
    ...movedProvider(before, after, base, head),
    ...changedOptions(before, after),
  ];
  const moved = before.urn === after.urn ? {} : { movedFrom: before.urn };
  const telling = properties.filter(({ ignored }) => !ignored);
  if (properties.length === 0 && before.urn === after.urn) return undefined;
  const action = telling.some(({ replaces }) => replaces === "yes")
    ? "replace"
    : telling.some(({ replaces }) => replaces === "maybe" || replaces === "unknown")
      ? "maybe-replace"
      : properties.length > 0
        ? "update"
        : "move";
  const deleteFirst = action === "replace" ? deletedFirst(after, properties) : undefined;
  return { ...told(after), action, ...moved, properties, ...(deleteFirst ? { deleteFirst } : {}) };
}

/**
 * Why the old one goes before the new one is made. A name that is given and stays can be held by one of them
 * only (pulumi-terraform-bridge, pkg/tfbridge/names.go: `nameRequiresDeleteBeforeReplace`).
 */
function deletedFirst(after: Compared, properties: readonly PropertyChange[]): string | undefined {
  const name = resourceFacts(after.type)?.autoName;
  const given = name !== undefined && after.inputs[name] !== undefined;
  return (
    rulesFor(after).deleteBeforeReplace ??
    (given && !properties.some(({ path }) => path === name) ? `its ${name} stays the same` : undefined)
  );
}

function changedInputs(before: Compared, after: Compared): PropertyChange[] {
  const rules = rulesFor(after);
  return compareValues(before.inputs, after.inputs).map((change): PropertyChange => {
    const side = !("before" in change) ? "added" : !("after" in change) ? "removed" : "changed";
    const effect = after.custom ? rules.effectOf(change.path, side) : { replaces: "no" as const };
    return { ...change, ...unlessTheSame(change, effect), ...ignoredIn(after, change.path) };
  });
}

/** A value that only one of the plans knows may be the one the cloud has already: then nothing is replaced. */
function unlessTheSame({ before, after }: Pick<PropertyChange, "before" | "after">, effect: Effect): Effect {
  if (effect.replaces !== "yes" || (before !== "[unknown]" && after !== "[unknown]")) return effect;
  return { replaces: "maybe", why: "the value that is known only after up is another" };
}

function ignoredIn(resource: Compared, path: string): { ignored?: true } {
  const ignored = resource.ignoreChanges.some(
    (one) => one === "*" || path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`),
  );
  return ignored ? { ignored: true } : {};
}

/** Inputs that only the cloud knows: they change where they now come from something else, or from a new one. */
function changedSources(
  before: Compared,
  after: Compared,
  matching: Matching,
  replaced: ReadonlySet<string>,
): PropertyChange[] {
  const rules = rulesFor(after);
  return Object.entries(after.propertyDependencies).flatMap(([key, urns]): PropertyChange[] => {
    if (!after.custom || !after.waiting.includes(key) || !before.waiting.includes(key)) return [];
    // What is told by its text already, ids by their names, is not told again by where it comes from.
    if (compareValues(before.inputs[key], after.inputs[key]).length > 0) return [];
    const was = (before.propertyDependencies[key] ?? []).map((urn) => matching.renamed(urn)).sort();
    const is = [...urns].sort();
    const changed = { path: key, secret: false, ...rules.effectOf(key, "changed"), ...ignoredIn(after, key) };
    if (was.join() !== is.join()) {
      return [{ ...changed, before: `from ${namesOf(was)}`, after: `from ${namesOf(is)}` }];
    }
    const anew = is.filter((urn) => replaced.has(urn));
    if (anew.length === 0) return [];
    return [{ ...changed, before: `from ${namesOf(anew)}`, after: "from its replacement" }];
  });
}

function namesOf(urns: readonly string[]): string {
  return urns.map((urn) => urn.split("::").at(-1)).join(", ") || "nothing here";
}

/** A provider that points elsewhere moves all that leaves its place to it. */
function movedProvider(before: Compared, after: Compared, base: Side, head: Side): PropertyChange[] {
  const [old, now] = [providerOf(before, base), providerOf(after, head)];
  const key = replacedByProvider(after, old, now);
  if (key === undefined || !old || !now) return [];
  const [change] = compareValues(old.inputs[key], now.inputs[key], key);
  return change ? [{ ...change, replaces: "yes", why: "set by its provider" }] : [];
}

function providerOf(resource: Compared, side: Side): Compared | undefined {
  const urn = resource.provider && providerUrn(resource.provider);
  return urn === undefined ? undefined : side.resources.find((one) => one.urn === urn);
}

/** Options that decide what a destroy does: they change nothing in the cloud, but what becomes of it. */
function changedOptions(before: Compared, after: Compared): PropertyChange[] {
  return (["protect", "retainOnDelete"] as const)
    .filter((option) => before[option] !== after[option] && after.custom)
    .map((option) => ({
      path: `(option) ${option}`,
      before: before[option],
      after: after[option],
      secret: false,
      replaces: "no" as const,
    }));
}

function withConsequences(
  change: ResourceChange,
  matching: Matching,
  data: ReadonlyMap<string, DataReport>,
): ResourceChange {
  if (change.action !== "replace" && change.action !== "maybe-replace") return change;
  const pair = matching.pairs.find(({ after }) => after.urn === change.urn)!;
  return consequencesOf(change, pair.before, data);
}

/** What a deletion, alone or in a replacement, means: the options of the old resource decide, they are in the state. */
function consequencesOf(
  change: ResourceChange,
  old: Compared,
  data: ReadonlyMap<string, DataReport>,
): ResourceChange {
  if (!old.custom) return change;
  const holds = data.get(old.urn)?.holds;
  const undone = change.action === "delete" ? "delete" : "replace";
  if (old.protect) {
    return { ...change, refused: `it is protected: the engine refuses to ${undone} it, and stops` };
  }
  if (old.retainOnDelete) {
    return {
      ...change,
      leaves: `the old one stays in the cloud, no longer in the state${holds ? `, with ${holds}` : ""}`,
    };
  }
  return holds === undefined ? change : { ...change, loses: holds };
}

function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
