import { copyResources } from "../../../components/application/database-values";
import { mebibytes, milliCores } from "../../../components/application/quantity";
import type { CloudName } from "../../../components/cmb-cluster";
import { kyvernoRequests } from "../../../components/platform/kyverno-values";
import type { CommonSettings } from "../settings";

/** Pods of one kind and what each of them requests. */
export interface Workload {
  readonly name: string;
  /** Thousandths of a processor a pod. */
  readonly cpu: number;
  /** MiB a pod. */
  readonly memory: number;
  /** How many, or one on every node. */
  readonly pods: number | "each-node";
  /** True where a new version's pod is placed before an old one goes. */
  readonly rolls?: boolean;
}

const pod = (name: string, cpu: number, memory: number, pods: Workload["pods"] = 1): Workload => ({
  name,
  cpu,
  memory,
  pods,
});

/**
 * What every EKS cluster of this program runs. Requests after the charts of the projects: aws-vpc-cni v1.22.4
 * (25m each for CNI and policy agent), aws-ebs-csi-driver v1.63.1 (10m and 40 MiB a container: six in the controller,
 * three on the node), mountpoint-s3-csi-driver v2.7.0 (10m and 40 MiB on the node, nothing asked by the
 * controller); coredns, kube-proxy and metrics-server as EKS installs them (two, one a node, two). Autoscaler and
 * load balancer controller as `components/aws/controllers.ts` sets them, which `stacks/capacity.test.ts` watches.
 */
const onEks: readonly Workload[] = [
  pod("aws-node", 50, 0, "each-node"),
  pod("kube-proxy", 100, 0, "each-node"),
  pod("ebs-csi-node", 30, 120, "each-node"),
  pod("s3-csi-node", 10, 40, "each-node"),
  pod("coredns", 100, 70, 2),
  pod("ebs-csi-controller", 60, 240, 2),
  pod("s3-csi-controller", 0, 0),
  pod("metrics-server", 100, 200, 2),
  pod("cluster-autoscaler", 50, 300),
  pod("aws-load-balancer-controller", 50, 128, 2),
];

/**
 * What every GKE cluster of this program runs. Google publishes no list: requests as clusters of others showed them
 * (cryptnono/cryptnono#34 on GKE 1.29; 2i2c-org/infrastructure, daemonset_requests.yaml, on 1.27). Of `anetd`, which
 * is Dataplane V2, and of the bucket driver no such list was found: theirs are guesses on the high side.
 */
const onGke: readonly Workload[] = [
  pod("anetd (guess)", 220, 320, "each-node"),
  pod("fluentbit-gke", 105, 230, "each-node"),
  pod("gke-metadata-server", 100, 100, "each-node"),
  pod("gke-metrics-agent", 6, 100, "each-node"),
  pod("pdcsi-node", 10, 20, "each-node"),
  pod("gcsfusecsi-node (guess)", 10, 50, "each-node"),
  pod("netd", 2, 30, "each-node"),
  pod("kube-dns", 270, 110, 2),
  pod("kube-dns-autoscaler", 20, 10),
  pod("konnectivity-agent", 15, 60, 3),
  pod("konnectivity-agent-autoscaler", 10, 10),
  pod("metrics-server", 48, 105),
  pod("event-exporter-gke", 0, 0),
  pod("l7-default-backend", 10, 20),
];

const beside = [copyResources.litestream.requests, copyResources.keeper.requests];
const sum = <T>(parts: readonly T[], of: (part: T) => number) =>
  parts.reduce((all, part) => all + of(part), 0);

/** What the program itself puts on any cluster: `components/platform`, `components/application`, `app-chart`. */
function ofProgram({
  admission,
  backend,
  environments,
  frontend,
  ingress,
}: WorkloadSettings): readonly Workload[] {
  return [
    // Ends before its successor starts: its volume has one writer. With what copies its database beside it.
    pod(
      "backend",
      milliCores(backend.cpu) + sum(beside, ({ cpu }) => milliCores(cpu)),
      mebibytes(backend.memory) + sum(beside, ({ memory }) => mebibytes(memory)),
    ),
    { ...pod("frontend", 100, 512, frontend.minReplicas), rolls: true },
    { ...pod("traefik", milliCores(ingress.cpu), mebibytes(ingress.memory), ingress.replicas), rolls: true },
    pod("cert-manager", 20, 96),
    pod("cert-manager-webhook", 10, 48),
    pod("cert-manager-cainjector", 10, 96),
    { ...kyverno("admission", admission?.replicas ?? 1), rolls: true },
    kyverno("background"),
    kyverno("cleanup"),
    // Sets how much room is held for environments, where some is.
    ...(environments && environments.spare.least > 0 ? [pod("growth", 10, 32)] : []),
  ];
}

function kyverno(controller: keyof typeof kyvernoRequests, pods = 1): Workload {
  const { cpu, memory } = kyvernoRequests[controller];
  return pod(`kyverno-${controller}`, milliCores(cpu), mebibytes(memory), pods);
}

/** The settings that decide how much runs. */
export interface WorkloadSettings {
  readonly backend: Pick<CommonSettings["backend"], "cpu" | "memory">;
  readonly frontend: Pick<CommonSettings["frontend"], "minReplicas">;
  readonly ingress: CommonSettings["ingress"];
  /** Absent: one pod. */
  readonly admission?: CommonSettings["admission"];
  /** Absent: no room is held. */
  readonly environments?: Pick<CommonSettings["environments"], "spare">;
}

/** Everything that runs besides user environments, where there is no load. */
export function workloads(cloud: CloudName, settings: WorkloadSettings): readonly Workload[] {
  return [...(cloud === "aws" ? onEks : onGke), ...ofProgram(settings)];
}
