import type { UserPlacement, UserVolumes } from "../user-volumes";
import { POOL_LABEL } from "./node-groups";

/** Name of the driver of Mountpoint for Amazon S3. */
export const MOUNTPOINT = "s3.csi.aws.com";

/** The group of user nodes; it carries no taint, so a pod elsewhere is the only thing to be prevented. */
export const userPlacement: UserPlacement = { nodeSelector: { [POOL_LABEL]: "users" }, tolerations: [] };

/**
 * Mountpoint for Amazon S3 mounts PersistentVolumes alone: its CSIDriver allows no inline volumes
 * (awslabs/mountpoint-s3-csi-driver#88).
 *
 * - `allow-other`: the mount belongs to the driver's own user, and the pod runs as another
 *   (mountpoint-s3 doc/CONFIGURATION.md, "File and directory permissions").
 * - `allow-delete` as the application asks; `allow-overwrite` beside it, since without it a notebook that was saved
 *   once can never be saved again. Replaced objects stay as versions.
 * - `region`: nodes answer metadata requests within one hop, so the mount cannot ask where it is.
 * - `authenticationSource: driver`: the role of the driver mounts, and pods carry none (`mount-identity.ts`).
 *
 * @requirement S4
 */
export function userVolumes(region: string): UserVolumes {
  return {
    driver: MOUNTPOINT,
    kind: "claim",
    mountOptions: [
      "allow-delete",
      "allow-overwrite",
      "allow-other",
      "uid=1000",
      "gid=1000",
      `region ${region}`,
    ],
    attributes: { authenticationSource: "driver" },
    podAnnotations: {},
  };
}
