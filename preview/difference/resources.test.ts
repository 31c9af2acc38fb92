import type { RecordedResource } from "../engine";
import { Secret, UNKNOWN } from "../engine";
import { reportOf } from "../report/build";
import { GraphBuilder } from "../report/fixtures/graph";
import { type Base, differenceOf } from ".";
import { sideOfRecording } from "./side";

const config = { faults: [], findings: [], toSupply: [] };

function sideOf(build: (graph: GraphBuilder) => void) {
  const graph = new GraphBuilder();
  build(graph);
  const recording = graph.recording();
  return sideOfRecording(reportOf(recording, config), recording);
}

function compare(before: (graph: GraphBuilder) => void, after: (graph: GraphBuilder) => void) {
  const base: Base = { label: "base", side: sideOf(before), checked: true, warnings: [] };
  return differenceOf("dev", base, sideOf(after)).changes!;
}

/** Adds one resource to the root. */
const one =
  (
    type: string,
    inputs: RecordedResource["inputs"],
    options: Partial<RecordedResource> = {},
    provider?: RecordedResource["inputs"],
  ) =>
  (graph: GraphBuilder) => {
    const made = provider && graph.add("pulumi:providers:aws", "p", graph.root, provider);
    graph.add(type, "x", graph.root, inputs, {
      ...options,
      ...(made ? { provider: `${made.urn}::id` } : {}),
    });
  };

const bucket = "aws:s3/bucket:Bucket";

test("options decide what a replacement means: refused, left in the cloud, or lost", () => {
  const [a, b] = [{ bucket: "a" }, { bucket: "b" }];
  const [change] = compare(one(bucket, a, { protect: true }), one(bucket, b)).resources;
  expect(change).toMatchObject({
    action: "replace",
    refused: "it is protected: the engine refuses to replace it, and stops",
  });
  expect(change).not.toHaveProperty("loses");
  const left = compare(one(bucket, a, { retainOnDelete: true }), one(bucket, b, { retainOnDelete: true }));
  expect(left.resources[0]!.leaves).toBe(
    "the old one stays in the cloud, no longer in the state, with objects",
  );
  expect(left.data.lostNow).toEqual([]);
  expect(compare(one(bucket, a), one(bucket, b)).data.lostNow).toMatchObject([
    { holds: "objects", kept: "no" },
  ]);
});

test("a deletion of what is protected is refused; of a plain thing nothing is lost", () => {
  const nothing = () => undefined;
  expect(compare(one(bucket, {}, { protect: true }), nothing).resources[0]).toMatchObject({
    action: "delete",
    refused: "it is protected: the engine refuses to delete it, and stops",
  });
  const [plain] = compare(one("aws:ec2/eip:Eip", {}), nothing).resources;
  expect(Object.keys(plain!)).not.toEqual(expect.arrayContaining(["loses"]));
  const retained = compare(one("aws:ec2/eip:Eip", {}, { retainOnDelete: true }), nothing).resources[0]!;
  expect(retained.leaves).toBe("the old one stays in the cloud, no longer in the state");
});

test("[O5] protection that falls is what a destroy newly loses; one that comes, newly keeps", () => {
  const fallen = compare(one(bucket, {}, { protect: true }), one(bucket, {}));
  expect(fallen.data.newlyLost).toMatchObject([{ name: "x", holds: "objects" }]);
  expect(fallen.resources[0]!.properties).toEqual([
    { path: "(option) protect", before: true, after: false, secret: false, replaces: "no" },
  ]);
  const come = compare(one(bucket, {}), one(bucket, {}, { retainOnDelete: true }));
  expect(come.data).toMatchObject({ newlyLost: [], newlyKept: [{ name: "x" }] });
});

test.each([
  ["a listed property", "aws:ec2/vpc:Vpc", { cidrBlock: "a" }, { cidrBlock: "b" }, "replace", "yes"],
  ["any other", "aws:ec2/vpc:Vpc", { enableDnsSupport: true }, { enableDnsSupport: false }, "update", "no"],
  ["one with a condition", "aws:ec2/vpc:Vpc", { instanceTenancy: "a" }, {}, "maybe-replace", "maybe"],
  ["a nested one", "gcp:storage/bucket:Bucket", { location: "EU" }, { location: "US" }, "replace", "yes"],
  [
    "a block's presence",
    "gcp:projects/iAMMember:IAMMember",
    {},
    { condition: { title: "t" } },
    "replace",
    "yes",
  ],
  ["a type without facts", "aws:nobody/knows:Knows", { a: 1 }, { a: 2 }, "maybe-replace", "unknown"],
  [
    "a generated value",
    "random:index/randomPassword:RandomPassword",
    { length: 1 },
    { length: 2 },
    "replace",
    "yes",
  ],
  [
    "a chart's values",
    "kubernetes:helm.sh/v3:Release",
    { values: { a: 1 } },
    { values: { a: 2 } },
    "update",
    "no",
  ],
  [
    "a chart's namespace",
    "kubernetes:helm.sh/v3:Release",
    { namespace: "a" },
    { namespace: "b" },
    "replace",
    "yes",
  ],
  ["a provider's setting", "pulumi:providers:aws", { region: "a" }, { region: "b" }, "update", "no"],
])("%s: what changes it, replaces or not", (_title, type, before, after, action, replaces) => {
  const [change] = compare(one(type, before), one(type, after)).resources;
  expect([change!.action, change!.properties[0]!.replaces]).toEqual([action, replaces]);
});

