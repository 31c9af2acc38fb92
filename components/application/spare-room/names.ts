/** Label of a pod that holds a node's images, and its value once they are all there. */
export const IMAGES_LABEL = "cmb.dev/images";
export const IMAGES_PULLED = "pulled";

/** Objects of the spare room, in its own namespace. */
export const names = {
  /** Deployment whose pods hold the room. */
  room: "room",
  /** DaemonSet that pulls the images, its account and its rights. */
  images: "images",
  /** What sets how much room is held, its account, rights and parameters. */
  growth: "growth",
} as const;

/** Namespace of an application's spare room: apart, so that its quota and its policies do not count it. */
export function spareRoomNamespace(application: string): string {
  return `${application}-spare-room`;
}

/**
 * Below every pod that says nothing (0), so that an environment takes its place at once; at or above -10, below which
 * the autoscalers add no node for a pod (Cluster Autoscaler FAQ, `expendable-pods-priority-cutoff`; GKE "About cluster
 * autoscaling" names the same -10).
 */
export const ROOM_PRIORITY = -5;

/** Images of the Kubernetes project, from its own registry, which has no limit on downloads. */
export const images = {
  /** Does nothing, in 300 kB (kubernetes v1.35.4, build/dependencies.yaml). */
  pause: "registry.k8s.io/pause:3.10",
  /** Sets a Deployment's size by the cores of the cluster (kubernetes-sigs/cluster-proportional-autoscaler). */
  growth: "registry.k8s.io/cpa/cluster-proportional-autoscaler:v1.10.3",
} as const;
