import { join } from "node:path";
import { previewStack, type Recording, runOnce, type Secret, toJson } from ".";

const project = join(__dirname, "../..");
const fixtures = join(__dirname, "fixtures");
jest.setTimeout(120_000);

/** What two runs of a program have in common: not the order of siblings and messages, nor traces and process ids. */
function comparable({ resources, logs, ...rest }: Recording) {
  const sorted = (list: readonly object[]) => list.map((one) => JSON.stringify(one)).sort();
  const plain = logs.map((log) => ({
    ...log,
    message: log.message.split(/ *\{?\n +at /)[0]!.replace(/\(node:\d+\)/, ""),
  }));
  return { ...rest, resources: sorted(resources), logs: sorted(plain) };
}

test.each([
  ["the stack on Google", { root: project, stack: "gcp-dev" }],
  ["the stack on Amazon", { root: project, stack: "aws-dev" }],
  ["options and secrets", { root: fixtures, stack: "dev", program: "graph.ts" }],
  [
    "a remote component",
    {
      root: fixtures,
      stack: "dev",
      program: "eks.ts",
      config: { "fixture:args": { vpcId: "vpc-1", name: "cl", skipDefaultNodeGroup: true } },
    },
  ],
  [
    "a refusal",
    { root: fixtures, stack: "dev", program: "faults.ts", config: { "fixture:fault": "duplicate" } },
  ],
])("the engine inside the program's process hears what it hears by gRPC: %s", async (_what, args) => {
  const [inside, beside] = [await runOnce(args, "inside"), await runOnce(args, "beside")];
  expect(inside.resources.length).toBeGreaterThan(0);
  expect(comparable(inside)).toEqual(comparable(beside));
});

test("a secret comes out of the program's process as one, with its value, and prints as a mark", async () => {
  const args = { root: fixtures, stack: "dev", program: "graph.ts", secrets: { token: "hunter2" } };
  const recording = await runOnce(args, "inside");
  const own = recording.resources.find(({ name }) => name === "own")!;
  expect((own.inputs["tags"] as Record<string, Secret>)["token"]!.reveal()).toBe("hunter2");
  expect(JSON.stringify(toJson(recording))).not.toContain("hunter2");
});

test("a program that serialises a function is run again with what does that", async () => {
  const args = {
    root: fixtures,
    stack: "dev",
    program: "faults.ts",
    config: { "fixture:fault": "serialize" },
  };
  expect(await runOnce(args, "inside")).toMatchObject({ exit: "crashed" });
  const { exit, outputs } = await previewStack(args);
  expect(exit).toBe("ok");
  expect(outputs["result"]).toContain("40 + 2");
});

test("what is put off is there when it is asked for", async () => {
  const config = { "fixture:fault": "automation" };
  const { outputs } = await runOnce({ root: fixtures, stack: "dev", program: "faults.ts", config }, "inside");
  expect(outputs["result"]).toBe("function, LocalWorkspace");
});
