import type { Json } from "../../../preview/engine/values";
import { CloudError, type CloudObject, type CloudView, type Properties, type ResourceModel } from "../model";
import { accountNeeds } from "./accounts";
import { overlap } from "./cidr";
import { featureManifests } from "./cluster-features";
import { clusterOutputs, versionOffered } from "./cluster-outputs";
import {
  alreadyExists,
  apiNeeds,
  block,
  blocks,
  HIDDEN,
  lastPart,
  notFound,
  projectOf,
  putHidden,
  text,
  texts,
} from "./common";
import { controlPlaneRange, networkId, networkNeed, SUBNETWORK, subnetworkId, takenRanges } from "./network";
import {
  dropMachines,
  refuseOverQuota,
  regionOfLocation,
  setMachines,
  zonesOf,
  type PoolMachines,
} from "./nodes";
import { beginOperation, forgetOperations } from "./operations";

export const CLUSTER = "gcp:container/cluster:Cluster";
export const NODE_POOL = "gcp:container/nodePool:NodePool";

/** Seconds that a change of a cluster's settings lasts. */
const UPDATE = 60;

const clusterId = (inputs: Properties, cloud: CloudView) =>
  `projects/${projectOf(inputs, cloud)}/locations/${text(inputs, "location")}/clusters/${text(inputs, "name")}`;

const subnetworkOf = (inputs: Properties, cloud: CloudView) =>
  subnetworkId(
    text(inputs, "subnetwork"),
    projectOf(inputs, cloud),
    regionOfLocation(text(inputs, "location")),
  );

/** The pool that GKE makes with every cluster, and that the provider deletes again where told to. */
function defaultPool(inputs: Properties, id: string): PoolMachines {
  const zones = zonesOf(text(inputs, "location"), texts(inputs, "nodeLocations"));
  return {
    cluster: id,
    pool: "default-pool",
    zones,
    count: Number(inputs["initialNodeCount"] ?? 0) * zones.length,
    nodeConfig: block(inputs, "nodeConfig"),
    maxPods: Number(inputs["defaultMaxPodsPerNode"] ?? 110),
  };
}

function refuse(message: string): never {
  throw new CloudError("badRequest", `Error 400: ${message}, badRequest`);
}

function refuseBadPlace(inputs: Properties): void {
  const location = text(inputs, "location");
  if (!/^[a-z]+-[a-z]+\d+(-[a-z])?$/.test(location)) refuse(`Location "${location}" does not exist.`);
  for (const zone of texts(inputs, "nodeLocations"))
    if (regionOfLocation(zone) !== regionOfLocation(location))
      refuse(`Zone "${zone}" is not in the region of the cluster.`);
  const version = text(inputs, "minMasterVersion");
  if (!versionOffered(version)) refuse(`Master version "${version}" is unsupported.`);
}

function refuseBadRanges(inputs: Properties, cloud: CloudView): void {
  const subnetwork = subnetworkOf(inputs, cloud);
  const ranges = blocks(cloud.find(SUBNETWORK, subnetwork)?.properties ?? {}, "secondaryIpRanges");
  const policy = block(inputs, "ipAllocationPolicy");
  for (const key of ["clusterSecondaryRangeName", "servicesSecondaryRangeName"]) {
    const name = text(policy, key);
    if (name !== "" && !ranges.some((range) => text(range, "rangeName") === name))
      refuse(`Secondary range "${name}" does not exist in subnetwork "${lastPart(subnetwork)}".`);
  }
  const own = controlPlaneRange(inputs);
  const network = networkId(text(inputs, "network"), projectOf(inputs, cloud));
  const taken = takenRanges(cloud, network).find(({ range }) => overlap(range, own));
  if (taken) refuse(`Invalid IPCidrRange: ${own} conflicts with existing subnetwork '${taken.by}'`);
}

/** What GKE puts beside a cluster and takes away with it: its firewall rules and the control plane's address. */
function putCompanions(object: CloudObject, cloud: CloudView): void {
  const { properties } = object;
  const [, project = "", , location = "", , name = ""] = object.id.split("/");
  const uid = cloud.hex(8);
  const network = networkId(text(properties, "network"), project);
  const of = { cluster: object.id, network, companion: true };
  for (const rule of ["all", "vms", "exkubelet", "inkubelet"])
    putHidden(cloud, HIDDEN.firewall, `projects/${project}/global/firewalls/gke-${name}-${uid}-${rule}`, of);
  const region = regionOfLocation(location);
  putHidden(
    cloud,
    HIDDEN.forwardingRule,
    `projects/${project}/regions/${region}/forwardingRules/gke-${name}-${uid}-pe`,
    {
      ...of,
      subnetwork: subnetworkOf(properties, cloud),
    },
  );
}

function dropCompanions(cluster: string, cloud: CloudView): void {
  for (const kind of [HIDDEN.firewall, HIDDEN.forwardingRule])
    for (const { id, properties } of cloud.list(kind))
      if (properties["cluster"] === cluster && properties["companion"] === true) cloud.remove(kind, id);
}

