import type { CloudName } from "../../../components/cmb-cluster";

/** What pods of one node may request together. */
export interface Room {
  /** Thousandths of a processor. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly pods: number;
}

/** Pods EKS gives a node with less than 30 processors whose network add-on hands out prefixes (EKS user guide). */
export const EKS_MAX_PODS = 110;

/** Processors and GiB of the sizes of `t3`, `t3a`, `m5`, `m6a`, `m6i` and `m7i`; of the last four, from large on. */
const ec2Sizes: Readonly<Record<string, readonly [cpus: number, gib: number]>> = {
  medium: [2, 4],
  large: [2, 8],
  xlarge: [4, 16],
  "2xlarge": [8, 32],
  "4xlarge": [16, 64],
};

/**
 * Part of the memory on the label that firmware and kernel keep, so that Kubernetes never sees it. Karpenter reckons
 * with the same part for every type (`VM_MEMORY_OVERHEAD_PERCENT`, default 0.075); real nodes keep rather less.
 */
const MEMORY_UNSEEN = 0.075;

/** MiB below which a node evicts pods: the kubelet's setting on both clouds. */
const EVICTION = 100;

/** Processors and GiB of a machine type; undefined for one that is not in the tables. */
function size(cloud: CloudName, type: string): readonly [cpus: number, gib: number] | undefined {
  if (cloud === "aws") {
    const [family, ec2Size] = type.split(".");
    if (ec2Size === "medium" && !family!.startsWith("t")) return undefined;
    return /^(t3a?|m5a?|m6[ai]|m7i)$/.test(family!) ? ec2Sizes[ec2Size!] : undefined;
  }
  const cpus = Number(/^(?:e2|n2|n2d|t2d)-standard-(\d+)$/.exec(type)?.[1]);
  return Number.isNaN(cpus) ? undefined : [cpus, cpus * 4];
}

/** A part of each step of a size: 0.06 of the first processor, 0.01 of the second, and so on. */
function parts(whole: number, steps: readonly (readonly [width: number, part: number])[]): number {
  let left = whole;
  return steps.reduce((sum, [width, part]) => {
    const here = Math.min(left, width);
    left -= here;
    return sum + here * part;
  }, 0);
}

/** Processor time kept for kubelet and runtime, the same formula on both clouds. */
const cpuReserved = (cpus: number) =>
  parts(cpus, [
    [1, 60],
    [1, 10],
    [2, 5],
    [Infinity, 2.5],
  ]);

/** MiB that GKE keeps (GKE, "Plan node sizes"): a quarter of the first 4 GiB, and less of every further step. */
const gkeMemoryReserved = (gib: number) =>
  1024 *
  parts(gib, [
    [4, 0.25],
    [4, 0.2],
    [8, 0.1],
    [112, 0.06],
    [Infinity, 0.02],
  ]);

/** MiB that EKS keeps (awslabs/amazon-eks-ami, nodeadm/internal/kubelet/config.go). */
const eksMemoryReserved = (maxPods: number) => 11 * maxPods + 255;

/**
 * What a node of a type has for pods, before any of them. An estimate, on the low side.
 *
 * @throws for a type whose size is not known here
 */
export function allocatable(cloud: CloudName, type: string, maxPods: number): Room {
  const known = size(cloud, type);
  if (!known) throw new Error(`${type}: size not known`);
  const [cpus, gib] = known;
  const seen = gib * 1024 * (1 - MEMORY_UNSEEN);
  const reserved = cloud === "aws" ? eksMemoryReserved(maxPods) : gkeMemoryReserved(gib);
  return {
    cpu: Math.floor(cpus * 1000 - cpuReserved(cpus)),
    memory: Math.floor(seen - reserved - EVICTION),
    pods: maxPods,
  };
}
