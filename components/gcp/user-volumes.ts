import type { UserPlacement, UserVolumes } from "../user-volumes";
import { POOL_LABEL } from "./node-pools";

/** The pool of user nodes, and what it asks to be tolerated where it takes nothing else. */
export function userPlacement(dedicated = false): UserPlacement {
  const nodeSelector = { [POOL_LABEL]: "users" };
  const taint = { key: POOL_LABEL, operator: "Equal", value: "users", effect: "NoSchedule" } as const;
  return { nodeSelector, tolerations: dedicated ? [taint] : [] };
}

/**
 * Cloud Storage FUSE mounts the application's inline volumes, from a side car that GKE puts into the pod.
 *
 * The side car comes with 250m CPU, 256Mi memory and 5Gi of disk, as request and limit (gcs-fuse-csi-driver,
 * pkg/webhook/config.go). A file that is written from begin to end passes through blocks of 32 MiB in memory; one
 * that is written in any other way, or beyond the ninth at a time, is first gathered whole on the node's disk, and a
 * pod that goes beyond its limit there is evicted. So: at most eight blocks in memory (256 MiB of a limit of
 * 1 GiB), a disk limit above the largest file that people are expected to edit in place, and a small request, for
 * thirty pods share the disk of a node.
 *
 * @requirement S4
 */
export const userVolumes: UserVolumes = {
  driver: "gcsfuse.csi.storage.gke.io",
  kind: "inline",
  mountOptions: ["implicit-dirs", "uid=1000", "gid=1000", "write-global-max-blocks=8"],
  attributes: {},
  podAnnotations: { "gke-gcsfuse/volumes": "true" },
  helper: {
    container: "gke-gcsfuse-sidecar",
    // Google's own registries (gcs-fuse-csi-driver, pkg/webhook: gke.gcr.io, and a region's Artifact Registry).
    image:
      "^(gke\\.gcr\\.io|gcr\\.io/gke-release|[a-z0-9-]+-artifactregistry\\.gcr\\.io/gke-release/gke-release)" +
      "/gcs-fuse-csi-driver-sidecar-mounter[:@][A-Za-z0-9._:@-]+$",
    volumes: ["gke-gcsfuse-tmp", "gke-gcsfuse-buffer", "gke-gcsfuse-cache"],
    resources: {
      requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "1Gi" },
      limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "20Gi" },
    },
  },
};
