import type { Json, ValueMap } from "../../../preview/engine/values";
import { difference } from "../../engine/diff";
import { factsOf, resourceFacts } from "../../facts";
import { awsInvokes, awsModels } from ".";
import { account, types, withCluster, withNetwork } from "./fixtures/account";
import { deployer } from "./cluster";
import { instanceType, maxPods } from "./instance-types";
import { interfaces } from "./interfaces";
import { BOOT } from "./single-instances";
import { reachesInternet } from "./routes";
import { text } from "./values";

test("every model has facts, and every condition under which a change replaces is modelled", () => {
  expect(Object.keys(awsModels).filter((type) => !resourceFacts(type))).toEqual([]);
  const open = Object.entries(factsOf("aws")).flatMap(([type, { replaceWhen }]) =>
    Object.keys(replaceWhen ?? {})
      .filter(
        (property) => property !== "region" && awsModels[type] && !awsModels[type].replaceWhen?.[property],
      )
      .map((property) => `${type} ${property}`),
  );
  expect(open).toEqual([]);
});

test("types that have facts and no model are these, which no program of ours uses", () => {
  const rest = Object.keys(factsOf("aws")).filter((type) => !awsModels[type]);
  expect(rest).toEqual(["aws:backup/vault:Vault", "aws:backup/plan:Plan", "aws:acm/certificate:Certificate"]);
});

describe("what a change means", () => {
  const replaced = (type: string, before: ValueMap, after: ValueMap) =>
    difference(
      { type, oldInputs: before, olds: before, news: after, ignoreChanges: [], region: "us-east-1" },
      awsModels[type],
    ).changes.some((change) => change.replaces);
  const RULE = types.ingress;
  const nlb = { loadBalancerType: "network", name: "n" };
  test.each<[string, string, ValueMap, ValueMap, boolean]>([
    ["a rule for another range", RULE, { cidrIpv4: "1.0.0.0/8" }, { cidrIpv4: "2.0.0.0/8" }, false],
    [
      "a rule for a group instead",
      RULE,
      { cidrIpv4: "1.0.0.0/8" },
      { referencedSecurityGroupId: "sg-1" },
      true,
    ],
    [
      "an NLB with one more subnet",
      types.balancer,
      { ...nlb, subnets: ["a"] },
      { ...nlb, subnets: ["a", "b"] },
      false,
    ],
    [
      "an NLB with another subnet",
      types.balancer,
      { ...nlb, subnets: ["a"] },
      { ...nlb, subnets: ["b"] },
      true,
    ],
    ["an NLB that gets a group", types.balancer, nlb, { ...nlb, securityGroups: ["sg-1"] }, true],
    [
      "an NLB with another group",
      types.balancer,
      { ...nlb, securityGroups: ["sg-1"] },
      { ...nlb, securityGroups: ["sg-2"] },
      false,
    ],
    [
      "a cluster that loses its key",
      types.cluster,
      { encryptionConfig: { resources: ["secrets"] } },
      {},
      true,
    ],
    ["a cluster that gets a key", types.cluster, {}, { encryptionConfig: { resources: ["secrets"] } }, false],
    [
      "other subnets of a cluster",
      types.cluster,
      { vpcConfig: { subnetIds: ["a"] } },
      { vpcConfig: { subnetIds: ["b"] } },
      false,
    ],
    [
      "other instance types",
      types.nodes,
      { instanceTypes: ["t3.large"] },
      { instanceTypes: ["t3.xlarge"] },
      true,
    ],
    [
      "another size of a group",
      types.nodes,
      { scalingConfig: { maxSize: 1 } },
      { scalingConfig: { maxSize: 2 } },
      false,
    ],
    [
      "another version of a template",
      types.nodes,
      { launchTemplate: { id: "lt-1", version: "1" } },
      { launchTemplate: { id: "lt-1", version: "2" } },
      false,
    ],
    [
      "another value of a secret",
      "aws:secretsmanager/secretVersion:SecretVersion",
      { secretString: "a" },
      { secretString: "b" },
      true,
    ],
    [
      "a VPC on hardware of its own",
      types.vpc,
      { instanceTenancy: "default" },
      { instanceTenancy: "dedicated" },
      true,
    ],
    [
      "a VPC on shared hardware",
      types.vpc,
      { instanceTenancy: "dedicated" },
      { instanceTenancy: "default" },
      false,
    ],
    [
      "an instance with other boot data",
      "aws:ec2/instance:Instance",
      { userData: "a" },
      { userData: "b", userDataReplaceOnChange: true },
      true,
    ],
    [
      "a domain that gets a certificate",
      "aws:cognito/userPoolDomain:UserPoolDomain",
      {},
      { certificateArn: "arn" },
      true,
    ],
  ])("%s", (_what, type, before, after, expected) => {
    expect(replaced(type, before, after)).toBe(expected);
  });
});

