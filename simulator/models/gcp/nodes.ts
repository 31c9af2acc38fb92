import { CloudError, type CloudView, type NodeTemplate, type Properties } from "../model";
import { addressAt, sizeOf } from "./cidr";
import { block, blocks, HIDDEN, lastPart, putHidden, text, texts } from "./common";
import { machineType } from "./machine-types";
import { subnetworkId, SUBNETWORK } from "./network";
import { cpusInUse, quotaOf } from "./quotas";

/** Machines of one pool, as a pool or the cluster's own default pool asks for them. */
export interface PoolMachines {
  /** Id of the cluster: `projects/<p>/locations/<l>/clusters/<c>`. */
  readonly cluster: string;
  readonly pool: string;
  readonly zones: readonly string[];
  /** All zones together. */
  readonly count: number;
  readonly nodeConfig: Properties;
  readonly maxPods: number;
}

const EFFECTS: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
  NO_EXECUTE: "NoExecute",
};

/** Machine that GKE takes when none is named. */
const DEFAULT_MACHINE = "e2-medium";

/** Zones of a location: itself, or three of the region's. */
export function zonesOf(location: string, nodeLocations: readonly string[]): readonly string[] {
  if (nodeLocations.length > 0) return nodeLocations;
  return /-[a-z]$/.test(location) ? [location] : ["a", "b", "c"].map((letter) => `${location}-${letter}`);
}

/** A location's region. */
export function regionOfLocation(location: string): string {
  return location.replace(/-[a-z]$/, "");
}

function labelsOf(pool: PoolMachines): Record<string, string> {
  const config = pool.nodeConfig;
  const own = Object.keys(block(config, "labels")).map((key) => [key, text(block(config, "labels"), key)]);
  const metadata = block(config, "workloadMetadataConfig")["mode"] === "GKE_METADATA";
  return {
    "cloud.google.com/gke-nodepool": pool.pool,
    "cloud.google.com/gke-os-distribution": "cos",
    "node.kubernetes.io/instance-type": text(config, "machineType") || DEFAULT_MACHINE,
    ...(metadata && { "iam.gke.io/gke-metadata-server-enabled": "true" }),
    ...(config["spot"] === true && { "cloud.google.com/gke-spot": "true" }),
    ...(Object.fromEntries(own) as Record<string, string>),
  };
}

function templateOf(pool: PoolMachines): NodeTemplate {
  const machine = machineType(text(pool.nodeConfig, "machineType") || DEFAULT_MACHINE, pool.zones[0] ?? "");
  return {
    count: pool.count,
    zones: pool.zones,
    labels: labelsOf(pool),
    taints: blocks(pool.nodeConfig, "taints").map((taint) => ({
      key: text(taint, "key"),
      value: text(taint, "value"),
      effect: EFFECTS[text(taint, "effect")] ?? text(taint, "effect"),
    })),
    cpu: machine.cpu,
    memoryGi: machine.memoryGi,
    maxPods: pool.maxPods,
  };
}

/**
 * Are there processors for these machines? Refused as GKE does, before a machine is made.
 *
 * @throws CloudError that the provider tries again for as long as the operation may last (`tpgresource.IsQuotaError`
 * is about 429; this one is 403 and ends it)
 */
export function refuseOverQuota(cloud: CloudView, pool: PoolMachines, present = 0): void {
  const [, project = "", , location = ""] = pool.cluster.split("/");
  const region = regionOfLocation(location);
  const { cpu } = machineType(text(pool.nodeConfig, "machineType") || DEFAULT_MACHINE, pool.zones[0] ?? "");
  const wanted = cpu * Math.max(0, pool.count - present);
  const limit = quotaOf(cloud, "CPUS", project, region);
  const free = limit - cpusInUse(cloud, project, region);
  if (wanted <= free) return;
  throw new CloudError(
    "forbidden",
    `Error 403: Insufficient regional quota to satisfy request: resource "CPUS": request requires '${wanted}.0' and ` +
      `is short '${wanted - free}.0'. project has a quota of '${limit}.0' with '${free}.0' available., forbidden`,
  );
}

/** Addresses a node takes out of the pod range: twice its pods, rounded up to a power of two. */
function podAddresses(maxPods: number): number {
  return 2 ** Math.ceil(Math.log2(maxPods * 2));
}

