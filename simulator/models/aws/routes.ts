import { crc32 } from "node:zlib";
import { CloudError, type CloudObject, type CloudView, type ResourceModel } from "../model";
import { addInterface, INTERFACE, removeInterfaces } from "./interfaces";
import { noSubnet, noVpc } from "./network";
import { noGroup } from "./security-groups";
import { arn, dependencyViolation, flag, need, needEach, regionOf, text, texts } from "./values";

const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const NAT_GATEWAY = "aws:ec2/natGateway:NatGateway";
const source = "published deployment logs: seconds";

const noTable = (id: string) =>
  new CloudError("InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`);

const routeTable: ResourceModel = {
  type: TABLE,
  durations: { create: 2, delete: 2, source },
  id: (_inputs, cloud) => `rtb-${cloud.hex(17)}`,
  needs: (inputs) => need(inputs, "vpcId", "aws:ec2/vpc:Vpc", noVpc),
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "ec2", regionOf(inputs, cloud), `route-table/${id}`),
    ownerId: cloud.account,
  }),
  blockers: ({ id, properties }) =>
    properties["main"] === true
      ? [dependencyViolation(`The routeTable '${id}' has dependencies and cannot be deleted.`, 0)]
      : [],
  // The provider takes subnets out of the table before it deletes it; its routes go with it.
  deleting: ({ id }, cloud) => {
    for (const kind of [ROUTE, ASSOCIATION])
      for (const one of cloud.list(kind, ({ properties }) => properties["routeTableId"] === id))
        cloud.remove(kind, one.id);
  },
};

const route: ResourceModel = {
  type: ROUTE,
  durations: { create: 1, delete: 1, source },
  id: (inputs) => `r-${text(inputs, "routeTableId")}${crc32(destination(inputs))}`,
  uniqueName: (inputs) => `${text(inputs, "routeTableId")}:${destination(inputs)}`,
  nameTaken: (inputs) =>
    new CloudError("RouteAlreadyExists", `The route identified by ${destination(inputs)} already exists.`),
  needs: (inputs) => [
    ...need(inputs, "routeTableId", TABLE, noTable),
    ...need(
      inputs,
      "gatewayId",
      INTERNET_GATEWAY,
      (id) => new CloudError("InvalidGatewayID.NotFound", `The gateway ID '${id}' does not exist`),
    ),
    ...need(
      inputs,
      "natGatewayId",
      NAT_GATEWAY,
      (id) => new CloudError("InvalidNatGatewayID.NotFound", `The natGateway ID '${id}' does not exist`),
    ),
    ...need(
      inputs,
      "networkInterfaceId",
      INTERFACE,
      (id) =>
        new CloudError(
          "InvalidNetworkInterfaceID.NotFound",
          `The networkInterface ID '${id}' does not exist`,
        ),
    ),
  ],
  accept: (inputs, cloud) => {
    const [table, gateway] = [text(inputs, "routeTableId"), text(inputs, "gatewayId")];
    if (gateway === "") return;
    const ends = [cloud.find(TABLE, table), cloud.find(INTERNET_GATEWAY, gateway)];
    if (ends[0]?.properties["vpcId"] !== ends[1]?.properties["vpcId"])
      throw new CloudError(
        "InvalidParameterValue",
        `route table ${table} and network gateway ${gateway} belong to different networks`,
      );
  },
  outputs: () => ({ origin: "CreateRoute", state: "active", instanceId: "", instanceOwnerId: "" }),
};

function destination(inputs: Parameters<typeof text>[0]): string {
  return (
    text(inputs, "destinationCidrBlock") ||
    text(inputs, "destinationIpv6CidrBlock") ||
    text(inputs, "destinationPrefixListId")
  );
}

const association: ResourceModel = {
  type: ASSOCIATION,
  durations: { create: 1, delete: 1, source },
  id: (_inputs, cloud) => `rtbassoc-${cloud.hex(17)}`,
  uniqueName: (inputs) => text(inputs, "subnetId") || undefined,
  nameTaken: (inputs) =>
    new CloudError(
      "Resource.AlreadyAssociated",
      `the specified association for route table ${text(inputs, "routeTableId")} conflicts with an existing association`,
    ),
  needs: (inputs) => [
    ...need(inputs, "routeTableId", TABLE, noTable),
    ...need(inputs, "subnetId", "aws:ec2/subnet:Subnet", noSubnet),
  ],
};

