import { Asset, containsUnknown, isMap, type Json, mask, Reference, Secret, UNKNOWN } from "../engine";
import type { Value } from "../engine";

/** One property that is not what it was. */
export interface ValueChange {
  /** `vpcConfig.publicAccessCidrs[0]`; empty for the value itself. */
  readonly path: string;
  /** Before, as it may be shown; absent where there was none. */
  readonly before?: Json;
  /** After, as it may be shown; absent where there is none. */
  readonly after?: Json;
  /** True where one side is a secret: neither is shown then, since a plain one may be the same secret in the clear. */
  readonly secret: boolean;
}

/** What is shown of a secret, and of whatever stands where one stood. */
export const SECRET_MARK = "[secret]";
const UNKNOWN_MARK = "[unknown]";

/**
 * A value out of a document of `--json`, in which secrets and unknowns are marks. A marked secret is one that
 * nobody can look into.
 */
export function unmask(json: Json): Value {
  if (json === SECRET_MARK) return new Secret(UNKNOWN);
  if (json === UNKNOWN_MARK) return UNKNOWN;
  if (Array.isArray(json)) return json.map(unmask);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, unmask(value)]));
}

/**
 * Every leaf that differs. Lists of named things (ports, statements, variables) are compared by name, others by
 * place. Text that holds a JSON object is compared inside: a policy's one changed action, not the whole policy.
 *
 * What is unknown on both sides counts as the same, and so does a secret that nobody can look into on one side;
 * where values come from is compared apart, by what they depend on.
 */
export function compareValues(before: Value | undefined, after: Value | undefined, path = ""): ValueChange[] {
  if (before instanceof Secret || after instanceof Secret) return compareSecrets(before, after, path);
  if (before === undefined || after === undefined) {
    return before === after ? [] : oneSided(before, after, path);
  }
  const [a, b] = [opened(before), opened(after)];
  if (isMap(a) && isMap(b)) return compareKeys(a, b, path);
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b, path);
  return sameLeaf(a, b) ? [] : [{ path, before: shown(before), after: shown(after), secret: false }];
}

/** How a value may be shown: whole, or as a mark where a secret is in it. */
function shown(value: Value): Json {
  return mask(value);
}

/** A thing that came or went is told whole, unless a secret is in it. */
function oneSided(before: Value | undefined, after: Value | undefined, path: string): ValueChange[] {
  return [
    {
      path,
      ...(before === undefined ? {} : { before: shown(before) }),
      ...(after === undefined ? {} : { after: shown(after) }),
      secret: false,
    },
  ];
}

function compareSecrets(before: Value | undefined, after: Value | undefined, path: string): ValueChange[] {
  const sides = {
    ...(before === undefined ? {} : { before: SECRET_MARK }),
    ...(after === undefined ? {} : { after: SECRET_MARK }),
  };
  if (before instanceof Secret && after instanceof Secret) {
    const [a, b] = [before.reveal(), after.reveal()];
    // Nothing of the difference may be told, not even which part of it: the mark stands for the whole.
    if (containsUnknown(a) || containsUnknown(b) || compareValues(a, b).length === 0) return [];
  }
  return [{ path, ...sides, secret: true }];
}

function compareKeys(a: Record<string, Value>, b: Record<string, Value>, path: string): ValueChange[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    compareValues(a[key], b[key], joined(path, key)),
  );
}

function joined(path: string, key: string): string {
  // Keys with dots in them (labels, annotations) are quoted, so that a path can be read back.
  if (!/^[\w$-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Properties that name the elements of a list, the first that all elements have and that tells them apart. */
const NAMES = ["name", "Sid", "key", "id", "type", "port"];

function compareLists(a: readonly Value[], b: readonly Value[], path: string): ValueChange[] {
  const name = NAMES.find((key) => tellsApart(a, key) && tellsApart(b, key));
  if (name !== undefined && a.length + b.length > 0) {
    const byName = (list: readonly Value[]) =>
      Object.fromEntries(list.map((one) => [String((one as Record<string, string | number>)[name]), one]));
    const [left, right] = [byName(a), byName(b)];
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
      compareValues(left[key], right[key], `${path}[${name}=${key}]`),
    );
  }
  if (isPlain(a) && isPlain(b)) return comparePlainLists(a, b, path);
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
    compareValues(a[i], b[i], `${path}[${i}]`),
  ).flat();
}

function tellsApart(list: readonly Value[], key: string): boolean {
  const names = list.map((one) => (isMap(one) ? one[key] : undefined));
  return (
    names.every((one) => typeof one === "string" || typeof one === "number") &&
    new Set(names).size === names.length
  );
}

function isPlain(list: readonly Value[]): list is (string | number | boolean)[] {
  return list.every((one) => ["string", "number", "boolean"].includes(typeof one));
}

/** Lists of plain values: what came and what went, whatever its place; a mere new order is one change. */
function comparePlainLists(
  a: readonly (string | number | boolean)[],
  b: readonly (string | number | boolean)[],
  path: string,
): ValueChange[] {
  const gone = a.filter((one) => !b.includes(one));
  const come = b.filter((one) => !a.includes(one));
  if (gone.length === 1 && come.length === 1 && a.length === b.length) {
    return [{ path: `${path}[${a.indexOf(gone[0]!)}]`, before: gone[0]!, after: come[0]!, secret: false }];
  }
  if (gone.length + come.length > 0) {
    return [
      ...gone.map((one) => ({ path: `${path}[]`, before: one, secret: false })),
      ...come.map((one) => ({ path: `${path}[]`, after: one, secret: false })),
    ];
  }
  const same = a.length === b.length && a.every((one, i) => one === b[i]);
  return same ? [] : [{ path, before: [...a], after: [...b], secret: false }];
}

/** Text that is a JSON object or list, as what it holds; anything else as it is. */
function opened(value: Value): Value {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    return value;
  }
}

function sameLeaf(a: Value, b: Value): boolean {
  if (a instanceof Reference || b instanceof Reference || a instanceof Asset || b instanceof Asset) {
    return JSON.stringify(a) === JSON.stringify(b);
  }
  return a === b;
}
