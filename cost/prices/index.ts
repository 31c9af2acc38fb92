import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Price } from "../model";

/** The two price lists there are. */
export type PriceCloud = "aws" | "gcp";

interface Entry {
  readonly price: number;
  readonly unit: string;
  readonly date: string;
  readonly source: string;
  readonly note?: string;
}

interface PriceFile {
  readonly sources: Readonly<Record<string, string>>;
  readonly regions: Readonly<Record<string, Readonly<Record<string, Entry>>>>;
}

/** A figure that could not be confirmed, and the regions it may stand in for. */
interface Unverified {
  readonly price: number;
  readonly unit: string;
  readonly reason: string;
  readonly regions?: readonly string[];
}

/** Something free up to a quantity, or credited. */
export interface FreeTier {
  readonly key: string;
  /** Units a month that cost nothing. */
  readonly free?: number;
  /** US$ a month credited. */
  readonly creditUsd?: number;
  readonly unit: string;
  readonly source: string;
  /** Month it was read; absent for an undated copy. */
  readonly date?: string;
}

interface SpotFile {
  readonly aws: {
    readonly discount: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly source: string;
    readonly date: string;
  };
}

interface Adjustments {
  readonly freeTiers: Readonly<Record<PriceCloud, readonly FreeTier[]>>;
  readonly spot: SpotFile;
  readonly unverified: Readonly<Record<PriceCloud, Readonly<Record<string, Unverified>>>>;
}

const files = new Map<string, unknown>();

/** Reads a file of this folder once, and only when something is priced. */
function load<T>(name: string): T {
  if (!files.has(name)) files.set(name, JSON.parse(readFileSync(join(__dirname, `${name}.json`), "utf8")));
  return files.get(name) as T;
}

/**
 * The list price of a key in a region; undefined where none was found. Never another region's. A figure nobody
 * could confirm comes marked, and only for the regions it was meant for.
 */
export function findPrice(cloud: PriceCloud, region: string, key: string): Price | undefined {
  const file = load<PriceFile>(cloud);
  const entry = file.regions[region]?.[key];
  const common = { key: `${cloud} ${key}`, region };
  if (entry) {
    const { price: amount, unit, date, source } = entry;
    return { ...common, amount, unit, date, source: file.sources[source]! };
  }
  const adjustments = load<Adjustments>("adjustments");
  const guess = adjustments.unverified[cloud][key];
  if (!guess?.regions?.includes(region)) return undefined;
  const { price: amount, unit, reason } = guess;
  return { ...common, amount, unit, source: "not confirmed", unverified: reason };
}

/**
 * Saving of a spot node over its list price, as a fraction: AWS's average over 30 days in that region. It moves
 * daily; undefined for a type that was not found.
 */
export function spotSaving(region: string, instanceType: string): number | undefined {
  return load<Adjustments>("adjustments").spot.aws.discount[region]?.[instanceType];
}

/** Where {@link spotSaving} was read, and when. */
export function spotSource(): { readonly source: string; readonly date: string } {
  const { source, date } = load<Adjustments>("adjustments").spot.aws;
  return { source, date };
}

/** What of a key is free, or credited. */
export function freeTier(cloud: PriceCloud, key: string): FreeTier | undefined {
  return load<Adjustments>("adjustments").freeTiers[cloud].find((tier) => tier.key === key);
}

/** Regions of a cloud that prices are known for. */
export function pricedRegions(cloud: PriceCloud): readonly string[] {
  return Object.keys(load<PriceFile>(cloud).regions);
}

/** Every price of a cloud, for checks of the files. */
export function allPrices(cloud: PriceCloud): readonly Price[] {
  return Object.entries(load<PriceFile>(cloud).regions).flatMap(([region, entries]) =>
    Object.keys(entries).map((key) => findPrice(cloud, region, key)!),
  );
}
