import { CloudError, type CloudView, type Properties, type ResourceModel } from "../model";
import { attachedGateway, vpcOf } from "./addresses";
import { addInterface, interfaces, removeInterfaces } from "./interfaces";
import { noSubnet, noVpc } from "./network";
import { GROUP, noGroup } from "./security-groups";
import {
  arn,
  digest,
  flag,
  hidden,
  maps,
  need,
  needEach,
  regional,
  regionOf,
  required,
  text,
  texts,
} from "./values";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";
/** Kind of what is registered in a target group, by the id of the group. */
export const REGISTERED = "aws:hidden/registeredTargets";

/** Seconds for which the interfaces of a deleted network load balancer stay in its subnets. Estimate. */
export const NLB_LINGER = 45;

/**
 * Hosted zone of a region's network load balancers. Two are the genuine ones (AWS General Reference, "Elastic Load
 * Balancing endpoints"); those of other regions are made up, but stay the same.
 */
function zoneOf(region: string): string {
  const known: Readonly<Record<string, string>> = {
    "us-east-1": "Z26RNL4JYFTOTI",
    "eu-central-1": "Z3F0SRJ5LGBH90",
  };
  return known[region] ?? `Z${digest(region).padEnd(13, "0")}`;
}

const kindOf = (inputs: Properties) => text(inputs, "loadBalancerType") || "application";

const loadBalancer: ResourceModel = {
  type: BALANCER,
  durations: { create: 157, delete: 2, source: "published deployment logs: 2m19s to 2m52s" },
  id: (inputs, cloud) => {
    const short = { network: "net", gateway: "gwy" }[kindOf(inputs)] ?? "app";
    return arn(
      cloud,
      "elasticloadbalancing",
      regionOf(inputs, cloud),
      `loadbalancer/${short}/${text(inputs, "name")}/${cloud.hex(16)}`,
    );
  },
  uniqueName: (inputs, cloud) => regional(inputs, cloud, text(inputs, "name")),
  nameTaken: (inputs) =>
    new CloudError(
      "DuplicateLoadBalancerName",
      `A load balancer with the same name '${text(inputs, "name")}' exists, but with different settings`,
    ),
  needs: (inputs) => [
    ...needEach(inputs, "subnets", "aws:ec2/subnet:Subnet", noSubnet),
    ...needEach(inputs, "securityGroups", GROUP, noGroup),
  ],
  accept: async (inputs, cloud) => {
    const subnets = texts(inputs, "subnets");
    const vpcId = vpcOf(cloud, subnets[0] ?? "");
    const zones = subnets.map(
      (id) => cloud.find("aws:ec2/subnet:Subnet", id)?.properties["availabilityZone"],
    );
    if (new Set(zones).size < zones.length)
      throw new CloudError(
        "InvalidConfigurationRequest",
        "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
      );
    if (flag(inputs, "internal")) return;
    await required(
      cloud,
      () => attachedGateway(cloud, vpcId),
      new CloudError("InvalidSubnet", `VPC ${vpcId} has no internet gateway`),
    );
  },
  outputs: (inputs, cloud, id) => {
    const region = regionOf(inputs, cloud);
    const suffix = id.slice(id.indexOf(":loadbalancer/") + ":loadbalancer/".length);
    const hash = suffix.slice(suffix.lastIndexOf("/") + 1);
    const host = kindOf(inputs) === "network" ? `elb.${region}` : `${region}.elb`;
    return {
      arn: id,
      arnSuffix: suffix,
      dnsName: `${text(inputs, "name")}-${hash}.${host}.amazonaws.com`,
      zoneId: zoneOf(region),
      vpcId: vpcOf(cloud, texts(inputs, "subnets")[0] ?? ""),
      ipAddressType: text(inputs, "ipAddressType") || "ipv4",
      internal: flag(inputs, "internal"),
      securityGroups: texts(inputs, "securityGroups"),
    };
  },
  replaceWhen: {
    // A network load balancer takes more subnets in place, never fewer or others.
    subnets: (before, after, olds) => kindOf(olds) === "network" && !includesAll(after, before),
    // A group that is not known yet leaves the list empty, not absent.
    securityGroups: (before, after, olds) =>
      kindOf(olds) === "network" && (some(before) ? after === undefined : after !== undefined),
    subnetMappings: (before, after, olds) =>
      kindOf(olds) === "network" ? !includesAll(after, before) : some(before),
    secondaryIpsAutoAssignedPerSubnet: (before, after, olds) =>
      kindOf(olds) === "network" && Number(after ?? 0) < Number(before ?? 0),
  },
  created: ({ id, properties }, cloud) => {
    for (const subnetId of texts(properties, "subnets"))
      addInterface(cloud, {
        subnetId,
        groups: texts(properties, "securityGroups"),
        owner: id,
        description: `ELB ${text(properties, "arnSuffix")}`,
        mapped: !flag(properties, "internal"),
      });
  },
  blockers: ({ properties }) =>
    flag(properties, "enableDeletionProtection")
      ? [
          new CloudError(
            "OperationNotPermitted",
            `Load balancer '${text(properties, "arn")}' cannot be deleted because deletion protection is enabled`,
          ),
        ]
      : [],
  // Listeners go with it; the provider waits for its interfaces, up to five minutes, and only logs what stays.
  deleting: async ({ id }, cloud) => {
    for (const one of cloud.list(LISTENER, ({ properties }) => properties["loadBalancerArn"] === id))
      cloud.remove(LISTENER, one.id);
    removeInterfaces(cloud, id, NLB_LINGER);
    const gone = () => interfaces(cloud, { owner: id }).length === 0;
    await cloud.until(gone, 300, new CloudError("Timeout", "interfaces remain")).catch(() => undefined);
  },
};

