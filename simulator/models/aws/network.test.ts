import { account, types, withNetwork } from "./fixtures/account";
import { addInterface } from "./interfaces";
import { wayOut } from "./routes";
import { text } from "./values";

describe("a VPC and what is in it", () => {
  test("a VPC, a subnet and a security group stay while an interface remains, and go once it has gone", async () => {
    const { cloud, vpcId, first } = await withNetwork();
    const group = await cloud.create(types.group, { vpcId, name: "g" });
    const id = addInterface(cloud.view, {
      subnetId: first.id,
      groups: [group.id],
      owner: "lambda",
      description: "left behind",
    });
    const refusals = [
      cloud.refusal(cloud.remove(types.subnet, first.id)),
      cloud.refusal(cloud.remove(types.group, group.id)),
      cloud.refusal(cloud.remove(types.vpc, vpcId)),
    ];
    expect(await Promise.all(refusals)).toEqual([
      `DependencyViolation: The subnet '${first.id}' has dependencies and cannot be deleted.`,
      `DependencyViolation: resource ${group.id} has a dependent object`,
      `DependencyViolation: The vpc '${vpcId}' has dependencies and cannot be deleted.`,
    ]);
    // The provider tried for its twenty minutes.
    expect(cloud.clock.now()).toBeGreaterThan(1200);
    cloud.view.remove("aws:hidden/networkInterface", id);
    await cloud.remove(types.subnet, first.id);
    await cloud.remove(types.group, group.id);
    expect(cloud.ids(types.group)).not.toContain(group.id);
  });

  test("an interface that goes after some minutes only delays its subnet", async () => {
    const { cloud, first } = await withNetwork();
    const id = addInterface(cloud.view, {
      subnetId: first.id,
      groups: [],
      owner: "cni",
      description: "lingers",
    });
    cloud.view.later(200, (then) => then.remove("aws:hidden/networkInterface", id));
    const seconds = await cloud.lasts(() => cloud.remove(types.subnet, first.id));
    expect(seconds).toBeGreaterThanOrEqual(200);
    expect(seconds).toBeLessThan(230);
  });

  test("default group and main table come with a VPC and go with it, alone", async () => {
    const cloud = account();
    const { id } = await cloud.create(types.vpc, { cidrBlock: "10.0.0.0/16" });
    expect([cloud.ids(types.group).length, cloud.ids(types.table).length]).toEqual([1, 1]);
    await cloud.remove(types.vpc, id);
    expect([cloud.ids(types.group), cloud.ids(types.table), cloud.ids(types.vpc)]).toEqual([[], [], []]);
  });

  test("the main route table does not go, and the default group is never deleted, only let go", async () => {
    const cloud = account();
    const vpc = await cloud.create(types.vpc, { cidrBlock: "10.0.0.0/16" });
    const main = text(vpc.properties, "mainRouteTableId");
    expect(await cloud.refusal(cloud.remove(types.table, main))).toMatch(
      /^DependencyViolation: The routeTable/,
    );
    const adopted = await cloud.create("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {
      vpcId: vpc.id,
    });
    expect(adopted.id).toBe(vpc.properties["defaultSecurityGroupId"]);
    await cloud.remove("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", adopted.id);
    expect(cloud.ids(types.group)).toEqual([adopted.id]);
  });

  test("a sixth VPC and a sixth address are refused", async () => {
    const cloud = account();
    for (let i = 0; i < 5; i++) {
      await cloud.create(types.vpc, { cidrBlock: `10.${i}.0.0/16` });
      await cloud.create(types.eip, { domain: "vpc" });
    }
    expect(await cloud.refusal(cloud.create(types.vpc, { cidrBlock: "10.9.0.0/16" }))).toBe(
      "VpcLimitExceeded: The maximum number of VPCs has been reached.",
    );
    expect(await cloud.refusal(cloud.create(types.eip, { domain: "vpc" }))).toBe(
      "AddressLimitExceeded: The maximum number of addresses has been reached.",
    );
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ["outside its VPC", { cidrBlock: "10.1.0.0/24" }, /^InvalidSubnet.Range/],
    ["over another", { cidrBlock: "10.0.1.128/25" }, /^InvalidSubnet.Conflict/],
    [
      "in another region's zone",
      { cidrBlock: "10.0.9.0/24", availabilityZone: "eu-west-1a" },
      /^InvalidParameterValue/,
    ],
    ["in no VPC", { cidrBlock: "10.0.9.0/24", vpcId: "vpc-1" }, /^InvalidVpcID.NotFound/],
  ])("a subnet %s is refused", async (_what, inputs, message) => {
    const { cloud, vpcId } = await withNetwork();
    expect(await cloud.refusal(cloud.create(types.subnet, { vpcId, ...inputs }))).toMatch(message);
  });
});

