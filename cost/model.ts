/** Unit that a price is for, in words to print: `hour`, `GB-month`. */
export type Unit = string;

/** A list price with where and when it was read. US$, on demand, without tax, discount or commitment. */
export interface Price {
  /** `aws nat.hour in us-east-1`: unique, and what a person searches the price files for. */
  readonly key: string;
  readonly region: string;
  /** US$ for one unit. */
  readonly amount: number;
  readonly unit: Unit;
  /** Month it was read: `2026-09`; absent for a figure that is not confirmed. */
  readonly date?: string;
  readonly source: string;
  /** Present for a figure that nobody could confirm: why it is used all the same. */
  readonly unverified?: string;
}

/** What a line belongs to: the same words on both clouds, so that two bills can be laid beside each other. */
export const costGroups = [
  "control plane",
  "platform nodes",
  "user nodes",
  "way out",
  "way in",
  "addresses",
  "volumes",
  "buckets",
  "images",
  "keys and secrets",
  "names",
  "sign-in",
  "logs",
  "budget and schedule",
] as const;
export type CostGroup = (typeof costGroups)[number];

/** One line of a bill. Amounts are US$ a month of 730 hours. */
export interface CostLine {
  readonly group: CostGroup;
  /** What is paid for: `NAT gateway, hours`. */
  readonly what: string;
  /** URNs of what makes it, at least one. */
  readonly resources: readonly string[];
  readonly price: Price;
  /** Units a month while the pools are at their minimum. */
  readonly quantity: number;
  /** Units a month with every pool at its maximum, or the dearest that the plan allows. */
  readonly most: number;
  /** How the quantity comes about: `2 × 730 h`; for use, the assumption. */
  readonly basis: string;
  /** True: owed by what stands there. False: owed by use, of which {@link quantity} is an assumption. */
  readonly fixed: boolean;
  /** Who causes it: the platform, or the users' environments (nodes of the users' pool and their disks). */
  readonly share: "platform" | "users";
}

/** Something given free or credited, in US$ a month: never deducted from a line, always told apart. */
export interface Credit {
  readonly what: string;
  /** Whose it is: shared with everything else of that account, so this stack may not get it. */
  readonly per: "billing account" | "account" | "project";
  /** US$ a month off the quantities of the lines; positive. */
  readonly amount: number;
  /** True for the credit on the GKE management fee, which totals are given with and without. */
  readonly managementFee: boolean;
  readonly date?: string;
  readonly source: string;
}

/** A part of the plan that no price is known for: the totals are too low by it. */
export interface Unpriced {
  readonly what: string;
  /** Key and place looked for: `aws ec2.m8i.large in us-east-1`. */
  readonly key: string;
  readonly fixed: boolean;
  readonly share: "platform" | "users";
  readonly resources: readonly string[];
}

/** What use of something costs, whatever the quantity: `a user environment, an hour`. */
export interface UnitCost {
  readonly what: string;
  readonly unit: Unit;
  /** US$ at best and at worst. */
  readonly least: number;
  readonly most: number;
  readonly basis: string;
}

/** Sums in US$ a month, not rounded. */
export interface Totals {
  /** What stands there, pools at their minimum, at list prices. */
  readonly fixed: number;
  /** Of that, what the platform costs without the users' nodes. */
  readonly platform: number;
  /** Assumed use: stored data, images, logs. */
  readonly use: number;
  /** {@link fixed} and {@link use} with every pool at its maximum. */
  readonly maximum: number;
  /** The credit on the GKE management fee, if this stack is the one of its billing account that gets it. */
  readonly credit: number;
  /** Everything else that may be free. */
  readonly free: number;
}

/** What a plan costs. */
export interface Estimate {
  readonly currency: "USD";
  readonly hoursPerMonth: 730;
  /** Sorted: the dearest first. */
  readonly lines: readonly CostLine[];
  readonly credits: readonly Credit[];
  readonly unpriced: readonly Unpriced[];
  readonly units: readonly UnitCost[];
  readonly totals: Totals;
  /** Months of the oldest and the newest price used; absent where none was. */
  readonly prices?: { readonly from: string; readonly to: string };
  /** Types declared free, with the reason, and how many of each the plan has. */
  readonly free: readonly { readonly type: string; readonly count: number; readonly reason: string }[];
  /** Types that no list has: a fault of this program, shown so that it is not hidden. */
  readonly unknownTypes: readonly string[];
}

/** Hours of a month as both clouds' calculators count it. */
export const HOURS = 730;

/** US$ a month of a line at the minimum. */
export function monthly({ price, quantity }: CostLine): number {
  return price.amount * quantity;
}

/** US$ a month of a line at the maximum. */
export function monthlyAtMost({ price, most }: CostLine): number {
  return price.amount * most;
}
