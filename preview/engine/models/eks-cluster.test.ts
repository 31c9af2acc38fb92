import { childUrn } from "./component";
import { expandEksCluster } from "./eks-cluster";
import { Reference, Secret, UNKNOWN, type ValueMap } from "../values";

const urn = "urn:pulumi:dev::p::cmb:aws:Cluster$eks:index:Cluster::c";

/** Everything off that can be off: what is left are the rows that no switch removes. */
const bare: ValueMap = {
  vpcId: "vpc-1",
  name: "cl",
  privateSubnetIds: ["a", "b"],
  skipDefaultNodeGroup: true,
  skipDefaultSecurityGroups: true,
  useDefaultVpcCni: true,
  kubeProxyAddonOptions: { enabled: false },
  corednsAddonOptions: { enabled: false },
  authenticationMode: "API",
};
const expand = (args: ValueMap = {}) => {
  const all: ValueMap = { ...bare, ...args };
  for (const key of Object.keys(all)) if (all[key] === null) delete all[key];
  return expandEksCluster({ urn, name: "c", args: all });
};
const names = (args: ValueMap = {}) =>
  expand(args).children.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
const child = (name: string, args: ValueMap = {}) => expand(args).children.find((one) => one.name === name)!;

const BARE = [
  "ServiceRole c-eksRole",
  "Role c-eksRole-role",
  "RolePolicyAttachment c-eksRole-4b490823",
  "Cluster c-eksCluster",
  "kubernetes c-eks-k8s",
];

test("with everything off, five children are left", () => {
  expect(names()).toEqual(BARE);
});

test.each<[string, ValueMap, string[]]>([
  ["kube-proxy unless switched off", { kubeProxyAddonOptions: null }, ["Addon c-kube-proxy"]],
  ["the CNI unless left to EKS", { useDefaultVpcCni: null }, ["VpcCniAddon c-vpc-cni", "Addon c-vpc-cni"]],
  ["CoreDNS when asked for", { corednsAddonOptions: { enabled: true } }, ["Addon c-coredns"]],
  ["CoreDNS when configured", { corednsAddonOptions: { configurationValues: {} } }, ["Addon c-coredns"]],
  ["an OIDC provider when asked for", { createOidcProvider: true }, ["OpenIdConnectProvider c-oidcProvider"]],
  ["the ConfigMap in the old mode", { authenticationMode: null }, ["ConfigMap c-nodeAccess"]],
  [
    "the ConfigMap in the mode between",
    { authenticationMode: "API_AND_CONFIG_MAP" },
    ["ConfigMap c-nodeAccess"],
  ],
  [
    "one entry and one association for each access entry",
    {
      accessEntries: { ops: { principalArn: "arn", accessPolicies: { admin: { policyArn: "p" } } }, ci: {} },
    },
    ["AccessEntry c-ops", "AccessPolicyAssociation c-ops-admin", "AccessEntry c-ci"],
  ],
  [
    "two security groups and their rules unless switched off",
    { skipDefaultSecurityGroups: null },
    [
      "SecurityGroup c-eksClusterSecurityGroup",
      "SecurityGroupRule c-eksClusterInternetEgressRule",
      "SecurityGroup c-nodeSecurityGroup",
      "SecurityGroupRule c-eksNodeIngressRule",
      "SecurityGroupRule c-eksNodeClusterIngressRule",
      "SecurityGroupRule c-eksExtApiServerClusterIngressRule",
      "SecurityGroupRule c-eksNodeInternetEgressRule",
      "SecurityGroupRule c-eksClusterIngressRule",
    ],
  ],
  [
    "only the nodes' group beside a cluster security group of one's own",
    { skipDefaultSecurityGroups: null, clusterSecurityGroup: new Reference("sg", true) },
    [
      "SecurityGroup c-nodeSecurityGroup",
      "SecurityGroupRule c-eksNodeIngressRule",
      "SecurityGroupRule c-eksNodeClusterIngressRule",
      "SecurityGroupRule c-eksExtApiServerClusterIngressRule",
      "SecurityGroupRule c-eksNodeInternetEgressRule",
      "SecurityGroupRule c-eksClusterIngressRule",
    ],
  ],
])("%s", (_what, args, added) => {
  expect(names(args).filter((name) => !BARE.includes(name))).toEqual(added);
  expect(names(args).filter((name) => BARE.includes(name))).toEqual(BARE);
});

