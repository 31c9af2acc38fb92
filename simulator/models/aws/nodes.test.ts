import { eksEntry } from "./access";
import {
  account,
  clusterInputs,
  NODE_POLICIES,
  nodeInputs,
  roleWith,
  types,
  withCluster,
  withNetwork,
  withNodes,
} from "./fixtures/account";
import { interfaces } from "./interfaces";
import { PROCESSOR_QUOTA } from "./quotas";
import { CNI_LINGER, INSTANCE, TERMINATION, VOLUME } from "./instances";
import { JOIN_LIMIT } from "./node-groups";
import { hidden, text } from "./values";

describe("nodes", () => {
  test("two nodes come up with instances, disks, interfaces, and what Kubernetes is told of them", async () => {
    const { cloud, nodes } = await withNodes({
      labels: { "cmb.dev/pool": "system" },
      taints: [{ key: "a", value: "b", effect: "NO_SCHEDULE" }],
    });
    expect([INSTANCE, VOLUME, "aws:hidden/networkInterface"].map((kind) => cloud.ids(kind).length)).toEqual([
      2, 2,
      // Two of the control plane, one of the NAT gateway, and two a node.
      7,
    ]);
    expect(cloud.clusters.nodes.get(`cmb ${nodes.id}`)).toEqual({
      count: 2,
      zones: ["us-east-1a", "us-east-1b"],
      labels: {
        "cmb.dev/pool": "system",
        "eks.amazonaws.com/nodegroup": "system",
        "eks.amazonaws.com/capacityType": "ON_DEMAND",
        "node.kubernetes.io/instance-type": "t3.large",
        "topology.kubernetes.io/region": "us-east-1",
      },
      taints: [{ key: "a", value: "b", effect: "NoSchedule" }],
      cpu: 2,
      memoryGi: 8,
      maxPods: 35,
    });
  });

  test("with prefixes handed out by the CNI a node holds 110 pods", async () => {
    const { cloud, first } = await withCluster();
    const nodeRole = await roleWith(cloud, "cmb-node", "ec2.amazonaws.com", ...NODE_POLICIES);
    await cloud.create(types.addon, {
      clusterName: "cmb",
      addonName: "vpc-cni",
      resolveConflictsOnCreate: "OVERWRITE",
      configurationValues: '{"env":{"ENABLE_PREFIX_DELEGATION":"true"}}',
    });
    const nodes = await cloud.create(types.nodes, nodeInputs(nodeRole, [first]));
    expect(cloud.clusters.nodes.get(`cmb ${nodes.id}`)?.maxPods).toBe(110);
  });

  test.each(NODE_POLICIES)(
    "without %s they do not join, and EKS gives up after 25 minutes",
    async (missing) => {
      const { cloud, first } = await withCluster();
      const policies = NODE_POLICIES.filter((policy) => policy !== missing);
      const nodeRole = await roleWith(cloud, "cmb-node", "ec2.amazonaws.com", ...policies);
      await cloud.clock.sleep(30);
      const began = cloud.clock.now();
      const refusal = await cloud.refusal(cloud.create(types.nodes, nodeInputs(nodeRole, [first])));
      expect(refusal).toMatch(/^NodeCreationFailure: Instances failed to join the kubernetes cluster/);
      expect(refusal).toContain(missing);
      expect(cloud.clock.now() - began).toBeGreaterThanOrEqual(JOIN_LIMIT);
      expect(cloud.store.ofKind(types.nodes)[0]!.object.status).toBe("failed");
    },
  );

  test("without a way to the internet they do not join; a NAT gateway that comes in time helps", async () => {
    const { cloud, first, way, nat, table } = await withCluster();
    const nodeRole = await roleWith(cloud, "cmb-node", "ec2.amazonaws.com", ...NODE_POLICIES);
    await cloud.remove(types.route, way.id);
    await cloud.clock.sleep(30);
    const late = await cloud.refusal(cloud.create(types.nodes, nodeInputs(nodeRole, [first])));
    expect(late).toContain(`nothing leads from ${first.id} to the internet`);
    const group = cloud.create(types.nodes, nodeInputs(nodeRole, [first], { nodeGroupName: "other" }));
    await cloud.clock.sleep(600);
    await cloud.create(types.route, {
      routeTableId: table.id,
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: nat.id,
    });
    expect((await group).status).toBe("active");
  });

  test("behind a public endpoint that lets only people in, nodes need the private one", async () => {
    const { cloud, first, second } = await withNetwork();
    const role = await roleWith(cloud, "cmb-cluster", "eks.amazonaws.com", "AmazonEKSClusterPolicy");
    const vpcConfig = { subnetIds: [first.id, second.id], publicAccessCidrs: ["203.0.113.0/24"] };
    await cloud.create(types.cluster, clusterInputs(role, [first, second], { vpcConfig }));
    const nodeRole = await roleWith(cloud, "cmb-node", "ec2.amazonaws.com", ...NODE_POLICIES);
    await cloud.clock.sleep(30);
    expect(await cloud.refusal(cloud.create(types.nodes, nodeInputs(nodeRole, [first])))).toMatch(
      /public endpoint lets 54\.[\d.]+ not in, and there is no private one/,
    );
  });

  test.each([
    [
      "ON_DEMAND",
      "L-1216C47A",
      /^AsgInstanceLaunchFailures: .*VcpuLimitExceeded - .* vCPU limit of 5 allows/,
    ],
    ["SPOT", "L-34B43A08", /^AsgInstanceLaunchFailures: .*MaxSpotInstanceCountExceeded/],
  ])(
    "%s: over the account's processors a group has the nodes that fit, and EKS gives up after 25 minutes; a quota raised in time helps",
    async (capacityType, code, said) => {
      const { cloud, first } = await withCluster();
      const nodeRole = await roleWith(cloud, "cmb-node", "ec2.amazonaws.com", ...NODE_POLICIES);
      const quota = (limit: number) =>
        cloud.view.put(hidden(cloud.view, PROCESSOR_QUOTA, `${cloud.view.place}/${code}`, { limit }));
      const three = {
        capacityType,
        instanceTypes: ["t3.large"],
        scalingConfig: { minSize: 0, desiredSize: 3, maxSize: 3 },
      };
      quota(5);
      await cloud.clock.sleep(30);
      const began = cloud.clock.now();
      expect(await cloud.refusal(cloud.create(types.nodes, nodeInputs(nodeRole, [first], three)))).toMatch(
        said,
      );
      expect(cloud.clock.now() - began).toBeGreaterThanOrEqual(JOIN_LIMIT);
      expect(cloud.ids(INSTANCE)).toHaveLength(2);
      expect(cloud.clusters.nodes.get("cmb cmb:system")).toMatchObject({ count: 2 });

      const other = cloud.create(
        types.nodes,
        nodeInputs(nodeRole, [first], { ...three, nodeGroupName: "b" }),
      );
      await cloud.clock.sleep(600);
      quota(12);
      expect((await other).status).toBe("active");
      expect(cloud.ids(INSTANCE)).toHaveLength(5);
    },
  );

  test("a group that grows beyond them is updated, and has the nodes that fit", async () => {
    const { cloud, nodes, nodeRole, first, second } = await withNodes({});
    cloud.view.put(hidden(cloud.view, PROCESSOR_QUOTA, `${cloud.view.place}/L-1216C47A`, { limit: 7 }));
    const scalingConfig = { minSize: 1, desiredSize: 5, maxSize: 5 };
    await cloud.update(types.nodes, nodes.id, nodeInputs(nodeRole, [first, second], { scalingConfig }));
    expect(cloud.clusters.nodes.get(`cmb ${nodes.id}`)).toMatchObject({ count: 3 });
  });

  test("what runs on demand takes nothing from the processors for spot", async () => {
    const { cloud, first } = await withCluster();
    const nodeRole = await roleWith(cloud, "cmb-node", "ec2.amazonaws.com", ...NODE_POLICIES);
    await cloud.clock.sleep(30);
    const group = (capacityType: string, desiredSize: number) =>
      cloud.create(
        types.nodes,
        nodeInputs(nodeRole, [first], {
          capacityType,
          nodeGroupName: capacityType,
          scalingConfig: { minSize: 0, desiredSize, maxSize: 32 },
        }),
      );
    expect((await group("ON_DEMAND", 32)).status).toBe("active");
    expect((await group("SPOT", 8)).status).toBe("active");
  });

  test("an empty group needs nothing of all that", async () => {
    const { cloud, first } = await withCluster();
    const nodeRole = await roleWith(cloud, "cmb-node", "ec2.amazonaws.com");
    await cloud.clock.sleep(30);
    const scalingConfig = { minSize: 0, desiredSize: 0, maxSize: 5 };
    const nodes = await cloud.create(types.nodes, nodeInputs(nodeRole, [first], { scalingConfig }));
    expect([nodes.status, cloud.ids(INSTANCE)]).toEqual(["active", []]);
  });

  test("a new role is not seen by EKS for some seconds, and for a node group the provider does not try again", async () => {
    const { cloud, first } = await withCluster();
    const nodeRole = await cloud.create(types.role, {
      name: "cmb-node",
      assumeRolePolicy: '{"Statement":[{"Effect":"Allow"}]}',
    });
    expect(await cloud.refusal(cloud.create(types.nodes, nodeInputs(nodeRole, [first])))).toMatch(
      /^InvalidParameterException: The role with name .* cannot be found/,
    );
    expect(cloud.ids(types.nodes)).toEqual([]);
  });

  test("a role made anew under an old name cannot join by the entry that EKS made for the old one", async () => {
    const { cloud, first, nodes, nodeRole } = await withNodes();
    await cloud.remove(types.nodes, nodes.id);
    for (const id of cloud.ids(types.attachment).filter((one) => one.startsWith("cmb-node/")))
      await cloud.remove(types.attachment, id);
    await cloud.remove(types.role, nodeRole.id);
    const again = await roleWith(cloud, "cmb-node", "ec2.amazonaws.com", ...NODE_POLICIES);
    await cloud.clock.sleep(30);
    expect(await cloud.refusal(cloud.create(types.nodes, nodeInputs(again, [first])))).toContain(
      "the role has no access entry of its own",
    );
    expect(eksEntry(cloud.view, "cmb", text(again.properties, "arn")).properties["principalUniqueId"]).toBe(
      again.properties["uniqueId"],
    );
  });
});