async function startControlPlane(object: CloudObject, cloud: CloudView): Promise<void> {
  const { id, properties } = object;
  const endpoints = block(properties, "controlPlaneEndpointsConfig");
  const server = text(block(endpoints, "dnsEndpointConfig"), "endpoint");
  const { caPem } = await cloud.clusters.create(id, server);
  properties["masterAuth"] = {
    ...block(properties, "masterAuth"),
    clusterCaCertificate: Buffer.from(caPem).toString("base64"),
  };
  await cloud.clusters.apply(id, featureManifests(properties));
}

const KEPT_IN_BLOCKS = ["masterAuth", "privateClusterConfig", "ipAllocationPolicy"];

/** New inputs bring their blocks without what GKE had filled in: it stays. */
function keepComputed(object: CloudObject, news: Properties): void {
  const into = news as Record<string, Json>;
  for (const key of KEPT_IN_BLOCKS) into[key] = { ...block(object.properties, key), ...block(news, key) };
  const [before, after] = [object.properties, news].map((each) => block(each, "controlPlaneEndpointsConfig"));
  into["controlPlaneEndpointsConfig"] = {
    ...before,
    ...after,
    dnsEndpointConfig: {
      ...block(after ?? {}, "dnsEndpointConfig"),
      endpoint: text(block(before ?? {}, "dnsEndpointConfig"), "endpoint"),
    },
  };
}

const cluster: ResourceModel = {
  type: CLUSTER,
  durations: {
    create: 300,
    update: UPDATE,
    delete: 240,
    source: "published logs of deployments: creation 3 min 33 s to 9 min 22 s; the rest is an estimate",
  },
  id: clusterId,
  uniqueName: clusterId,
  nameTaken: (inputs) =>
    alreadyExists(`projects/${text(inputs, "project")}/…/clusters/${text(inputs, "name")}`),
  needs: (inputs, cloud) => {
    const project = projectOf(inputs, cloud);
    const subnetwork = subnetworkOf(inputs, cloud);
    const account = text(block(inputs, "nodeConfig"), "serviceAccount");
    return [
      ...apiNeeds(cloud, project, "container", "compute"),
      networkNeed(inputs, project),
      { property: "subnetwork", kind: SUBNETWORK, address: subnetwork, error: notFound(subnetwork) },
      ...accountNeeds("nodeConfig.serviceAccount", account),
    ];
  },
  accept: (inputs, cloud) => {
    refuseBadPlace(inputs);
    refuseBadRanges(inputs, cloud);
    refuseOverQuota(cloud, defaultPool(inputs, clusterId(inputs, cloud)));
  },
  outputs: clusterOutputs,
  created: async (object, cloud) => {
    const { id, properties } = object;
    putCompanions(object, cloud);
    const pool = text(block(properties, "workloadIdentityConfig"), "workloadPool");
    if (pool !== "") putHidden(cloud, HIDDEN.identityPool, pool);
    await startControlPlane(object, cloud);
    if (properties["removeDefaultNodePool"] !== true) await setMachines(cloud, defaultPool(properties, id));
  },
  updating: async (object, news, cloud) => {
    refuseBadPlace(news);
    beginOperation(cloud, object.id, "cluster", UPDATE);
    keepComputed(object, news);
    const pool = text(block(news, "workloadIdentityConfig"), "workloadPool");
    if (pool !== "") putHidden(cloud, HIDDEN.identityPool, pool);
    await cloud.clusters.apply(object.id, featureManifests(news));
  },
  blockers: ({ id, properties }, cloud) => {
    if (properties["deletionProtection"] !== false)
      return [
        new CloudError(
          "deletionProtection",
          "Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with " +
            "cluster deletion.",
        ),
      ];
    return busy(id, cloud);
  },
  // Load balancers and disks that its Services and claims had made stay: the cluster knew them, Google does not.
  deleting: async ({ id }, cloud) => {
    for (const pool of cloud.list(NODE_POOL, (each) => each.id.startsWith(`${id}/`))) {
      dropMachines(cloud, id, lastPart(pool.id));
      cloud.remove(NODE_POOL, pool.id);
    }
    dropMachines(cloud, id, "default-pool");
    dropCompanions(id, cloud);
    forgetOperations(cloud, id);
    await cloud.clusters.remove(id);
  },
};

/** A cluster goes alone: after whatever runs on it. */
function busy(id: string, cloud: CloudView): CloudError[] {
  const running = cloud.list(
    HIDDEN.operation,
    ({ properties }) => properties["cluster"] === id && Number(properties["until"]) > cloud.now(),
  );
  return running.map(
    (operation) =>
      new CloudError(
        "failedPrecondition",
        `Error 400: Operation ${operation.id} is currently running on cluster ${id}. Please wait and try again ` +
          "once it is done., failedPrecondition",
        3600,
      ),
  );
}

export const clusterModels: readonly ResourceModel[] = [cluster];
