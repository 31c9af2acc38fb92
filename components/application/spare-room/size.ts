import type { UserVolumes } from "../../user-volumes";
import { mebibytes, milliCores } from "../quantity";

/** What one environment takes of a node. */
export interface Place {
  /** Thousandths of a core. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
}

/**
 * What an environment asks for whose user chooses nothing: half of the application's limits of one core and 2 GiB
 * (CMBAgents/cmbcluster, backend/models.py `cpu_limit`, `memory_limit`; backend/pod_manager.py halves them).
 */
const USUAL_ENVIRONMENT: Place = { cpu: 500, memory: 1024 };

/**
 * The usual environment with what mounts its bucket: a side car where the driver puts one into the pod; nothing where
 * it mounts from a pod of its own, which asks for nothing (mountpoint-s3-csi-driver v2.7.0,
 * pkg/podmounter/mppod/creator.go: requests only where a volume names them).
 */
export function placeOf({ helper }: Pick<UserVolumes, "helper">): Place {
  const beside = helper?.resources.requests;
  return {
    cpu: USUAL_ENVIRONMENT.cpu + (beside ? milliCores(beside.cpu) : 0),
    memory: USUAL_ENVIRONMENT.memory + (beside ? mebibytes(beside.memory) : 0),
  };
}

/**
 * User cores for each place that is kept free: with 15 per cent and half a core a place, 3.33. Whoever counts the
 * cores rounds the places up.
 */
export function coresPerPlace({ cpu }: Place, percent: number): number {
  return Math.round((cpu / 1000 / (percent / 100)) * 100) / 100;
}
