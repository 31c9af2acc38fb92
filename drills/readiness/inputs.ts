import { placeOf, type Place } from "../../components/application/spare-room/size";
import type { CloudName } from "../../components/cmb-cluster";
import { userVolumes as onAmazon } from "../../components/aws/user-volumes";
import { userVolumes as onGoogle } from "../../components/gcp/user-volumes";
import { allocatable, EKS_MAX_PODS } from "../../infra/config/capacity/machines";
import { workloads } from "../../infra/config/capacity/workloads";
import { profiles } from "../../infra/config/profiles";

/** A span of seconds, drawn from evenly. */
export type Span = readonly [least: number, most: number];

/**
 * What the drill takes for granted, all in seconds unless said otherwise. Where a figure is nobody's published one it
 * is an assumption, and says so.
 */
export const inputs = {
  /** Environments that are asked for in a minute, one by one (Poisson). */
  arrivalsPerMinute: 20,
  /** Pulling and unpacking an environment's image on a node without it: assumption, some 3 GB on a gp3 disk. */
  pull: 60,
  /** Between two looks of the autoscaler at pods without a node (Cluster Autoscaler, `--scan-interval`). */
  scan: 10,
  /** Between two looks of the cluster-proportional-autoscaler at the nodes (`--poll-period-seconds`). */
  count: 10,
  /** From the order of a node to its being ready. */
  join: { aws: [90, 150], gcp: [60, 120] } as Readonly<Record<CloudName, Span>>,
  /** Kubelet's notice of a pod, its sandbox and address: assumption. */
  sandbox: [1, 2] as Span,
  /**
   * Until the bucket is mounted. Amazon: the mount pod, in the driver's own image, starts and mounts. Google: the side
   * car starts and mounts. Assumptions.
   */
  mount: { aws: [3, 6], gcp: [3, 6] } as Readonly<Record<CloudName, Span>>,
  /** The container that waits for the mount starts, and looks every two seconds (backend/pod_manager.py). */
  wait: [1, 4] as Span,
  /** Start of the environment's own container: assumption. */
  start: [1, 2] as Span,
  /** The application's startup probe: first after ten seconds, then at the next of its looks, every five. */
  probe: { delay: 10, period: 5 },
  /**
   * From the startup probe's success to Ready: the kubelet asks the readiness probe at once (kubernetes v1.35.4,
   * pkg/kubelet/prober: manualTriggerCh), whose initial delay of five seconds is over, and reports within a second.
   */
  report: [0.5, 1.5] as Span,
} as const;

/** User nodes of a cloud, as the drill needs them. */
export interface Shape {
  readonly cloud: CloudName;
  readonly type: string;
  readonly diskGb: number;
  readonly most: number;
  /** Room for environments on a node, beside what runs on every one. */
  readonly room: { readonly cpu: number; readonly memory: number; readonly pods: number };
  /** Cores that the growth counts, which are all that pods may have. */
  readonly cores: number;
  readonly place: Place;
  readonly placesPerNode: number;
}

/** Of CPU and memory what the pod that pulls images takes (components/application/spare-room/pods.ts). */
const IMAGES_POD = { cpu: 10, memory: 32 };

/** The user nodes of profile prod. */
export function shapeOf(cloud: CloudName): Shape {
  const { aws, gcp } = profiles.prod;
  const { diskGb, max } = cloud === "aws" ? aws.nodes.users : gcp.nodes.users;
  const type = cloud === "aws" ? aws.nodes.users.instanceType : gcp.nodes.users.machineType;
  const pods = cloud === "aws" ? EKS_MAX_PODS : gcp.nodes.users.maxPods;
  const whole = allocatable(cloud, type, pods);
  const daemons = workloads(cloud, profiles.prod).filter((each) => each.pods === "each-node");
  const taken = (key: "cpu" | "memory") => daemons.reduce((sum, each) => sum + each[key], 0);
  const room = {
    cpu: whole.cpu - taken("cpu"),
    memory: whole.memory - taken("memory"),
    pods: whole.pods - daemons.length,
  };
  const place = placeOf(cloud === "aws" ? onAmazon("us-east-1") : onGoogle);
  const placesPerNode = Math.floor(
    Math.min(
      (room.cpu - IMAGES_POD.cpu) / place.cpu,
      (room.memory - IMAGES_POD.memory) / place.memory,
      // On Amazon each environment brings a mount pod.
      (room.pods - 1) / (cloud === "aws" ? 2 : 1),
    ),
  );
  return { cloud, type, diskGb, most: max, room, cores: whole.cpu / 1000, place, placesPerNode };
}
