import type { RecordedResource } from "../preview/engine";
import { type Query, textAt } from "../preview/report/query";
import type { Assumptions } from "./assumptions";
import type { CostGroup, CostLine, Credit, Price, UnitCost, Unpriced } from "./model";
import { findPrice, freeTier, type PriceCloud } from "./prices";

/** What a resource shows of itself to be priced: a recorded one, or one out of the preview's JSON document. */
export type Plan = Query;

/** One thing to put on the bill. */
export interface Entry {
  readonly group: CostGroup;
  readonly what: string;
  readonly of: readonly RecordedResource[];
  readonly cloud: PriceCloud;
  readonly region: string | undefined;
  readonly key: string;
  readonly quantity: number;
  /** Omitted: as {@link quantity}. */
  readonly most?: number;
  readonly basis: string;
  /** Omitted: true. */
  readonly fixed?: boolean;
  /** Omitted: the platform. */
  readonly share?: "platform" | "users";
  /** Changes the price found, for what is sold at a part of it. */
  readonly at?: (price: Price) => Price;
}

/** The bill while it is written: what types' rules put their entries into. */
export class Book {
  readonly lines: CostLine[] = [];
  readonly unpriced: Unpriced[] = [];
  readonly credits: Credit[] = [];
  readonly units: UnitCost[] = [];

  constructor(
    readonly plan: Plan,
    readonly assumptions: Assumptions,
  ) {}

  /** Prices one entry; what has no price is told instead, and never guessed. Returns the price found. */
  add(entry: Entry): Price | undefined {
    const { cloud, region, key, group, what, basis, share = "platform", fixed = true } = entry;
    const resources = entry.of.map(({ urn }) => urn);
    const found = region === undefined ? undefined : findPrice(cloud, region, key);
    if (!found) {
      this.unpriced.push({
        what,
        key: `${cloud} ${key} in ${region ?? "a region not known"}`,
        fixed,
        share,
        resources,
      });
      return undefined;
    }
    const price = entry.at ? entry.at(found) : found;
    const { quantity, most = quantity } = entry;
    this.lines.push({ group, what, resources, price, quantity, most, basis, fixed, share });
    return price;
  }

  /** Says that something costs, and that no key of the price lists covers it. */
  cannotPrice(
    what: string,
    key: string,
    of: readonly RecordedResource[],
    share: "platform" | "users" = "platform",
  ) {
    this.unpriced.push({ what, key, fixed: true, share, resources: of.map(({ urn }) => urn) });
  }

  /** Tells what of some lines' quantity may be free, capped at what is used. */
  free(cloud: PriceCloud, key: string, what: string, per: Credit["per"]): void {
    const tier = freeTier(cloud, key);
    const lines = this.lines.filter(({ price }) => price.key === `${cloud} ${key}`);
    if (tier?.free === undefined || lines.length === 0) return;
    const used = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    const amount = Math.min(used, tier.free) * lines[0]!.price.amount;
    if (amount === 0) return;
    const { date, source } = tier;
    this.credits.push({ what, per, amount, managementFee: false, date, source });
  }
}

/**
 * The region a resource is made in: its own where it says one, else its provider's. A second provider of a stack
 * (the sign-in's) may point elsewhere.
 */
export function regionOf(plan: Plan, resource: RecordedResource): string | undefined {
  const own = textAt(resource, "region");
  if (own !== undefined) return own;
  const reference = providerOf(plan, resource);
  return reference && textAt(reference, "region");
}

function providerOf(plan: Plan, resource: RecordedResource): RecordedResource | undefined {
  if (resource.provider !== undefined) {
    const urn = resource.provider.slice(0, resource.provider.lastIndexOf("::"));
    return plan.byUrn(urn);
  }
  return undefined;
}