describe("sizes and templates", () => {
  test.each([
    [{ minSize: 3, desiredSize: 2, maxSize: 4 }, "Minimum capacity 3 can't be greater than desired size 2"],
    [{ minSize: 1, desiredSize: 5, maxSize: 4 }, "desired capacity 5 can't be greater than max size 4"],
    [{ minSize: 0, desiredSize: 0, maxSize: 0 }, "Maximum capacity must be at least 1"],
  ])("%j is refused, in an update too", async (scalingConfig, message) => {
    const { cloud, nodes, nodeRole, first } = await withNodes();
    const inputs = nodeInputs(nodeRole, [first], { scalingConfig, nodeGroupName: "other" });
    expect(await cloud.refusal(cloud.create(types.nodes, inputs))).toBe(
      `InvalidParameterException: ${message}`,
    );
    const update = cloud.update(types.nodes, nodes.id, nodeInputs(nodeRole, [first], { scalingConfig }));
    expect(await cloud.refusal(update)).toBe(`InvalidParameterException: ${message}`);
  });

  test("more nodes come at once, fewer leave their disks and interfaces for a while only", async () => {
    const { cloud, nodes, nodeRole, first } = await withNodes();
    const sized = (desiredSize: number) =>
      cloud.update(
        types.nodes,
        nodes.id,
        nodeInputs(nodeRole, [first], { scalingConfig: { minSize: 0, desiredSize, maxSize: 3 } }),
      );
    await sized(3);
    expect([cloud.ids(INSTANCE).length, cloud.clusters.nodes.get(`cmb ${nodes.id}`)?.count]).toEqual([3, 3]);
    await sized(1);
    expect([cloud.ids(INSTANCE).length, cloud.ids(VOLUME).length]).toEqual([1, 3]);
    await cloud.clock.sleep(TERMINATION);
    expect(cloud.ids(VOLUME)).toHaveLength(1);
  });

  test("a change of the launch template makes a new version, and its number rolls the group", async () => {
    const { cloud, nodeRole, first } = await withNodes();
    const disk = (volumeSize: number) => ({
      name: "t",
      updateDefaultVersion: true,
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize } }],
    });
    const template = await cloud.create(types.template, disk(50));
    expect(template.properties["latestVersion"]).toBe(1);
    const group = (version: string) =>
      nodeInputs(nodeRole, [first], { nodeGroupName: "t", launchTemplate: { id: template.id, version } });
    const nodes = await cloud.create(types.nodes, group("1"));
    const before = new Set(cloud.ids(INSTANCE));
    await cloud.update(types.template, template.id, { ...disk(50), tags: { a: "b" } });
    expect(template.properties["latestVersion"]).toBe(1);
    await cloud.update(types.template, template.id, disk(80));
    expect([template.properties["latestVersion"], template.properties["defaultVersion"]]).toEqual([2, 2]);
    expect(await cloud.refusal(cloud.update(types.nodes, nodes.id, group("3")))).toMatch(/does not exist: 3/);
    expect(await cloud.lasts(() => cloud.update(types.nodes, nodes.id, group("2")))).toBeGreaterThan(240);
    // The two of this group were replaced, the two of the other were not touched.
    expect(cloud.ids(INSTANCE).filter((id) => before.has(id))).toHaveLength(2);
    const sizes = cloud.store.ofKind(VOLUME).map(({ object }) => object.properties["sizeGib"]);
    expect(sizes).toEqual(expect.arrayContaining([80]));
  });

  test("a disk size beside a launch template is refused, an instance type that does not exist as well", async () => {
    const { cloud, nodeRole, first } = await withNodes();
    const template = await cloud.create(types.template, { name: "t" });
    const launchTemplate = { id: template.id, version: "1" };
    const refused = (more: object) =>
      cloud.refusal(
        cloud.create(types.nodes, nodeInputs(nodeRole, [first], { nodeGroupName: "t", ...more })),
      );
    expect(await refused({ launchTemplate, diskSize: 50 })).toMatch(/within the launch template/);
    expect(await refused({ instanceTypes: ["t9.huge"] })).toMatch(/do not exist: \[t9.huge\]/);
  });
});