const vpcEndpoint: ResourceModel = {
  type: "aws:ec2/vpcEndpoint:VpcEndpoint",
  // An interface endpoint lasts 90 s, a gateway endpoint seconds: see `created`.
  durations: { create: 6, delete: 6, source: "published deployment logs; interface endpoints: estimate" },
  id: (_inputs, cloud) => `vpce-${cloud.hex(17)}`,
  needs: (inputs) => [
    ...need(inputs, "vpcId", "aws:ec2/vpc:Vpc", noVpc),
    ...needEach(inputs, "routeTableIds", TABLE, noTable),
    ...needEach(inputs, "subnetIds", "aws:ec2/subnet:Subnet", noSubnet),
    ...needEach(inputs, "securityGroupIds", "aws:ec2/securityGroup:SecurityGroup", noGroup),
  ],
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "ec2", regionOf(inputs, cloud), `vpc-endpoint/${id}`),
    ownerId: cloud.account,
    prefixListId: `pl-${cloud.hex(8)}`,
    cidrBlocks: [],
    dnsEntries: [],
    networkInterfaceIds: [],
    requesterManaged: false,
    state: "available",
    ipAddressType: "ipv4",
    privateDnsEnabled: flag(inputs, "privateDnsEnabled"),
    routeTableIds: texts(inputs, "routeTableIds"),
    subnetIds: texts(inputs, "subnetIds"),
    securityGroupIds: texts(inputs, "securityGroupIds"),
  }),
  replaceWhen: {
    privateDnsEnabled: (_before, _after, olds) => text(olds, "vpcEndpointType") !== "Interface",
  },
  created: async ({ id, properties }, cloud) => {
    if (text(properties, "vpcEndpointType") !== "Interface") return;
    properties["networkInterfaceIds"] = texts(properties, "subnetIds").map((subnetId) =>
      addInterface(cloud, {
        subnetId,
        groups: texts(properties, "securityGroupIds"),
        owner: id,
        description: `VPC Endpoint Interface ${id}`,
      }),
    );
    await cloud.sleep(84);
  },
  deleting: ({ id }, cloud) => removeInterfaces(cloud, id, 6),
};

/**
 * Where the traffic of a subnet to the internet goes: to the internet gateway, to a NAT gateway or an interface, whose id
 * it is, or nowhere.
 * A subnet without a table of its own uses the VPC's main one.
 */
export function wayOut(cloud: CloudView, subnetId: string): string | undefined {
  const own = cloud.list(ASSOCIATION, ({ properties }) => properties["subnetId"] === subnetId)[0];
  const vpcId = cloud.find("aws:ec2/subnet:Subnet", subnetId)?.properties["vpcId"];
  const table =
    own === undefined
      ? cloud.list(TABLE, ({ properties }) => properties["vpcId"] === vpcId && properties["main"] === true)[0]
          ?.id
      : text(own.properties, "routeTableId");
  const out = cloud.list(
    ROUTE,
    ({ properties, status }) =>
      status !== "deleting" &&
      properties["routeTableId"] === table &&
      properties["destinationCidrBlock"] === "0.0.0.0/0",
  )[0];
  if (out === undefined) return undefined;
  const { properties } = out;
  const device = text(properties, "natGatewayId") || text(properties, "networkInterfaceId");
  return device || (text(properties, "gatewayId") ? "internet" : undefined);
}

/** Whether what has no public address in a subnet reaches the internet: by something that translates, and itself does. */
export function reachesInternet(cloud: CloudView, subnetId: string): boolean {
  const way = wayOut(cloud, subnetId);
  if (way === undefined) return false;
  if (way === "internet")
    return cloud.find("aws:ec2/subnet:Subnet", subnetId)?.properties["mapPublicIpOnLaunch"] === true;
  const device = cloud.find(NAT_GATEWAY, way) ?? forwarder(cloud, way);
  return device?.status === "active" && wayOut(cloud, text(device.properties, "subnetId")) === "internet";
}

/** The instance behind an interface that forwards what is not for itself, once it is booted and has an address. */
function forwarder(cloud: CloudView, interfaceId: string): CloudObject | undefined {
  const card = cloud.find(INTERFACE, interfaceId);
  if (card?.properties["mapped"] !== true) return undefined;
  const instance = cloud.find("aws:ec2/instance:Instance", text(card.properties, "owner"));
  return instance?.properties["sourceDestCheck"] === false && instance.properties["booted"] === true
    ? instance
    : undefined;
}

/** Route tables and what stands in them. */
export const routeModels: readonly ResourceModel[] = [routeTable, route, association, vpcEndpoint];
