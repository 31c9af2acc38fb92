import type { CloudObject } from "../models/model";
import { VOLUME } from "../models/aws/instances";
import { isMap, type ValueMap } from "../../preview/engine/values";
import { countsNodes } from "./kubernetes-needs";
import type { Store, Stored } from "./store";

/** Something without which a namespace that is being deleted never ends. */
export interface EndNeed {
  /** Whether it is there. */
  readonly there: boolean;
  /** What made it: that has to be deleted later. */
  readonly urn?: string;
  /** What the API server, or a kubelet, goes on saying. */
  readonly message: string;
}

const ADDON = "aws:eks/addon:Addon";
const NODES = ["aws:eks/nodeGroup:NodeGroup", "gcp:container/nodePool:NodePool"];
const GOOGLE = "gcp:container/cluster:Cluster";
const CLAIMED_IN = "kubernetes.io/created-for/pvc/namespace";

/** Seconds for which the Kubernetes provider waits for a deletion (pulumi-kubernetes v4.34.2, await.go). */
export const DELETE_TIMEOUT = 600;

/**
 * What the end of a namespace needs beside the API server. Two things keep namespaces of real clusters `Terminating`
 * for ever: an aggregated API whose server runs nowhere any more, since the namespace controller has to ask every API
 * what of its kinds is left (kubernetes/kubernetes#60807: GKE brings the metrics server with each cluster, EKS as an
 * add-on), and pods with volumes of a driver that is gone from their node, which the kubelet cannot unmount.
 */
export function needsToEnd(store: Store, namespace: string): readonly EndNeed[] {
  const living = (kind: string) =>
    store.ofKind(kind).filter(({ object }) => !["deleting", "failed"].includes(object.status));
  const addon = (name: string) => living(ADDON).find(({ object }) => object.properties["addonName"] === name);
  const needs: EndNeed[] = [];
  if (living(GOOGLE).length > 0 || addon("metrics-server"))
    needs.push({
      ...present(NODES.flatMap(living).filter(({ object }) => countsNodes(object.properties))),
      message:
        "NamespaceDeletionDiscoveryFailure: Discovery failed for some groups, 1 failing: unable to retrieve the complete " +
        "list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1",
    });
  if (store.ofKind(VOLUME).some(({ object }) => claimedIn(object) === namespace))
    needs.push({
      ...present([addon("aws-ebs-csi-driver")].filter((found) => found !== undefined)),
      message:
        "NamespaceContentRemaining: pods has 1 resource instances: UnmountVolume.NewUnmounter failed: driver name " +
        "ebs.csi.aws.com not found in the list of registered CSI drivers",
    });
  return needs;
}

/** The name of the namespace in a request about one. */
export function namespaceName(properties: ValueMap): string {
  const { metadata } = properties;
  const name = isMap(metadata) ? metadata["name"] : undefined;
  return typeof name === "string" ? name : "";
}

function present(found: readonly Stored[]): Pick<EndNeed, "there" | "urn"> {
  const first = [...found].sort((a, b) => a.object.createdAt - b.object.createdAt)[0];
  return { there: first !== undefined, urn: first?.urn };
}

function claimedIn({ properties }: CloudObject): unknown {
  const tags = properties["tags"];
  return isMap(tags) ? (tags as Record<string, unknown>)[CLAIMED_IN] : undefined;
}
