import {
  ACCOUNT,
  account,
  clusterInputs,
  roleWith,
  trust,
  types,
  withCluster,
  withNetwork,
  withNodes,
} from "./fixtures/account";
import { deployer, LAST_LOGS, logsOf } from "./cluster";
import { ADDON_LIMIT } from "./addons";
import { text } from "./values";

const ENTRY = "aws:eks/accessEntry:AccessEntry";
const ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";

describe("a control plane", () => {
  test("has what the program reads of it, and a Kubernetes server behind its endpoint", async () => {
    const { cloud, cluster, vpcId } = await withCluster();
    const { properties } = cluster;
    expect(properties["endpoint"]).toMatch(/^https:\/\/[0-9A-F]{32}\.gr7\.us-east-1\.eks\.amazonaws\.com$/);
    const id = text(properties, "endpoint").slice(8, 40);
    expect(properties["identities"]).toEqual([
      { oidcs: [{ issuer: `https://oidc.eks.us-east-1.amazonaws.com/id/${id}` }] },
    ]);
    expect(properties["certificateAuthority"]).toEqual({
      data: Buffer.from("-----BEGIN CERTIFICATE-----").toString("base64"),
    });
    expect(text(properties, "vpcConfig.vpcId")).toBe(vpcId);
    expect(text(properties, "vpcConfig.clusterSecurityGroupId")).toMatch(/^sg-/);
    expect(cloud.clusters.servers.get("cmb")).toBe(text(properties, "endpoint").replace("https://", ""));
    expect(cloud.ids(ENTRY)).toEqual([`cmb:${deployer(ACCOUNT)}`]);
  });

  test("takes ten minutes, and the provider waits out the delay of a new role", async () => {
    const { cloud, first, second } = await withNetwork();
    const seconds = await cloud.lasts(async () => {
      const role = await roleWith(cloud, "r", "eks.amazonaws.com");
      await cloud.create(types.cluster, clusterInputs(role, [first, second]));
    });
    expect(seconds).toBeGreaterThanOrEqual(608);
    expect(seconds).toBeLessThan(640);
  });

  test.each([
    ["one zone only", ({ first }: Network) => Promise.resolve([first, first]), /at least two different AZs/],
    [
      "a subnet of another network",
      async ({ first, cloud }: Network) => {
        const { id: vpcId } = await cloud.create(types.vpc, { cidrBlock: "10.5.0.0/16" });
        const inputs = { vpcId, cidrBlock: "10.5.0.0/24", availabilityZone: "us-east-1b" };
        return [first, await cloud.create(types.subnet, inputs)];
      },
      /must belong to the same VPC/,
    ],
    [
      "the zone that EKS does not serve",
      async ({ first, cloud, vpcId }: Network) => [
        first,
        await cloud.create(types.subnet, {
          vpcId,
          cidrBlock: "10.0.8.0/24",
          availabilityZone: "us-east-1e",
        }),
      ],
      /^UnsupportedAvailabilityZoneException/,
    ],
  ])("in %s is refused", async (_what, subnets, message) => {
    const network = await withNetwork();
    const role = await roleWith(network.cloud, "r", "eks.amazonaws.com");
    const inputs = clusterInputs(role, await subnets(network));
    expect(await network.cloud.refusal(network.cloud.create(types.cluster, inputs))).toMatch(message);
    expect(network.cloud.ids(types.cluster)).toEqual([]);
  });

  test("with a role that EKS may not take is refused after two minutes of trying", async () => {
    const { cloud, first, second } = await withNetwork();
    const role = await cloud.create(types.role, { name: "r", assumeRolePolicy: trust("ec2.amazonaws.com") });
    const began = cloud.clock.now();
    const inputs = clusterInputs(role, [first, second]);
    expect(await cloud.refusal(cloud.create(types.cluster, inputs))).toMatch(/could not be assumed/);
    expect(cloud.clock.now() - began).toBeGreaterThanOrEqual(120);
  });

  test("does not go while node groups are left, nor while it is protected, and EKS says which", async () => {
    const { cloud, nodes } = await withNodes({}, { deletionProtection: true });
    expect(await cloud.refusal(cloud.remove(types.cluster, "cmb"))).toBe(
      "ResourceInUseException: Cluster has nodegroups attached",
    );
    await cloud.remove(types.nodes, nodes.id);
    expect(await cloud.refusal(cloud.remove(types.cluster, "cmb"))).toMatch(/deletionProtection enabled/);
  });

  test("takes its group, entries and add-ons along, but not the group if its role lost its policy", async () => {
    const { cloud, cluster, vpcId, role } = await withCluster();
    await cloud.create(types.addon, {
      clusterName: "cmb",
      addonName: "kube-proxy",
      resolveConflictsOnCreate: "OVERWRITE",
    });
    await cloud.remove(types.cluster, cluster.id);
    expect([cloud.ids(types.addon), cloud.ids(ENTRY)]).toEqual([[], []]);
    expect(cloud.ids(types.group)).toHaveLength(1);
    const { cloud: careless, cluster: left, role: bare } = await withCluster();
    await careless.remove(types.attachment, `${bare.id}/arn:aws:iam::aws:policy/AmazonEKSClusterPolicy`);
    await careless.remove(types.cluster, left.id);
    const stray = String(
      (left.properties["vpcConfig"] as { [key: string]: unknown })["clusterSecurityGroupId"],
    );
    expect(careless.ids(types.group)).toContain(stray);
    expect(role.id).toBe("cmb-cluster");
    expect(vpcId).toMatch(/^vpc-/);
  });

  test("changes its version one step at a time and never back, which takes minutes", async () => {
    const { cloud, role, first, second } = await withCluster();
    const to = (version: string) =>
      cloud.update(types.cluster, "cmb", clusterInputs(role, [first, second], { version }));
    expect(await cloud.refusal(to("1.37"))).toMatch(
      /Unsupported Kubernetes minor version update from 1.35 to 1.37/,
    );
    expect(await cloud.lasts(() => to("1.36"))).toBeGreaterThan(500);
    expect(await cloud.refusal(to("1.35"))).toMatch(/from 1.36 to 1.35/);
  });

  test("lets in another range in place, and keeps what EKS filled in", async () => {
    const { cloud, role, first, second, cluster } = await withCluster();
    const vpcConfig = {
      ...(clusterInputs(role, [first, second])["vpcConfig"] as object),
      publicAccessCidrs: ["198.51.100.0/24"],
    };
    const group = (cluster.properties["vpcConfig"] as { [key: string]: unknown })["clusterSecurityGroupId"];
    const after = await cloud.update(
      types.cluster,
      "cmb",
      clusterInputs(role, [first, second], { vpcConfig }),
    );
    expect(after.properties["vpcConfig"]).toMatchObject({
      publicAccessCidrs: ["198.51.100.0/24"],
      clusterSecurityGroupId: group,
    });
  });

  test("never gives up the access API again", async () => {
    const { cloud, role, first, second } = await withCluster();
    const accessConfig = { authenticationMode: "CONFIG_MAP" };
    const update = cloud.update(types.cluster, "cmb", clusterInputs(role, [first, second], { accessConfig }));
    expect(await cloud.refusal(update)).toMatch(
      /Unsupported authentication mode update from API to CONFIG_MAP/,
    );
  });
});

