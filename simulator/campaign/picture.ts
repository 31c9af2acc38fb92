import type { Stored } from "../engine/store";
import type { Json } from "../../preview/engine/values";

/** What exists, by kind and name, with the properties of each; ids that clouds make up are left out. */
export type Picture = ReadonlyMap<string, Readonly<Record<string, Json>>>;

/**
 * What the clouds hold, in a form in which two lives of a stack can be compared: each thing under its kind and the name
 * of the resource that made it. Made-up parts (ids, keys, times, passwords) become `#`.
 */
export function pictureOf(things: readonly Stored[]): Picture {
  const ids = things.map(({ object, urn }) => [object.id, urn?.split("::").at(-1) ?? object.kind] as const);
  // A setting has the id of what it is a setting of: then it is a name that somebody chose, and stays.
  const all = ids.map(([id]) => id);
  const names = new Map(ids.filter(([id]) => id.length >= 6 && all.indexOf(id) === all.lastIndexOf(id)));
  const seen = new Map<string, number>();
  const entries = things
    .filter(({ object }) => !NOTES.test(object.kind))
    .map(({ object, urn }) => {
      const name = urn === undefined ? "(came by itself)" : urn.split("::").at(-1)!;
      return [`${object.kind} ${name}`, properties(object.properties, names), object.status] as const;
    })
    .sort(([a, x], [b, y]) => a.localeCompare(b) || JSON.stringify(x).localeCompare(JSON.stringify(y)))
    .map(([key, held, status]) => {
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return [count === 1 ? key : `${key} (${count})`, { ...held, "(status)": status }] as const;
    });
  return new Map(entries);
}

/** What is different, a line each, empty when nothing is. */
export function differences(wanted: Picture, found: Picture): string[] {
  const keys = [...new Set([...wanted.keys(), ...found.keys()])].sort();
  return keys.flatMap((key) => {
    const [before, after] = [wanted.get(key), found.get(key)];
    if (!after) return [`missing: ${key}`];
    if (!before) return [`too much: ${key}`];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => `${key}: ${name} is ${text(after[name])} instead of ${text(before[name])}`);
  });
}

function text(value: Json | undefined): string {
  return value === undefined ? "absent" : JSON.stringify(value).slice(0, 200);
}

function properties(held: Readonly<Record<string, Json>>, names: ReadonlyMap<string, string>) {
  return Object.fromEntries(
    Object.entries(held)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, MADE_UP_WHOLE.has(name) ? "#" : neutral(value, names)] as const)
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

/** What clouds make up: times, name servers, public addresses (ranges are the program's), runs of digits and letters. */
const MADE_UP = [
  /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
  /\b[A-Za-z0-9]{40,}\b/g,
  // Of a user pool: `us-east-1_` and nine letters or digits.
  /(?<=\b[a-z]{2}-[a-z]+-\d_)[0-9A-Za-z]{9}\b/g,
  /\d{4}-\d\d-\d\dT[\d:.]+Z?/g,
  /ns-(cloud-[a-e]\d|\d+\.awsdns-\d+)\.[a-z.]+/g,
  /\b(?!10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.)\d{1,3}(\.\d{1,3}){3}\b(?!\/)/g,
  // Ids that IAM gives roles and users; one in fourteen of them has no digit.
  /\b(?:AROA|AIDA|ANPA)[0-9A-Z]{12,}\b/g,
  /\b(?=[\w-]*\d)(?:[0-9a-f]{8,}|[0-9A-Z]{12,}|\d{9,})\b/g,
];
/** Properties that are made up whole. */
const MADE_UP_WHOLE = new Set([
  ...["etag", "managedZoneId", "until"],
  ...["uniqueId", "privateIp", "publicDns", "privateDns", "s3Bucket"],
]);
/** Notes of the simulation about itself. */
const NOTES = /^(gcp:hidden\/(operation|secretCounter|tombstone)|aws:hidden\/kmsKeyPendingDeletion)$/;

function neutral(value: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") {
    const known = names.get(value);
    if (known !== undefined) return `<${known}>`;
    return MADE_UP.reduce((text, pattern) => text.replace(pattern, "#"), value);
  }
  if (Array.isArray(value)) {
    const each = value.map((entry) => neutral(entry, names));
    // Sets come in any order.
    return each.every((entry) => typeof entry === "string") ? [...each].sort() : each;
  }
  if (typeof value === "object" && value !== null) return properties(value, names);
  return value;
}
