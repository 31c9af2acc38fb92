import type { KubernetesObject, ListObjects } from "./kubernetes";

/** What is in a cluster that a destroy ends or leaves behind. */
export interface Occupants {
  /** User environments that run or are about to. */
  readonly environments: number;
  /** People they belong to. */
  readonly users: number;
  /** Disks that stay when the cluster goes. */
  readonly disks: readonly KeptDisk[];
}

/** A volume whose class keeps its disk. */
export interface KeptDisk {
  /** Claim it is bound to: `namespace/name`. */
  readonly claim: string;
  /** The cloud's id of the disk. */
  readonly disk: string;
  /** As Kubernetes writes it: `10Gi`. */
  readonly size: string;
}

/** Label that the application puts on each user's pod, with the sanitised mail address in `user-id`. */
const USER_PODS = "component=user-pod";

/** Looks who is there. @throws ClusterSilent when the cluster does not answer */
export async function findOccupants(namespace: string, list: ListObjects): Promise<Occupants> {
  const pods = await list(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(USER_PODS)}`,
  );
  const volumes = await list("/api/v1/persistentvolumes");
  const present = pods.filter(({ status }) => !["Succeeded", "Failed"].includes(String(status?.["phase"])));
  const users = new Set(present.map(({ metadata }) => metadata.labels?.["user-id"] ?? metadata.name));
  return { environments: present.length, users: users.size, disks: volumes.flatMap(keptDisk) };
}

interface VolumeSpec {
  readonly persistentVolumeReclaimPolicy?: string;
  readonly capacity?: { readonly storage?: string };
  readonly claimRef?: { readonly namespace: string; readonly name: string };
  readonly csi?: { readonly driver: string; readonly volumeHandle: string };
}

/** Drivers of disks; a bucket that is mounted as a volume is no disk. */
const DISK_DRIVERS = ["ebs.csi.aws.com", "pd.csi.storage.gke.io"];

function keptDisk({ metadata, spec }: KubernetesObject): KeptDisk[] {
  const volume = (spec ?? {}) as VolumeSpec;
  if (volume.persistentVolumeReclaimPolicy !== "Retain") return [];
  if (!volume.csi || !DISK_DRIVERS.includes(volume.csi.driver)) return [];
  const claim = volume.claimRef ? `${volume.claimRef.namespace}/${volume.claimRef.name}` : metadata.name;
  return [{ claim, disk: volume.csi.volumeHandle, size: volume.capacity?.storage ?? "of unknown size" }];
}
