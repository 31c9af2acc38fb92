import type { CloudView } from "../model";
import { HIDDEN } from "./common";

/** Kind of the object with which a person or a test sets another limit: id `<project>/<region>/<metric>`. */
export const QUOTA = "gcp:hidden/quota";

/**
 * Limits of a project in one region. They differ from account to account and grow with its age; these are of the
 * size that a project with billing starts with. An estimate: the true ones are on the console's quota page.
 */
const LIMITS = { STATIC_ADDRESSES: 8, CPUS: 72 } as const;

/** Name of a limit. */
export type Metric = keyof typeof LIMITS;

/** How much of a thing a project may have in a region. */
export function quotaOf(cloud: CloudView, metric: Metric, project: string, region: string): number {
  const limit = cloud.find(QUOTA, `${project}/${region}/${metric}`)?.properties["limit"];
  return typeof limit === "number" ? limit : LIMITS[metric];
}

/** Processors of all machines that run in a region. */
export function cpusInUse(cloud: CloudView, project: string, region: string): number {
  const zones = `projects/${project}/zones/${region}-`;
  return cloud
    .list(HIDDEN.instance, ({ id }) => id.startsWith(zones))
    .reduce((sum, { properties }) => sum + Number(properties["cpu"] ?? 0), 0);
}