type Network = Awaited<ReturnType<typeof withNetwork>>;

describe("logs of a control plane", () => {
  const logged = { enabledClusterLogTypes: ["audit"] };
  const group = { name: logsOf("cmb"), retentionInDays: 7 };

  test("EKS makes the group itself where nobody did, and the program's comes too late", async () => {
    const { cloud } = await withCluster(logged);
    expect(await cloud.refusal(cloud.create(types.logGroup, group))).toBe(
      "ResourceAlreadyExistsException: The specified log group already exists",
    );
  });

  test("after a destroy EKS makes the group anew, and the next stack of the name meets it", async () => {
    const cloud = account();
    const { first, second } = await withNetwork(cloud);
    await cloud.create(types.logGroup, group);
    const role = await roleWith(cloud, "r", "eks.amazonaws.com");
    await cloud.create(types.cluster, clusterInputs(role, [first, second], logged));
    await cloud.remove(types.cluster, "cmb");
    await cloud.remove(types.logGroup, logsOf("cmb"));
    expect(cloud.ids(types.logGroup)).toEqual([]);
    await cloud.clock.sleep(LAST_LOGS + 10);
    const [left] = cloud.store.ofKind(types.logGroup);
    expect(left?.object.properties).toMatchObject({ name: logsOf("cmb"), retentionInDays: 0 });
    expect(left?.urn).toBeUndefined();
    expect(await cloud.refusal(cloud.create(types.logGroup, group))).toMatch(
      /^ResourceAlreadyExistsException/,
    );
  });
});

