import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { awsPlace } from "../../testing/computed-aws";
import { children, recordAws, withProvider } from "./fixtures/recorded";
import { NodeGroups, systemTolerations, type NodeGroupsArgs } from "./node-groups";

const args: NodeGroupsArgs = {
  cluster: "cmb-test",
  accountId: awsPlace.accountId,
  version: "1.35",
  zones: awsPlace.zones,
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  system: {
    instanceType: "t3.large",
    diskGb: 50,
    spot: false,
    sizes: [
      { min: 1, max: 2 },
      { min: 0, max: 1 },
      { min: 0, max: 1 },
    ],
  },
  users: { instanceType: "t3.xlarge", diskGb: 100, min: 0, max: 5 },
  tags: { project: "cmbcluster" },
  dependsOn: [],
};
const make = (changes: Partial<NodeGroupsArgs> = {}) =>
  recordAws(() => new NodeGroups("n", { ...args, ...changes }, withProvider()));

test("[N3] the nodes are exactly these resources: a system group a zone, one group for users", async () => {
  const { recording } = await make();
  expect(children(recording)).toEqual(
    [
      "cmb:aws:NodeGroups n",
      "LaunchTemplate n-system-template",
      "LaunchTemplate n-users-template",
      ...awsPlace.zones.map((zone) => `NodeGroup n-system-${zone}`),
      "NodeGroup n-users",
      "Role n-role",
      "RolePolicyAttachment n-AmazonEC2ContainerRegistryPullOnly",
      "RolePolicyAttachment n-AmazonEKSWorkerNodePolicy",
      ...awsPlace.zones.map((zone) => `Tag n-system-${zone}-volume-zone`),
    ].sort(),
  );
});

test("[N3] a system group lies in its zone's subnet alone, with its zone's share of the size", async () => {
  const { recording } = await make();
  const groups = awsPlace.zones.map((zone) => recording.one(`n-system-${zone}`).inputs);
  expect(groups.map((group) => group.subnetIds)).toEqual([["subnet-a"], ["subnet-b"], ["subnet-c"]]);
  expect(groups.map((group) => group.scalingConfig)).toEqual([
    { minSize: 1, maxSize: 2, desiredSize: 1 },
    { minSize: 0, maxSize: 1, desiredSize: 0 },
    { minSize: 0, maxSize: 1, desiredSize: 0 },
  ]);
  expect(groups[0]).toEqual({
    clusterName: "cmb-test",
    nodeGroupName: "system-eu-central-1a-t3-large",
    nodeRoleArn: "arn:aws:iam::123456789012:role/cmb-test-node",
    subnetIds: ["subnet-a"],
    version: "1.35",
    amiType: "AL2023_x86_64_STANDARD",
    capacityType: "ON_DEMAND",
    instanceTypes: ["t3.large"],
    scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 1 },
    launchTemplate: { id: "n-system-template-id", version: "1" },
    labels: { "cmb.dev/pool": "system" },
    updateConfig: { maxUnavailable: 1 },
    tags: { Name: "cmb-test-system-eu-central-1a" },
  });
});

test("[N3] the user group spans all zones and is never spot, whatever the system groups are", async () => {
  const { recording } = await make({ system: { ...args.system, spot: true } });
  const users = recording.one("n-users").inputs;
  expect(users).toMatchObject({
    subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
    capacityType: "ON_DEMAND",
    instanceTypes: ["t3.xlarge"],
    scalingConfig: { minSize: 0, maxSize: 5, desiredSize: 0 },
    labels: { "cmb.dev/pool": "users" },
  });
  expect(recording.one("n-system-eu-central-1a").inputs).toMatchObject({
    capacityType: "SPOT",
    nodeGroupName: "system-eu-central-1a-t3-large-spot",
  });
});

test("[N3] no group is tainted but spot ones: the application's pods tolerate nothing", async () => {
  const { recording } = await make();
  for (const group of recording.ofType("aws:eks/nodeGroup:NodeGroup")) {
    expect(group.inputs).not.toHaveProperty("taints");
  }
  expect(systemTolerations(args.system)).toEqual([]);
});

test("[N3] spot system nodes refuse what tolerates nothing, user environments above all, and user nodes take it", async () => {
  const { recording } = await make({ system: { ...args.system, spot: true } });
  const [tolerated] = systemTolerations({ spot: true });
  for (const zone of awsPlace.zones) {
    expect(recording.one(`n-system-${zone}`).inputs.taints).toEqual([
      { key: tolerated!.key, value: tolerated!.value, effect: "NO_SCHEDULE" },
    ]);
  }
  expect(tolerated).toEqual({
    key: "CriticalAddonsOnly",
    operator: "Equal",
    value: "true",
    effect: "NoSchedule",
  });
  expect(recording.one("n-users").inputs).not.toHaveProperty("taints");
});

test("[N3] system nodes on demand can be closed as well, and stay open while nobody asks for it", async () => {
  const { recording } = await make({ system: { ...args.system, closed: true } });
  const [tolerated] = systemTolerations({ spot: false, closed: true });
  const system = recording.one("n-system-eu-central-1a").inputs;
  expect(system).toMatchObject({ capacityType: "ON_DEMAND", taints: [{ key: tolerated!.key }] });
  expect(systemTolerations({ spot: false, closed: false })).toEqual([]);
});

