import type { ChildState } from "./component";
import { isMap, Reference, UNKNOWN, type Value, type ValueMap } from "../values";

/** A switch, which the plugin reads as a plain boolean: an Output of false would count as true there. */
export function flag(args: ValueMap, path: string): boolean | undefined {
  let value: Value | undefined = args;
  for (const key of path.split(".")) value = isMap(value) ? value[key] : undefined;
  if (value !== undefined && typeof value !== "boolean")
    throw new Error(`${path} of eks:index:Cluster must be a plain boolean`);
  return value;
}

/** Drops what is undefined, as the SDK does on the wire. */
export function defined(map: Record<string, Value | undefined>): ValueMap {
  return Object.fromEntries(
    Object.entries(map).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}

/** The object itself, or an empty one for anything else. */
export function mapOf(value: Value | undefined): ValueMap {
  return isMap(value) ? value : {};
}

/** What children answered so far: unknown where they have not. */
export class Known {
  constructor(private readonly states: ReadonlyMap<string, ChildState> = new Map()) {}

  /** An output at a path, list positions included: `identities.0.oidcs.0.issuer`. */
  output(urn: string | undefined, path: string): Value {
    let value: Value | undefined = urn === undefined ? undefined : this.states.get(urn)?.outputs;
    for (const key of path.split(".")) {
      if (Array.isArray(value)) value = value[Number(key)];
      else value = isMap(value) ? value[key] : undefined;
    }
    return value ?? UNKNOWN;
  }

  id(urn: string | undefined): Value {
    return (urn === undefined ? undefined : this.states.get(urn)?.id) ?? UNKNOWN;
  }

  reference(urn: string): Reference {
    return new Reference(urn, true, this.states.get(urn)?.id);
  }
}
