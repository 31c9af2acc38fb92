import * as pulumi from "@pulumi/pulumi";
import { record } from "../../testing/record";
import { testSettings } from "../../testing/settings";
import type { Settings } from "../config/settings";
import { holdToPlace, readPlace } from ".";
import { factsOf } from "./facts";
import { factsOfState, RECORD } from "./record";

const facts = factsOf(testSettings("aws"));
const bucket = { type: "aws:s3/bucket:Bucket", outputs: {} };
const written = { type: RECORD.type, outputs: facts };

/** One run of the gate against a state. */
async function hold(
  state: { type: string; outputs: object }[],
  cloud: "gcp" | "aws" = "aws",
  protect = true,
) {
  const outputs = Object.fromEntries(state.map((entry, i) => [`urn:${i}`, entry]));
  const settings = testSettings(cloud, { protect: { data: protect, cluster: false } });
  const { recording } = await record(() => gate(settings), { call: () => ({ outputs }) });
  return recording;
}

/** What the program does before anything else. */
async function gate(settings: Settings): Promise<void> {
  await holdToPlace(settings, await readPlace());
}

describe("[P7] what a state says of its stack", () => {
  test("nothing in any cloud: the stack is free, whatever an earlier run wrote down", () => {
    expect(factsOfState([])).toBeUndefined();
    expect(
      factsOfState([
        written,
        { type: "pulumi:providers:aws", outputs: {} },
        { type: "pulumi:pulumi:Stack", outputs: {} },
      ]),
    ).toBeUndefined();
  });

  test("a run that failed half-way left the record: it counts, without any output of the stack", () => {
    expect(factsOfState([{ type: "pulumi:pulumi:Stack", outputs: {} }, written, bucket])).toEqual(facts);
  });

  test("a stack of a version without the record is known by its outputs, else by what it has", () => {
    const stack = { type: "pulumi:pulumi:Stack", outputs: { cloud: "gcp" } };
    expect(factsOfState([stack, bucket])).toEqual({ cloud: "gcp" });
    expect(factsOfState([{ ...stack, outputs: {} }, bucket])).toEqual({ cloud: "aws" });
    expect(factsOfState([bucket, { type: "gcp:container/cluster:Cluster", outputs: {} }])).toEqual({
      cloud: "gcp",
    });
    // The record was registered and the run killed before its outputs were.
    expect(factsOfState([{ type: RECORD.type, outputs: {} }, bucket])).toEqual({ cloud: "aws" });
  });
});

describe("[P7] the gate of the program", () => {
  test("refuses another cloud before anything is registered, and asks the engine for this stack alone", async () => {
    const asked: unknown[] = [];
    const outputs = { one: written, two: bucket };
    const run = record(() => gate(testSettings("gcp")), {
      call: (args) => {
        asked.push([args.token, args.inputs]);
        return { outputs };
      },
    });
    await expect(run).rejects.toThrow(/nothing was changed\nCMB-S001 {2}cmbcluster:cloud = "gcp"/);
    await expect(run).rejects.toBeInstanceOf(pulumi.RunError);
    expect(asked).toEqual([
      ["pulumi:pulumi:readStackResourceOutputs", { stackName: "organization/cmbcluster/test" }],
    ]);
  });

  test("another cloud is refused before the rest of the configuration is looked at", async () => {
    const call = () => ({ outputs: { one: written, two: bucket } });
    const read = (cloud: string) => record(readPlace, { call, config: { "cmbcluster:cloud": cloud } });
    await expect(read("gcp")).rejects.toThrow("CMB-S001");
    // What is no cloud at all is a fault of the configuration.
    expect((await read("azure")).result).toEqual(facts);
    expect((await read("aws")).result).toEqual(facts);
  });

  test("writes the facts down, protected as the data is, and registers nothing else", async () => {
    const { resources } = await hold([]);
    expect(resources.map(({ type, name, inputs, protect }) => [type, name, inputs, protect])).toEqual([
      ["pulumi:pulumi:Stack", "cmbcluster-test", {}, false],
      [RECORD.type, RECORD.name, facts, true],
    ]);
    expect((await hold([], "aws", false)).one(RECORD.name).protect).toBe(false);
  });

  test("goes on with a live stack whose facts are the same", async () => {
    expect((await hold([written, bucket])).one(RECORD.name).type).toBe(RECORD.type);
  });

  test("a state that cannot be read stops the run: nobody knows what it would do", async () => {
    const call = () => {
      // The SDK shows what the engine puts into the details of its answer.
      throw Object.assign(new Error(), { details: "no backend client is available" });
    };
    await expect(record(() => gate(testSettings("aws")), { call })).rejects.toThrow(
      /^CMB-S003 .*no backend client is available\n {10}fix: pulumi stack export/,
    );
  });
});
