import type { RecordedResource } from "../../preview/engine";
import { at, numberAt, textAt } from "../../preview/report/query";
import { type Book, regionOf } from "../book";
import { HOURS } from "../model";
import { environmentHour, nodeHours, ownerOf } from "../pools";

/** How disks are called in the price list, and what a GKE node has when nothing is said. */
const DISKS: Readonly<Record<string, string>> = {
  "pd-balanced": "pdBalanced",
  "pd-ssd": "pdSsd",
  "pd-standard": "pdStandard",
  "hyperdisk-balanced": "hyperdiskBalanced",
};

/** The region of a place that may be a zone: `europe-west4-a` is in `europe-west4`. */
export function regionOfPlace(place: string): string {
  return place.replace(/-[a-z]$/, "").toLowerCase();
}

/** Nodes of a pool at least and at most, over all its zones. */
export function poolSize(pool: RecordedResource): { min: number; max: number } {
  const zones = at(pool, "nodeLocations");
  const places = Array.isArray(zones) && zones.length > 0 ? zones.length : 1;
  // Without an autoscaler a pool keeps the nodes it was made with.
  const fixed = numberAt(pool, "nodeCount") ?? numberAt(pool, "initialNodeCount") ?? 0;
  if (at(pool, "autoscaling") === undefined) return { min: fixed * places, max: fixed * places };
  const bound = (total: string, perZone: string) =>
    numberAt(pool, `autoscaling.${total}`) ?? (numberAt(pool, `autoscaling.${perZone}`) ?? 0) * places;
  return { min: bound("totalMinNodeCount", "minNodeCount"), max: bound("totalMaxNodeCount", "maxNodeCount") };
}

/** True when the pool's nodes have no public address of their own. */
export function isPrivate(pool: RecordedResource, book: Book): boolean {
  const own = at(pool, "networkConfig.enablePrivateNodes");
  if (own !== undefined) return own === true;
  const clusters = book.plan.known("gcp:container/cluster:Cluster");
  return clusters.some((cluster) => at(cluster, "privateClusterConfig.enablePrivateNodes") === true);
}

/** Node pools: machines, boot disks, and public addresses where nodes have them. */
export function priceNodePools(of: readonly RecordedResource[], book: Book): void {
  for (const pool of of) {
    const place = textAt(pool, "location");
    const region = place === undefined ? regionOf(book.plan, pool) : regionOfPlace(place);
    const type = textAt(pool, "nodeConfig.machineType") ?? "e2-medium";
    const spot = at(pool, "nodeConfig.spot") === true || at(pool, "nodeConfig.preemptible") === true;
    const owner = ownerOf(pool, "nodeConfig.labels");
    const { min, max } = poolSize(pool);
    const common = { ...owner, of: [pool], cloud: "gcp" as const, region };
    const price = book.add({
      ...common,
      what: `${spot ? "spot nodes" : "nodes"} ${type}`,
      key: `gce.${type}${spot ? ".spot" : ""}`,
      quantity: min * HOURS,
      most: max * HOURS,
      basis: nodeHours(min),
    });
    const kind = textAt(pool, "nodeConfig.diskType") ?? "pd-balanced";
    const size = numberAt(pool, "nodeConfig.diskSizeGb") ?? 100;
    const disk = book.add({
      ...common,
      what: `boot disks ${kind}, GiB`,
      key: `disk.${DISKS[kind] ?? kind}.gb`,
      quantity: min * size,
      most: max * size,
      basis: `${min} × ${size}`,
    });
    if (price && owner.share === "users") {
      const unit = environmentHour(type, price, (disk?.amount ?? 0) * size);
      if (unit) book.units.push(unit);
    }
    if (isPrivate(pool, book)) continue;
    book.add({
      ...common,
      group: "addresses",
      what: `public addresses of nodes ${type}`,
      key: spot ? "ipv4.inUseSpot.hour" : "ipv4.inUse.hour",
      quantity: min * HOURS,
      most: max * HOURS,
      basis: nodeHours(min),
    });
  }
}
