import { findPrice } from "../cost/prices";
import { holdingOfState } from "./judge";
import { nameOf, type ResourceState } from "./plan";
import type { State } from "./pulumi";
import { living, type Place } from "./state";

/** What a kept thing goes on costing, at list prices without tax. */
export interface UpkeepPrice {
  /** US$ for one {@link unit}. */
  readonly amount: number;
  /** `month` for what it costs by being there, else `GB-month` and the like. */
  readonly unit: string;
  /** US$ a month, where the quantity is known. */
  readonly monthly?: number;
}

/** A thing that is kept on purpose. */
export interface KeptThing {
  /** What it is to people: `objects`, `the delegation of the domain`. */
  readonly holds: string;
  /** Name in the cloud, or logical name of what is in the state alone. */
  readonly name: string;
  readonly type: string;
  /** `state`: the next `up` of the stack goes on with it. `cloud`: the next `up` finds it by its name, or nobody does. */
  readonly where: "state" | "cloud";
  /** Absent for what costs nothing, or nothing by itself. */
  readonly price?: UpkeepPrice;
  /** What becomes of it, where that is not self-evident. */
  readonly note?: string;
}

/** What is kept in the state: things of their own, and what only belongs to them. */
export interface KeptInState {
  readonly things: readonly KeptThing[];
  /** Settings that keep them whole: a bucket's versioning, policy, encryption. */
  readonly settings: number;
  /** Logical names of what stays only because a kept thing was made from it. */
  readonly dragged: readonly string[];
  /** How many resources a destroy ends; 0 after one. */
  readonly going: number;
}

/** Price keys of cost/prices by type: what it costs to be there, or by how much is in it. */
const PRICES: Readonly<Record<string, readonly [key: string, unit: string]>> = {
  "aws:kms/key:Key": ["kms.key.month", "month"],
  "aws:route53/zone:Zone": ["route53.zone.month", "month"],
  "aws:secretsmanager/secret:Secret": ["secretsManager.secret.month", "month"],
  "aws:s3/bucket:Bucket": ["s3.standard.gb", "GB-month"],
  "aws:cloudwatch/logGroup:LogGroup": ["cloudwatch.logs.storage.gb", "GB-month"],
  "gcp:dns/managedZone:ManagedZone": ["dns.zone.month", "month"],
  "gcp:secretmanager/secret:Secret": ["secretManager.version.month", "month"],
  "gcp:storage/bucket:Bucket": ["gcs.standard.gb", "GB-month"],
};

/** Price of a thing by its type and how much of its unit there is. */
export function priceOf(place: Place, type: string, gigabytes?: number): UpkeepPrice | undefined {
  const [key, unit] = PRICES[type] ?? diskPrice(type) ?? [];
  const price = key === undefined ? undefined : findPrice(place.cloud, place.region, key);
  if (!price || unit === undefined) return undefined;
  const quantity = unit === "month" ? 1 : gigabytes;
  return { amount: price.amount, unit, ...(quantity !== undefined && { monthly: price.amount * quantity }) };
}

/** Disks behind claims are in no state; their types are those that a program would make them of. */
export const DISKS = { aws: "aws:ebs/volume:Volume", gcp: "gcp:compute/disk:Disk" } as const;

function diskPrice(type: string): readonly [string, string] | undefined {
  if (type === DISKS.aws) return ["ebs.gp3.gb", "GB-month"];
  return type === DISKS.gcp ? ["disk.pdBalanced.gb", "GB-month"] : undefined;
}

/**
 * What a state keeps. On a stack that runs this is what a destroy would leave; after one it is what is there.
 *
 * @requirement O5
 */
export function keptInState(state: State, place: Place): KeptInState {
  const all = living(state);
  const kept = all.filter(isKept);
  const things = kept.flatMap((one): KeptThing[] => {
    const holds = holdingOfState(one);
    return holds ? [thing(one, holds.holds, place)] : [];
  });
  const needed = neededBy(
    kept.filter(({ protect }) => protect),
    all,
  );
  const others = all.filter((one) => !isKept(one));
  const dragged = others.filter(({ urn }) => needed.has(urn));
  return {
    things: byCost(things),
    settings: kept.length - things.length,
    dragged: dragged.map(({ urn }) => nameOf(urn)),
    going: others.length - dragged.length,
  };
}

function isKept({ protect, retainOnDelete }: ResourceState): boolean {
  return protect === true || retainOnDelete === true;
}

/** What `--exclude-protected` keeps besides: all that something protected was made from. */
function neededBy(kept: readonly ResourceState[], all: readonly ResourceState[]): Set<string> {
  const byUrn = new Map(all.map((one) => [one.urn, one]));
  const needed = new Set<string>();
  const visit = (one: ResourceState): void => {
    for (const urn of one.dependencies ?? []) {
      const next = byUrn.get(urn);
      if (!next || needed.has(urn)) continue;
      needed.add(urn);
      visit(next);
    }
  };
  kept.forEach(visit);
  return needed;
}

function thing(one: ResourceState, holds: string, place: Place): KeptThing {
  const price = priceOf(place, one.type);
  const leaves = one.retainOnDelete === true && one.protect !== true;
  return {
    holds,
    name: one.type.startsWith("random:") ? nameOf(one.urn) : (one.id ?? nameOf(one.urn)),
    type: one.type,
    where: leaves ? "cloud" : "state",
    ...(price && { price }),
    ...(leaves && { note: "leaves the state and stays in the cloud; the next up takes it over by its name" }),
  };
}

/** What costs by being there first, the dearest at the head; then what costs by its content; then the rest. */
export function byCost(things: readonly KeptThing[]): KeptThing[] {
  const rank = ({ price }: KeptThing) => (price === undefined ? 0 : price.monthly === undefined ? 1 : 2);
  return [...things].sort(
    (a, b) =>
      rank(b) - rank(a) ||
      (b.price?.monthly ?? 0) - (a.price?.monthly ?? 0) ||
      (b.price?.amount ?? 0) - (a.price?.amount ?? 0) ||
      a.name.localeCompare(b.name),
  );
}
