import type * as pulumi from "@pulumi/pulumi";
import { awsPlace } from "../../testing/computed-aws";
import { settled } from "../../testing/record";
import { children, recordAws, withProvider } from "./fixtures/recorded";
import { Network, type NetworkArgs } from "./network";

const args: NetworkArgs = {
  cluster: "cmb-test",
  ...awsPlace,
  cidr: "10.0.0.0/16",
  natGateways: "one",
  flowLogsDays: 7,
};
const make = (changes: Partial<NetworkArgs> = {}) =>
  recordAws(() => new Network("net", { ...args, ...changes }, withProvider()));

const urnsOf = (resources: pulumi.Resource[]) => Promise.all(resources.map(({ urn }) => settled(urn)));

test("[N1] a network with one NAT gateway is exactly these resources", async () => {
  const { recording } = await make();
  const zones = ["a", "b", "c"].map((letter) => `eu-central-1${letter}`);
  expect(children(recording)).toEqual(
    [
      "cmb:aws:FlowLogs net-flows",
      "cmb:aws:Network net",
      "LogGroup net-flows-group",
      "DefaultSecurityGroup net-default-group",
      "Eip net-nat-eu-central-1a-address",
      "FlowLog net-flows-log",
      "InternetGateway net-internet",
      "NatGateway net-nat-eu-central-1a",
      "Route net-public-internet",
      "RouteTable net-public-routes",
      "Vpc net-vpc",
      "VpcEndpoint net-s3",
      "Role net-flows-role",
      "RolePolicy net-flows-policy",
      ...zones.flatMap((zone) => [
        `Route net-private-${zone}-internet`,
        `RouteTable net-private-${zone}-routes`,
        `RouteTableAssociation net-private-${zone}-association`,
        `RouteTableAssociation net-public-${zone}-association`,
        `Subnet net-private-${zone}`,
        `Subnet net-public-${zone}`,
      ]),
    ].sort(),
  );
});

test("[N1] every private subnet leaves by the one gateway, or by that of its own zone", async () => {
  const gatewayOf = async (natGateways: "one" | "per-zone") => {
    const { recording } = await make({ natGateways });
    expect(recording.ofType("aws:ec2/natGateway:NatGateway")).toHaveLength(natGateways === "one" ? 1 : 3);
    expect(recording.ofType("aws:ec2/eip:Eip")).toHaveLength(natGateways === "one" ? 1 : 3);
    return awsPlace.zones.map((zone) => recording.one(`net-private-${zone}-internet`).inputs.natGatewayId);
  };
  expect(await gatewayOf("one")).toEqual(awsPlace.zones.map(() => "net-nat-eu-central-1a-id"));
  expect(await gatewayOf("per-zone")).toEqual(awsPlace.zones.map((zone) => `net-nat-${zone}-id`));
});

test("[N1] with a NAT instance there is no gateway, and every private subnet leaves by the instance", async () => {
  const { recording } = await make({ natGateways: "instance" });
  expect(recording.ofType("aws:ec2/natGateway:NatGateway")).toEqual([]);
  expect(recording.ofType("aws:ec2/eip:Eip").map(({ name }) => name)).toEqual(["net-nat-address"]);
  for (const zone of awsPlace.zones) {
    const route = recording.one(`net-private-${zone}-internet`);
    expect(route.inputs).toEqual({
      routeTableId: `net-private-${zone}-routes-id`,
      destinationCidrBlock: "0.0.0.0/0",
      networkInterfaceId: "eni-0123456789abcdef0",
    });
    expect(route.dependencies).toEqual(
      expect.arrayContaining(["net-nat-instance", "net-nat-address"].map((name) => recording.one(name).urn)),
    );
  }
  expect(recording.one("net-nat-instance").inputs.subnetId).toBe("net-public-eu-central-1a-id");
});

test("[N1] the way out can be changed on a live stack: routes keep their names, so they change in place", async () => {
  const routesWith = async (natGateways: NetworkArgs["natGateways"]) =>
    (await make({ natGateways })).recording.ofType("aws:ec2/route:Route").map(({ urn }) => urn);
  const routes = await routesWith("one");
  expect(await routesWith("instance")).toEqual(routes);
  expect(await routesWith("per-zone")).toEqual(routes);
});

