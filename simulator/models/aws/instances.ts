import type { CloudObject, CloudView, NodeTemplate, Properties } from "../model";
import { CLUSTER, clusterGroup } from "./cluster";
import { instanceType as typeOf, maxPods } from "./instance-types";
import { addInterface, interfaces, removeInterfaces } from "./interfaces";
import { diskGib, templateOf } from "./launch-templates";
import { type Capacity, processorQuota } from "./quotas";
import { hidden, map, maps, number, text, texts } from "./values";

/** Kinds of what comes with nodes. */
export const INSTANCE = "aws:hidden/instance";
export const VOLUME = "aws:hidden/ebsVolume";
export const SCALING_GROUP = "aws:hidden/autoScalingGroup";

/**
 * Seconds for which interfaces that the CNI added outlive their instance: it is gone before it could delete them, and
 * EKS sweeps up after it (amazon-vpc-cni-k8s, "leaked ENIs"). Estimate.
 */
export const CNI_LINGER = 240;
/** Seconds until a terminated instance has let go of its own interface and disk. Estimate. */
export const TERMINATION = 60;

/** Pods on a node of a group, by whether the CNI of its cluster hands out prefixes. */
function podsOn(cloud: CloudView, group: Properties, instanceType: string): number {
  const addons = cloud.list(
    "aws:eks/addon:Addon",
    ({ properties }) =>
      properties["addonName"] === "vpc-cni" && properties["clusterName"] === group["clusterName"],
  );
  const settings = text(addons[0]?.properties ?? {}, "configurationValues");
  const prefixes = /"ENABLE_PREFIX_DELEGATION"\s*:\s*"true"/.test(settings);
  return maxPods(typeOf(instanceType)!, prefixes);
}

const EFFECTS: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

const instanceTypeOf = (group: Properties) => texts(group, "instanceTypes")[0] ?? "t3.medium";

/** The nodes of a group as Kubernetes gets them, with the labels that EKS and the cloud's controllers put on. */
export function nodesOf(cloud: CloudView, { id, properties: group }: CloudObject): NodeTemplate {
  const instanceType = instanceTypeOf(group);
  const type = typeOf(instanceType)!;
  const zones = texts(group, "subnetIds").map((id) =>
    text(cloud.find("aws:ec2/subnet:Subnet", id)?.properties ?? {}, "availabilityZone"),
  );
  return {
    count: instancesOf(cloud, id).length,
    zones,
    labels: {
      ...(map(group, "labels") as Record<string, string>),
      "eks.amazonaws.com/nodegroup": text(group, "nodeGroupName"),
      "eks.amazonaws.com/capacityType": text(group, "capacityType") || "ON_DEMAND",
      "node.kubernetes.io/instance-type": instanceType,
      "topology.kubernetes.io/region": cloud.region,
    },
    taints: maps(group, "taints").map((taint) => ({
      key: text(taint, "key"),
      value: text(taint, "value"),
      effect: EFFECTS[text(taint, "effect")] ?? text(taint, "effect"),
    })),
    cpu: type.cpu,
    memoryGi: type.memoryGi,
    maxPods: podsOn(cloud, group, instanceType),
  };
}

const instancesOf = (cloud: CloudView, group: string) =>
  cloud.list(INSTANCE, ({ properties }) => properties["nodeGroup"] === group);

/** How the instances of a group are paid for. */
export const capacityOf = (group: Properties): Capacity =>
  text(group, "capacityType") === "SPOT" ? "SPOT" : "ON_DEMAND";

const processorsOf = (instanceType: string) => typeOf(instanceType)?.cpu ?? 0;

/** Processors that the account has left for a group. */
function processorsLeft(cloud: CloudView, group: Properties): number {
  const capacity = capacityOf(group);
  const taken = cloud
    .list(INSTANCE, ({ place, properties }) => place === cloud.place && properties["capacity"] === capacity)
    .reduce((sum, { properties }) => sum + processorsOf(text(properties, "instanceType")), 0);
  return processorQuota(cloud, capacity) - taken;
}

const wantedBy = (group: Properties) => number(group, "scalingConfig.desiredSize");

/** Does a group have as many instances as it wants? */
export const hasAll = (cloud: CloudView, { id, properties }: CloudObject): boolean =>
  instancesOf(cloud, id).length >= wantedBy(properties);

