import { Asset, Reference, Secret, UNKNOWN } from "../engine";
import { compareValues, unmask } from "./values";

const told = (before: Parameters<typeof compareValues>[0], after: Parameters<typeof compareValues>[1]) =>
  compareValues(before, after).map(({ path, before: was, after: is }) => [path, was, is]);

test("every leaf that differs is told by its path; what is the same is not", () => {
  expect(told({ a: { b: 1, c: 2 }, d: "x" }, { a: { b: 1, c: 3 }, d: "x" })).toEqual([["a.c", 2, 3]]);
  expect(told({ a: 1 }, { b: [true] })).toEqual([
    ["a", 1, undefined],
    ["b", undefined, [true]],
  ]);
  expect(told({ "app/name": "x" }, { "app/name": "y" })).toEqual([['["app/name"]', "x", "y"]]);
  expect(told("1", 1)).toEqual([["", "1", 1]]);
});

test("named things in a list keep their name as their place; others their number", () => {
  const [a, b] = [
    { name: "a", port: 1 },
    { name: "b", port: 2 },
  ];
  expect(told({ list: [a, b] }, { list: [{ ...b, port: 3 }] })).toEqual([
    ["list[name=a]", a, undefined],
    ["list[name=b].port", 2, 3],
  ]);
  expect(told([{ x: 1 }, { x: 1 }], [{ x: 1 }, { x: 2 }])).toEqual([["[1].x", 1, 2]]);
});

test("of plain lists what came and went is told, one exchanged in its place, or the new order", () => {
  expect(told({ l: ["a", "b"] }, { l: ["b", "c", "d"] })).toEqual([
    ["l[]", "a", undefined],
    ["l[]", undefined, "c"],
    ["l[]", undefined, "d"],
  ]);
  expect(told(["a", "b"], ["a", "c"])).toEqual([["[1]", "b", "c"]]);
  expect(told(["a", "b"], ["b", "a"])).toEqual([["", ["a", "b"], ["b", "a"]]]);
});

test("text that holds JSON is compared inside; text that only looks like it is text", () => {
  const policy = (action: string[]) => JSON.stringify({ Statement: [{ Sid: "S", Action: action }] });
  expect(told({ policy: policy(["a"]) }, { policy: policy(["a", "b"]) })).toEqual([
    ["policy.Statement[Sid=S].Action[]", undefined, "b"],
  ]);
  expect(told("{ no", "{ yes")).toEqual([["", "{ no", "{ yes"]]);
  expect(told('{"a":1}', '{ "a": 1 }')).toEqual([]);
});

test("what is unknown on both sides counts as the same; on one side it is told as unknown", () => {
  expect(told({ id: UNKNOWN }, { id: UNKNOWN })).toEqual([]);
  expect(told({ id: UNKNOWN }, { id: "x" })).toEqual([["id", "[unknown]", "x"]]);
});

test("references and files are the same when they name the same", () => {
  expect(told(new Reference("urn:a", true), new Reference("urn:a", true))).toEqual([]);
  expect(told(new Reference("urn:a", true), new Reference("urn:b", true))).toHaveLength(1);
  expect(told(new Asset("asset", { text: "a" }), new Asset("asset", { text: "a" }))).toEqual([]);
});

test("[C3] a changed secret is told as changed, and neither value is", () => {
  const changes = [
    ...compareValues({ key: new Secret("hunter1") }, { key: new Secret("hunter2") }),
    ...compareValues({ key: "hunter1" }, { key: new Secret("hunter1") }),
    ...compareValues({ key: new Secret({ deep: "hunter1" }) }, { key: { deep: "hunter1" } }),
    ...compareValues({}, { key: new Secret("hunter1") }),
    ...compareValues({ key: { deep: new Secret("hunter1") } }, {}),
  ];
  expect(changes.map(({ path, secret }) => [path, secret])).toEqual([
    ["key", true],
    ["key", true],
    ["key", true],
    ["key", true],
    ["key", false],
  ]);
  expect(JSON.stringify(changes)).not.toContain("hunter");
});

test("[C3] a secret that stayed, and one that nobody can look into, is no change", () => {
  expect(compareValues(new Secret(["a"]), new Secret(["a"]))).toEqual([]);
  expect(compareValues(unmask("[secret]"), new Secret("a"))).toEqual([]);
});

test("a document's marks are read back as what they stand for", () => {
  expect(compareValues(unmask({ a: ["[unknown]", null, 1] }), { a: [UNKNOWN, null, 1] })).toEqual([]);
});
