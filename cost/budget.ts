import type { BudgetVerdict, CostDocument } from "./document";
import { dollars } from "./money";

/** A limit on a bill, as the configuration has it (`cmbcluster:budget`). */
export interface Budget {
  /** US$ a month. */
  readonly monthly: number;
  readonly against: "fixed" | "maximum";
  /** A plan with parts that no price is known for: refused, or held to what is known. */
  readonly unknownPrices: "refuse" | "accept";
}

/** How many of the dearest lines a verdict names. */
const NAMED = 5;

/**
 * Holds a bill against its budget, at list prices: credits and free tiers may be another stack's. A cost of
 * exactly the budget is within it.
 *
 * `over` where what is known is too much already; `unknown` where it is not, but a part without a price may make
 * it so, and the budget does not accept that.
 *
 * @requirement O11
 */
export function judgeBudget(cost: CostDocument, budget: Budget): BudgetVerdict {
  const { monthly, against, unknownPrices } = budget;
  const fixed = against === "fixed";
  const amount = fixed ? cost.totals.fixed : cost.totals.maximum;
  const holes = [
    ...new Set([
      ...cost.unpriced.filter((one) => one.fixed || !fixed).map(({ key }) => key),
      ...cost.unknownTypes,
    ]),
  ];
  const over = amount > monthly;
  const open = !over && holes.length > 0 && unknownPrices === "refuse";
  return {
    monthly,
    against,
    cost: amount,
    verdict: over ? "over" : open ? "unknown" : "within",
    lines: over ? dearest(cost, fixed) : [],
    unpriced: holes,
  };
}

/** True for a verdict that lets a plan go on; a stack without a budget goes on. */
export function isWithinBudget(verdict: BudgetVerdict | undefined): boolean {
  return verdict === undefined || verdict.verdict === "within";
}

function dearest({ lines }: CostDocument, fixed: boolean): string[] {
  return lines
    .filter((line) => line.fixed || !fixed)
    .map((line) => ({ ...line, amount: fixed ? line.monthly : line.monthlyAtMost }))
    .sort((a, b) => b.amount - a.amount)
    .slice(0, NAMED)
    .map(({ what, basis, amount }) => `${dollars(amount)}  ${what}${fixed ? `: ${basis}` : ", at most"}`);
}
