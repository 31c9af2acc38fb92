import { z } from "zod";
import { costGroups, type Estimate, HOURS, monthly, monthlyAtMost } from "./model";
import { rounded } from "./money";

const usd = z.number().describe("US$ a month");
const urns = z.array(z.string()).describe("URNs of what makes it");
const share = z.enum(["platform", "users"]).describe("users: nodes of the users' pool and their disks");
const fixed = z.boolean().describe("false: by use, of which the quantity is an assumption");

const price = z.strictObject({
  key: z.string(),
  region: z.string(),
  amount: z.number().describe("US$ for one unit"),
  unit: z.string(),
  date: z.string().optional().describe("month it was read"),
  source: z.string(),
  unverified: z.string().optional().describe("nobody could confirm the figure: why it is used"),
});

const line = z.strictObject({
  group: z.enum(costGroups),
  what: z.string(),
  fixed,
  share,
  basis: z.string().describe("how the quantity comes about"),
  quantity: z.number().describe("units with every pool at its minimum"),
  most: z.number().describe("units with every pool at its maximum"),
  monthly: usd,
  monthlyAtMost: usd,
  price,
  resources: urns,
});

const alternative = z.strictObject({
  what: z.string(),
  givesUp: z.string().describe("what it costs besides money"),
  set: z.record(z.string(), z.json()).describe("the settings that were changed"),
  difference: usd.describe("US$ a month of the fixed cost; negative: it saves"),
  maximumDifference: usd.describe("the same of the cost at the pools' maxima"),
});

const verdict = z.strictObject({
  monthly: usd.describe("the limit"),
  against: z.enum(["fixed", "maximum"]),
  cost: usd.describe("what is held against it"),
  verdict: z.enum(["within", "over", "unknown"]),
  lines: z.array(z.string()).describe("the dearest lines that broke it, in words"),
  unpriced: z.array(z.string()).describe("what could not be priced, where that leaves the verdict open"),
});

/** The bill of one stack in the preview's document. */
export const costDocument = z.strictObject({
  currency: z.literal("USD"),
  hoursPerMonth: z.literal(HOURS),
  totals: z.strictObject({
    fixed: usd.describe("what stands there, pools at their minimum, list prices"),
    platform: usd.describe("of that without the users' nodes"),
    use: usd.describe("assumed use"),
    maximum: usd.describe("fixed and use with every pool at its maximum"),
    credit: usd.describe("credit on the GKE management fee, one cluster of a billing account"),
    free: usd.describe("other free tiers, shared with the rest of the account"),
  }),
  lines: z.array(line),
  credits: z.array(
    z.strictObject({
      what: z.string(),
      per: z.enum(["billing account", "account", "project"]),
      amount: usd,
      managementFee: z.boolean(),
      date: z.string().optional(),
      source: z.string(),
    }),
  ),
  unpriced: z
    .array(z.strictObject({ what: z.string(), key: z.string(), fixed, share, resources: urns }))
    .describe("no price is known: the totals are too low by it"),
  units: z.array(
    z.strictObject({
      what: z.string(),
      unit: z.string(),
      least: z.number(),
      most: z.number(),
      basis: z.string(),
    }),
  ),
  prices: z
    .strictObject({ from: z.string(), to: z.string() })
    .optional()
    .describe("months of the oldest and the newest price used"),
  free: z.array(z.strictObject({ type: z.string(), count: z.int(), reason: z.string() })),
  unknownTypes: z.array(z.string()).describe("types that no rule knows: a fault of the program"),
  alternatives: z.array(alternative).optional().describe("with --cost: measured by planning the change"),
  budget: verdict.optional().describe("with cmbcluster:budget"),
});

export type CostDocument = z.infer<typeof costDocument>;
export type Alternative = z.infer<typeof alternative>;
export type BudgetVerdict = z.infer<typeof verdict>;

/** An estimate as the document has it: amounts to a millionth, so that sums show no noise. */
export function costReport(estimate: Estimate): CostDocument {
  const { totals, lines, credits, units, ...rest } = estimate;
  return JSON.parse(
    JSON.stringify(
      {
        ...rest,
        totals,
        lines: lines.map((one) => ({ ...one, monthly: monthly(one), monthlyAtMost: monthlyAtMost(one) })),
        credits,
        units,
      },
      (_, value: unknown) => (typeof value === "number" ? rounded(value) : value),
    ),
  ) as CostDocument;
}
