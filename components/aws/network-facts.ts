import { addressIn, type NetworkFacts } from "../network-facts";

/** Ranges of a cluster's network. */
export interface NetworkRanges {
  /** Range of the whole VPC, nodes and pods in it. */
  readonly cidr: string;
  readonly servicesCidr: string;
  /** Subnets in which the control plane has its network interfaces. */
  readonly privateCidrs: readonly string[];
}

/**
 * What rules between pods have to know of an EKS cluster. The VPC CNI's agent judges a connection where it leaves the
 * pod, before a Service's address is translated (amazon-network-policy-controller-k8s, pkg/resolvers/endpoints.go:
 * getMatchingServiceClusterIPs), so Services of Kubernetes' own appear by address.
 *
 * The control plane's own addresses lie somewhere in the private subnets, where the agent never sees them as a
 * destination; they stand here for a plugin that would. It lets the backend dial port 443 of pods and nodes in these
 * subnets, at which nothing of the platform listens.
 *
 * Nobody needs instance metadata: pods exchange a token for credentials at STS, by the internet, and buckets are
 * mounted by pods of the driver.
 */
export function networkFacts({ cidr, servicesCidr, privateCidrs }: NetworkRanges): NetworkFacts {
  return {
    internalCidrs: [cidr, servicesCidr],
    apiServer: [addressIn(servicesCidr, 1), ...privateCidrs].map((range) => ({ cidr: range, port: 443 })),
    dnsCidrs: [addressIn(servicesCidr, 10)],
    identity: [],
    bucketMount: [],
  };
}
