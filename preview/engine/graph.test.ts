import { EngineRefusal, Graph, type Registration } from "./graph";

const registration = (fields: Partial<Registration>): Registration => ({
  urn: "urn:pulumi:dev::p::t:m:T::x",
  type: "t:m:T",
  name: "x",
  custom: true,
  remote: false,
  inputs: {},
  protect: undefined,
  retainOnDelete: undefined,
  deleteBeforeReplace: false,
  dependencies: [],
  propertyDependencies: {},
  providers: {},
  aliases: [],
  ignoreChanges: [],
  replaceOnChanges: [],
  additionalSecretOutputs: [],
  timeouts: {},
  version: "",
  ...fields,
});

test("what a resource leaves open of protect, retainOnDelete and deletedWith it takes from its parent", () => {
  const graph = new Graph("dev", "p");
  graph.register(registration({ urn: "urn:1", protect: true, retainOnDelete: true, deletedWith: "urn:9" }));
  const open = graph.register(registration({ urn: "urn:2", parent: "urn:1" }));
  expect(open).toMatchObject({ protect: true, retainOnDelete: true, deletedWith: "urn:9" });
  const own = { protect: false, retainOnDelete: false, deletedWith: "urn:8" };
  expect(graph.register(registration({ urn: "urn:3", parent: "urn:1", ...own }))).toMatchObject(own);
  expect(graph.register(registration({ urn: "urn:4" }))).toMatchObject({
    protect: false,
    retainOnDelete: false,
  });
});

test("a URN that is taken, an unknown parent and outputs of nobody are refused", () => {
  const graph = new Graph("dev", "p");
  graph.register(registration({ urn: "urn:1" }));
  expect(() => graph.register(registration({ urn: "urn:1" }))).toThrow(
    new EngineRefusal("Duplicate resource URN 'urn:1'; try giving it a unique name"),
  );
  expect(() => graph.register(registration({ urn: "urn:2", parent: "urn:0" }))).toThrow(
    "a parent that is not registered",
  );
  expect(() => graph.setOutputs("urn:0", {})).toThrow("unknown resource");
  expect(() => graph.stateOf("urn:1")).toThrow("unknown resource");
  expect(graph.resources).toHaveLength(1);
});