describe("ways out", () => {
  test("a public NAT gateway fails, and remains as failed, where no internet gateway is attached", async () => {
    const cloud = account();
    const { id: vpcId } = await cloud.create(types.vpc, { cidrBlock: "10.0.0.0/16" });
    const subnet = await cloud.create(types.subnet, { vpcId, cidrBlock: "10.0.0.0/24" });
    const eip = await cloud.create(types.eip, { domain: "vpc" });
    const inputs = { allocationId: eip.id, subnetId: subnet.id };
    expect(await cloud.refusal(cloud.create(types.nat, inputs))).toBe(
      `Gateway.NotAttached: Network ${vpcId} has no Internet gateway attached`,
    );
    expect(cloud.store.ofKind(types.nat).map(({ object }) => object.status)).toEqual(["failed"]);
  });

  test("an internet gateway stays while a NAT gateway's address is mapped, until that is gone for good", async () => {
    const { cloud, igw, nat, eip } = await withNetwork();
    expect(await cloud.refusal(cloud.remove(types.igw, igw.id))).toMatch(/mapped public address\(es\)/);
    expect(await cloud.refusal(cloud.remove(types.eip, eip.id))).toMatch(/^AuthFailure/);
    const going = cloud.remove(types.nat, nat.id);
    // Careless: both are asked to go at once. The gateway waits for it, the address is not even tried again.
    expect(await cloud.refusal(cloud.remove(types.eip, eip.id))).toMatch(/^AuthFailure/);
    expect(await cloud.lasts(() => cloud.remove(types.igw, igw.id))).toBeGreaterThan(50);
    await going;
    await cloud.remove(types.eip, eip.id);
    expect(cloud.ids(types.eip)).toEqual([]);
  });

  test("an address serves one NAT gateway at a time", async () => {
    const { cloud, eip, first } = await withNetwork();
    const inputs = { allocationId: eip.id, subnetId: first.id };
    expect(await cloud.refusal(cloud.create(types.nat, inputs))).toMatch(/^Resource.AlreadyAssociated/);
  });

  test("a second internet gateway, a second route to the same place, a second table for a subnet are refused", async () => {
    const { cloud, vpcId, igw, publicTable, open } = await withNetwork();
    expect(await cloud.refusal(cloud.create(types.igw, { vpcId }))).toMatch(/^Resource.AlreadyAssociated/);
    const route = { routeTableId: publicTable.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: igw.id };
    expect(await cloud.refusal(cloud.create(types.route, route))).toBe(
      "RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.",
    );
    const again = { routeTableId: publicTable.id, subnetId: open.id };
    expect(await cloud.refusal(cloud.create(types.association, again))).toMatch(
      /^Resource.AlreadyAssociated/,
    );
  });

  test("a route to a gateway of another network is refused, one to nothing as well", async () => {
    const { cloud, publicTable } = await withNetwork();
    const other = await cloud.create(types.vpc, { cidrBlock: "10.7.0.0/16" });
    const igw = await cloud.create(types.igw, { vpcId: other.id });
    const to = (target: object) => ({
      routeTableId: publicTable.id,
      destinationCidrBlock: "192.0.2.0/24",
      ...target,
    });
    expect(await cloud.refusal(cloud.create(types.route, to({ gatewayId: igw.id })))).toMatch(
      /belong to different networks/,
    );
    expect(await cloud.refusal(cloud.create(types.route, to({ natGatewayId: "nat-0" })))).toMatch(
      /^InvalidNatGatewayID.NotFound/,
    );
  });

  test("where a subnet's traffic goes is read from its own table, or the main one", async () => {
    const { cloud, open, first, nat, vpcId } = await withNetwork();
    const bare = await cloud.create(types.subnet, { vpcId, cidrBlock: "10.0.9.0/24" });
    expect([open, first, bare].map(({ id }) => wayOut(cloud.view, id))).toEqual([
      "internet",
      nat.id,
      undefined,
    ]);
  });

  test("the id of a route is what the provider makes of table and destination", async () => {
    const { cloud, way, table } = await withNetwork();
    expect(way.id).toBe(`r-${table.id}1080289494`);
    expect(cloud.ids(types.route)).toHaveLength(2);
  });
});
