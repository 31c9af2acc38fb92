import { CloudError, type CloudObject, type CloudView, type Properties, type ResourceModel } from "../model";
import { addressAt, contains, overlap } from "./cidr";
import {
  alreadyExists,
  apiNeeds,
  blocks,
  computeLink,
  HIDDEN,
  inUse,
  notFound,
  numericId,
  projectOf,
  regionOf,
  text,
  timestamp,
} from "./common";

export const NETWORK = "gcp:compute/network:Network";
export const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
export const FIREWALL = "gcp:compute/firewall:Firewall";

/** Compute Engine's operations are asked for their end every ten seconds: what takes less takes 11 s. */
export const COMPUTE_POLL = "published logs of deployments; small things end with the first poll after 10 s";

/** Id of a network given by name, id or link. */
export function networkId(address: string, project: string): string {
  const match = /projects\/[^/]+\/global\/networks\/[^/]+$/.exec(address);
  return match ? match[0] : `projects/${project}/global/networks/${address}`;
}

/** Id of a subnetwork given by name, id or link. */
export function subnetworkId(address: string, project: string, region: string): string {
  const match = /projects\/[^/]+\/regions\/[^/]+\/subnetworks\/[^/]+$/.exec(address);
  return match ? match[0] : `projects/${project}/regions/${region}/subnetworks/${address}`;
}

/** The need of a network that an input names. */
export function networkNeed(inputs: Properties, project: string) {
  const address = networkId(text(inputs, "network"), project);
  return { property: "network", kind: NETWORK, address, error: notFound(address) };
}

/** Things of these kinds whose `network` is this one. */
function inNetwork(cloud: CloudView, network: string, kinds: readonly string[]): CloudObject[] {
  const project = network.split("/")[1] ?? "";
  return kinds.flatMap((kind) =>
    cloud.list(kind, ({ properties }) => networkId(text(properties, "network"), project) === network),
  );
}