test("a role of one's own leaves out the component's three", () => {
  expect(names({ serviceRole: new Reference("r", true) })).toEqual([
    "Cluster c-eksCluster",
    "kubernetes c-eks-k8s",
  ]);
});

test("the control plane gets the arguments where EKS wants them", () => {
  const { inputs, ignoreChanges, dependencies, version } = child("c-eksCluster", {
    publicSubnetIds: ["p"],
    version: "1.35",
    endpointPrivateAccess: true,
    endpointPublicAccess: true,
    publicAccessCidrs: ["192.0.2.0/24"],
    encryptionConfigKeyArn: "arn:key",
    enabledClusterLogTypes: ["audit"],
    upgradePolicy: { supportType: "STANDARD" },
    deletionProtection: true,
    kubernetesServiceIpAddressRange: "172.20.0.0/16",
    tags: { a: "1" },
    clusterTags: { b: "2" },
  });
  expect(inputs).toEqual({
    name: "cl",
    roleArn: UNKNOWN,
    version: "1.35",
    bootstrapSelfManagedAddons: true,
    vpcConfig: {
      subnetIds: ["p", "a", "b"],
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["192.0.2.0/24"],
    },
    kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16", ipFamily: "ipv4" },
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
    encryptionConfig: { provider: { keyArn: "arn:key" }, resources: ["secrets"] },
    enabledClusterLogTypes: ["audit"],
    upgradePolicy: { supportType: "STANDARD" },
    deletionProtection: true,
    tags: { Name: "c-eksCluster", a: "1", b: "2" },
  });
  expect(ignoreChanges).toEqual([
    "accessConfig.bootstrapClusterCreatorAdminPermissions",
    "bootstrapSelfManagedAddons",
  ]);
  expect(dependencies.map((one) => one.split("::").at(-1))).toEqual(["c-eksRole-role", "c-eksRole-4b490823"]);
  expect(version).toBe("7.25.0");
});

test("subnets that are not known yet make one unknown list; a subnetIds list wins", () => {
  const subnets = (args: ValueMap) => child("c-eksCluster", args).inputs["vpcConfig"];
  expect(subnets({ privateSubnetIds: UNKNOWN })).toEqual({ subnetIds: UNKNOWN });
  expect(subnets({ subnetIds: ["x"], privateSubnetIds: null })).toEqual({ subnetIds: ["x"] });
});

test("the control plane's role trusts EKS alone and carries one managed policy", () => {
  expect(JSON.parse(child("c-eksRole-role").inputs["assumeRolePolicy"] as string)).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Effect: "Allow",
        Principal: { Service: ["eks.amazonaws.com"] },
      },
    ],
  });
  const { inputs, parent } = child("c-eksRole-4b490823");
  expect(inputs["policyArn"]).toBe("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy");
  expect(parent).toBe(childUrn(urn, "eks:index:ServiceRole", "c-eksRole"));
});

test("children are parented to the component or inside it, and never come before their parent", () => {
  const { children } = expand({
    skipDefaultSecurityGroups: null,
    useDefaultVpcCni: null,
    accessEntries: { ops: {} },
  });
  const seen = new Set([urn]);
  for (const one of children) {
    expect(seen).toContain(one.parent);
    expect(one.urn).toBe(childUrn(one.parent, one.type, one.name));
    seen.add(one.urn);
  }
  expect(seen.size).toBe(children.length + 1);
});