describe("add-ons and access", () => {
  const addon = (addonName: string, more: object = {}) => ({
    clusterName: "cmb",
    addonName,
    resolveConflictsOnCreate: "OVERWRITE",
    ...more,
  });

  test.each(["coredns", "aws-ebs-csi-driver", "aws-mountpoint-s3-csi-driver", "metrics-server"])(
    "%s without a node is DEGRADED for its twenty minutes, and fails",
    async (name) => {
      const { cloud } = await withCluster();
      const began = cloud.clock.now();
      expect(await cloud.refusal(cloud.create(types.addon, addon(name)))).toMatch(/last state: 'DEGRADED'/);
      expect(cloud.clock.now() - began).toBeGreaterThanOrEqual(ADDON_LIMIT);
    },
  );

  test("vpc-cni and kube-proxy need no node", async () => {
    const { cloud } = await withCluster();
    for (const name of ["vpc-cni", "kube-proxy"])
      expect((await cloud.create(types.addon, addon(name))).status).toBe("active");
  });

  test("the drivers bring their CSIDriver objects once there are nodes", async () => {
    const { cloud } = await withNodes();
    await cloud.create(types.addon, addon("aws-ebs-csi-driver"));
    await cloud.create(types.addon, addon("aws-mountpoint-s3-csi-driver"));
    const names = cloud.clusters.applied.map((one) => (one as { metadata: { name: string } }).metadata.name);
    expect(names).toEqual(["gp2", "ebs.csi.aws.com", "s3.csi.aws.com", "mount-s3"]);
  });

  test("taking over EKS's own copies has to be said", async () => {
    const { cloud } = await withCluster();
    const refusal = cloud.create(types.addon, addon("vpc-cni", { resolveConflictsOnCreate: "NONE" }));
    expect(await cloud.refusal(refusal)).toMatch(/^ConfigurationConflict/);
  });

  test("an add-on before its cluster, one that EKS does not have, one that is there: refused", async () => {
    const early = account();
    expect(await early.refusal(early.create(types.addon, addon("vpc-cni")))).toMatch(
      /^ResourceNotFoundException/,
    );
    const { cloud } = await withCluster();
    expect(await cloud.refusal(cloud.create(types.addon, addon("nonsense")))).toMatch(/is not supported/);
    await cloud.create(types.addon, addon("kube-proxy"));
    expect(await cloud.refusal(cloud.create(types.addon, addon("kube-proxy")))).toMatch(/already exists/);
  });

  test("the entry of who deploys is EKS's: listed once more it is refused", async () => {
    const { cloud } = await withCluster();
    const inputs = { clusterName: "cmb", principalArn: deployer(ACCOUNT) };
    expect(await cloud.refusal(cloud.create(ENTRY, inputs))).toMatch(/already in use on this cluster/);
  });

  test("a policy waits for its entry, and is refused without one", async () => {
    const { cloud } = await withCluster();
    const inputs = {
      clusterName: "cmb",
      principalArn: `arn:aws:iam::${ACCOUNT}:role/Ops`,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    };
    expect(await cloud.refusal(cloud.create(ASSOCIATION, inputs))).toMatch(/principalArn could not be found/);
    const waiting = cloud.create(ASSOCIATION, inputs);
    await cloud.create(ENTRY, { clusterName: "cmb", principalArn: inputs.principalArn });
    expect((await waiting).id).toBe(`cmb#${inputs.principalArn}#${inputs.policyArn}`);
  });

  test("a cluster without the access API takes no entries", async () => {
    const { cloud } = await withCluster({ accessConfig: { authenticationMode: "CONFIG_MAP" } });
    const inputs = { clusterName: "cmb", principalArn: `arn:aws:iam::${ACCOUNT}:role/Ops` };
    expect(await cloud.refusal(cloud.create(ENTRY, inputs))).toMatch(/authentication mode must be set/);
  });
});
