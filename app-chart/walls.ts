import { spawnSync } from "node:child_process";
import type { CloudName } from "../components/cmb-cluster";
import { findTool } from "../tools/find-tool";
import { namespace } from "./combinations";
import { networks } from "./networks";
import type { Rendered } from "./render";

/** One end of a connection: a pod by labels and namespace, or an address alone. */
export interface End {
  readonly ip: string;
  readonly pod?: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly namespaceLabels?: Readonly<Record<string, string>>;
  };
}

/** A connection that somebody attempts. */
export interface Attempt {
  readonly from: End;
  readonly to: End;
  readonly port: number;
  readonly protocol?: "TCP" | "UDP";
}

const chart = (component: string) => ({
  "app.kubernetes.io/name": "cmbcluster",
  "app.kubernetes.io/instance": "cmbcluster",
  "app.kubernetes.io/component": component,
});

/** Labels of a user's pod as the application sends them; `app` is text of the user's own. */
const userLabels = (app: string) => ({
  ...{ app, "user-id": "ada-physics-edu", "env-id": "a1b2c3d4" },
  component: "user-pod",
});

/** Who is about, on a cloud: pods of the namespace, pods elsewhere in the cluster, and addresses. */
export function places(cloud: CloudName) {
  const { internalCidrs, apiServer } = networks[cloud];
  const inside = (range: string, last: number) => range.replace(/\d+\/\d+$/, String(last));
  const podRange = cloud === "gcp" ? internalCidrs[1]! : internalCidrs[0]!;
  const pod = (last: number, inNamespace: string, labels: Record<string, string>): End => ({
    ip: inside(podRange, last),
    pod: { namespace: inNamespace, labels },
  });
  return {
    "an environment": pod(20, namespace, userLabels("cmbagent")),
    "another environment": pod(21, namespace, userLabels("traefik")),
    "a pod of unknown labels": pod(22, namespace, { app: "surprise" }),
    "the backend": pod(30, namespace, chart("backend")),
    "the front end": pod(31, namespace, chart("frontend")),
    "the restore drill": pod(32, namespace, chart("restore-drill")),
    "the ingress controller": pod(40, "traefik", { "app.kubernetes.io/name": "traefik" }),
    "another pod beside it": pod(41, "traefik", { "app.kubernetes.io/name": "debug" }),
    "a pod labelled like it": pod(42, "elsewhere", { "app.kubernetes.io/name": "traefik" }),
    "cluster DNS": pod(50, "kube-system", { "k8s-app": "kube-dns" }),
    "another system pod": pod(51, "kube-system", { "k8s-app": "metrics-server" }),
    "a DNS of its own": pod(52, "elsewhere", { "k8s-app": "kube-dns" }),
    "DNS by its address": { ip: networks[cloud].dnsCidrs[0]!.split("/")[0]! },
    "the API server's Service": { ip: apiServer[0]!.cidr.split("/")[0]! },
    "the API server": { ip: inside(apiServer[1]!.cidr, 2) },
    "a node": { ip: inside(internalCidrs[0]!, 9) },
    "another Service": {
      ip: cloud === "gcp" ? inside(internalCidrs[2]!, 77) : inside(internalCidrs[1]!, 77),
    },
    "the metadata server": { ip: "169.254.169.254" },
    "the metadata server on the node": { ip: "169.254.169.252" },
    "the credentials of another agent": { ip: "169.254.170.23" },
    "a private address elsewhere": { ip: "192.168.7.7" },
    "the internet": { ip: "93.184.216.34" },
  } as const satisfies Record<string, End>;
}

/** A name of {@link places}. */
export type Place = keyof ReturnType<typeof places>;

/** May each of the connections come about, under these policies? Both ends must allow it. */
export function allowed(objects: readonly Rendered[], attempts: readonly Attempt[]): boolean[] {
  const tool = findTool("policy-evaluator");
  if ("missing" in tool) throw new Error(tool.missing);
  const end = ({ ip, pod }: End) => ({
    IP: ip,
    Internal: pod && {
      PodLabels: pod.labels,
      NamespaceLabels: { "kubernetes.io/metadata.name": pod.namespace, ...pod.namespaceLabels },
      Namespace: pod.namespace,
    },
  });
  const question = {
    Policies: objects.filter(({ kind }) => kind === "NetworkPolicy"),
    Connections: attempts.map(({ from, to, port, protocol = "TCP" }) => ({
      Source: end(from),
      Destination: end(to),
      ResolvedPort: port,
      ResolvedPortName: "",
      Protocol: protocol,
    })),
  };
  const { status, stdout, stderr } = spawnSync(tool.path, [], {
    input: JSON.stringify(question),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { Egress: boolean; Ingress: boolean }[]).map(
    ({ Egress, Ingress }) => Egress && Ingress,
  );
}
