import type { DiskRequest } from "../../kubernetes/types";
import { CloudError, type CloudView } from "../model";
import { CLUSTER } from "./cluster";
import { HIDDEN, putHidden } from "./common";
import { zonesOf } from "./nodes";

const GIB = 2 ** 30;

/** Smallest disks of each type, GiB (Compute Engine, documentation of persistent disks). */
const LEAST: Readonly<Record<string, number>> = { "pd-standard": 10, "pd-balanced": 10, "pd-ssd": 10 };

/**
 * Makes the persistent disk behind a claim, or finds the one of the same volume. It lies in the node's zone and
 * outlives the cluster: what remains of a volume that is not deleted first.
 *
 * @returns the handle as the driver writes it into the volume
 * @throws CloudError for a disk type that is unknown
 */
export function createDisk(cloud: CloudView, clusterId: string, request: DiskRequest): string {
  const [, project = "", , location = ""] = clusterId.split("/");
  const zone = request.zone ?? zonesOf(location, [])[0]!;
  const id = `projects/${project}/zones/${zone}/disks/${request.volume}`;
  const type = request.parameters["type"] ?? "pd-standard";
  const least = LEAST[type];
  if (least === undefined)
    throw new CloudError("invalid", `rpc error: code = InvalidArgument desc = unknown disk type ${type}`);
  if (!cloud.find(CLUSTER, clusterId)) throw new CloudError("notFound", `there is no cluster ${clusterId}`);
  if (!cloud.find(HIDDEN.disk, id))
    putHidden(cloud, HIDDEN.disk, id, {
      cluster: clusterId,
      claim: `${request.claim.namespace}/${request.claim.name}`,
      sizeGb: Math.max(least, Math.ceil(request.bytes / GIB)),
      type,
    });
  return id;
}

/** Takes a disk away; one that is gone is no fault. */
export function deleteDisk(cloud: CloudView, handle: string): void {
  cloud.remove(HIDDEN.disk, handle);
}

/** Disks of claims that exist in a project, whatever became of their cluster. */
export function claimedDisks(cloud: CloudView) {
  return cloud.list(HIDDEN.disk, ({ properties }) => typeof properties["claim"] === "string");
}
