import { changesOf } from "./changes";
import type { Step } from "./plan";

const urn = "urn:pulumi:s::p::aws:x:Y::n";
const step = (before: object, after: object, over: Partial<Step> = {}): Step => ({
  op: "replace",
  urn,
  oldState: { urn, type: "aws:x:Y", inputs: before as Record<string, unknown> },
  newState: { urn, type: "aws:x:Y", inputs: after as Record<string, unknown> },
  ...over,
});

test("of a detailed difference only what replaces is told, by its path", () => {
  const before = { scaling: { min: 1 }, tags: { "a.b": "1" }, zones: ["a"] };
  const after = { scaling: { min: 2 }, tags: { "a.b": "2" }, zones: ["b"] };
  const detailedDiff = {
    "scaling.min": { kind: "update" },
    'tags["a.b"]': { kind: "update-replace" },
    "zones[0]": { kind: "add-replace" },
  };
  expect(changesOf(step(before, after, { detailedDiff }))).toEqual([
    { property: 'tags["a.b"]', before: '"1"', after: '"2"' },
    { property: "zones[0]", before: '"a"', after: '"b"' },
  ]);
});

test("without one, the properties that the provider names; without these, all that differ", () => {
  const change = step(
    { name: "a", size: 1 },
    { name: "b", size: 2 },
    { replaceReasons: ["name", "__provider"] },
  );
  expect(changesOf(change).map(({ property }) => property)).toEqual(["name"]);
  expect(changesOf({ ...change, replaceReasons: undefined }).map(({ property }) => property)).toEqual([
    "name",
    "size",
  ]);
});

test("a provider that is for another cluster now is no change of the resource's own", () => {
  expect(changesOf(step({ a: 1 }, { a: 2 }, { replaceReasons: ["provider"] }))).toEqual([]);
});

test("a path that leads nowhere, and what is added or taken away, read as nothing", () => {
  const [change] = changesOf(step({ a: "x" }, {}, { replaceReasons: ["a.b.c"] }));
  expect(change).toEqual({ property: "a.b.c", before: '"x"', after: "nothing" });
  expect(changesOf({ op: "replace", urn, replaceReasons: ["a"] })).toEqual([
    { property: "a", before: "nothing", after: "nothing" },
  ]);
});

test("[C3] secrets are never shown, be they masked, encrypted or wrapped", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: "v1:x",
  };
  const [a, b] = changesOf(step({ a: secret, b: "[secret]" }, { a: "open", b: { c: secret } }));
  expect([a!.before, b!.before, b!.after]).toEqual(["[secret]", "[secret]", "[secret]"]);
});

test("what only the run can know says so, and long values are cut", () => {
  const [a] = changesOf(step({ a: "x".repeat(100) }, { a: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }));
  expect(a!.before).toBe(`"${"x".repeat(58)}…`);
  expect(a!.after).toBe("known after the run");
});
