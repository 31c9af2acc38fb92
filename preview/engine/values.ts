import { inspect } from "node:util";

/**
 * Marks on the wire between a Pulumi program and its engine
 * (pulumi v3.270.0, sdk/nodejs/runtime/rpc.ts: `unknownValue`, `specialSigKey` and its neighbours).
 */
export const UNKNOWN_SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SIGNATURE_OF = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
} as const;

/** What can travel as JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A property as the program gave it: JSON with four kinds of leaves that are not plain data. Each of them
 * turns into a harmless mark when printed or serialised, so no caller can leak a secret by accident.
 */
export type Value =
  null | boolean | number | string | Value[] | ValueMap | Unknown | Secret | Reference | Asset;

/** An object of properties. */
export interface ValueMap {
  [key: string]: Value;
}

/** A value that is known only once the resource exists. There is one: {@link UNKNOWN}. */
export class Unknown {
  toJSON(): string {
    return "[unknown]";
  }
}
export const UNKNOWN = new Unknown();

/** A value that must not be shown. Serialises as `[secret]`, prints as `[secret]`. */
export class Secret {
  readonly #value: Value;
  constructor(value: Value) {
    this.#value = value;
  }
  /** The value itself, for what goes on computing with it; never for output. */
  reveal(): Value {
    return this.#value;
  }
  toJSON(): string {
    return "[secret]";
  }
  [inspect.custom](): string {
    return "[secret]";
  }
}

/** Another resource, passed as a value. */
export class Reference {
  constructor(
    readonly urn: string,
    /** True for a custom resource, which has an id (unknown in a preview); false for a component. */
    readonly hasId: boolean,
    /** The id, once it is known. */
    readonly id?: string,
  ) {}
  toJSON(): Json {
    return { resource: this.urn };
  }
}

/** A file, text or archive, passed as a value. */
export class Asset {
  constructor(
    readonly kind: "asset" | "archive",
    readonly fields: ValueMap,
  ) {}
  toJSON(): Json {
    return { [this.kind]: this.fields as Json };
  }
}

/** Reads a value off the wire. */
export function decode(wire: unknown): Value {
  if (wire === UNKNOWN_SENTINEL) return UNKNOWN;
  if (Array.isArray(wire)) return wire.map(decode);
  if (wire === null || wire === undefined) return null;
  if (typeof wire !== "object") return wire as boolean | number | string;
  const object = wire as Record<string, unknown>;
  switch (object[SIGNATURE]) {
    case SIGNATURE_OF.secret:
      return new Secret(decode(object["value"]));
    case SIGNATURE_OF.resource:
      return new Reference(String(object["urn"]), "id" in object, idOf(object["id"]));
    case SIGNATURE_OF.output: {
      const value = "value" in object ? decode(object["value"]) : UNKNOWN;
      return object["secret"] === true ? new Secret(value) : value;
    }
    case SIGNATURE_OF.asset:
      return new Asset("asset", decodeMap(without(object, SIGNATURE)));
    case SIGNATURE_OF.archive:
      return new Asset("archive", decodeMap(without(object, SIGNATURE)));
    default:
      return decodeMap(object);
  }
}

/** Reads an object of properties off the wire. */
export function decodeMap(wire: Record<string, unknown>): ValueMap {
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, decode(value)]));
}

/** Writes a value as the program's SDK reads it. */
export function encode(value: Value): Json {
  if (value instanceof Unknown) return UNKNOWN_SENTINEL;
  if (value instanceof Secret) return { [SIGNATURE]: SIGNATURE_OF.secret, value: encode(value.reveal()) };
  if (value instanceof Reference) {
    // The id of a reference is empty, not the unknown mark, while the resource does not exist.
    return {
      [SIGNATURE]: SIGNATURE_OF.resource,
      urn: value.urn,
      ...(value.hasId ? { id: value.id ?? "" } : {}),
    };
  }
  if (value instanceof Asset) return { [SIGNATURE]: SIGNATURE_OF[value.kind], ...encodeMap(value.fields) };
  if (Array.isArray(value)) return value.map(encode);
  if (value === null || typeof value !== "object") return value;
  return encodeMap(value);
}

/** Writes an object of properties as the program's SDK reads it. */
export function encodeMap(map: ValueMap): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, encode(value)]));
}

/** Plain JSON in which secrets, unknowns, references and assets are marks: safe to print and to publish. */
export function mask(value: Value): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** True for an object of properties, as opposed to a leaf or a list. */
export function isMap(value: Value | undefined): value is ValueMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    ![Unknown, Secret, Reference, Asset].some((leaf) => value instanceof leaf)
  );
}

/** True when the value, or anything in it, is unknown; secrets are looked into. */
export function containsUnknown(value: Value): boolean {
  if (value instanceof Unknown) return true;
  if (value instanceof Secret) return containsUnknown(value.reveal());
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isMap(value) && Object.values(value).some(containsUnknown);
}

function idOf(wire: unknown): string | undefined {
  return typeof wire === "string" && wire !== "" && wire !== UNKNOWN_SENTINEL ? wire : undefined;
}

function without(object: Record<string, unknown>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