const network: ResourceModel = {
  type: NETWORK,
  durations: { create: 22, update: 12, delete: 22, source: "published logs of deployments: 11 to 40 s" },
  id: (inputs, cloud) => `projects/${projectOf(inputs, cloud)}/global/networks/${text(inputs, "name")}`,
  uniqueName: (inputs, cloud) => `${projectOf(inputs, cloud)}:${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`global/networks/${text(inputs, "name")}`),
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "compute"),
  outputs: (inputs, cloud, id) => {
    const number = numericId(cloud);
    return {
      project: projectOf(inputs, cloud),
      gatewayIpv4: "",
      networkId: number,
      numericId: number,
      selfLink: computeLink(id),
      mtu: inputs["mtu"] ?? 1460,
      routingMode: inputs["routingMode"] ?? "REGIONAL",
    };
  },
  blockers: (object, cloud) =>
    inNetwork(cloud, object.id, [
      SUBNETWORK,
      ROUTER,
      FIREWALL,
      HIDDEN.firewall,
      HIDDEN.forwardingRule,
      HIDDEN.instance,
    ]).map((user) => inUse(object.id, user.id, "network")),
};

/** Ranges that a subnetwork's inputs claim. */
function rangesOf(inputs: Properties): string[] {
  const secondary = blocks(inputs, "secondaryIpRanges").map((range) => text(range, "ipCidrRange"));
  return [text(inputs, "ipCidrRange"), ...secondary].filter((range) => range !== "");
}

/** Ranges which the network has in use, but for those of one subnetwork. */
export function takenRanges(cloud: CloudView, network: string, but = ""): { range: string; by: string }[] {
  return inNetwork(cloud, network, [SUBNETWORK, "gcp:container/cluster:Cluster"])
    .filter(({ id }) => id !== but)
    .flatMap(({ id, properties }) =>
      [...rangesOf(properties), controlPlaneRange(properties)]
        .filter((range) => range !== "")
        .map((range) => ({ range, by: id })),
    );
}

/** The /28 of a private cluster's control plane. */
export function controlPlaneRange(inputs: Properties): string {
  const config = inputs["privateClusterConfig"];
  return config !== null && typeof config === "object" && !Array.isArray(config)
    ? text(config, "masterIpv4CidrBlock")
    : "";
}

/** Google's words for a range that is in use. */
function rangeConflict(range: string, by: string): CloudError {
  return new CloudError(
    "badRequest",
    `Error 400: Invalid IPCidrRange: ${range} conflicts with existing subnetwork '${by}', badRequest`,
  );
}

function refuseOverlaps(inputs: Properties, cloud: CloudView, but = ""): void {
  const ranges = rangesOf(inputs);
  for (const [i, range] of ranges.entries())
    for (const other of ranges.slice(i + 1)) if (overlap(range, other)) throw rangeConflict(range, other);
  const taken = takenRanges(cloud, networkId(text(inputs, "network"), projectOf(inputs, cloud)), but);
  for (const range of ranges)
    for (const other of taken) if (overlap(range, other.range)) throw rangeConflict(range, other.by);
}

const subnetwork: ResourceModel = {
  type: SUBNETWORK,
  durations: { create: 15, update: 12, delete: 20, source: `estimate; ${COMPUTE_POLL}` },
  id: (inputs, cloud) =>
    subnetworkId(text(inputs, "name"), projectOf(inputs, cloud), regionOf(inputs, cloud)),
  uniqueName: (inputs, cloud) =>
    `${projectOf(inputs, cloud)}/${regionOf(inputs, cloud)}:${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`subnetworks/${text(inputs, "name")}`),
  needs: (inputs, cloud) => [
    ...apiNeeds(cloud, projectOf(inputs, cloud), "compute"),
    networkNeed(inputs, projectOf(inputs, cloud)),
  ],
  accept: (inputs, cloud) => refuseOverlaps(inputs, cloud),
  // terraform-provider-google, resource_compute_subnetwork.go: a range may grow, never shrink.
  replaceWhen: {
    ipCidrRange: (before, after) =>
      typeof before === "string" && typeof after === "string" && !contains(after, before),
  },
  outputs: (inputs, cloud, id) => ({
    project: projectOf(inputs, cloud),
    region: regionOf(inputs, cloud),
    creationTimestamp: timestamp(cloud),
    fingerprint: cloud.hex(12),
    gatewayAddress: addressAt(text(inputs, "ipCidrRange"), 1),
    ipv6CidrRange: "",
    ipv6GceEndpoint: "",
    selfLink: computeLink(id),
    state: "READY",
    subnetworkId: 0,
    purpose: inputs["purpose"] ?? "PRIVATE",
    stackType: inputs["stackType"] ?? "IPV4_ONLY",
  }),
  updating: (object, news, cloud) => {
    refuseOverlaps(news, cloud, object.id);
    const kept = new Set(rangesOf(news));
    const user = clustersOf(object, cloud)[0];
    const gone = rangesOf(object.properties)
      .slice(1)
      .filter((range) => !kept.has(range));
    if (user && gone[0] !== undefined) throw inUse(`${object.id} range ${gone[0]}`, user.id, "subnetwork");
  },
  blockers: (object, cloud) =>
    [
      ...subnetworkUsers(object, cloud, HIDDEN.forwardingRule),
      ...subnetworkUsers(object, cloud, HIDDEN.instance),
      ...clustersOf(object, cloud),
    ].map((user) => inUse(object.id, user.id, "subnetwork")),
};

function subnetworkUsers(object: CloudObject, cloud: CloudView, kind: string): CloudObject[] {
  const [, project = "", , region = ""] = object.id.split("/");
  return cloud.list(
    kind,
    ({ properties }) => subnetworkId(text(properties, "subnetwork"), project, region) === object.id,
  );
}

function clustersOf(object: CloudObject, cloud: CloudView): CloudObject[] {
  return subnetworkUsers(object, cloud, "gcp:container/cluster:Cluster");
}

const firewall: ResourceModel = {
  type: FIREWALL,
  durations: { create: 11, update: 11, delete: 11, source: COMPUTE_POLL },
  id: (inputs, cloud) => `projects/${projectOf(inputs, cloud)}/global/firewalls/${text(inputs, "name")}`,
  uniqueName: (inputs, cloud) => `${projectOf(inputs, cloud)}:${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`global/firewalls/${text(inputs, "name")}`),
  needs: (inputs, cloud) => [
    ...apiNeeds(cloud, projectOf(inputs, cloud), "compute"),
    networkNeed(inputs, projectOf(inputs, cloud)),
  ],
  outputs: (inputs, cloud, id) => ({
    project: projectOf(inputs, cloud),
    creationTimestamp: timestamp(cloud),
    direction: inputs["direction"] ?? "INGRESS",
    selfLink: computeLink(id),
  }),
};

/** Kind of a Cloud Router; its model is in router.ts. */
export const ROUTER = "gcp:compute/router:Router";

export const networkModels: readonly ResourceModel[] = [network, subnetwork, firewall];