test("[O11] asleep, every group has no node and wishes for none, so that an update leaves it asleep", async () => {
  const { recording } = await make({ asleep: true });
  const groups = recording.ofType("aws:eks/nodeGroup:NodeGroup").map(({ inputs }) => inputs.scalingConfig);
  expect(groups).toHaveLength(4);
  for (const group of groups) expect(group).toMatchObject({ minSize: 0, desiredSize: 0 });
  expect(recording.one("n-users").inputs.scalingConfig).toMatchObject({ maxSize: 5 });
});

test.each([
  ["t3a.large", true, ["t3a.large", "t3.large", "m6a.large", "m6i.large", "m5.large"]],
  ["m6i.xlarge", true, ["m6i.xlarge", "t3a.xlarge", "t3.xlarge", "m6a.xlarge", "m5.xlarge"]],
  ["t3a.large", false, ["t3a.large"]],
  ["c6i.large", true, ["c6i.large"]],
  ["t3a.medium", true, ["t3a.medium"]],
])("[N3] %s, spot %s, may be any of %j: alike in processors and memory", async (type, spot, types) => {
  const { recording } = await make({ system: { ...args.system, instanceType: type, spot } });
  expect(recording.one("n-system-eu-central-1a").inputs.instanceTypes).toEqual(types);
});

test("[N3] the program never sets back what the autoscaler chose, and replaces by making the new group first", async () => {
  const { recording } = await make();
  for (const group of recording.ofType("aws:eks/nodeGroup:NodeGroup")) {
    expect(group.ignoreChanges).toEqual(["scalingConfig.desiredSize"]);
    expect(group.deleteBeforeReplace).toBe(false);
    expect(group.dependencies).toEqual(
      expect.arrayContaining([
        recording.one("n-role").urn,
        recording.one("n-AmazonEKSWorkerNodePolicy").urn,
        recording.one("n-AmazonEC2ContainerRegistryPullOnly").urn,
      ]),
    );
  }
});

test("[N3] every run refreshes first, or a new minimum or maximum would bring the recorded size back", () => {
  const project = parse(readFileSync(join(__dirname, "../../Pulumi.yaml"), "utf8")) as { options?: unknown };
  expect(project.options).toEqual({ refresh: "always" });
});

test("[N3] nodes keep their credentials from pods, encrypt their disks and tag what they make", async () => {
  const { recording } = await make();
  for (const [pool, size] of [
    ["system", 50],
    ["users", 100],
  ] as const) {
    const tags = { project: "cmbcluster", Name: `cmb-test-${pool}` };
    expect(recording.one(`n-${pool}-template`).inputs).toEqual({
      name: `cmb-test-${pool}`,
      description: `Nodes of cmb-test for ${pool}`,
      updateDefaultVersion: true,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeSize: size, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      tagSpecifications: [
        { resourceType: "instance", tags },
        { resourceType: "volume", tags },
        { resourceType: "network-interface", tags },
      ],
      tags: { Name: `cmb-test-${pool}` },
    });
  }
});

test("[N3] the autoscaler knows an empty system group's zone, so the database's volume finds a node", async () => {
  const { recording } = await make();
  expect(recording.one("n-system-eu-central-1b-volume-zone").inputs).toEqual({
    autoscalingGroupName: "eks-system-eu-central-1b-t3-large-0123",
    tag: {
      key: "k8s.io/cluster-autoscaler/node-template/label/topology.ebs.csi.aws.com/zone",
      value: "eu-central-1b",
      propagateAtLaunch: false,
    },
  });
});

test.each([[{ min: 0, max: 0 }], [{ min: 3, max: 2 }], [{ min: -1, max: 2 }]])(
  "a size of %j is refused before EKS does",
  async (size) => {
    await expect(make({ users: { ...args.users, ...size } })).rejects.toThrow("EKS needs a maximum of one");
  },
);

test("a size is needed for each zone", async () => {
  await expect(make({ system: { ...args.system, sizes: [{ min: 1, max: 1 }] } })).rejects.toThrow(
    "one size a zone is needed, for 3 zones",
  );
});

test("[H6] a warm group is one more for users, of a size that nothing changes, with a template of its own", async () => {
  const { recording } = await make({ warm: { instanceType: "t3a.medium", diskGb: 30, count: 2 } });
  const { inputs } = recording.one("n-warm");
  expect(inputs).toMatchObject({
    nodeGroupName: "warm-t3a-medium",
    capacityType: "ON_DEMAND",
    instanceTypes: ["t3a.medium"],
    labels: { "cmb.dev/pool": "users" },
    scalingConfig: { minSize: 2, maxSize: 2, desiredSize: 2 },
    subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  });
  expect(inputs).not.toHaveProperty("taints");
  const [device] = recording.one("n-warm-template").inputs.blockDeviceMappings as { ebs: object }[];
  expect(device!.ebs).toMatchObject({ volumeSize: 30 });
  const asleep = await make({ warm: { instanceType: "t3a.medium", diskGb: 30, count: 2 }, asleep: true });
  expect(asleep.recording.one("n-warm").inputs.scalingConfig).toMatchObject({ minSize: 0, desiredSize: 0 });
});

test("[H6] a warm group of no nodes is none", async () => {
  const { recording } = await make({ warm: { instanceType: "t3a.medium", diskGb: 30, count: 0 } });
  expect(children(recording).filter((line) => line.includes("warm"))).toEqual([]);
});
