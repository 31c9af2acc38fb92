import { z } from "zod";
import type { CmbCluster } from "../cmb-cluster";
import type { PlatformFacts } from "./settings";

const cidr = z.string().regex(/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/);
const endpoints = z.array(z.strictObject({ cidr, port: z.int().min(1).max(65535) }));
const labels = z.record(z.string(), z.string());

/**
 * What the chart's NetworkPolicies are made of: addresses and labels, none of which the chart could know.
 *
 * @requirement H5
 */
export const wallValues = z
  .strictObject({
    notInternet: z
      .array(cidr)
      .min(1)
      .describe("Ranges that are no part of the internet: the network's own, private, link-local, reserved"),
    dns: z
      .strictObject({
        namespace: z.string(),
        pods: z.array(labels).min(1).describe("Labels of the pods that answer, one set each"),
        cidrs: z.array(cidr).min(1).describe("Addresses under which they, or others, answer"),
      })
      .describe("Name servers, which every pod reaches at port 53"),
    apiServer: endpoints.min(1).describe("Where the backend reaches the API server"),
    // The Kubernetes provider passes no empty list on to Helm, and an empty one says the same as none.
    identity: endpoints
      .optional()
      .describe("Where the backend gets its cloud credentials; none: the internet"),
    bucketMount: endpoints
      .optional()
      .describe("What a mount inside a user's pod needs, and user code reaches with it; none on some clouds"),
    ingressController: z
      .strictObject({ namespace: z.string(), pods: labels })
      .describe("The only pods that reach site, API and environments from outside the namespace"),
  })
  .describe("Who may talk to whom; everything else is closed");

/** {@link wallValues}, plain. */
export type WallValues = z.infer<typeof wallValues>;

/** Ranges that no public address lies in (IANA's registry of special-purpose addresses, RFC 6890). */
const SPECIAL = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
] as const;

/**
 * Cluster DNS: CoreDNS of EKS and kube-dns of GKE carry one label, GKE's cache on each node, which with Dataplane V2
 * is a pod to which the Service's address leads, another.
 */
const DNS = {
  namespace: "kube-system",
  pods: [{ "k8s-app": "kube-dns" }, { "k8s-app": "node-local-dns" }],
} as const;

/** The walls' values, all known at plan time. */
export function networkWalls(
  { network }: Pick<CmbCluster, "network">,
  { ingressController }: Pick<PlatformFacts, "ingressController">,
): WallValues {
  return {
    // A network may use public addresses inside: those are not the internet either.
    notInternet: [...new Set([...SPECIAL, ...network.internalCidrs])],
    dns: { ...DNS, pods: DNS.pods.map((pod) => ({ ...pod })), cidrs: [...network.dnsCidrs] },
    apiServer: network.apiServer.map((endpoint) => ({ ...endpoint })),
    identity: network.identity.map((endpoint) => ({ ...endpoint })),
    bucketMount: network.bucketMount.map((endpoint) => ({ ...endpoint })),
    ingressController: {
      namespace: ingressController.namespace,
      pods: { ...ingressController.labels },
    },
  };
}
