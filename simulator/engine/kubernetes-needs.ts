import { isMap, Secret, type Value, type ValueMap } from "../../preview/engine/values";
import type { Operation, Timeline } from "./timeline";

/** Charts that bring kinds of their own: an object of such a kind is refused before its chart is installed. */
const KINDS_OF_CHARTS: Readonly<Record<string, string>> = {
  "cert-manager.io": "cert-manager",
  "acme.cert-manager.io": "cert-manager",
  "elbv2.k8s.aws": "aws-load-balancer-controller",
  "traefik.io": "traefik",
};

const CLUSTERS = ["aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster"];
const NODES = ["aws:eks/nodeGroup:NodeGroup", "gcp:container/nodePool:NodePool"];
const NAMESPACE = "kubernetes:core/v1:Namespace";
const RELEASE = "kubernetes:helm.sh/v3:Release";

/**
 * URNs of what an object in a cluster cannot do without: the cluster; its namespace, where the program makes it;
 * the chart that brings its kind; for a chart that is waited for, nodes, of which the first that were there do.
 *
 * @param names of charts and namespaces by the URN that made them, added to as operations pass
 * @param hasNodes whether the pool or group of this URN has any: one that begins with none carries no chart
 */
export function kubernetesNeeds(
  { operations }: Timeline,
  type: string,
  properties: ValueMap,
  names: ReadonlyMap<string, string>,
  hasNodes: (urn: string) => boolean = () => true,
): string[] {
  const made = operations.filter(
    ({ kind, end, error }) => kind === "create" && end !== undefined && error === undefined,
  );
  const first = (wanted: (operation: Operation) => boolean): string | undefined =>
    made.filter(wanted).sort((a, b) => a.end! - b.end!)[0]?.urn;
  const namespace = textAt(properties, "metadata", "namespace") ?? textAt(properties, "namespace");
  const group = (textAt(properties, "apiVersion") ?? "").split("/")[0] ?? "";
  const chart = KINDS_OF_CHARTS[group];
  const needs = [
    first((operation) => CLUSTERS.includes(operation.type)),
    namespace && first(({ type: other, urn }) => other === NAMESPACE && names.get(urn) === namespace),
    chart && first(({ type: other, urn }) => other === RELEASE && names.get(urn) === chart),
    type === RELEASE
      ? first((operation) => NODES.includes(operation.type) && hasNodes(operation.urn))
      : undefined,
  ];
  return [...new Set(needs.filter((urn) => urn !== undefined && urn !== ""))] as string[];
}

/** The name under which others refer to what was made: of a namespace its name, of a release its chart. */
export function nameMade(type: string, properties: ValueMap): string | undefined {
  if (type === NAMESPACE) return textAt(properties, "metadata", "name");
  if (type !== RELEASE) return undefined;
  const chart = textAt(properties, "chart");
  return chart?.slice(chart.lastIndexOf("/") + 1);
}

function textAt(map: ValueMap, ...path: readonly string[]): string | undefined {
  let value: Value | undefined = map;
  for (const key of path) {
    const plain: Value | undefined = value instanceof Secret ? value.reveal() : value;
    value = isMap(plain) ? plain[key] : undefined;
  }
  const plain = value instanceof Secret ? value.reveal() : value;
  return typeof plain === "string" ? plain : undefined;
}

/** Whether a node pool or group has nodes, by its properties: what Google shows of a pool, what EKS was asked for. */
export function countsNodes(properties: Readonly<Record<string, unknown>>): boolean {
  const scaling = properties["scalingConfig"] as { readonly desiredSize?: number } | undefined;
  return Number(properties["nodeCount"] ?? scaling?.desiredSize ?? 0) > 0;
}
