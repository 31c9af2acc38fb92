import { Graph } from "./graph";
import { heardBy, readTranscript, writeTranscript } from "./transcript";
import { Asset, Reference, Secret, UNKNOWN, type ValueMap } from "./values";

const inputs: ValueMap = {
  plain: ["a", 1, true, null],
  secret: new Secret({ inner: UNKNOWN }),
  reference: new Reference("urn:x", true),
  component: new Reference("urn:y", false),
  asset: new Asset("asset", { text: "t" }),
};

function graphWith(): Graph {
  const graph = new Graph("dev", "p");
  graph.register({
    ...{ urn: "urn:root", type: "pulumi:pulumi:Stack", name: "p-dev", custom: false, remote: false, inputs },
    ...{ protect: true, retainOnDelete: undefined, deleteBeforeReplace: false, dependencies: ["urn:z"] },
    ...{ propertyDependencies: { plain: ["urn:z"] }, providers: {}, aliases: [], ignoreChanges: [] },
    ...{ replaceOnChanges: [], additionalSecretOutputs: [], timeouts: { create: "5m" }, version: "1.0.0" },
  });
  graph.setOutputs("urn:root", { answer: new Secret("hunter2") });
  graph.logs.push({ severity: "info", message: "said", urn: "urn:root" });
  graph.invokes.push({ token: "a:b:c", args: { of: UNKNOWN } });
  graph.refusals.push("no");
  return graph;
}

test("what an engine heard arrives as it was, secrets and unknowns included", () => {
  const heard = heardBy(graphWith());
  const arrived = readTranscript(writeTranscript(heard));
  expect(arrived).toEqual(heard);
  expect((arrived.outputs["answer"] as Secret).reveal()).toBe("hunter2");
  expect((arrived.resources[0]!.inputs["secret"] as Secret).reveal()).toEqual({ inner: UNKNOWN });
});

test.each(["", '{"resources":['])("a process that was killed has said nothing: %p", (text) => {
  expect(readTranscript(text)).toEqual(heardBy(new Graph("dev", "p")));
});