describe("an instance that forwards", () => {
  const INSTANCE = "aws:ec2/instance:Instance";
  test("leads a subnet out once it has an address and is booted, and holds the internet gateway", async () => {
    const { cloud, vpcId, igw, open, nat, first, way, table } = await withNetwork();
    await cloud.remove(types.route, way.id);
    await cloud.remove(types.nat, nat.id);
    const group = await cloud.create(types.group, { vpcId, name: "nat" });
    const template = await cloud.create(types.template, {
      name: "nat",
      imageId: "ami-1",
      instanceType: "t4g.nano",
      vpcSecurityGroupIds: [group.id],
    });
    const instance = await cloud.create(INSTANCE, {
      subnetId: open.id,
      sourceDestCheck: false,
      launchTemplate: { id: template.id, version: "1" },
    });
    await cloud.create(types.route, {
      routeTableId: table.id,
      destinationCidrBlock: "0.0.0.0/0",
      networkInterfaceId: text(instance.properties, "primaryNetworkInterfaceId"),
    });
    expect(reachesInternet(cloud.view, first.id)).toBe(false);
    const eip = await cloud.create(types.eip, { domain: "vpc", instance: instance.id });
    await cloud.clock.sleep(BOOT);
    expect(reachesInternet(cloud.view, first.id)).toBe(true);
    expect(await cloud.refusal(cloud.remove(types.igw, igw.id))).toMatch(/mapped public address/);
    expect(await cloud.refusal(cloud.remove(types.group, group.id))).toMatch(/dependent object/);
    await cloud.remove(types.eip, eip.id);
    expect(reachesInternet(cloud.view, first.id)).toBe(false);
    await cloud.remove(INSTANCE, instance.id);
    expect(interfaces(cloud.view, { vpcId })).toEqual([]);
    await cloud.remove(types.igw, igw.id);
  });

  test("without an image, or with an address where no internet gateway is, it is refused", async () => {
    const cloud = account();
    const { id: vpcId } = await cloud.create(types.vpc, { cidrBlock: "10.0.0.0/16" });
    const subnet = await cloud.create(types.subnet, { vpcId, cidrBlock: "10.0.0.0/24" });
    const inputs = { subnetId: subnet.id, instanceType: "t4g.nano" };
    expect(await cloud.refusal(cloud.create(INSTANCE, inputs))).toMatch(/^MissingParameter/);
    const instance = await cloud.create(INSTANCE, { ...inputs, ami: "ami-1", disableApiTermination: true });
    expect(await cloud.refusal(cloud.remove(INSTANCE, instance.id))).toMatch(/^OperationNotPermitted/);
    expect(await cloud.refusal(cloud.create(types.eip, { domain: "vpc", instance: instance.id }))).toMatch(
      /is not attached to any internet gateway/,
    );
    expect(await cloud.refusal(cloud.create(types.eip, { domain: "vpc", instance: "i-0" }))).toMatch(
      /^InvalidInstanceID.NotFound/,
    );
  });
});

test("an interface endpoint holds its subnets and groups until it is gone", async () => {
  const { cloud, vpcId, first } = await withNetwork();
  const type = "aws:ec2/vpcEndpoint:VpcEndpoint";
  const group = await cloud.create(types.group, { vpcId, name: "e" });
  const endpoint = await cloud.create(type, {
    vpcId,
    serviceName: "com.amazonaws.us-east-1.sts",
    vpcEndpointType: "Interface",
    subnetIds: [first.id],
    securityGroupIds: [group.id],
  });
  expect(endpoint.properties["networkInterfaceIds"]).toHaveLength(1);
  expect(await cloud.refusal(cloud.remove(types.group, group.id))).toMatch(/dependent object/);
  await cloud.remove(type, endpoint.id);
  await cloud.remove(types.group, group.id);
});

