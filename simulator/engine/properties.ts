import { isDeepStrictEqual } from "node:util";
import {
  Asset,
  isMap,
  type Json,
  Reference,
  Secret,
  Unknown,
  UNKNOWN,
  type Value,
  type ValueMap,
} from "../../preview/engine/values";

/** Properties in the clear, and what of them is not known yet. */
export interface Plain {
  readonly properties: Record<string, Json>;
  /** Dotted paths, list positions left out, of what is unknown: `vpcConfig.subnetIds`. It is absent in the properties. */
  readonly unknown: ReadonlySet<string>;
}

/** Takes marks off: secrets are revealed, references become ids, unknowns are left out and named. */
export function toPlain(map: ValueMap): Plain {
  const unknown = new Set<string>();
  const strip = (value: Value, path: string): Json | undefined => {
    if (value instanceof Unknown) return void unknown.add(path);
    if (value instanceof Secret) return strip(value.reveal(), path);
    if (value instanceof Reference) return value.urn;
    if (value instanceof Asset) return strip(value.fields, path);
    if (Array.isArray(value))
      return value.map((item) => strip(item, path)).filter((item) => item !== undefined);
    if (!isMap(value)) return value;
    const entries = Object.entries(value)
      .map(([key, inner]) => [key, strip(inner, path ? `${path}.${key}` : key)] as const)
      .filter((entry): entry is readonly [string, Json] => entry[1] !== undefined && entry[1] !== null);
    return Object.fromEntries(entries);
  };
  return { properties: strip(map, "") as Record<string, Json>, unknown };
}

/** Puts the secret marks of `like` on a value: what was secret there is secret here. */
export function withSecretsOf(plain: Value, like: Value | undefined): Value {
  if (like instanceof Secret) return plain instanceof Secret ? plain : new Secret(plain);
  if (Array.isArray(plain) && Array.isArray(like))
    return plain.map((item, index) => withSecretsOf(item, like[index]));
  if (!isMap(plain) || !isMap(like)) return plain;
  return Object.fromEntries(
    Object.entries(plain).map(([key, inner]) => [key, withSecretsOf(inner, like[key])]),
  );
}

/** Properties that hold whatever keys somebody puts there, so that one more is a change; blocks have fixed ones. */
const FREE_MAPS = /(tags|labels|annotations|variables)$/i;

/**
 * What a read answers as the inputs: the present values of what the program gave, without what the provider
 * filled in beside it (pulumi-terraform-bridge, pkg/tfbridge/schema.go: `extractInputs`).
 */
export function currentInputs(inputs: ValueMap, properties: Readonly<Record<string, Json>>): ValueMap {
  const current = (given: Value, present: Json | undefined, key: string): Value | undefined => {
    const plain = given instanceof Secret ? given.reveal() : given;
    if (present === undefined || FREE_MAPS.test(key)) return present;
    if (Array.isArray(plain) && Array.isArray(present))
      return present.map((item, index) =>
        plain[index] === undefined ? item : (current(plain[index], item, "") ?? item),
      );
    if (!isMap(plain) || !isMap(present)) return present;
    return fieldsOf(plain, present);
  };
  const fieldsOf = (given: ValueMap, present: Readonly<Record<string, Json>>): ValueMap =>
    Object.fromEntries(
      Object.entries(given)
        .map(([key, value]) => [key, current(value, present[key], key)] as const)
        .filter((entry): entry is readonly [string, Value] => entry[1] !== undefined),
    );
  return fieldsOf(inputs, properties);
}

/** Marks what lies at these dotted paths as secret. */
export function markSecret(map: ValueMap, paths: readonly string[]): ValueMap {
  return paths.reduce((marked, path) => change(marked, path.split("."), (value) => secretOf(value)), map);
}

/** Sets what lies at a dotted path to unknown, unless the program gave it; blocks that are absent stay absent. */
export function withUnknown(map: ValueMap, path: string): ValueMap {
  const keys = path.split(".");
  if (keys.length === 1) return keys[0]! in map ? map : { ...map, [keys[0]!]: UNKNOWN };
  return change(map, keys, (value) => value ?? UNKNOWN);
}

/** Every value at a dotted path; lists on the way count with all their items. */
export function valuesAt(value: Value | undefined, path: string): (Value | undefined)[] {
  if (path === "") return [value];
  if (value instanceof Secret) return valuesAt(value.reveal(), path);
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (!isMap(value)) return value instanceof Unknown ? [value] : [undefined];
  const [key = "", ...rest] = path.split(".");
  return valuesAt(value[key], rest.join("."));
}

/** True where something is given at the path; an unknown counts as given. */
export function isGiven(map: ValueMap, path: string): boolean {
  return valuesAt(map, path).some((value) => value !== undefined && value !== null);
}

/** Two values that mean the same to a cloud: secrets and plain, missing and empty are alike. */
export function same(a: Value | undefined, b: Value | undefined): boolean {
  return isDeepStrictEqual(bare(a), bare(b));
}

/** Without marks; empty lists and objects count as missing. Unknowns stay and are like nothing else. */
export function bare(value: Value | undefined): unknown {
  if (value instanceof Secret) return bare(value.reveal());
  if (value instanceof Unknown) return Symbol("unknown");
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(bare);
  if (!isMap(value)) return value;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, bare(inner)] as const)
    .filter(([key, inner]) => inner !== undefined && !key.startsWith("__"))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function secretOf(value: Value | undefined): Value | undefined {
  return value === undefined || value instanceof Secret ? value : new Secret(value);
}

function change(
  map: ValueMap,
  [key = "", ...rest]: readonly string[],
  what: (value: Value | undefined) => Value | undefined,
): ValueMap {
  const inner = map[key];
  if (rest.length === 0) {
    const changed = what(inner);
    return changed === undefined ? map : { ...map, [key]: changed };
  }
  if (Array.isArray(inner))
    return { ...map, [key]: inner.map((item) => (isMap(item) ? change(item, rest, what) : item)) };
  return isMap(inner) ? { ...map, [key]: change(inner, rest, what) } : map;
}
