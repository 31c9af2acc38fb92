import type { Json } from "../../../preview/engine/values";
import { CloudError, type CloudObject, type CloudView, type ResourceModel } from "../model";
import { addInterface, INTERFACE, removeInterfaces } from "./interfaces";
import { noSubnet } from "./network";
import { withinQuota } from "./quotas";
import { arn, need, regionOf, required, text } from "./values";

const EIP = "aws:ec2/eip:Eip";
const NAT = "aws:ec2/natGateway:NatGateway";
const INSTANCE = "aws:ec2/instance:Instance";
/** Seconds until a deleted NAT gateway lets go of its address and its interface. Estimate. */
const NAT_DELETE = 60;

/** A public address, the same digits for the same draw. */
export function publicAddress(cloud: CloudView): string {
  const digits = cloud.hex(6);
  return ["54", ...[0, 2, 4].map((from) => parseInt(digits.slice(from, from + 2), 16))].join(".");
}

/** Outputs that stay empty for an address of Amazon's own that belongs to nothing yet. */
const NOT_FILLED = ["associationId", "carrierIp", "customerOwnedIp", "privateDns", "privateIp", "ptrRecord"];

const eip: ResourceModel = {
  type: EIP,
  durations: { create: 2, delete: 1, source: "published deployment logs: seconds" },
  id: (_inputs, cloud) => `eipalloc-${cloud.hex(17)}`,
  accept: (inputs, cloud) => withinQuota(EIP, inputs, cloud),
  needs: (inputs) =>
    need(
      inputs,
      "instance",
      INSTANCE,
      (id) => new CloudError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`),
    ),
  outputs: (inputs, cloud, id) => {
    const publicIp = publicAddress(cloud);
    const region = regionOf(inputs, cloud);
    const domain = region === "us-east-1" ? "compute-1" : `${region}.compute`;
    return {
      allocationId: id,
      arn: arn(cloud, "ec2", region, `elastic-ip/${id}`),
      publicIp,
      publicDns: `ec2-${publicIp.replaceAll(".", "-")}.${domain}.amazonaws.com`,
      domain: "vpc",
      ...Object.fromEntries(NOT_FILLED.map((output) => [output, ""])),
      networkBorderGroup: region,
      publicIpv4Pool: "amazon",
    };
  },
  created: ({ id, properties }, cloud) => mapTo(cloud, id, text(properties, "instance")),
  updating: ({ id }, news, cloud) => mapTo(cloud, id, text(news, "instance")),
  // The provider takes the address off its instance first.
  deleting: ({ id }, cloud) => mapTo(cloud, id, ""),
  blockers: ({ id }, cloud) =>
    cloud.list(NAT, (nat) => nat.properties["allocationId"] === id).length > 0
      ? [
          new CloudError(
            "AuthFailure",
            `You do not have permission to access the specified resource: ${id} is in use.`,
          ),
        ]
      : [],
};

/** Gives an address to an instance, or to nobody: only with an internet gateway can anything be reached by it. */
async function mapTo(cloud: CloudView, allocationId: string, instance: string): Promise<void> {
  const cards = cloud.list(INTERFACE);
  const put = (card: CloudObject, more: Record<string, Json>) =>
    cloud.put({ ...card, properties: { ...card.properties, ...more } });
  for (const card of cards.filter((one) => one.properties["allocationId"] === allocationId))
    put(card, { allocationId: "", mapped: false });
  const card = cards.find((one) => instance !== "" && one.properties["owner"] === instance);
  if (!card) return;
  const vpcId = text(card.properties, "vpcId");
  await required(
    cloud,
    () => attachedGateway(cloud, vpcId),
    new CloudError("Gateway.NotAttached", `Network ${vpcId} is not attached to any internet gateway`),
  );
  put(card, { allocationId, mapped: true });
}

/** Its creation is accepted without an internet gateway, and fails a moment later. */
const natGateway: ResourceModel = {
  type: NAT,
  durations: {
    create: 105,
    delete: NAT_DELETE,
    source: "published deployment logs: 1m25s to 2m05s; deletion: estimate",
  },
  id: (_inputs, cloud) => `nat-${cloud.hex(17)}`,
  needs: (inputs) => [
    ...need(inputs, "subnetId", "aws:ec2/subnet:Subnet", noSubnet),
    ...need(
      inputs,
      "allocationId",
      EIP,
      (id) => new CloudError("InvalidAllocationID.NotFound", `The allocation ID '${id}' does not exist`),
    ),
  ],
  accept: (inputs, cloud) => {
    const allocation = text(inputs, "allocationId");
    const holders = cloud.list(
      NAT,
      (nat) => allocation !== "" && nat.properties["allocationId"] === allocation,
    );
    if (holders.length > 0)
      throw new CloudError(
        "Resource.AlreadyAssociated",
        `Elastic IP address [${allocation}] is already associated`,
      );
  },
  outputs: (inputs, cloud) => ({
    associationId: `eipassoc-${cloud.hex(17)}`,
    availabilityMode: "zonal",
    autoProvisionZones: "",
    autoScalingIps: "",
    regionalNatGatewayAddresses: [],
    regionalNatGatewayAutoMode: "",
    routeTableId: "",
    privateIp: `10.0.${parseInt(cloud.hex(2), 16)}.${parseInt(cloud.hex(2), 16)}`,
    publicIp: text(cloud.find(EIP, text(inputs, "allocationId"))?.properties ?? {}, "publicIp"),
    secondaryAllocationIds: [],
    secondaryPrivateIpAddressCount: 0,
    secondaryPrivateIpAddresses: [],
    vpcId: vpcOf(cloud, text(inputs, "subnetId")),
  }),
  replaceWhen: {
    secondaryPrivateIpAddressCount: (_before, after, olds) =>
      text(olds, "connectivityType") === "private" && after !== undefined,
  },
  created: async ({ id, properties }, cloud) => {
    const isPublic = text(properties, "connectivityType") !== "private";
    const subnetId = text(properties, "subnetId");
    const vpcId = vpcOf(cloud, subnetId);
    if (isPublic)
      await required(
        cloud,
        () => attachedGateway(cloud, vpcId),
        new CloudError("Gateway.NotAttached", `Network ${vpcId} has no Internet gateway attached`),
      );
    properties["networkInterfaceId"] = addInterface(cloud, {
      subnetId,
      groups: [],
      owner: id,
      description: `Interface for NAT Gateway ${id}`,
      mapped: isPublic,
    });
  },
  deleting: ({ id }, cloud) => removeInterfaces(cloud, id, NAT_DELETE),
};

/** The VPC of a subnet; empty where the subnet is gone. */
export function vpcOf(cloud: CloudView, subnetId: string): string {
  return text(cloud.find("aws:ec2/subnet:Subnet", subnetId)?.properties ?? {}, "vpcId");
}

/** Whether a VPC has an internet gateway. */
export function attachedGateway(cloud: CloudView, vpcId: string): boolean {
  const attached = cloud.list(
    "aws:ec2/internetGateway:InternetGateway",
    ({ properties, status }) => status === "active" && properties["vpcId"] === vpcId,
  );
  return attached.length > 0;
}

/** Elastic addresses and NAT gateways. */
export const addressModels: readonly ResourceModel[] = [eip, natGateway];
