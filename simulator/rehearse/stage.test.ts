import type { Operation } from "../engine/timeline";
import type { ExportedState } from "../state";
import { stageText, summary } from "./stage";

const urn = (name: string) => `urn:pulumi:s::p::aws:ec2/vpc:Vpc::${name}`;
const operation = (
  name: string,
  start: number,
  end: number | undefined,
  more: Partial<Operation> = {},
): Operation => ({
  order: start,
  urn: urn(name),
  type: "aws:ec2/vpc:Vpc",
  kind: "create",
  start,
  end,
  needed: [],
  ...more,
});
const state = (...pairs: readonly (readonly [string, ...string[]])[]): ExportedState => ({
  deployment: {
    resources: pairs.map(([name, ...others]) => ({
      urn: urn(name),
      type: "aws:ec2/vpc:Vpc",
      custom: true,
      dependencies: others.map(urn),
    })),
  },
});

test("the chain that decided, with times counted from the beginning of the stage", () => {
  const done = [operation("a", 100, 160), operation("b", 100, 110), operation("c", 160, 200)];
  const after = state(["a"], ["b"], ["c", "a"]);
  const { seconds, operations, chain, steps } = summary(done, state(), after);
  expect([seconds, operations]).toEqual([100, 3]);
  expect(chain.map(({ name, start, seconds: own }) => [name, start, own])).toEqual([
    ["a", 0, 60],
    ["c", 60, 40],
  ]);
  expect(steps.map(({ name }) => name)).toEqual(["a", "c", "b"]);
});

test("a destroy goes the other way: what depended goes first", () => {
  const gone = { kind: "delete" } as const;
  const done = [operation("c", 0, 30, gone), operation("b", 0, 30, gone), operation("a", 30, 50, gone)];
  const before = state(["a"], ["b"], ["c", "a"]);
  expect(summary(done, before, state()).chain.map(({ name }) => name)).toEqual(["c", "a"]);
});

test("reads and what never ended count for nothing; nothing done lasts no time", () => {
  const done = [operation("a", 5, 9, { kind: "read" }), operation("b", 5, undefined)];
  expect(summary(done, state(), state())).toMatchObject({ seconds: 0, operations: 0, chain: [], steps: [] });
});

test("the text says that a stage failed, and why", () => {
  const empty = summary([], state(), state());
  const text = stageText({ name: "up of s", ok: false, notes: ["quota exceeded\nask for more"], ...empty });
  expect(text).toBe("up of s: FAILED, 0 operations, 0 s simulated\n  quota exceeded\n  ask for more");
});

test("the text says how many times are estimates", () => {
  const some = summary([operation("a", 0, 60, { estimated: true })], state(), state(["a"]));
  expect(stageText({ name: "up of s", ok: true, notes: [], ...some })).toContain(
    "1 operations, 1 min 00 s simulated (1 of them in Kubernetes, whose times are estimates)",
  );
});
