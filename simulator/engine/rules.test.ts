import { Secret, UNKNOWN, type ValueMap } from "../../preview/engine/values";
import { checkInputs, DEFAULTS } from "./check";
import { difference } from "./diff";
import { currentInputs } from "./properties";

const named = { logical: "data", seed: "s" };
const check = (type: string, news: ValueMap, olds: ValueMap = {}) => checkInputs(type, news, olds, named);
const diff = (type: string, oldInputs: ValueMap, news: ValueMap, olds: ValueMap = oldInputs) =>
  difference({ type, oldInputs, news, olds, ignoreChanges: [], region: "us-east-1" });

test("a missing input is named, also one inside a block that is given; an unknown one is no fault", () => {
  expect(check("aws:ec2/subnet:Subnet", {}).failures.map(({ property }) => property)).toEqual(["vpcId"]);
  expect(check("aws:ec2/subnet:Subnet", { vpcId: UNKNOWN }).failures).toEqual([]);
  const cluster = { roleArn: "r", vpcConfig: {} };
  expect(check("aws:eks/cluster:Cluster", cluster).failures.map(({ property }) => property)).toEqual([
    "vpcConfig.subnetIds",
  ]);
});

test("of several ways to say it exactly one must be chosen", () => {
  const route = { routeTableId: "rtb", destinationCidrBlock: "0.0.0.0/0" };
  expect(check("aws:ec2/route:Route", { ...route, natGatewayId: "nat" }).failures).toEqual([]);
  expect(
    check("aws:ec2/route:Route", { ...route, natGatewayId: "nat", gatewayId: "igw" }).failures,
  ).toHaveLength(1);
  expect(check("aws:ec2/route:Route", route).failures).toHaveLength(1);
});

test("defaults and a made-up name are filled in, and kept at the next check", () => {
  const { inputs } = check("aws:s3/bucket:Bucket", {});
  expect(inputs["bucket"]).toMatch(/^data-[0-9a-f]{7}$/);
  expect(inputs[DEFAULTS]).toContain("bucket");
  const again = checkInputs("aws:s3/bucket:Bucket", {}, inputs, { logical: "data", seed: "other" });
  expect(again.inputs["bucket"]).toBe(inputs["bucket"]);
  expect(check("aws:s3/bucket:Bucket", { bucket: "mine" }).inputs["bucket"]).toBe("mine");
});

test("a property of the provider's table replaces, another one does not", () => {
  const vpc = { cidrBlock: "10.0.0.0/16", tags: { a: "b" } };
  expect(diff("aws:ec2/vpc:Vpc", vpc, { ...vpc, cidrBlock: "10.1.0.0/16" }).changes).toEqual([
    { path: "cidrBlock", kind: "update", replaces: true },
  ]);
  expect(diff("aws:ec2/vpc:Vpc", vpc, { ...vpc, tags: { a: "c" } }).changes).toEqual([
    { path: "tags.a", kind: "update", replaces: false },
  ]);
});

test("a value that is not known yet counts as changed", () => {
  const subnet = { vpcId: "vpc-1" };
  expect(diff("aws:ec2/subnet:Subnet", subnet, { vpcId: UNKNOWN }).changes[0]).toMatchObject({
    replaces: true,
  });
});

test("no change: the same secret, an empty block, what the provider filled in, the provider's own region", () => {
  const old = { cidrBlock: "10.0.0.0/16", region: "us-east-1", secret: new Secret("x"), tags: {} };
  expect(diff("aws:ec2/vpc:Vpc", old, { secret: new Secret("x"), cidrBlock: "10.0.0.0/16" }).changes).toEqual(
    [],
  );
});

test("a chosen name that stays makes the old one go first; a made-up one does not", () => {
  const old = { name: "r", path: "/", assumeRolePolicy: "{}" };
  const replaced = diff("aws:iam/role:Role", old, { ...old, path: "/x/" });
  expect(replaced.changes[0]?.replaces).toBe(true);
  expect(replaced.deleteBeforeReplace).toBe(true);
  const madeUp = { ...old, [DEFAULTS]: ["name"] };
  expect(diff("aws:iam/role:Role", madeUp, { ...madeUp, path: "/x/" }).deleteBeforeReplace).toBe(false);
});

test("a change whose effect hangs on a condition without a model is an error, not a guess", () => {
  const old = { cidrBlock: "10.0.0.0/16", instanceTenancy: "default" };
  expect(() => diff("aws:ec2/vpc:Vpc", old, { ...old, instanceTenancy: "dedicated" })).toThrow(
    "instanceTenancy",
  );
});

test("a read answers as inputs what the program gave, and one tag more, but no field that a provider filled in", () => {
  const inputs = { tags: { a: "1" }, block: { on: true }, list: [{ x: 1 }], plain: "p" };
  const properties = {
    tags: { a: "1", stranger: "2" },
    block: { on: false, computed: "c" },
    list: [{ x: 1, computed: "c" }, { x: 2 }],
    plain: "q",
    arn: "arn",
  };
  expect(currentInputs(inputs, properties as never)).toEqual({
    tags: { a: "1", stranger: "2" },
    block: { on: false },
    list: [{ x: 1 }, { x: 2 }],
    plain: "q",
  });
});
