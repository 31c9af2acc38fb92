import { CloudError, type ResourceModel } from "../model";
import { overlap, within } from "./cidr";
import { interfaces } from "./interfaces";
import { withinQuota } from "./quotas";
import { arn, dependencyViolation, flag, hidden, need, regionOf, text } from "./values";

/** What a VPC id that leads nowhere is answered with. */
export const noVpc = (id: string) =>
  new CloudError("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);

/** What a subnet id that leads nowhere is answered with. */
export const noSubnet = (id: string) =>
  new CloudError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);

const source = "published deployment logs: seconds";

/** Everything that keeps a VPC from going, by the property that names the VPC (AWS: DeleteVpc). */
const INHABITANTS = [
  "aws:ec2/subnet:Subnet",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ec2/natGateway:NatGateway",
  "aws:lb/loadBalancer:LoadBalancer",
] as const;

/** A VPC brings its default security group and its main route table, and takes them along. */
const vpc: ResourceModel = {
  type: "aws:ec2/vpc:Vpc",
  durations: { create: 12, delete: 2, source },
  id: (_inputs, cloud) => `vpc-${cloud.hex(17)}`,
  accept: (inputs, cloud) => withinQuota("aws:ec2/vpc:Vpc", inputs, cloud),
  replaceWhen: { instanceTenancy: (before, after) => !(before === "dedicated" && after === "default") },
  outputs: (inputs, cloud, id) => {
    const routeTable = `rtb-${cloud.hex(17)}`;
    return {
      arn: arn(cloud, "ec2", regionOf(inputs, cloud), `vpc/${id}`),
      ownerId: cloud.account,
      defaultNetworkAclId: `acl-${cloud.hex(17)}`,
      defaultRouteTableId: routeTable,
      mainRouteTableId: routeTable,
      defaultSecurityGroupId: `sg-${cloud.hex(17)}`,
      dhcpOptionsId: `dopt-${cloud.hex(17)}`,
      ipv6AssociationId: "",
      enableDnsHostnames: flag(inputs, "enableDnsHostnames"),
      enableNetworkAddressUsageMetrics: flag(inputs, "enableNetworkAddressUsageMetrics"),
    };
  },
  created: ({ id, properties }, cloud) => {
    const group = text(properties, "defaultSecurityGroupId");
    const table = text(properties, "mainRouteTableId");
    cloud.put(
      hidden(cloud, "aws:ec2/securityGroup:SecurityGroup", group, {
        name: "default",
        description: "default VPC security group",
        vpcId: id,
        ownedBy: id,
        ownerId: cloud.account,
        arn: arn(cloud, "ec2", cloud.region, `security-group/${group}`),
      }),
    );
    cloud.put(
      hidden(cloud, "aws:ec2/routeTable:RouteTable", table, {
        vpcId: id,
        main: true,
        ownerId: cloud.account,
        arn: arn(cloud, "ec2", cloud.region, `route-table/${table}`),
      }),
    );
  },
  blockers: ({ id, properties }, cloud) => {
    const own = [properties["defaultSecurityGroupId"], properties["mainRouteTableId"]];
    const held =
      interfaces(cloud, { vpcId: id }).length > 0 ||
      INHABITANTS.some((kind) => cloud.list(kind, (one) => one.properties["vpcId"] === id).length > 0) ||
      ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/routeTable:RouteTable"].some(
        (kind) =>
          cloud.list(kind, (one) => one.properties["vpcId"] === id && !own.includes(one.id)).length > 0,
      );
    return held ? [dependencyViolation(`The vpc '${id}' has dependencies and cannot be deleted.`, 1200)] : [];
  },
  deleting: ({ properties }, cloud) => {
    cloud.remove("aws:ec2/securityGroup:SecurityGroup", text(properties, "defaultSecurityGroupId"));
    cloud.remove("aws:ec2/routeTable:RouteTable", text(properties, "mainRouteTableId"));
  },
};