test("a block that holds what replaces may replace when it comes as a whole", () => {
  const [change] = compare(
    one("aws:eks/cluster:Cluster", {}),
    one("aws:eks/cluster:Cluster", { kubernetesNetworkConfig: { ipFamily: "ipv6" } }),
  ).resources;
  expect(change!.properties[0]!.why).toContain("it holds kubernetesNetworkConfig.ipFamily");
});

test("the program's own word counts: replaceOnChanges, ignoreChanges, deleteBeforeReplace", () => {
  const type = "aws:ec2/vpc:Vpc";
  const [a, b] = [{ enableDnsSupport: true }, { enableDnsSupport: false }];
  const own = compare(
    one(type, a),
    one(type, b, { replaceOnChanges: ["enableDnsSupport"], deleteBeforeReplace: true }),
  );
  expect(own.resources[0]).toMatchObject({ action: "replace", deleteFirst: "set by the program" });
  const ignored = compare(
    one(type, { cidrBlock: "a" }),
    one(type, { cidrBlock: "b" }, { ignoreChanges: ["cidrBlock"] }),
  );
  expect(ignored.resources[0]).toMatchObject({ action: "update", properties: [{ ignored: true }] });
});

test("the old one goes first where its name is given and stays, or its kind demands it", () => {
  const role = "aws:iam/role:Role";
  const path = compare(one(role, { name: "r", path: "/a/" }), one(role, { name: "r", path: "/b/" }));
  expect(path.resources[0]!.deleteFirst).toBe("its name stays the same");
  const renamed = compare(one(role, { name: "r" }), one(role, { name: "s" }));
  expect(renamed.resources[0]).not.toHaveProperty("deleteFirst");
  const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
  const policy = compare(one(attachment, { policyArn: "a" }), one(attachment, { policyArn: "b" }));
  expect(policy.resources[0]!.deleteFirst).toBe("always (Pulumi override)");
  const secret = "kubernetes:core/v1:Secret";
  const type = compare(one(secret, { type: "a" }), one(secret, { type: "b" }));
  expect(type.resources[0]!.deleteFirst).toBe("its name is given");
});

test("what is replaced takes along what needs its id, as far as that goes, and only that", () => {
  const build = (cidrBlock: string) => (graph: GraphBuilder) => {
    const vpc = graph.add("aws:ec2/vpc:Vpc", "vpc", graph.root, { cidrBlock });
    const from = (urn: string, key: string) => ({ propertyDependencies: { [key]: [urn] } });
    const subnet = graph.add(
      "aws:ec2/subnet:Subnet",
      "subnet",
      graph.root,
      { vpcId: UNKNOWN },
      from(vpc.urn, "vpcId"),
    );
    graph.add(
      "aws:ec2/natGateway:NatGateway",
      "nat",
      graph.root,
      { subnetId: UNKNOWN },
      from(subnet.urn, "subnetId"),
    );
    graph.add("aws:ec2/eip:Eip", "eip", graph.root, { tags: { vpc: UNKNOWN } }, from(vpc.urn, "tags"));
    graph.add("aws:ec2/eip:Eip", "other", graph.root, { tags: { a: "b" } }, from(vpc.urn, "tags"));
  };
  const { resources } = compare(build("10.0.0.0/16"), build("10.1.0.0/16"));
  expect(resources.map(({ name, action }) => [name, action])).toEqual([
    ["eip", "update"],
    ["nat", "replace"],
    ["subnet", "replace"],
    ["vpc", "replace"],
  ]);
});

test("an id that now comes from another resource is a change, though nobody knows either", () => {
  const build = (source: string) => (graph: GraphBuilder) => {
    const urns = ["a", "b"].map(
      (name) => graph.add("aws:ec2/securityGroup:SecurityGroup", name, graph.root).urn,
    );
    graph.add(
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "rule",
      graph.root,
      { securityGroupId: UNKNOWN },
      { propertyDependencies: { securityGroupId: [urns[source === "a" ? 0 : 1]!] } },
    );
  };
  expect(compare(build("a"), build("b")).resources).toMatchObject([
    { action: "replace", properties: [{ path: "securityGroupId", before: "from a", after: "from b" }] },
  ]);
  expect(compare(build("a"), build("a")).resources).toEqual([]);
});

