import type { CmbCluster } from "../../cmb-cluster";
import { BACKEND_SERVICE_ACCOUNT, USER_SERVICE_ACCOUNT } from "../../naming";
import type { PulledNodes } from "../spare-room";

/** What the policies are written from: plain values, known at plan time. */
export interface AdmissionFacts {
  readonly cluster: Pick<CmbCluster, "userVolumes" | "userPlacement" | "registry" | "dns">;
  /** The application's namespace: nothing outside it is looked at. */
  readonly namespace: string;
  /**
   * Registries, repositories or single images that environments may run, as they begin in a reference written out in
   * full: `docker.io/library/ubuntu`, never `ubuntu`.
   */
  readonly images: readonly string[];
  /** The nodes that have an environment's images, where spare room is kept: environments go to no others. */
  readonly pulledNodes?: PulledNodes;
}

/** The one requester whose pods are mended; nobody can ask as it without the backend's token. */
export function backendUser(namespace: string): string {
  return `system:serviceaccount:${namespace}:${BACKEND_SERVICE_ACCOUNT}`;
}

/** Account of the pods, fixed in the program. */
export const USER_ACCOUNT = USER_SERVICE_ACCOUNT;

/** Name that both mounts of the application's pod say, and that its volume should have. */
export const WORKSPACE = "user-workspace";

/** Name that the application gives the volume instead (CMBAgents/cmbcluster, backend/cloud_providers). */
export const WORKSPACE_AS_SENT = "user-workspace-fuse";

/** Volume of the files that a user has uploaded to be kept secret. */
export const FILES = "user-files";

/** Init container of the application's pod, which waits until the bucket is mounted. */
export const WAITING = "wait-for-mount";

/** Annotation that says which bucket a pod was mended for. */
export const BUCKET_ANNOTATION = "cmb.dev/bucket";

/** Annotation with the hash of the owner, in which every bucket of a user's carries in its name. */
export const OWNER_ANNOTATION = "cmb.dev/owner";

/** Label of the volumes and claims that are made for user pods. */
export const VOLUME_LABEL = "cmb.dev/user-volume";

/** User and group of every container of an environment, as the application sends them. */
export const USER_ID = 1000;

/**
 * Local disk of an environment: what it asks for, and where it is evicted. Beside the bucket a pod writes to its own
 * layer and to `/tmp`, which lie on the node's disk, shared with everybody on the node.
 */
export const localDisk = { request: "1Gi", limit: "10Gi" } as const;
