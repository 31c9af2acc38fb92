import type { CloudObject, CloudView, Properties, ResourceModel } from "../model";
import { accountNeeds } from "./accounts";
import { CLUSTER, NODE_POOL } from "./cluster";
import { alreadyExists, apiNeeds, block, lastPart, notFound, projectOf, text, texts } from "./common";
import { machineType } from "./machine-types";
import { dropMachines, machinesOf, refuseOverQuota, setMachines, zonesOf, type PoolMachines } from "./nodes";
import { beginOperation } from "./operations";

const DURATIONS = {
  create: 95,
  update: 30,
  delete: 90,
  source: "published logs of deployments: creation 1 min 4 s to 1 min 56 s; the rest is an estimate",
} as const;

/** Seconds to put one node in the place of another: the new one starts, the old one is drained. An estimate. */
const ROLLING = 150;

/** Properties of the nodes that are changed by making new machines. */
const ROLLED = [
  ...["machineType", "imageType", "diskType", "diskSizeGb", "kubeletConfig", "gvnic"],
  ...["workloadMetadataConfig", "resourceLabels", "linuxNodeConfig"],
];

/** The cluster's id, however it is named. */
function clusterOf(inputs: Properties, cloud: CloudView): string {
  const named = text(inputs, "cluster");
  const match = /projects\/[^/]+\/locations\/[^/]+\/clusters\/[^/]+$/.exec(named);
  if (match) return match[0];
  const [project, location] = [projectOf(inputs, cloud), text(inputs, "location") || cloud.region];
  return `projects/${project}/locations/${location}/clusters/${named}`;
}

/** How many nodes to begin with, over all zones. */
function initialCount(inputs: Properties, zones: number): number {
  const scaling = block(inputs, "autoscaling");
  // An autoscaled pool shows how many it has under `nodeCount`; it does not ask for them.
  const asked = inputs["autoscaling"] === undefined ? inputs["nodeCount"] : undefined;
  const perZone = Number(asked ?? inputs["initialNodeCount"] ?? 0);
  const least = Number(scaling["totalMinNodeCount"] ?? Number(scaling["minNodeCount"] ?? 0) * zones);
  return Math.max(perZone * zones, least);
}

function machines(inputs: Properties, cloud: CloudView): PoolMachines {
  const cluster = clusterOf(inputs, cloud);
  const location = cluster.split("/")[3] ?? "";
  const known = cloud.find(CLUSTER, cluster)?.properties ?? {};
  const own = texts(inputs, "nodeLocations");
  const zones = zonesOf(location, own.length > 0 ? own : texts(known, "nodeLocations"));
  return {
    cluster,
    pool: text(inputs, "name"),
    zones,
    count: initialCount(inputs, zones.length),
    nodeConfig: block(inputs, "nodeConfig"),
    maxPods: Number(inputs["maxPodsPerNode"] ?? known["defaultMaxPodsPerNode"] ?? 110),
  };
}

function groupUrls(pool: PoolMachines, cloud: CloudView, word: string): string[] {
  const [, project = ""] = pool.cluster.split("/");
  const name = `gke-${lastPart(pool.cluster)}-${pool.pool}-${cloud.hex(8)}-grp`;
  return pool.zones.map(
    (zone) => `https://www.googleapis.com/compute/v1/projects/${project}/zones/${zone}/${word}/${name}`,
  );
}

const nodePool: ResourceModel = {
  type: NODE_POOL,
  durations: DURATIONS,
  id: (inputs, cloud) => `${clusterOf(inputs, cloud)}/nodePools/${text(inputs, "name")}`,
  uniqueName: (inputs, cloud) => `${clusterOf(inputs, cloud)}/nodePools/${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`nodePools/${text(inputs, "name")}`),
  needs: (inputs, cloud) => {
    const cluster = clusterOf(inputs, cloud);
    return [
      ...apiNeeds(cloud, projectOf(inputs, cloud), "container"),
      { property: "cluster", kind: CLUSTER, address: cluster, error: notFound(cluster) },
      ...accountNeeds("nodeConfig.serviceAccount", text(block(inputs, "nodeConfig"), "serviceAccount")),
    ];
  },
  accept: (inputs, cloud) => {
    const pool = machines(inputs, cloud);
    if (cloud.list(NODE_POOL, ({ id }) => id === `${pool.cluster}/nodePools/${pool.pool}`).length > 0) return;
    refuseOverQuota(cloud, pool);
    beginOperation(cloud, pool.cluster, "pool", DURATIONS.create);
  },
  outputs: (inputs, cloud) => {
    const pool = machines(inputs, cloud);
    return {
      project: projectOf(inputs, cloud),
      location: text(inputs, "location") || (pool.cluster.split("/")[3] ?? ""),
      nodeLocations: [...pool.zones],
      nodeCount: Math.ceil(pool.count / pool.zones.length),
      maxPodsPerNode: pool.maxPods,
      version: cloud.find(CLUSTER, pool.cluster)?.properties["masterVersion"] ?? "",
      instanceGroupUrls: groupUrls(pool, cloud, "instanceGroupManagers"),
      managedInstanceGroupUrls: groupUrls(pool, cloud, "instanceGroups"),
      operation: "",
    };
  },
  // Google's own images come over its own network; a private node starts without any NAT.
  created: (object, cloud) => setMachines(cloud, machines(object.properties, cloud)),
  updating: async (object, news, cloud) => {
    const pool = machines({ ...object.properties, ...news }, cloud);
    machineType(text(pool.nodeConfig, "machineType") || "e2-medium", pool.zones[0] ?? "");
    const present = machinesOf(cloud, pool.cluster, pool.pool);
    const count = Math.max(present, pool.count);
    const before = block(object.properties, "nodeConfig");
    const rolled = ROLLED.some((key) => JSON.stringify(before[key]) !== JSON.stringify(pool.nodeConfig[key]));
    const rolling = rolled ? present * ROLLING : 0;
    beginOperation(cloud, pool.cluster, "pool", DURATIONS.update + rolling);
    await cloud.sleep(rolling);
    await setMachines(cloud, { ...pool, count });
  },
  deleting: async (object, cloud) => {
    const [cluster, name] = [object.id.replace(/\/nodePools\/.*$/, ""), lastPart(object.id)];
    if (!cloud.find(CLUSTER, cluster)) return;
    beginOperation(cloud, cluster, "pool", DURATIONS.delete);
    await cloud.clusters.removeNodes(cluster, name);
    dropMachines(cloud, cluster, name);
  },
};

/**
 * Makes a pool have so many nodes, as the cluster's autoscaler does between the pool's bounds. Takes no time and is
 * no operation on the cluster.
 *
 * @throws CloudError when the project has no processors left for them
 */
export async function scalePool(cloud: CloudView, pool: CloudObject, count: number): Promise<void> {
  const wanted = { ...machines(pool.properties, cloud), count };
  const most = Number(block(pool.properties, "autoscaling")["totalMaxNodeCount"] ?? count);
  const bounded = { ...wanted, count: Math.min(count, most) };
  refuseOverQuota(cloud, bounded, machinesOf(cloud, wanted.cluster, wanted.pool));
  await setMachines(cloud, bounded);
}

export const nodePoolModels: readonly ResourceModel[] = [nodePool];
