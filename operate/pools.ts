import type { ResourceState } from "./plan";
import type { Place, RecordedCluster } from "./state";

/** A node pool or node group and the sizes it has while awake. */
export interface Pool {
  /** Whose pods it is for, by its label. */
  readonly role: "system" | "users";
  /** Name in its cloud. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

type Inputs = Readonly<Record<string, unknown>>;

const POOLS = {
  aws: "aws:eks/nodeGroup:NodeGroup",
  gcp: "gcp:container/nodePool:NodePool",
} as const;

/** Label that tells the pools apart, the same on both clouds (components/<cloud>/node-*.ts). */
const POOL_LABEL = "cmb.dev/pool";

/**
 * The pools among resources, of a state or of a plan; those for users first, whose pods end before what they work
 * with.
 */
export function poolsOf(
  cloud: Place["cloud"],
  resources: readonly Pick<ResourceState, "type" | "inputs">[],
): Pool[] {
  return resources
    .filter(({ type }) => type === POOLS[cloud])
    .map(({ inputs = {} }) => (cloud === "aws" ? nodeGroup(inputs) : nodePool(inputs)))
    .sort((a, b) => (a.role === b.role ? 0 : a.role === "users" ? -1 : 1));
}

function nodeGroup(inputs: Inputs): Pool {
  const { maxSize, minSize } = block(inputs["scalingConfig"]);
  return {
    role: roleOf(inputs["labels"]),
    name: String(inputs["nodeGroupName"]),
    min: Number(minSize),
    max: Number(maxSize),
  };
}

/** A pool that sleeps has no autoscaler, and so no bounds. */
function nodePool(inputs: Inputs): Pool {
  const { totalMaxNodeCount = 0, totalMinNodeCount = 0 } = block(inputs["autoscaling"]);
  return {
    role: roleOf(block(inputs["nodeConfig"])["labels"]),
    name: String(inputs["name"]),
    min: Number(totalMinNodeCount),
    max: Number(totalMaxNodeCount),
  };
}

const block = (value: unknown): Inputs => (value ?? {}) as Inputs;
const roleOf = (labels: unknown): Pool["role"] =>
  block(labels)[POOL_LABEL] === "users" ? "users" : "system";

/** A command line: program and words. */
export type Command = readonly [string, ...string[]];

/** Where the pools are, for the command-line tools of the clouds. */
export interface PoolPlace {
  readonly place: Place;
  readonly cluster: RecordedCluster;
}

/** Gives a group of EKS its bounds and its size. */
export function resizeGroup(
  { place, cluster }: PoolPlace,
  { max, name }: Pool,
  min: number,
  size: number,
): Command {
  const scaling = `minSize=${min},maxSize=${max},desiredSize=${size}`;
  return [
    "aws",
    "eks",
    "update-nodegroup-config",
    ...group(place, cluster, name),
    "--scaling-config",
    scaling,
  ];
}

/** Waits until EKS has done what it was told; at most 40 minutes. */
export function awaitGroup({ place, cluster }: PoolPlace, { name }: Pool): Command {
  return ["aws", "eks", "wait", "nodegroup-active", ...group(place, cluster, name)];
}

/** The size that a group wishes to have. */
export function askGroup({ place, cluster }: PoolPlace, { name }: Pool): Command {
  const query = ["--query", "nodegroup.scalingConfig.desiredSize", "--output", "text"];
  return ["aws", "eks", "describe-nodegroup", ...group(place, cluster, name), ...query];
}

function group({ region }: Place, cluster: RecordedCluster, name: string): string[] {
  return ["--cluster-name", cluster.name, "--nodegroup-name", name, "--region", region];
}

/** Takes a pool of GKE from the autoscaler, which is not in the cluster and would not sleep. */
export function takeFromAutoscaler(where: PoolPlace, { name }: Pool): Command {
  return update(where, ["--no-enable-autoscaling", "--node-pool", name]);
}

/** Drains and deletes all nodes of a pool. */
export function emptyPool({ place, cluster }: PoolPlace, { name }: Pool): Command {
  const size = ["--node-pool", name, "--num-nodes", "0"];
  return ["gcloud", "container", "clusters", "resize", cluster.name, ...size, ...at(place, cluster)];
}

/** Gives a pool back to the autoscaler, which brings nodes for the pods that wait. */
export function giveToAutoscaler(where: PoolPlace, { max, min, name, role }: Pool): Command {
  const bounds = ["--total-min-nodes", String(min), "--total-max-nodes", String(max)];
  const policy = ["--location-policy", role === "system" ? "BALANCED" : "ANY"];
  return update(where, ["--enable-autoscaling", "--node-pool", name, ...bounds, ...policy]);
}

function update({ place, cluster }: PoolPlace, words: readonly string[]): Command {
  return ["gcloud", "container", "clusters", "update", cluster.name, ...words, ...at(place, cluster)];
}

function at({ account }: Place, { location }: RecordedCluster): string[] {
  return ["--location", location, "--project", account, "--quiet"];
}
