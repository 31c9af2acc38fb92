import * as aws from "@pulumi/aws";
import { awsPlace } from "../../testing/computed-aws";
import { addonNames, addonVersion, addonVersions, kubernetesVersions } from "./addon-versions";
import { NodeAddons, WorkloadAddons, type WorkloadAddonsArgs } from "./addons";
import { systemTolerations } from "./node-groups";
import { children, recordAws, someIdentity, withProvider } from "./fixtures/recorded";

const common = (version = "1.35") => {
  const opts = withProvider();
  const identity = someIdentity(opts);
  const before = new aws.ec2.Vpc("before", {}, opts);
  const args = { cluster: "cmb-test", accountId: awsPlace.accountId, version, identity, dependsOn: [before] };
  return { args, opts, controlPlane: before };
};
const makeNodeAddons = () =>
  recordAws(() => {
    const { args, opts, controlPlane } = common();
    return new NodeAddons("a", { ...args, controlPlane }, opts);
  });
const makeWorkloadAddons = (tolerations: WorkloadAddonsArgs["tolerations"] = []) =>
  recordAws(() => {
    const { args, opts } = common();
    const role = new aws.iam.Role("mount", { name: "mount", assumeRolePolicy: "{}" }, opts);
    const mountRole = { arn: "arn:aws:iam::123456789012:role/mount", resources: [role] };
    return new WorkloadAddons("a", { ...args, mountRole, tolerations }, opts);
  });
const standIns = ["OpenIdConnectProvider oidc", "Vpc before"];

test("[N4] before the nodes come the network add-ons and nothing else", async () => {
  const { recording, result } = await makeNodeAddons();
  expect(children(recording)).toEqual(
    [
      ...standIns,
      "Addon a-kube-proxy",
      "Addon a-vpc-cni",
      "Role a-vpc-cni-role",
      "RolePolicyAttachment a-vpc-cni-AmazonEKS_CNI_Policy",
      "cmb:aws:NodeAddons a",
    ].sort(),
  );
  expect(result.addons).toHaveLength(2);
});

test("[O5] the network add-ons go with the cluster; what pods still need while nodes are drained is deleted before", async () => {
  const [nodes, workloads] = [await makeNodeAddons(), await makeWorkloadAddons()];
  const goesWith = ({ recording }: { recording: typeof nodes.recording }) =>
    recording.ofType("aws:eks/addon:Addon").map(({ deletedWith = "" }) => deletedWith);
  const cluster = nodes.recording.one("before").urn;
  expect(goesWith(nodes)).toEqual([cluster, cluster]);
  expect(goesWith(workloads)).toEqual(["", "", "", ""]);
});

test("[N4] the CNI enforces NetworkPolicies, hands out prefixes, and has a role of its own instead of the node's", async () => {
  const { recording } = await makeNodeAddons();
  const { configurationValues, ...inputs } = recording.one("a-vpc-cni").inputs;
  expect(inputs).toEqual({
    clusterName: "cmb-test",
    addonName: "vpc-cni",
    addonVersion: "v1.22.4-eksbuild.3",
    resolveConflictsOnCreate: "OVERWRITE",
    resolveConflictsOnUpdate: "OVERWRITE",
    serviceAccountRoleArn: "arn:aws:iam::123456789012:role/cmb-test-vpc-cni",
  });
  expect(JSON.parse(configurationValues as string)).toEqual({
    enableNetworkPolicy: "true",
    env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
  });
  expect(recording.one("a-vpc-cni").dependencies).toEqual(
    expect.arrayContaining([
      recording.one("before").urn,
      recording.one("a-vpc-cni-role").urn,
      recording.one("a-vpc-cni-AmazonEKS_CNI_Policy").urn,
    ]),
  );
});

test("[N4] after the nodes come DNS, volumes, bucket mounts and metrics and nothing else", async () => {
  const { recording } = await makeWorkloadAddons();
  expect(children(recording)).toEqual(
    [
      ...standIns,
      "Role mount",
      "Addon a-aws-ebs-csi-driver",
      "Addon a-aws-mountpoint-s3-csi-driver",
      "Addon a-coredns",
      "Addon a-metrics-server",
      "Role a-ebs-csi-role",
      "RolePolicyAttachment a-ebs-csi-AmazonEBSCSIDriverPolicyV2",
      "cmb:aws:WorkloadAddons a",
    ].sort(),
  );
  for (const addon of recording.ofType("aws:eks/addon:Addon")) {
    expect(addon.dependencies).toContain(recording.one("before").urn);
    expect(addon.inputs).toMatchObject({
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
    });
  }
});

test("[N4] the drivers run under their roles, and EBS makes no storage class of its own", async () => {
  const { recording } = await makeWorkloadAddons();
  const s3 = recording.one("a-aws-mountpoint-s3-csi-driver");
  expect(s3.inputs.serviceAccountRoleArn).toBe("arn:aws:iam::123456789012:role/mount");
  expect(s3.dependencies).toContain(recording.one("mount").urn);
  const ebs = recording.one("a-aws-ebs-csi-driver").inputs;
  expect(ebs.serviceAccountRoleArn).toBe("arn:aws:iam::123456789012:role/cmb-test-ebs-csi");
  expect(JSON.parse(ebs.configurationValues as string)).toEqual({ defaultStorageClass: { enabled: false } });
  for (const name of ["a-coredns", "a-metrics-server"]) {
    expect(recording.one(name).inputs).not.toHaveProperty("serviceAccountRoleArn");
    expect(recording.one(name).inputs).not.toHaveProperty("configurationValues");
  }
});

test("[N4] on tainted system nodes the add-ons that tolerate nothing by themselves are told to", async () => {
  const tolerations = systemTolerations({ spot: true });
  const { recording } = await makeWorkloadAddons(tolerations);
  const configuration = (name: string) =>
    JSON.parse((recording.one(name).inputs.configurationValues as string | undefined) ?? "null") as unknown;
  expect(configuration("a-metrics-server")).toEqual({ tolerations });
  expect(configuration("a-aws-mountpoint-s3-csi-driver")).toEqual({ controller: { tolerations } });
  expect(configuration("a-coredns")).toBeNull();
});

test("[N4] every add-on is pinned for every Kubernetes version to a build of EKS", () => {
  for (const version of kubernetesVersions) {
    for (const addon of addonNames) {
      expect(addonVersions[version][addon]).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
    }
    // kube-proxy may not be newer than the control plane.
    expect(addonVersion(version, "kube-proxy")).toContain(`v${version}.`);
  }
});

test("a Kubernetes version without pinned add-ons is refused", async () => {
  expect(() => addonVersion("1.34", "coredns")).toThrow("pinned for 1.35 and 1.36 only");
  await expect(
    recordAws(() => {
      const { args, opts, controlPlane } = common("1.34");
      return new NodeAddons("a", { ...args, controlPlane }, opts);
    }),
  ).rejects.toThrow("cluster.version");
});
