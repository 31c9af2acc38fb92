import { addressIn, type NetworkFacts } from "../network-facts";
import type { NetworkArgs } from "./network";

/**
 * GKE's metadata server as pods reach it. Under Dataplane V2 a rule is held against the address that the pod dials,
 * 169.254.169.254 port 80; without it against the one behind it on the node, 169.254.169.252 port 988
 * (cloud.google.com/kubernetes-engine/docs/how-to/workload-identity, network policies; found so on clusters of either
 * kind by gke-labs/kube-agents#747 and #777). Both, since a policy may outlive a change of the data plane.
 *
 * Google's page names 8080 and 987 too: the handshake of ALTS, for clients that speak gRPC by DirectPath
 * (gke-labs/kube-agents#805). Tokens do not come from there, and keeper, Litestream and the bucket driver speak HTTPS:
 * these two stay shut.
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
