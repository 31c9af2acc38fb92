import { inspect } from "node:util";
import {
  Asset,
  containsUnknown,
  decode,
  encode,
  isMap,
  mask,
  Reference,
  Secret,
  UNKNOWN,
  UNKNOWN_SENTINEL,
  type Value,
} from "./values";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const wire = {
  secret: { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: "hush" },
  reference: { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "u", id: "" },
  component: { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "u" },
  asset: { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text: "t" },
  archive: { [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7", path: "p" },
};

test("every kind of value survives the way from the wire and back", () => {
  const all = {
    ...wire,
    unknown: UNKNOWN_SENTINEL,
    list: [1, true, null, "x", UNKNOWN_SENTINEL],
    map: { a: { b: 2 } },
  };
  expect(encode(decode(all))).toEqual(all);
});

test("an output value comes apart into known, unknown and secret", () => {
  const output = (fields: object) => decode({ [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...fields });
  expect(output({ value: 3, dependencies: ["u"] })).toBe(3);
  expect(output({})).toBe(UNKNOWN);
  const secret = output({ value: "hush", secret: true });
  expect(secret).toBeInstanceOf(Secret);
  expect((secret as Secret).reveal()).toBe("hush");
});

test("a secret cannot be printed: not by JSON, not by inspect, not by a template, not nested", () => {
  const value: Value = { a: [decode(wire.secret)] };
  expect(JSON.stringify(value)).toBe('{"a":["[secret]"]}');
  expect(inspect(value, { depth: 9, showHidden: true })).not.toContain("hush");
  expect(Object.values(decode(wire.secret) as object)).toEqual([]);
  expect(mask(value)).toEqual({ a: ["[secret]"] });
});

test("a mask shows what kind of thing stood there", () => {
  expect(mask(UNKNOWN)).toBe("[unknown]");
  expect(mask(new Reference("u", true))).toEqual({ resource: "u" });
  expect(mask(new Asset("archive", { path: "p" }))).toEqual({ archive: { path: "p" } });
  expect(mask({ plain: 1 })).toEqual({ plain: 1 });
});

test("only an object of properties counts as a map", () => {
  expect(isMap({})).toBe(true);
  for (const leaf of [
    null,
    undefined,
    1,
    [],
    UNKNOWN,
    new Secret({}),
    new Reference("u", true),
    decode(wire.asset),
  ]) {
    expect(isMap(leaf)).toBe(false);
  }
});

test("an unknown is found in lists, maps and secrets, and only there", () => {
  expect(containsUnknown({ a: [{ b: new Secret(UNKNOWN) }] })).toBe(true);
  expect(containsUnknown({ a: [1, "x", null, new Secret("y")] })).toBe(false);
});
