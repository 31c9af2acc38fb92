import { abridged, distinct, listed } from "../words";
import type { GrantReport } from ".";

/** One line a subject: its statements joined and said in as few words as tell what it could do. */
export interface GrantSummary {
  readonly who: string;
  readonly words: string;
}

/** What somebody may do to the same things under the same conditions. */
interface Scope {
  readonly on: readonly string[];
  /** Words for a condition that the names do not tell already. */
  readonly condition: string;
  verbs: string[];
}

/** Who may do what, at a glance; every action and every name is in the document. */
export function summariseGrants(grants: readonly GrantReport[]): GrantSummary[] {
  return distinct(grants.map(({ who }) => who)).map((who) => {
    const own = grants.filter((grant) => grant.who === who);
    const allowed = sentence(own.filter(({ effect }) => effect === "allow"));
    const denied = sentence(own.filter(({ effect }) => effect === "deny"));
    const words = `may ${allowed || "do nothing"}${denied && `; never ${denied}`}`;
    const caveat = own.some(isVague) ? " (exact policy known after up)" : "";
    return {
      who: who.replace(/^([^@:]+)@[^@]+\.iam\.gserviceaccount\.com$/, "service account $1"),
      words: words + caveat,
    };
  });
}

/** True where the words are those of the program's own verbs: the policy has an id in it. */
function isVague({ actions, verbs }: GrantReport): boolean {
  return actions.includes("[unknown]") && !verbs.some((verb) => verb.includes("after up"));
}

function sentence(grants: readonly GrantReport[]): string {
  return scopesOf(grants).map(phrase).join("; ");
}

/** Joins what has the same verbs, then what is about the same things; drops what something wider says too. */
function scopesOf(grants: readonly GrantReport[]): Scope[] {
  const byVerbs = merged(
    grants.map(({ verbs, on, condition }) => ({ verbs: [...verbs], on, condition: inWords(condition) })),
    (a, b) => a.condition === b.condition && a.on.length > 0 && same(a.verbs, b.verbs),
  );
  const byThings = merged(byVerbs, (a, b) => a.condition === b.condition && same(a.on, b.on));
  const wide = byThings.filter(
    ({ on, condition }) => !condition && (on.length === 0 || on[0] === "anything"),
  );
  return byThings
    .map((scope) => ({
      ...scope,
      verbs: scope.verbs.filter((verb) => !wide.some((one) => one !== scope && one.verbs.includes(verb))),
    }))
    .filter(({ verbs }) => verbs.length > 0);
}

function merged(scopes: readonly Scope[], alike: (a: Scope, b: Scope) => boolean): Scope[] {
  const result: Scope[] = [];
  for (const scope of scopes) {
    const at = result.findIndex((one) => alike(one, scope));
    const known = result[at];
    if (!known) result.push(scope);
    else {
      result[at] = {
        on: distinct([...known.on, ...scope.on]),
        condition: known.condition,
        verbs: distinct([...known.verbs, ...scope.verbs]),
      };
    }
  }
  return result;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

/** Conditions that a reader knows from the names, and what the others say. */
function inWords(condition: string | undefined): string {
  if (condition === undefined || /resource\.name|"aws:ResourceAccount"/.test(condition)) return "";
  if (/"kms:ViaService":"s3\./.test(condition)) return " through S3";
  if (/"aws:ResourceTag\/k8s\.io\/cluster-autoscaler\//.test(condition)) return " tagged for this cluster";
  return " under conditions";
}

/** What managing buckets, and managing or reading objects, includes. */
const BUCKETS = ["delete buckets", "read bucket settings", "change bucket settings"];
const ACCESS = ["see who has access", "decide who has access"];
const OBJECTS = ["read objects", "write objects", "delete objects"];
const OBJECT_DETAILS = [
  "list objects",
  "read bucket settings",
  "delete old versions for good",
  "abort unfinished uploads",
  "list unfinished uploads",
];
const KEYS = ["encrypt with keys", "decrypt with keys"];

function phrase({ verbs, on, condition }: Scope): string {
  const has = (wanted: readonly string[]) => wanted.every((verb) => verbs.includes(verb));
  const without = (...dropped: (readonly string[])[]) =>
    verbs.filter((verb) => !dropped.flat().includes(verb));
  const names = namesOf(on);
  if (verbs.includes("manage buckets") || has(BUCKETS)) {
    const create = verbs.includes("create buckets") ? "create and " : "";
    const objects = has(OBJECTS) ? " and their objects" : "";
    const rest = without(
      ["create buckets", "manage buckets"],
      BUCKETS,
      ACCESS,
      objects ? [...OBJECTS, ...OBJECT_DETAILS] : [],
    );
    const main = `${create}manage buckets${names && ` ${names}`}${objects}${condition}`;
    return rest.length > 0 ? `${main}; ${phrase({ verbs: rest, on, condition })}` : main;
  }
  if (has(KEYS)) {
    const rest = without(KEYS);
    const key = `use the ${on.length === 1 ? "key" : "keys"} ${names}${condition}`;
    return rest.length > 0 ? `${key}; ${phrase({ verbs: rest, on, condition })}` : key;
  }
  const told = has(["read objects", "write objects"])
    ? without(OBJECT_DETAILS.filter((verb) => verb !== "delete old versions for good"))
    : verbs;
  const words = shared(told);
  if (names === "anything" && told.every((verb) => /^(read|list|look for) /.test(verb)))
    return words + condition;
  return `${words}${names && ` ${prepositionFor(words, names)}${names}`}${condition}`;
}

/** The same order on every cloud: reading, writing, deleting, all else as it was given. */
function rank(verb: string): number {
  const at = ["read", "write", "delete"].indexOf(verb);
  return at < 0 ? 3 : at;
}

function namesOf(names: readonly string[]): string {
  const short = abridged(names);
  return names.some((name) => name.includes("*")) ? short.replace(/\((\d+)\)$/, "($1 patterns)") : short;
}

function prepositionFor(words: string, names: string): string {
  if (/^project /.test(names) || /records$|uploads$/.test(words)) return "in ";
  if (/buckets$|node groups$/.test(words)) return "";
  if (/objects$/.test(words) && words !== "write objects") return "of ";
  return /(^write objects|logs)$/.test(words) ? "to " : "on ";
}

/** `read objects`, `write objects` are `read and write objects`; `read A`, `read B` are `read A and B`. */
function shared(verbs: readonly string[]): string {
  const split = verbs.map((verb) => [verb.split(" ")[0]!, verb.split(" ").slice(1).join(" ")] as const);
  const byObject = distinct(split.map(([, object]) => object)).flatMap((object) => {
    const own = split.filter((one) => one[1] === object).map(([verb]) => verb);
    return object === ""
      ? own.map((verb) => ({ verb, object }))
      : [{ verb: listed(own.toSorted((a, b) => rank(a) - rank(b))), object }];
  });
  const byVerb = distinct(byObject.map(({ verb }) => verb)).map((verb) => {
    const objects = byObject.filter((one) => one.verb === verb).map(({ object }) => object);
    return [verb, listed(objects)].filter((part) => part !== "").join(" ");
  });
  return listed(byVerb);
}
