/** An address range and the one TCP port that is meant there. */
export interface NetworkEndpoint {
  readonly cidr: string;
  readonly port: number;
}

/**
 * The network around a cluster, as far as rules between pods have to know it: which addresses are inside, and which
 * of those a pod cannot do without. All of it is known before the network exists.
 *
 * @requirement H5
 */
export interface NetworkFacts {
  /** Everything that is inside: nodes, pods, Services, control plane, and what else the network may hold. */
  readonly internalCidrs: readonly string[];
  /**
   * The API server, under the address that pods dial and under those behind it: some network plugins judge a
   * connection before a Service's address is translated, others after.
   */
  readonly apiServer: readonly NetworkEndpoint[];
  /** Where name servers answer, port 53, besides the pods of cluster DNS; for the same reason. */
  readonly dnsCidrs: readonly string[];
  /**
   * Where a pod of the platform gets its cloud credentials, when that is an address on its own node. Empty where
   * credentials come from the cloud's public API.
   */
  readonly identity: readonly NetworkEndpoint[];
  /**
   * What must be reachable from inside a user's pod, beyond name servers and the internet, for its bucket to be
   * mounted. Whatever stands here user code reaches too. Empty where the mount happens outside the pod.
   */
  readonly bucketMount: readonly NetworkEndpoint[];
}

/**
 * The address at a place in a range, as a range of one: `addressIn("10.8.0.0/20", 10)` is `10.8.0.10/32`. Kubernetes
 * gives its own API the first address of the Services' range, and both clouds give cluster DNS the tenth.
 */
export function addressIn(cidr: string, place: number): string {
  const base = cidr
    .split("/")[0]!
    .split(".")
    .reduce((number, byte) => number * 256 + Number(byte), 0);
  const address = base + place;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".")}/32`;
}