/** GKE gives up a pool whose nodes do not fit into the pod range any more. */
function refuseExhaustedRange(cloud: CloudView, pool: PoolMachines): void {
  const properties = cloud.find("gcp:container/cluster:Cluster", pool.cluster)?.properties ?? {};
  const subnetwork = cloud.find(SUBNETWORK, subnetworkOf(properties, pool.cluster));
  const name = text(block(properties, "ipAllocationPolicy"), "clusterSecondaryRangeName");
  const range = blocks(subnetwork?.properties ?? {}, "secondaryIpRanges").find(
    (each) => text(each, "rangeName") === name,
  );
  if (!range) return;
  const others = cloud
    .list(HIDDEN.instance, (each) => each.properties["subnetwork"] === subnetwork?.id)
    .filter((each) => each.properties["pool"] !== pool.pool)
    .reduce((sum, each) => sum + podAddresses(Number(each.properties["maxPods"])), 0);
  if (others + podAddresses(pool.maxPods) * pool.count <= sizeOf(text(range, "ipCidrRange"))) return;
  throw new CloudError(
    "ipSpaceExhausted",
    `Google Compute Engine: IP space of '${subnetwork?.id}-${name}' is exhausted.`,
  );
}

function subnetworkOf(cluster: Properties, id: string): string {
  const [, project = "", , location = ""] = id.split("/");
  return subnetworkId(text(cluster, "subnetwork"), project, regionOfLocation(location));
}

/** Makes the pool have exactly these machines, with their boot disks, and the cluster have them as nodes. */
export async function setMachines(cloud: CloudView, pool: PoolMachines): Promise<void> {
  refuseExhaustedRange(cloud, pool);
  const template = templateOf(pool);
  const cluster = cloud.find("gcp:container/cluster:Cluster", pool.cluster)?.properties ?? {};
  const [, project = ""] = pool.cluster.split("/");
  const wanted = Array.from({ length: pool.count }, (_, index) => {
    const zone = pool.zones[index % pool.zones.length]!;
    return { zone, name: `gke-${lastPart(pool.cluster)}-${pool.pool}-${index}` };
  });
  const names = new Set(wanted.map(({ name }) => name));
  dropMachines(cloud, pool.cluster, pool.pool, (name) => !names.has(name));
  for (const [index, { zone, name }] of wanted.entries()) {
    const machine = { cluster: pool.cluster, pool: pool.pool, maxPods: pool.maxPods };
    putUnlessSame(cloud, HIDDEN.instance, `projects/${project}/zones/${zone}/instances/${name}`, {
      ...machine,
      network: text(cluster, "network"),
      subnetwork: subnetworkOf(cluster, pool.cluster),
      networkIP: addressAt(nodesRange(cloud, cluster, pool.cluster), 2 + index),
      tags: texts(pool.nodeConfig, "tags"),
      cpu: template.cpu,
    });
    putUnlessSame(cloud, HIDDEN.disk, `projects/${project}/zones/${zone}/disks/${name}`, {
      ...machine,
      boot: true,
      sizeGb: Number(pool.nodeConfig["diskSizeGb"] ?? 100),
      type: text(pool.nodeConfig, "diskType") || "pd-balanced",
    });
  }
  await cloud.clusters.setNodes(pool.cluster, pool.pool, template);
}

/** A machine that stays as it is stays the same machine; another one of the name is a new one. */
function putUnlessSame(cloud: CloudView, kind: string, id: string, properties: Properties): void {
  const [there] = cloud.list(kind, (object) => object.id === id);
  if (JSON.stringify(there?.properties) !== JSON.stringify(properties))
    putHidden(cloud, kind, id, properties);
}

function nodesRange(cloud: CloudView, cluster: Properties, id: string): string {
  return text(cloud.find(SUBNETWORK, subnetworkOf(cluster, id))?.properties ?? {}, "ipCidrRange");
}

/** Machines of a pool that exist. */
export function machinesOf(cloud: CloudView, cluster: string, pool: string): number {
  const of = ({ properties }: { properties: Properties }) =>
    properties["cluster"] === cluster && properties["pool"] === pool;
  return cloud.list(HIDDEN.instance, of).length;
}

/** Takes away the machines and boot disks of a pool, or those of them that `which` names. */
export function dropMachines(
  cloud: CloudView,
  cluster: string,
  pool: string,
  which: (name: string) => boolean = () => true,
): void {
  for (const kind of [HIDDEN.instance, HIDDEN.disk])
    for (const { id, properties } of cloud.list(kind))
      if (properties["cluster"] === cluster && properties["pool"] === pool && which(lastPart(id)))
        cloud.remove(kind, id);
}