test("resources of AWS take the component's provider, the ConfigMap the new cluster's, components none", () => {
  const { children } = expand({ authenticationMode: null, useDefaultVpcCni: null });
  for (const { type, name, provider } of children) {
    if (name === "c-nodeAccess")
      expect(provider).toEqual({ urn: childUrn(urn, "pulumi:providers:kubernetes", "c-eks-k8s") });
    else if (type.startsWith("aws:")) expect(provider).toEqual({ package: "aws" });
    else expect(provider).toBeUndefined();
  }
});

test("an add-on overwrites what EKS installed by itself, keeps on removal, and takes options", () => {
  const addon = (options: ValueMap) =>
    child("c-coredns", { corednsAddonOptions: { enabled: true, ...options } }).inputs;
  expect(addon({})).toEqual({
    addonName: "coredns",
    clusterName: "cl",
    addonVersion: UNKNOWN,
    preserve: true,
    resolveConflictsOnCreate: "OVERWRITE",
    resolveConflictsOnUpdate: "OVERWRITE",
  });
  expect(
    addon({ version: "v1", configurationValues: { a: 1 }, resolveConflictsOnUpdate: "NONE" }),
  ).toMatchObject({
    addonVersion: "v1",
    configurationValues: '{"a":1}',
    resolveConflictsOnUpdate: "NONE",
  });
});

test("on a first preview the cluster is a reference, absent parts are empty text, the rest is unknown", () => {
  const { outputs, outputDependencies } = expand();
  expect(outputs["eksCluster"]).toEqual(new Reference(child("c-eksCluster").urn, true));
  expect(outputs).toMatchObject({
    kubeconfig: UNKNOWN,
    core: UNKNOWN,
    oidcIssuer: UNKNOWN,
    oidcProviderArn: "",
  });
  expect(outputs).not.toHaveProperty("nodeSecurityGroup");
  expect(outputDependencies["clusterSecurityGroupId"]).toEqual([child("c-eksCluster").urn]);
  const all = expand({ skipDefaultSecurityGroups: null, createOidcProvider: true });
  expect(all.outputs).toMatchObject({ oidcProviderArn: UNKNOWN, clusterIngressRuleId: UNKNOWN });
  expect(all.outputs["nodeSecurityGroup"]).toBeInstanceOf(Reference);
  expect(all.outputDependencies["oidcProviderArn"]!.join()).toContain("c-oidcProvider");
  expect(all.outputDependencies["nodeSecurityGroupId"]!.join()).toContain("c-nodeSecurityGroup");
});

test("the nodes' group says whose it is when the cluster's name is known", () => {
  const tags = (args: ValueMap) =>
    child("c-nodeSecurityGroup", { skipDefaultSecurityGroups: null, ...args }).inputs["tags"];
  expect(tags({})).toEqual({ Name: "c-nodeSecurityGroup", "kubernetes.io/cluster/cl": "owned" });
  expect(tags({ name: null, nodeSecurityGroupTags: { x: "y" } })).toEqual({
    Name: "c-nodeSecurityGroup",
    x: "y",
  });
});

test.each<[ValueMap, string]>([
  [{ autoMode: { enabled: true } }, "autoMode"],
  [{ fargate: true }, "fargate"],
  [{ storageClasses: "gp3" }, "storageClasses"],
  [{ createInstanceRole: true }, "createInstanceRole"],
  [{ skipDefaultNodeGroup: null }, "default node group"],
  [{ vpcId: null }, "default VPC"],
  [{ accessEntries: UNKNOWN }, "accessEntries"],
  [{ tags: new Secret({}) }, "tags"],
  [{ createOidcProvider: UNKNOWN }, "createOidcProvider of eks:index:Cluster must be a plain boolean"],
])("where the model ends it says so: %j", (args, message) => {
  expect(() => expand(args)).toThrow(message);
});

test("switches that are explicitly off are no reason to refuse", () => {
  expect(names({ autoMode: { enabled: false }, fargate: false, createInstanceRole: false })).toEqual(BARE);
});