describe("the end of nodes", () => {
  test("the CNI's interfaces outlive their group, and hold the subnet for minutes more", async () => {
    const { cloud, nodeRole, vpcId, table } = await withNodes();
    const cidrBlock = "10.0.5.0/24";
    const subnet = await cloud.create(types.subnet, { vpcId, cidrBlock, availabilityZone: "us-east-1c" });
    await cloud.create(types.association, { routeTableId: table.id, subnetId: subnet.id });
    const nodes = await cloud.create(types.nodes, nodeInputs(nodeRole, [subnet], { nodeGroupName: "own" }));
    const began = cloud.clock.now();
    await cloud.remove(types.nodes, nodes.id);
    expect(interfaces(cloud.view, { subnetId: subnet.id })).toHaveLength(2);
    // The provider's retries save a program that does not wait.
    await cloud.remove(types.subnet, subnet.id);
    expect(cloud.clock.now() - began).toBeGreaterThanOrEqual(TERMINATION + CNI_LINGER);
    expect(TERMINATION + CNI_LINGER).toBeGreaterThan(200);
  });

  test("a group whose role is gone cannot be deleted", async () => {
    const { cloud, nodes, nodeRole } = await withNodes();
    for (const id of cloud.ids(types.attachment).filter((one) => one.startsWith("cmb-node/")))
      await cloud.remove(types.attachment, id);
    await cloud.remove(types.role, nodeRole.id);
    expect(await cloud.refusal(cloud.remove(types.nodes, nodes.id))).toMatch(/DELETE_FAILED/);
    expect(cloud.ids(types.nodes)).toEqual([nodes.id]);
  });

  test("a group before its cluster is refused", async () => {
    const cloud = account();
    const role = await roleWith(cloud, "cmb-node", "ec2.amazonaws.com");
    expect(await cloud.refusal(cloud.create(types.nodes, nodeInputs(role, [])))).toBe(
      "ResourceNotFoundException: No cluster found for name: cmb.",
    );
  });
});
