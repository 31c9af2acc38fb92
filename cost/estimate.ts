import type { RecordedResource } from "../preview/engine";
import { Query } from "../preview/report/query";
import { isCounted } from "../preview/report/sections";
import { type Assumptions, defaultAssumptions } from "./assumptions";
import { aws } from "./aws";
import { Book } from "./book";
import { gcp } from "./gcp";
import { kubernetes } from "./kubernetes";
import { type Estimate, HOURS, monthly, monthlyAtMost, type Totals } from "./model";
import type { Rules } from "./rules";

const all: readonly Rules[] = [aws, gcp, kubernetes];

/** Every type there is a rule for, by the list that has it. */
export const ruleTypes = {
  priced: all.flatMap(({ priced }) => Object.keys(priced)),
  usage: all.flatMap(({ usage }) => Object.keys(usage)),
  free: all.flatMap(({ free }) => Object.keys(free)),
};

/**
 * What a plan costs a month, read from its resources alone: list prices in US$, without tax, discount and
 * commitment. What has no price in its region is told in {@link Estimate.unpriced}, never taken from another.
 *
 * @param resources of one stack, recorded or out of the preview's JSON document
 * @param assumptions the use to reckon with; default: a small, quiet stack
 * @requirement O11
 */
export function estimate(
  resources: readonly RecordedResource[],
  assumptions: Assumptions = defaultAssumptions,
): Estimate {
  const book = new Book(new Query(resources), assumptions);
  const unknownTypes: string[] = [];
  const free: { type: string; count: number; reason: string }[] = [];
  for (const [type, of] of byType(resources)) {
    const reason = lookUp((rules) => rules.free, type);
    const rule = lookUp((rules) => rules.priced, type) ?? lookUp((rules) => rules.usage, type);
    if (rule) rule(of, book);
    else if (reason) free.push({ type, count: of.length, reason });
    else unknownTypes.push(type);
  }
  const lines = [...book.lines].sort(
    (a, b) => monthly(b) - monthly(a) || monthlyAtMost(b) - monthlyAtMost(a) || (a.what < b.what ? -1 : 1),
  );
  const dates = lines.flatMap(({ price }) => price.date ?? []).sort();
  return {
    currency: "USD",
    hoursPerMonth: HOURS,
    lines,
    credits: book.credits,
    unpriced: book.unpriced,
    units: book.units,
    totals: totalsOf(book),
    ...(dates.length > 0 && { prices: { from: dates[0]!, to: dates.at(-1)! } }),
    free,
    unknownTypes,
  };
}

function lookUp<T>(list: (rules: Rules) => Readonly<Record<string, T>>, type: string): T | undefined {
  for (const rules of all) if (Object.hasOwn(list(rules), type)) return list(rules)[type];
  return undefined;
}

/** What a provider makes, by type, types in order of their first resource. */
function byType(resources: readonly RecordedResource[]): Map<string, RecordedResource[]> {
  const types = new Map<string, RecordedResource[]>();
  for (const resource of resources) {
    if (!isCounted(resource)) continue;
    const same = types.get(resource.type);
    if (same) same.push(resource);
    else types.set(resource.type, [resource]);
  }
  return types;
}

function totalsOf({ lines, credits }: Book): Totals {
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const fixed = lines.filter((line) => line.fixed);
  const off = (managementFee: boolean) =>
    sum(credits.filter((one) => one.managementFee === managementFee).map(({ amount }) => amount));
  return {
    fixed: sum(fixed.map(monthly)),
    platform: sum(fixed.filter(({ share }) => share === "platform").map(monthly)),
    use: sum(lines.filter((line) => !line.fixed).map(monthly)),
    maximum: sum(lines.map(monthlyAtMost)),
    credit: off(true),
    free: off(false),
  };
}