test("a value that only one plan knows replaces only if it is another", () => {
  const [change] = compare(
    one("aws:ec2/vpc:Vpc", { cidrBlock: UNKNOWN }),
    one("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }),
  ).resources;
  expect(change).toMatchObject({
    action: "maybe-replace",
    properties: [{ before: "[unknown]", replaces: "maybe" }],
  });
});

test("a provider that points to another region replaces what leaves its region to it", () => {
  const type = "aws:ec2/vpc:Vpc";
  const moved = compare(one(type, {}, {}, { region: "a" }), one(type, {}, {}, { region: "b" }));
  expect(moved.resources.find(({ name }) => name === "x")).toMatchObject({
    action: "replace",
    properties: [{ path: "region", before: "a", after: "b", why: "set by its provider" }],
  });
  const own = compare(
    one(type, { region: "c" }, {}, { region: "a" }),
    one(type, { region: "c" }, {}, { region: "b" }),
  );
  expect(own.resources.map(({ name }) => name)).toEqual(["p"]);
});

test("[C3] a changed secret is told as changed, without either value, wherever it is told", () => {
  const type = "aws:secretsmanager/secretVersion:SecretVersion";
  const changes = compare(
    one(type, { secretString: new Secret("hunter1") }),
    one(type, { secretString: new Secret("hunter2") }),
  );
  expect(changes.resources[0]!.properties).toMatchObject([{ path: "secretString", secret: true }]);
  expect(JSON.stringify(changes)).not.toContain("hunter");
});

test("aliases by URN, by name, by type and through a parent's new name join; a name once taken joins nothing", () => {
  const before = (graph: GraphBuilder) => {
    const parent = graph.add("cmb:aws:Buckets", "old", graph.root);
    graph.add(bucket, "old-data", parent, { bucket: "a" });
    graph.add("aws:ec2/eip:Eip", "was", graph.root);
    graph.add("cmb:aws:Dns", "dns", graph.root);
  };
  const after = (graph: GraphBuilder) => {
    const parent = graph.add("cmb:aws:Buckets", "new", graph.root, {}, { aliases: [{ name: "old" }] });
    graph.add(bucket, "new-data", parent, { bucket: "a" });
    const urn = "urn:pulumi:dev::p::aws:ec2/eip:Eip::was";
    graph.add("aws:ec2/eip:Eip", "is", graph.root, {}, { aliases: [urn] });
    graph.add("aws:ec2/eip:Eip", "second", graph.root, {}, { aliases: [urn] });
    graph.add("cmb:aws:Zone", "dns", graph.root, {}, { aliases: [{ type: "cmb:aws:Dns" }] });
  };
  const { resources } = compare(before, after);
  expect(resources.map(({ action, name }) => [action, name]).sort()).toEqual([
    ["create", "second"],
    ["move", "dns"],
    ["move", "is"],
    ["move", "new"],
    ["move", "new-data"],
  ]);
});

test("a child's own alias holds under its parent's old name as well", () => {
  const { resources } = compare(
    (graph) => graph.add(bucket, "plain", graph.add("cmb:aws:Buckets", "old", graph.root)),
    (graph) =>
      graph.add(
        bucket,
        "data",
        graph.add("cmb:aws:Buckets", "new", graph.root, {}, { aliases: [{ name: "old" }] }),
        {},
        { aliases: [{ name: "plain" }] },
      ),
  );
  expect(resources.map(({ action }) => action)).toEqual(["move", "move"]);
});

test("a new name without an alias is a deletion and a creation, with the alias; another thing gets no such hint", () => {
  const renamed = compare(
    (graph) => graph.add(bucket, "a", graph.root, { bucket: "same" }),
    (graph) => graph.add(bucket, "b", graph.root, { bucket: "same" }),
  ).resources;
  expect(renamed.map(({ action }) => action).sort()).toEqual(["create", "delete"]);
  expect(renamed.find(({ action }) => action === "create")!.hint).toContain(
    'aliases: [{ name: "a" }] would keep it',
  );
  const others = compare(
    (graph) => graph.add(bucket, "a", graph.root, { bucket: "one" }),
    (graph) => graph.add(bucket, "b", graph.root, { bucket: "two" }),
  ).resources;
  expect(others.some(({ hint }) => hint !== undefined)).toBe(false);
});

test("a move under another component names the old parent by its URN", () => {
  const { resources } = compare(
    (graph) => graph.add(bucket, "a", graph.add("cmb:aws:Buckets", "one", graph.root)),
    (graph) => {
      graph.add("cmb:aws:Buckets", "one", graph.root);
      graph.add(bucket, "a", graph.add("cmb:aws:CmbCluster", "two", graph.root));
    },
  );
  expect(resources.find(({ hint }) => hint)!.hint).toContain(
    'aliases: [{ parent: "urn:pulumi:dev::p::cmb:aws:Buckets::one" }]',
  );
});
