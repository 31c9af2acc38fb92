import type { Toleration } from "./cmb-cluster";

/** Nodes that user environments run on, as a pod asks for them. */
export interface UserPlacement {
  /** Labels of these nodes. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** What has to be tolerated on them; empty where they take every pod. */
  readonly tolerations: readonly Toleration[];
}

/** CPU, memory and local disk, as Kubernetes writes them. */
export interface HelperAmounts {
  readonly cpu: string;
  readonly memory: string;
  readonly "ephemeral-storage": string;
}

/**
 * How the bucket of a user gets into the pod of the user's environment on this cloud: what of the pod that the
 * application sends has to be changed for it, and what else is found in it then.
 *
 * The application asks for an inline volume on every cloud (CMBAgents/cmbcluster, backend/cloud_providers,
 * `get_fuse_volume_spec`). A driver that mounts inline volumes gets it with the options below; for one that does not,
 * a PersistentVolume and a claim are made for each pod.
 */
export interface UserVolumes {
  /** Name of the CSI driver. */
  readonly driver: string;
  /** `inline`: the pod names the bucket itself. `claim`: it names a claim, and a volume made for it the bucket. */
  readonly kind: "inline" | "claim";
  /** Options of the mount, in the place and order in which the driver reads them; nothing a request brings is kept. */
  readonly mountOptions: readonly string[];
  /** Further attributes of the volume, beside the bucket's name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Annotations that the driver wants to find on the pod. */
  readonly podAnnotations: Readonly<Record<string, string>>;
  /** The container that the driver puts into the pod for each mount; absent where it mounts from outside. */
  readonly helper?: MountHelper;
}

/** A container that is put into each pod by the cloud. */
export interface MountHelper {
  readonly container: string;
  /** Regular expression (RE2) that its image matches, whole. */
  readonly image: string;
  /** Names of its volumes, each an empty directory. */
  readonly volumes: readonly string[];
  /**
   * What it may use. The webhook that adds it is asked before any of ours, so annotations would come too late: these
   * are written into the container.
   */
  readonly resources: { readonly requests: HelperAmounts; readonly limits: HelperAmounts };
}
