import { addressIn, type NetworkFacts } from "../network-facts";
import type { NetworkArgs } from "./network";

/**
 * GKE's metadata server as pods reach it under Dataplane V2: by its address, and by the one behind it on the node
 * (cloud.google.com/kubernetes-engine/docs/how-to/workload-identity, "network policy": 169.254.169.254 port 80 with
 * Dataplane V2, 169.254.169.252 port 988 without; a node may have either while it is upgraded).
 */
const METADATA = [
  { cidr: "169.254.169.254/32", port: 80 },
  { cidr: "169.254.169.252/32", port: 988 },
] as const;

/** NodeLocal DNSCache, which GKE turns on by itself in newer versions. */
const NODE_LOCAL_DNS = "169.254.20.10/32";

/**
 * What rules between pods have to know of a GKE cluster. User pods reach the metadata server, because the side car
 * that mounts their bucket runs inside them and fetches its token there: so does user code, which is why the account
 * behind that token may do nothing but mount (`workload-iam.ts`).
 */
export function networkFacts(
  ranges: Pick<NetworkArgs, "nodesCidr" | "podsCidr" | "servicesCidr" | "controlPlaneCidr">,
): NetworkFacts {
  const { nodesCidr, podsCidr, servicesCidr, controlPlaneCidr } = ranges;
  return {
    internalCidrs: [nodesCidr, podsCidr, servicesCidr, controlPlaneCidr],
    apiServer: [
      { cidr: addressIn(servicesCidr, 1), port: 443 },
      { cidr: controlPlaneCidr, port: 443 },
    ],
    dnsCidrs: [addressIn(servicesCidr, 10), NODE_LOCAL_DNS],
    identity: METADATA,
    bucketMount: METADATA,
  };
}
