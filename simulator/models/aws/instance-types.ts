/** What an EC2 instance type offers a node. */
export interface InstanceType {
  readonly cpu: number;
  readonly memoryGi: number;
  /** Network interfaces and addresses on each: the CNI's limit on pods. */
  readonly interfaces: number;
  readonly addresses: number;
}

/**
 * Instance types: of the profiles, and their neighbours. CPU and memory: EC2 instance types pages; interfaces and
 * addresses: amazon-vpc-cni-k8s, pkg/vpc/vpc_ip_resource_limit.go.
 */
export const instanceTypes: Readonly<Record<string, InstanceType>> = {
  "t3.medium": { cpu: 2, memoryGi: 4, interfaces: 3, addresses: 6 },
  "t3.large": { cpu: 2, memoryGi: 8, interfaces: 3, addresses: 12 },
  "t3.xlarge": { cpu: 4, memoryGi: 16, interfaces: 4, addresses: 15 },
  "t3.2xlarge": { cpu: 8, memoryGi: 32, interfaces: 4, addresses: 15 },
  "m5.large": { cpu: 2, memoryGi: 8, interfaces: 3, addresses: 10 },
  "m5.xlarge": { cpu: 4, memoryGi: 16, interfaces: 4, addresses: 15 },
  "m5.2xlarge": { cpu: 8, memoryGi: 32, interfaces: 4, addresses: 15 },
  "m6i.large": { cpu: 2, memoryGi: 8, interfaces: 3, addresses: 10 },
  "m6i.xlarge": { cpu: 4, memoryGi: 16, interfaces: 4, addresses: 15 },
  "m6i.2xlarge": { cpu: 8, memoryGi: 32, interfaces: 4, addresses: 15 },
  "m6i.4xlarge": { cpu: 16, memoryGi: 64, interfaces: 8, addresses: 30 },
  "m7i.large": { cpu: 2, memoryGi: 8, interfaces: 3, addresses: 10 },
  "m7i.xlarge": { cpu: 4, memoryGi: 16, interfaces: 4, addresses: 15 },
  "m7i.2xlarge": { cpu: 8, memoryGi: 32, interfaces: 4, addresses: 15 },
  "c6i.xlarge": { cpu: 4, memoryGi: 8, interfaces: 4, addresses: 15 },
  "c6i.2xlarge": { cpu: 8, memoryGi: 16, interfaces: 4, addresses: 15 },
  "r6i.large": { cpu: 2, memoryGi: 16, interfaces: 3, addresses: 10 },
  "r6i.xlarge": { cpu: 4, memoryGi: 32, interfaces: 4, addresses: 15 },
  "r6i.2xlarge": { cpu: 8, memoryGi: 64, interfaces: 4, addresses: 15 },
};

/**
 * Pods that a node holds. One address of each interface is the interface's own, and two pods live on the host's
 * network; with prefixes each address is sixteen, and EKS then caps at 110 below 30 CPUs, 250 above (EKS User Guide,
 * "Choosing an optimal Amazon EC2 node instance type").
 */
export function maxPods(type: InstanceType, prefixes: boolean): number {
  const addresses = type.interfaces * (type.addresses - 1);
  return prefixes ? Math.min(type.cpu > 30 ? 250 : 110, addresses * 16 + 2) : addresses + 2;
}