test("nodes hold the pods that EKS computes", () => {
  expect(instanceType("t4g.nano")).toBeUndefined();
  expect(instanceType("t3.8xlarge")).toBeUndefined();
  const pods = (name: string, prefixes: boolean) => maxPods(instanceType(name)!, prefixes);
  expect(["t3.medium", "t3.large", "m6i.large", "m6i.xlarge"].map((name) => pods(name, false))).toEqual([
    17, 35, 29, 58,
  ]);
  expect([pods("t3.medium", true), pods("m6i.xlarge", true), pods("m6i.8xlarge", true)]).toEqual([
    110, 110, 250,
  ]);
});

describe("functions", () => {
  const ask = (token: string, args: Record<string, Json>, cloud = account()) =>
    awsInvokes[`aws:${token}`]!(args, cloud.view);

  test("offline there is nothing to find, and what is no secret of the cloud's is known", () => {
    const offline = (token: string, args: Record<string, Json> = {}) =>
      awsInvokes[`aws:${token}`]!(args, undefined);
    expect(offline("index/getPartition:getPartition")).toMatchObject({ partition: "aws" });
    expect(offline("iam/getRoles:getRoles", { nameRegex: ".*" })).toMatchObject({ names: [], arns: [] });
    expect(offline("cloudwatch/getLogGroups:getLogGroups")).toMatchObject({ logGroupNames: [] });
    expect(offline("eks/getClusters:getClusters")).toMatchObject({ names: [] });
    expect(offline("cognito/getUserPools:getUserPools", { name: "x" })).toMatchObject({ ids: [] });
    expect(offline("secretsmanager/getSecrets:getSecrets")).toMatchObject({ arns: [] });
    expect(offline("resourcegroupstaggingapi/getResources:getResources")).toMatchObject({
      resourceTagMappingLists: [],
    });
    expect(offline("index/getCallerIdentity:getCallerIdentity")).toMatchObject({ accountId: "" });
    expect(offline("index/getRegion:getRegion", { region: "eu-west-1" })).toMatchObject({
      name: "eu-west-1",
    });
    expect(offline("eks/getAddonVersion:getAddonVersion", { addonName: "coredns" })).toMatchObject({
      version: "v1.35.0-eksbuild.1",
    });
  });

  test("what exists is found by name, prefix and tag", async () => {
    const { cloud } = await withCluster({ enabledClusterLogTypes: ["api"] });
    expect(await ask("iam/getRoles:getRoles", { nameRegex: "^cmb-cl" }, cloud)).toMatchObject({
      names: ["cmb-cluster"],
    });
    expect(await ask("iam/getRoles:getRoles", { pathPrefix: "/service/" }, cloud)).toMatchObject({
      names: [],
    });
    expect(
      await ask("cloudwatch/getLogGroups:getLogGroups", { logGroupNamePrefix: "/aws/eks/" }, cloud),
    ).toMatchObject({ logGroupNames: ["/aws/eks/cmb/cluster"] });
    expect(await ask("eks/getClusters:getClusters", {}, cloud)).toMatchObject({ names: ["cmb"] });
    expect(await ask("index/getRegion:getRegion", {}, cloud)).toMatchObject({ region: "us-east-1" });
    expect(await ask("index/getCallerIdentity:getCallerIdentity", {}, cloud)).toMatchObject({
      arn: deployer("111122223333"),
    });
    await cloud.create("aws:cognito/userPool:UserPool", { name: "users" });
    expect(await ask("cognito/getUserPools:getUserPools", { name: "users" }, cloud)).toMatchObject({
      ids: [expect.stringMatching(/^us-east-1_/)],
    });
    await cloud.create("aws:secretsmanager/secret:Secret", { name: "cmb/key" });
    const filters = [{ name: "name", values: ["cmb/"] }];
    expect(await ask("secretsmanager/getSecrets:getSecrets", { filters }, cloud)).toMatchObject({
      names: ["cmb/key"],
    });
    const vpc = await cloud.create(types.vpc, { cidrBlock: "10.9.0.0/16", tags: { stack: "x" } });
    const byTag = (args: Record<string, Json>) =>
      ask("resourcegroupstaggingapi/getResources:getResources", args, cloud);
    const found = { resourceTagMappingLists: [{ resourceArn: vpc.properties["arn"], tags: { stack: "x" } }] };
    expect(await byTag({ tagFilters: [{ key: "stack", values: ["x"] }] })).toMatchObject(found);
    expect(await byTag({ tagFilters: [{ key: "stack" }], resourceTypeFilters: ["ec2:vpc"] })).toMatchObject(
      found,
    );
    expect(await byTag({ tagFilters: [{ key: "stack", values: ["y"] }] })).toMatchObject({
      resourceTagMappingLists: [],
    });
  });
});
