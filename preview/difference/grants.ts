import type { GrantReport } from "../report/grants";
import { summariseGrants } from "../report/grants/summary";
import type { GrantChange } from "./document";

/** One thing that one identity may, or may not, do: the smallest part of a grant. */
interface Atom {
  readonly grant: GrantReport;
  readonly action: string;
  readonly resource: string;
}

/**
 * Rights that came and went. Compared are single actions on single things: a statement that is only written
 * otherwise, or covered by a wider one, is no change. A denial that goes is a right gained, and the other way.
 */
export function compareGrants(
  before: readonly GrantReport[],
  after: readonly GrantReport[],
): { gained: GrantChange[]; lost: GrantChange[] } {
  const [old, now] = [atomsOf(before), atomsOf(after)];
  const come = now.filter((atom) => !old.some((other) => covers(other, atom)));
  const gone = old.filter((atom) => !now.some((other) => covers(other, atom)));
  const of = (atoms: readonly Atom[], effect: GrantReport["effect"]) =>
    atoms.filter(({ grant }) => grant.effect === effect);
  return {
    gained: [...changesOf(of(come, "allow"), true), ...changesOf(of(gone, "deny"), false)],
    lost: [...changesOf(of(gone, "allow"), false), ...changesOf(of(come, "deny"), true)],
  };
}

function atomsOf(grants: readonly GrantReport[]): Atom[] {
  return grants.flatMap((grant) => {
    // Without a resource an action stands for itself: a managed policy, a role known only after up.
    const resources = grant.resources.length > 0 ? grant.resources : [""];
    return grant.actions.flatMap((action) => resources.map((resource) => ({ grant, action, resource })));
  });
}

/** True where `wide` gives all that `atom` does. A condition narrows: it must be the same, or none. */
function covers(wide: Atom, atom: Atom): boolean {
  const [a, b] = [wide.grant, atom.grant];
  return (
    a.effect === b.effect &&
    a.who === b.who &&
    (a.identity === b.identity || a.who !== a.identity) &&
    (a.condition === undefined || a.condition === b.condition) &&
    matches(wide.action, atom.action) &&
    (wide.resource === atom.resource || matches(wide.resource, atom.resource))
  );
}

/** Patterns of IAM: `*` for any text, `?` for one character; Google's names hold neither. */
function matches(pattern: string, text: string): boolean {
  if (pattern === text) return true;
  if (!/[*?]/.test(pattern)) return false;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", "[^*]");
  return new RegExp(`^${source}$`, "s").test(text);
}

/** Atoms of one statement put together again, with its words where all of its actions are in it. */
function changesOf(atoms: readonly Atom[], come: boolean): GrantChange[] {
  const byGrant = new Map<GrantReport, Atom[]>();
  for (const atom of atoms) byGrant.set(atom.grant, [...(byGrant.get(atom.grant) ?? []), atom]);
  return [...byGrant].map(([grant, own]) => {
    const actions = [...new Set(own.map(({ action }) => action))];
    const resources = [...new Set(own.map(({ resource }) => resource))].filter((one) => one !== "");
    return {
      who: grant.who,
      words: wordsOf(grant, actions, resources, come),
      effect: grant.effect,
      actions,
      resources,
      ...(grant.condition === undefined ? {} : { condition: grant.condition }),
    };
  });
}

function wordsOf(
  grant: GrantReport,
  actions: readonly string[],
  resources: readonly string[],
  come: boolean,
): string {
  const whole = actions.length === grant.actions.length && resources.length === grant.resources.length;
  const [summary] = summariseGrants([{ ...grant, effect: "allow" }]);
  const may = grant.effect === "allow" ? "may " : come ? "is newly denied to " : "is no longer denied to ";
  if (whole) return may + summary!.words.replace(/^may /, "");
  const condition = grant.condition === undefined ? "" : ", under a condition";
  return `${may}${actions.join(", ")}${resources.length > 0 ? ` on ${shortened(resources)}` : ""}${condition}`;
}

function shortened(resources: readonly string[]): string {
  const [first, ...more] = resources;
  return more.length > 2 ? `${first} and ${more.length} more` : resources.join(", ");
}
