import { isMap, type RecordedResource } from "../preview/engine";
import { at } from "../preview/report/query";
import { HOURS, type CostGroup, type Price, type UnitCost } from "./model";

/** The label that tells the pools apart; the same on both clouds. */
const POOL_LABEL = "cmb.dev/pool";

/** Whose nodes a pool has: those labelled for users are the users', all others the platform's. */
export function ownerOf(
  pool: RecordedResource,
  labels: string,
): { group: CostGroup; share: "platform" | "users" } {
  // The label's name has a dot, so it is no path.
  const found = at(pool, labels);
  const users = found !== undefined && isMap(found) && found[POOL_LABEL] === "users";
  return users ? { group: "user nodes", share: "users" } : { group: "platform nodes", share: "platform" };
}

/** `2 × 730 h`. */
export function nodeHours(count: number): string {
  return `${count} × ${HOURS} h`;
}

/** What an environment asks for when its user chooses nothing: half of a limit of 1 core and 2 GiB. */
export const USUAL_ENVIRONMENT = { cpu: 0.5, memoryGi: 1 } as const;

/** vCPU and GiB of a machine type; undefined for one whose name does not tell. */
export function machineSize(type: string): { cpu: number; memoryGi: number } | undefined {
  const google = /^(e2|n1|n2|n2d|t2d|n4|n4d|c3|c3d|g2)-standard-(\d+)$/.exec(type);
  if (google) return { cpu: Number(google[2]), memoryGi: Number(google[2]) * 4 };
  if (type === "e2-medium") return { cpu: 2, memoryGi: 4 };
  const amazon = /^([a-z]+)\d[a-z-]*\.(medium|large|(\d*)xlarge)$/.exec(type);
  if (!amazon) return undefined;
  const [, family, size, times] = amazon;
  const cpu = size === "medium" || size === "large" ? 2 : 4 * Number(times || 1);
  if (size === "medium") return { cpu, memoryGi: 4 };
  const perCore = { t: 4, m: 4, c: 2, r: 8, g: 4 }[family!];
  return perCore === undefined ? undefined : { cpu, memoryGi: cpu * perCore };
}

/**
 * What one environment adds for an hour: its share of a full node at best, a whole node at worst.
 * What the node itself needs is left out: environments share what remains, some 5 to 15 % less.
 */
export function environmentHour(type: string, node: Price, diskPerMonth: number): UnitCost | undefined {
  const size = machineSize(type);
  if (!size) return undefined;
  const hour = node.amount + diskPerMonth / HOURS;
  const share = Math.max(USUAL_ENVIRONMENT.cpu / size.cpu, USUAL_ENVIRONMENT.memoryGi / size.memoryGi);
  return {
    what: "a user environment",
    unit: "hour",
    least: hour * share,
    most: hour,
    basis:
      `${USUAL_ENVIRONMENT.cpu} CPU and ${USUAL_ENVIRONMENT.memoryGi} GiB on a full ${type} at best, ` +
      "alone on its node at worst",
  };
}
