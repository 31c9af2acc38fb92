import { join } from "node:path";
import { previewStack, type RecordedResource, type Recording, Secret, toJson, UNKNOWN } from ".";
import type { Setting } from "../stack-file";

const root = join(__dirname, "fixtures");
const there = "urn:pulumi:dev::fixture::pulumi:providers:aws::there::04da6b54-80e4-46f7-96ec-b56ff0331ba9";
jest.setTimeout(120_000);

const fault = (name: string) =>
  previewStack({
    root,
    stack: "dev",
    program: "faults.ts",
    config: { "fixture:fault": name },
    timeout: 60_000,
  });

describe("a program that runs to its end", () => {
  let recording: Recording;
  const named = (name: string): RecordedResource => recording.resources.find((one) => one.name === name)!;
  beforeAll(async () => (recording = await previewStack({ root, stack: "dev", program: "graph.ts" })));

  test("ends well, and every registration is there, parents first", () => {
    expect(recording.error).toBeUndefined();
    expect(recording).toMatchObject({ stack: "dev", project: "fixture", exit: "ok" });
    expect(recording.resources.map(({ name }) => name).sort()).toEqual(
      [
        "a",
        "a-inner",
        "a-inner-kept",
        "a-inner-loose",
        "fixture-dev",
        "own",
        "password",
        "r",
        "there",
        "uses",
      ].sort(),
    );
    const urns = recording.resources.map(({ urn }) => urn);
    for (const { urn, parent } of recording.resources) {
      if (parent) expect(urns.indexOf(parent)).toBeLessThan(urns.indexOf(urn));
    }
  });

  test("URNs are those of the genuine engine", () => {
    expect(named("a-inner-kept").urn).toBe(
      "urn:pulumi:dev::fixture::cmb:test:Outer$cmb:test:Inner$aws:s3/bucket:Bucket::a-inner-kept",
    );
    expect(named("own").parent).toBe("urn:pulumi:dev::fixture::pulumi:pulumi:Stack::fixture-dev");
  });

  test("protect and retainOnDelete come down from the parent unless the child says otherwise", () => {
    expect(named("a-inner-kept")).toMatchObject({ protect: true, retainOnDelete: true });
    expect(named("a-inner-loose")).toMatchObject({ protect: false, retainOnDelete: false });
    expect(named("own")).toMatchObject({ protect: false, retainOnDelete: false });
  });

  test("explicit providers are recorded, handed down by components, and absent where there is none", () => {
    expect(named("own").provider).toBe(there);
    expect(named("a").providers).toEqual({ aws: there });
    expect(named("a-inner-kept").provider).toBe(there);
    expect(named("r")).not.toHaveProperty("provider", expect.anything());
  });

  test("options are recorded as given", () => {
    expect(named("own")).toMatchObject({
      ignoreChanges: ["tags"],
      deleteBeforeReplace: true,
      deletedWith: named("password").urn,
      timeouts: { create: "5m" },
      version: "7.48.0",
    });
    expect(named("own").aliases).toContainEqual({ name: "older", parentUrn: named("own").parent });
    expect(named("own").dependencies).toEqual(
      expect.arrayContaining([named("password").urn, named("a-inner-kept").urn]),
    );
    expect(named("own").propertyDependencies["tags"]).toEqual([named("password").urn]);
  });

  test("secrets are marked where they stand, and a secret of the stack file is unknown as well", () => {
    const tags = named("own").inputs["tags"] as Record<string, Secret>;
    expect(tags["plain"]).toBe("from the file");
    expect(tags["token"]!.reveal()).toBe(UNKNOWN);
    expect(tags["password"]!.reveal()).toBe(UNKNOWN);
    expect(recording.outputs["generated"]).toBeInstanceOf(Secret);
    expect(JSON.stringify(toJson(recording))).not.toContain("ciphertext");
  });

  test("what a cloud would say is unknown, and nothing is computed from it", () => {
    expect(recording.outputs["arn"]).toBe(UNKNOWN);
    expect(recording.outputs["ran"]).toBe(false);
    expect(recording.logs).toContainEqual({ severity: "info", message: "known: own", urn: named("own").urn });
  });

  test("a function with a model is answered, one with unknown arguments is never asked", () => {
    expect(recording.outputs["partition"]).toBe("aws");
    expect(recording.outputs["partitionOfUnknown"]).toBe(UNKNOWN);
    expect(recording.invokes).toEqual([
      { token: "aws:index/getPartition:getPartition", args: {}, provider: there },
    ]);
  });

  test("outputs of components and lines on standard output are recorded", () => {
    expect(named("a").outputs).toEqual({ size: 3 });
    expect(recording.logs).toContainEqual({ severity: "stdout", message: "on stdout" });
  });
});

test("a secret that a test supplies in the clear is masked in every place it reaches", async () => {
  const recording = await previewStack({
    root,
    stack: "dev",
    program: "graph.ts",
    overrides: { plain: "visible" },
    secrets: { token: "hunter2" },
  });
  const own = recording.resources.find(({ name }) => name === "own")!;
  expect((own.inputs["tags"] as Record<string, Secret>)["token"]!.reveal()).toBe("hunter2");
  const text = JSON.stringify(toJson(recording));
  expect(text).toContain("visible");
  expect(text).not.toContain("hunter2");
});

