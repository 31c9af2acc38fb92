import { type Budget, isWithinBudget, judgeBudget } from "../cost/budget";
import { type BudgetVerdict, costReport } from "../cost/document";
import { estimate } from "../cost/estimate";
import { dollars } from "../cost/money";
import { checkConfig } from "../infra/config/check";
import { previewStack } from "../preview/engine";
import { readStackFile, toStackConfig } from "../preview/stack-file";

/**
 * Holds a stack's bill against the budget of its configuration, before anything is asked of a cloud. The bill is
 * that of the whole stack as its file describes it, and not of what a run changes.
 *
 * @returns why the budget stops an `up`, or empty: within it, no budget, or no plan to price, which the preview of
 * the run then refuses with its reason
 * @requirement O11
 */
export async function overBudget(root: string, stack: string): Promise<string> {
  const { values, secretKeys } = toStackConfig(readStackFile(root, stack).settings);
  const budget: Budget | undefined = checkConfig(values, secretKeys).settings?.budget;
  if (budget === undefined) return "";
  const recording = await previewStack({ root, stack });
  if (recording.exit !== "ok") return "";
  const verdict = judgeBudget(costReport(estimate(recording.resources)), budget);
  return isWithinBudget(verdict) ? "" : worded(verdict, stack);
}

function worded({ monthly, against, cost, verdict, lines, unpriced }: BudgetVerdict, stack: string): string {
  const limit = `the budget of ${dollars(monthly)} US$ a month (${against})`;
  const reason =
    verdict === "over"
      ? [`${stack} costs ${dollars(cost)} US$ a month at list prices, over ${limit}`, ...lines]
      : [`${stack} cannot be held against ${limit}: no price is known for ${unpriced.join(", ")}`];
  const ways =
    verdict === "over"
      ? "cheaper: npm run preview tells what would help; on purpose: pulumi config set --path cmbcluster:budget.monthly <US$>"
      : "on purpose: pulumi config set --path cmbcluster:budget.unknownPrices accept";
  return `${reason.join("\n  ")}\n  ${ways}`;
}
