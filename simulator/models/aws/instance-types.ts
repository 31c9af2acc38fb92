/** What an EC2 instance type offers a node. */
export interface InstanceType {
  readonly cpu: number;
  readonly memoryGi: number;
  /** Network interfaces and addresses on each: the CNI's limit on pods. */
  readonly interfaces: number;
  readonly addresses: number;
}

/** GiB of memory a processor, by family of current x86 types: burstable, general, computing, memory (EC2 pages). */
const GIB_A_CPU: Readonly<Record<string, number>> = {
  ...Object.fromEntries(["t3", "t3a", "m5", "m5a", "m6a", "m6i", "m7a", "m7i"].map((family) => [family, 4])),
  ...Object.fromEntries(["c5", "c5a", "c6a", "c6i", "c7a", "c7i"].map((family) => [family, 2])),
  ...Object.fromEntries(["r5", "r5a", "r6a", "r6i", "r7a", "r7i"].map((family) => [family, 8])),
};

/** Processors, interfaces, addresses by size (amazon-vpc-cni-k8s, pkg/vpc/vpc_ip_resource_limit.go). */
const SIZES: Readonly<Record<string, readonly [cpu: number, interfaces: number, addresses: number]>> = {
  large: [2, 3, 10],
  xlarge: [4, 4, 15],
  "2xlarge": [8, 4, 15],
  "4xlarge": [16, 8, 30],
  "8xlarge": [32, 8, 30],
};

/** A type that exists, of the families and sizes that a cluster may use; undefined for any other. */
export function instanceType(name: string): InstanceType | undefined {
  const [family = "", size = ""] = name.split(".");
  const known = SIZES[size];
  const gib = GIB_A_CPU[family];
  if (/^t3a?$/.test(family)) {
    if (size === "medium") return { cpu: 2, memoryGi: 4, interfaces: 3, addresses: 6 };
    if (size === "large") return { cpu: 2, memoryGi: 8, interfaces: 3, addresses: 12 };
    if (!/^2?xlarge$/.test(size)) return undefined;
  }
  if (!known || gib === undefined) return undefined;
  const [cpu, interfaces, addresses] = known;
  return { cpu, memoryGi: cpu * gib, interfaces, addresses };
}

/**
 * Pods that a node holds. One address of each interface is the interface's own, and two pods live on the host's
 * network; with prefixes each address is sixteen, and EKS then caps at 110 below 30 CPUs, 250 above (EKS User Guide,
 * "Choosing an optimal Amazon EC2 node instance type").
 */
export function maxPods(type: InstanceType, prefixes: boolean): number {
  const addresses = type.interfaces * (type.addresses - 1);
  return prefixes ? Math.min(type.cpu > 30 ? 250 : 110, addresses * 16 + 2) : addresses + 2;
}