/** Would the account's quota let a group have as many instances as it wants? */
export const hasRoom = (cloud: CloudView, { id, properties }: CloudObject): boolean =>
  (wantedBy(properties) - instancesOf(cloud, id).length) * processorsOf(instanceTypeOf(properties)) <=
  processorsLeft(cloud, properties);

/** Launches instances, or ends some, until a group has as many as it wants, or the account has no more. */
export function scale(cloud: CloudView, { id, properties }: CloudObject): void {
  const there = instancesOf(cloud, id);
  for (const instance of there.slice(wantedBy(properties))) terminate(cloud, instance);
  const room = Math.floor(processorsLeft(cloud, properties) / processorsOf(instanceTypeOf(properties)));
  const most = Math.min(wantedBy(properties), there.length + room);
  for (let index = there.length; index < most; index++) launch(cloud, id, properties, index);
}

function launch(cloud: CloudView, group: string, properties: Properties, index: number): void {
  const instance = `i-${cloud.hex(17)}`;
  const template = templateOf(cloud, properties);
  const cluster = text(properties, "clusterName");
  const subnets = texts(properties, "subnetIds");
  const subnetId = subnets[index % subnets.length] ?? "";
  const own = texts(template ?? {}, "vpcSecurityGroupIds");
  const groups =
    own.length > 0 ? own : [clusterGroup(cloud.find(CLUSTER, cluster)?.properties ?? {})].filter(Boolean);
  const tagged = (resourceType: string) =>
    maps(template ?? {}, "tagSpecifications")
      .filter((one) => one["resourceType"] === resourceType)
      .map((one) => map(one, "tags") as Record<string, string>)[0] ?? {};
  cloud.put(
    hidden(cloud, INSTANCE, instance, {
      nodeGroup: group,
      subnetId,
      instanceType: instanceTypeOf(properties),
      capacity: capacityOf(properties),
      tags: { ...tagged("instance"), "eks:cluster-name": cluster },
    }),
  );
  cloud.put(
    hidden(cloud, VOLUME, `vol-${cloud.hex(17)}`, {
      instance,
      sizeGib: diskGib(template, properties),
      tags: tagged("volume"),
    }),
  );
  const tags = tagged("network-interface");
  addInterface(cloud, {
    subnetId,
    groups,
    owner: instance,
    description: `Primary interface of ${instance}`,
    tags,
  });
  addInterface(cloud, { subnetId, groups, owner: cniOf(instance), description: `aws-K8S-${instance}` });
}

/** Owner of the interfaces that the CNI adds to an instance: not the instance, whose end they outlive. */
const cniOf = (instance: string) => `cni/${instance}`;

function terminate(cloud: CloudView, { id }: CloudObject): void {
  cloud.remove(INSTANCE, id);
  removeInterfaces(cloud, id, TERMINATION);
  removeInterfaces(cloud, cniOf(id), TERMINATION + CNI_LINGER);
  cloud.later(TERMINATION, (then) => {
    for (const volume of then.list(VOLUME, ({ properties }) => properties["instance"] === id))
      then.remove(VOLUME, volume.id);
  });
}

/** Ends all instances of a group. Their own interfaces and disks go with them, the CNI's some time later. */
export function terminateAll(cloud: CloudView, group: string): void {
  for (const instance of instancesOf(cloud, group)) terminate(cloud, instance);
}

/** Interfaces that instances still hold, the CNI's included. */
export const nodeInterfaces = (cloud: CloudView, subnetId: string) =>
  interfaces(cloud, { subnetId }).filter(({ properties }) => /^(cni\/)?i-/.test(text(properties, "owner")));

/**
 * The disk behind a volume claim, made by the EBS driver. It outlives the claim where the claim's class says Retain.
 *
 * @param claim `namespace/name`
 */
export function claimVolume(
  cloud: CloudView,
  cluster: string,
  claim: string,
  sizeGib: number,
  zone: string,
): string {
  const id = `vol-${cloud.hex(17)}`;
  cloud.put(
    hidden(cloud, VOLUME, id, {
      sizeGib,
      zone,
      tags: {
        [`kubernetes.io/cluster/${cluster}`]: "owned",
        "kubernetes.io/created-for/pvc/name": claim.slice(claim.indexOf("/") + 1),
        "kubernetes.io/created-for/pvc/namespace": claim.slice(0, claim.indexOf("/")),
        "ebs.csi.aws.com/cluster": "true",
      },
    }),
  );
  return id;
}
