import { Secret, type Value, type ValueMap } from "../../preview/engine/values";
import type { OperationKind } from "./timeline";

/**
 * Virtual seconds of what is done in a real cluster, where images are pulled, probes pass and webhooks answer. All
 * of them are estimates: published installation logs give two figures at most for each of these charts.
 */
const RELEASES: Readonly<Record<string, number>> = {
  "cert-manager": 60,
  traefik: 45,
  "aws-load-balancer-controller": 45,
  "cluster-autoscaler": 30,
};
/** A chart that nobody timed: its pods pull images and become ready. */
const OTHER_RELEASE = 60;
const REMOVED_RELEASE = 20;

/** Plain objects are accepted at once; a deleted namespace waits until everything in it is gone. */
const OBJECT = 1;
const REMOVED: Readonly<Record<string, number>> = { "kubernetes:core/v1:Namespace": 15 };

/** How long an operation on a Kubernetes resource would take in a real cluster. */
export function kubernetesSeconds(type: string, kind: OperationKind, properties: ValueMap): number {
  if (type === "kubernetes:helm.sh/v3:Release") {
    if (kind === "delete") return REMOVED_RELEASE;
    return RELEASES[chartOf(properties["chart"])] ?? OTHER_RELEASE;
  }
  return kind === "delete" ? (REMOVED[type] ?? OBJECT) : OBJECT;
}

/** A chart's name, however it is referred to: a name, a path, an OCI address. */
function chartOf(chart: Value | undefined): string {
  const text = chart instanceof Secret ? chart.reveal() : chart;
  return typeof text === "string" ? text.slice(text.lastIndexOf("/") + 1) : "";
}