const some = (value: unknown) => Array.isArray(value) && value.length > 0;

function includesAll(all: unknown, some: unknown): boolean {
  const texts = (list: unknown) => (Array.isArray(list) ? list.map((item) => JSON.stringify(item)) : []);
  return texts(some).every((item) => texts(all).includes(item));
}

const targetGroup: ResourceModel = {
  type: TARGETS,
  durations: { create: 2, delete: 1, source: "published deployment logs: seconds" },
  id: (inputs, cloud) =>
    arn(
      cloud,
      "elasticloadbalancing",
      regionOf(inputs, cloud),
      `targetgroup/${text(inputs, "name")}/${cloud.hex(16)}`,
    ),
  uniqueName: (inputs, cloud) => regional(inputs, cloud, text(inputs, "name")),
  nameTaken: (inputs) =>
    new CloudError(
      "DuplicateTargetGroupName",
      `A target group with the same name '${text(inputs, "name")}' exists, but with different settings`,
    ),
  needs: (inputs) => need(inputs, "vpcId", "aws:ec2/vpc:Vpc", noVpc),
  check: (inputs) =>
    text(inputs, "name").length > 32
      ? [{ property: "name", reason: "a target group's name has 32 characters at most" }]
      : [],
  outputs: (_inputs, _cloud, id) => ({
    arn: id,
    arnSuffix: id.slice(id.indexOf(":targetgroup/") + 1),
    loadBalancerArns: [],
    ipAddressType: "ipv4",
    loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
    connectionTermination: false,
  }),
  blockers: ({ id }, cloud) =>
    cloud.list(LISTENER, ({ properties }) => targetsOf(properties).includes(id)).length > 0
      ? [
          new CloudError(
            "ResourceInUse",
            `Target group '${id}' is currently in use by a listener or a rule`,
            120,
          ),
        ]
      : [],
  deleting: ({ id }, cloud) => cloud.remove(REGISTERED, id),
};

/**
 * The load balancer controller registers exactly these addresses in a target group, none of them where its binding
 * goes.
 *
 * @throws CloudError where there is no such target group and something is to be registered
 */
export function registerTargets(cloud: CloudView, group: string, addresses: readonly string[]): void {
  if (addresses.length === 0) return cloud.remove(REGISTERED, group);
  if (!cloud.find(TARGETS, group))
    throw new CloudError("TargetGroupNotFound", `Target groups '${group}' not found`);
  cloud.put(hidden(cloud, REGISTERED, group, { targetGroupArn: group, targets: [...addresses] }));
}

/** The target groups that a listener forwards to. */
function targetsOf(listener: Properties): string[] {
  return maps(listener, "defaultActions").flatMap((action) => [
    text(action, "targetGroupArn"),
    ...maps(action, "forward.targetGroups").map((group) => text(group, "arn")),
  ]);
}

function needTargets(inputs: Properties) {
  return targetsOf(inputs)
    .filter((address) => address !== "")
    .map((address) => ({
      property: "defaultActions",
      kind: TARGETS,
      address,
      error: new CloudError("TargetGroupNotFound", `Target groups '${address}' not found`),
    }));
}

const listener: ResourceModel = {
  type: LISTENER,
  durations: { create: 1, delete: 1, source: "published deployment logs: seconds" },
  id: (inputs, cloud) =>
    `${text(inputs, "loadBalancerArn").replace(":loadbalancer/", ":listener/")}/${cloud.hex(16)}`,
  uniqueName: (inputs) => `${text(inputs, "loadBalancerArn")}:${text(inputs, "port")}`,
  nameTaken: (inputs) =>
    new CloudError(
      "DuplicateListener",
      `A listener already exists on port ${text(inputs, "port")} for this load balancer`,
    ),
  needs: (inputs) => [
    ...need(
      inputs,
      "loadBalancerArn",
      BALANCER,
      (address) => new CloudError("LoadBalancerNotFound", `Load balancer '${address}' not found`),
    ),
    ...needTargets(inputs),
  ],
  accept: (inputs, cloud) => sameProtocol(inputs, cloud),
  updating: (_object, news, cloud) => sameProtocol(news, cloud),
  outputs: (_inputs, _cloud, id) => ({ arn: id }),
};

/** A target group serves listeners of its own protocol only. */
function sameProtocol(inputs: Properties, cloud: CloudView): void {
  for (const address of targetsOf(inputs)) {
    const targets = cloud.find(TARGETS, address);
    if (!targets || text(inputs, "protocol") === "") continue;
    const [ours, theirs] = [text(inputs, "protocol"), text(targets.properties, "protocol")];
    if (
      ours === theirs ||
      (ours === "TLS" && theirs === "TCP") ||
      (/^HTTP/.test(ours) && /^HTTP/.test(theirs))
    )
      continue;
    throw new CloudError(
      "InvalidConfigurationRequest",
      `The protocol '${theirs}' of target group '${address}' is incompatible with the listener protocol '${ours}'`,
    );
  }
}

/** Load balancers, their target groups and listeners. */
export const loadBalancingModels: readonly ResourceModel[] = [loadBalancer, targetGroup, listener];