const subnet: ResourceModel = {
  type: "aws:ec2/subnet:Subnet",
  durations: { create: 2, delete: 2, source },
  id: (_inputs, cloud) => `subnet-${cloud.hex(17)}`,
  needs: (inputs) => need(inputs, "vpcId", "aws:ec2/vpc:Vpc", noVpc),
  accept: (inputs, cloud) => {
    const [vpcId, cidr, zone] = ["vpcId", "cidrBlock", "availabilityZone"].map((key) =>
      text(inputs, key),
    ) as [string, string, string];
    if (zone !== "" && !zone.startsWith(regionOf(inputs, cloud)))
      throw new CloudError(
        "InvalidParameterValue",
        `Value (${zone}) for parameter availabilityZone is invalid.`,
      );
    const parent = cloud.find("aws:ec2/vpc:Vpc", vpcId);
    if (parent && cidr !== "" && !within(cidr, text(parent.properties, "cidrBlock")))
      throw new CloudError("InvalidSubnet.Range", `The CIDR '${cidr}' is invalid.`);
    const rivals = cloud.list(
      "aws:ec2/subnet:Subnet",
      ({ properties }) => properties["vpcId"] === vpcId && overlap(cidr, text(properties, "cidrBlock")),
    );
    if (rivals.length > 0)
      throw new CloudError("InvalidSubnet.Conflict", `The CIDR '${cidr}' conflicts with another subnet`);
  },
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "ec2", regionOf(inputs, cloud), `subnet/${id}`),
    ownerId: cloud.account,
    availabilityZone: text(inputs, "availabilityZone") || `${regionOf(inputs, cloud)}a`,
    availabilityZoneId: zoneId(text(inputs, "availabilityZone") || `${regionOf(inputs, cloud)}a`),
    privateDnsHostnameTypeOnLaunch: "ip-name",
    ipv6CidrBlockAssociationId: "",
  }),
  replaceWhen: { ipv6CidrBlock: (_before, _after, olds) => flag(olds, "assignIpv6AddressOnCreation") },
  blockers: ({ id }, cloud) =>
    interfaces(cloud, { subnetId: id }).length > 0
      ? [dependencyViolation(`The subnet '${id}' has dependencies and cannot be deleted.`, 1200)]
      : [],
  // Its place in a route table goes with it.
  deleting: ({ id }, cloud) => {
    const type = "aws:ec2/routeTableAssociation:RouteTableAssociation";
    for (const one of cloud.list(type, ({ properties }) => properties["subnetId"] === id))
      cloud.remove(type, one.id);
  },
};

/**
 * `us-east-1b` as `use1-az2`. Which letter is which number differs from account to account; here it is the alphabet's.
 */
function zoneId(zone: string): string {
  const [, area = "", direction = "", digit = "", letter = "a"] = /^(\w+)-(\w+)-(\d)(\w)$/.exec(zone) ?? [];
  const short = ["north", "south", "east", "west", "central"].reduce(
    (word, long) => word.replace(long, long.charAt(0)),
    direction,
  );
  return `${area}${short}${digit}-az${letter.charCodeAt(0) - 96}`;
}

/** Only one that is attached to a VPC lets anybody in or out. */
const internetGateway: ResourceModel = {
  type: "aws:ec2/internetGateway:InternetGateway",
  durations: { create: 2, delete: 2, source },
  id: (_inputs, cloud) => `igw-${cloud.hex(17)}`,
  needs: (inputs) => need(inputs, "vpcId", "aws:ec2/vpc:Vpc", noVpc),
  accept: (inputs, cloud) => {
    withinQuota("aws:ec2/internetGateway:InternetGateway", inputs, cloud);
    const vpcId = text(inputs, "vpcId");
    const there = cloud.list(
      "aws:ec2/internetGateway:InternetGateway",
      ({ properties }) => vpcId !== "" && properties["vpcId"] === vpcId,
    );
    if (there.length > 0)
      throw new CloudError(
        "Resource.AlreadyAssociated",
        `resource ${vpcId} is already attached to network ${there[0]!.id}`,
      );
  },
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "ec2", regionOf(inputs, cloud), `internet-gateway/${id}`),
    ownerId: cloud.account,
  }),
  blockers: ({ properties }, cloud) => {
    const vpcId = text(properties, "vpcId");
    const mapped = interfaces(cloud, { vpcId }).filter((one) => one.properties["mapped"] === true);
    return vpcId !== "" && mapped.length > 0
      ? [
          dependencyViolation(
            `Network ${vpcId} has some mapped public address(es). ` +
              "Please unmap those public address(es) before detaching the gateway.",
            1200,
          ),
        ]
      : [];
  },
};

/** VPC, subnets and the way out of them. */
export const networkModels: readonly ResourceModel[] = [vpc, subnet, internetGateway];
