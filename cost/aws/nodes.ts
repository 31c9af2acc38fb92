import type { RecordedResource } from "../../preview/engine";
import { at, numberAt, textAt, textsAt } from "../../preview/report/query";
import { type Book, regionOf } from "../book";
import { HOURS, type Price } from "../model";
import { environmentHour, nodeHours, ownerOf } from "../pools";
import { findPrice, spotSaving, spotSource } from "../prices";
import { priceBootDisks } from "./disks";

interface Pool {
  readonly of: RecordedResource[];
  readonly region: string | undefined;
  readonly type: string;
  /** Other types that EKS may take instead. */
  readonly others: readonly string[];
  readonly spot: boolean;
  readonly template: RecordedResource | undefined;
  readonly owner: ReturnType<typeof ownerOf>;
  readonly publicNodes: boolean;
  min: number;
  max: number;
}

/** Managed node groups: machines, their boot disks, their public addresses. Groups alike make one line. */
export function priceNodeGroups(groups: readonly RecordedResource[], book: Book): void {
  const pools = new Map<string, Pool>();
  for (const group of groups) {
    const pool = readGroup(group, book);
    const key = JSON.stringify([
      pool.region,
      pool.type,
      pool.others,
      pool.spot,
      pool.template?.urn,
      pool.owner,
      pool.publicNodes,
    ]);
    const same = pools.get(key);
    if (!same) pools.set(key, pool);
    else {
      same.of.push(group);
      same.min += pool.min;
      same.max += pool.max;
    }
  }
  for (const pool of pools.values()) pricePool(pool, book);
}

function readGroup(group: RecordedResource, book: Book): Pool {
  const template = urnsOf(group, "launchTemplate").map((urn) => book.plan.byUrn(urn))[0];
  const type =
    textsAt(group, "instanceTypes")[0] ?? (template && textAt(template, "instanceType")) ?? "not known";
  const subnets = urnsOf(group, "subnetIds").map((urn) => book.plan.byUrn(urn));
  return {
    of: [group],
    region: regionOf(book.plan, group),
    type,
    others: textsAt(group, "instanceTypes").slice(1),
    spot: textAt(group, "capacityType") === "SPOT",
    template,
    owner: ownerOf(group, "labels"),
    publicNodes: subnets.some((subnet) => subnet && at(subnet, "mapPublicIpOnLaunch") === true),
    min: numberAt(group, "scalingConfig.minSize") ?? 0,
    max: numberAt(group, "scalingConfig.maxSize") ?? 0,
  };
}

function urnsOf(resource: RecordedResource, property: string): readonly string[] {
  return resource.propertyDependencies[property] ?? [];
}

function pricePool(pool: Pool, book: Book): void {
  const { region, type, owner, min, max, of } = pool;
  const price = priceMachines(pool, book);
  const disk = priceBootDisks(pool, book);
  if (price && owner.share === "users") {
    const unit = environmentHour(type, price, disk);
    if (unit) book.units.push(unit);
  }
  if (!pool.publicNodes) return;
  book.add({
    group: "addresses",
    share: owner.share,
    what: `public addresses of nodes ${type}`,
    of,
    cloud: "aws",
    region,
    key: "ipv4.hour",
    quantity: min * HOURS,
    most: max * HOURS,
    basis: nodeHours(min),
  });
}

/**
 * On demand at list price; on spot at what is left of it by the region's average saving, if that is known. Where
 * other types may stand in, the maximum reckons with the dearest of them.
 */
function priceMachines(pool: Pool, book: Book): Price | undefined {
  const { region, type, spot, owner, min, max, of } = pool;
  const saving = spot && region !== undefined ? spotSaving(region, type) : undefined;
  const what = `${spot ? "spot nodes" : "nodes"} ${type}`;
  if (spot && saving === undefined) {
    book.cannotPrice(what, `aws saving of spot ${type} in ${region}`, of, owner.share);
    return undefined;
  }
  const list = region === undefined ? undefined : findPrice("aws", region, `ec2.${type}`);
  const dearest = saving === undefined || !list ? 1 : dearestOf(pool, atSpot(list, saving).amount);
  const words = [
    nodeHours(min),
    ...(saving === undefined ? [] : [`average saving of spot ${Math.round(saving * 100)} %`]),
    ...(dearest > 1 ? [`up to ${dearest.toFixed(2)} times that where another type stands in`] : []),
  ];
  return book.add({
    ...owner,
    what,
    of,
    cloud: "aws",
    region,
    key: `ec2.${type}`,
    quantity: min * HOURS,
    most: max * HOURS * dearest,
    basis: words.join(", "),
    at: saving === undefined ? undefined : (price) => atSpot(price, saving),
  });
}

/** How many times a price the dearest known of the types that may stand in costs; 1 where none is dearer. */
function dearestOf({ region, others }: Pool, amount: number): number {
  const known = others.flatMap((type) => {
    const list = findPrice("aws", region!, `ec2.${type}`);
    const saving = spotSaving(region!, type);
    return list && saving !== undefined ? [atSpot(list, saving).amount / amount] : [];
  });
  return Math.max(1, ...known);
}

/** The list price less the saving, dated as the older of the two. */
function atSpot(list: Price, saving: number): Price {
  const { date, source } = spotSource();
  return {
    ...list,
    key: `${list.key} spot`,
    amount: list.amount * (1 - saving),
    date: list.date !== undefined && list.date < date ? list.date : date,
    source: `${list.source}; ${source}`,
  };
}