test("the caller's environment does not reach the program", async () => {
  process.env["AWS_REGION"] = "us-gov-east-1";
  const recording = await fault("environment");
  delete process.env["AWS_REGION"];
  expect(recording.outputs).toEqual({ result: "absent" });
});

test("the remote EKS cluster is expanded; its children inherit, and the program sees its outputs", async () => {
  const args: Setting = {
    vpcId: "vpc-1",
    name: "cl",
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
  };
  const recording = await previewStack({
    root,
    stack: "dev",
    program: "eks.ts",
    config: { "fixture:args": args },
  });
  expect(recording.error).toBeUndefined();
  const component = recording.resources.find(({ type }) => type === "eks:index:Cluster")!;
  expect(component).toMatchObject({ remote: true, custom: false });
  const children = recording.resources.filter(({ expandedFrom }) => expandedFrom === component.urn);
  expect(children.map(({ name }) => name)).toEqual([
    "c-eksRole",
    "c-eksRole-role",
    "c-eksRole-4b490823",
    "c-eksCluster",
    "c-kube-proxy",
    "c-eks-k8s",
    "c-nodeAccess",
    "c-vpc-cni",
    "c-vpc-cni",
  ]);
  for (const child of children) {
    expect(child.protect).toBe(true);
    if (child.type.startsWith("aws:")) expect(child.provider).toBe(there);
  }
  const kubernetes = children.find(({ name }) => name === "c-eks-k8s")!;
  expect(children.find(({ name }) => name === "c-nodeAccess")!.provider).toBe(
    `${kubernetes.urn}::04da6b54-80e4-46f7-96ec-b56ff0331ba9`,
  );
  expect(recording.outputs).toEqual({
    clusterName: "cl",
    endpoint: UNKNOWN,
    kubeconfig: UNKNOWN,
    noProfile: "",
    securityGroup: UNKNOWN,
  });
});

test("a module that the program imports later is found and compiled as the others are", async () => {
  const recording = await fault("lazy");
  expect(recording.error).toBeUndefined();
  expect(recording.outputs).toEqual({ result: 42 });
});

test("a program that refuses is quoted without a stack trace", async () => {
  const recording = await fault("refuse");
  expect(recording).toMatchObject({ exit: "refused", error: "CMB-C001 the domain is missing" });
});

test("a program that logs an error has refused, whatever else it does", async () => {
  expect(await fault("log")).toMatchObject({ exit: "refused", error: "logged and went on" });
});

test("a crash is told with the whole trace", async () => {
  const { exit, error } = await fault("crash");
  expect(exit).toBe("crashed");
  expect(error).toContain("nobody expected this");
  expect(error).toMatch(/at explode \(.*faults\.ts:\d+/);
  expect(error).toMatch(/at Object\.<anonymous> \(.*faults\.ts:\d+/);
});

test("a program that just ends with a code has crashed", async () => {
  expect(await fault("quiet")).toMatchObject({ exit: "crashed", error: "the program ended with code 3" });
});

test.each([
  [
    "duplicate",
    /^Duplicate resource URN 'urn:pulumi:dev::fixture::aws:s3\/bucket:Bucket::twice'; try giving it/,
  ],
  ["remote", /^the offline preview has no model of the remote component somewhere:index:Else/],
  ["invoke", /^the offline preview has no model of the function aws:index\/getRegion:getRegion/],
  ["call", /^the offline preview has no model of the method somewhere:index:Else\/method/],
  ["read", /^the offline preview does not support reading existing resources/],
  ["transform", /^the offline preview does not support resource transforms$/],
  ["ownTransform", /^the offline preview does not support resource transforms \(mine\)/],
  ["hook", /^the offline preview does not support resource hooks$/],
])("the engine refuses in its own words: %s", async (name, message) => {
  const { exit, error } = await fault(name);
  expect(error).toMatch(message);
  expect(error).not.toContain("    at ");
  expect(exit).toBe("refused");
});

test("a connection to the outside fails", async () => {
  const { exit, error } = await fault("network");
  expect(exit).toBe("crashed");
  expect(error).toContain("lets no connection out: the program tried to reach example.com");
});

test("a program that does not end is ended", async () => {
  const args = {
    root,
    stack: "dev",
    program: "faults.ts",
    config: { "fixture:fault": "endless" },
    timeout: 2500,
  };
  expect(await previewStack(args)).toMatchObject({
    exit: "refused",
    error: "the program did not end within 2.5 s",
  });
});

test("an imported environment is named, for its settings are missing here", async () => {
  const { logs } = await previewStack({
    root,
    stack: "esc",
    program: "faults.ts",
    overrides: { fault: "refuse" },
  });
  expect(logs[0]).toEqual({
    severity: "warning",
    message: "the environment shared/secrets is not read: its settings count as missing in this preview",
  });
});