test("[N1] subnets carry the tags that load balancers look for, and none hands out public addresses", async () => {
  const { recording, result } = await make();
  const subnet = (name: string) => recording.one(name).inputs;
  expect(subnet("net-public-eu-central-1b")).toEqual({
    vpcId: "net-vpc-id",
    availabilityZone: "eu-central-1b",
    cidrBlock: "10.0.208.0/20",
    mapPublicIpOnLaunch: false,
    tags: {
      Name: "cmb-test-public-eu-central-1b",
      "kubernetes.io/role/elb": "1",
      "kubernetes.io/cluster/cmb-test": "shared",
    },
  });
  expect(subnet("net-private-eu-central-1c")).toMatchObject({
    cidrBlock: "10.0.128.0/18",
    tags: { "kubernetes.io/role/internal-elb": "1", "kubernetes.io/cluster/cmb-test": "shared" },
  });
  expect(result.privateSubnetIds).toHaveLength(3);
  expect(result.publicSubnetIds).toHaveLength(3);
});

test("[N1] S3 is reached without NAT from every subnet, and the default security group lets nothing through", async () => {
  const { recording } = await make();
  const endpoint = recording.one("net-s3").inputs;
  expect(endpoint).toMatchObject({
    vpcEndpointType: "Gateway",
    serviceName: "com.amazonaws.eu-central-1.s3",
  });
  expect(endpoint.routeTableIds).toHaveLength(4);
  expect(recording.one("net-default-group").inputs).toMatchObject({ ingress: [], egress: [] });
});

test("[N1] all flows are logged, for the days asked for", async () => {
  const { recording } = await make({ flowLogsDays: 30 });
  expect(recording.one("net-flows-group").inputs).toEqual({
    name: "/cmb/cmb-test/flow-logs",
    retentionInDays: 30,
  });
  expect(recording.one("net-flows-log").inputs).toMatchObject({
    trafficType: "ALL",
    vpcId: "net-vpc-id",
    logDestination: "arn:aws:logs:eu-central-1:123456789012:log-group:/cmb/cmb-test/flow-logs",
  });
  expect(recording.one("net-flows-log").dependencies).toContain(recording.one("net-flows-policy").urn);
});

test("a NAT gateway waits for the way out, on which its creation hangs", async () => {
  const { recording, result } = await make();
  const route = recording.one("net-public-internet");
  const ways = [route, ...awsPlace.zones.map((zone) => recording.one(`net-public-${zone}-association`))].map(
    ({ urn }) => urn,
  );
  expect(recording.one("net-nat-eu-central-1a").dependencies).toEqual(expect.arrayContaining(ways));
  expect(recording.one("net-nat-eu-central-1a-address").dependencies).toContain(route.urn);
  expect(await urnsOf(result.internet)).toEqual(ways);
});

test("[O5] the way out of the nodes is every route and every association that it takes, and that to S3", async () => {
  const { recording, result } = await make({ natGateways: "per-zone" });
  const parts = awsPlace.zones.flatMap((zone) => [
    `net-private-${zone}-internet`,
    `net-private-${zone}-association`,
    `net-public-${zone}-association`,
  ]);
  expect((await urnsOf(result.egress)).sort()).toEqual(
    [...parts, "net-public-internet", "net-s3"].map((name) => recording.one(name).urn).sort(),
  );
});

test.each([[["eu-central-1a", "eu-central-1b"]], [["eu-central-1a", "eu-central-1b", "eu-central-1b"]]])(
  "zones %j are refused",
  async (zones) => {
    await expect(make({ zones })).rejects.toThrow("3 different zones are needed");
  },
);

test("a transform changes the child it is for, and is no part of the component's inputs", async () => {
  const { recording } = await make({
    transform: { vpc: (vpc) => ({ ...vpc, instanceTenancy: "dedicated" }) },
  });
  expect(recording.one("net-vpc").inputs.instanceTenancy).toBe("dedicated");
  expect(Object.keys(recording.one("net", "cmb:aws:Network").inputs)).not.toContain("transform");
});
