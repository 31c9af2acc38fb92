import { measure } from "../cost/alternatives";
import { costReport } from "../cost/document";
import { estimate } from "../cost/estimate";
import { previewStack } from "./engine";
import type { StackReport } from "./report/document";

/**
 * A stack's report with what would make it cheaper: each idea that fits is planned by the program itself, a second
 * or two, and priced. Nothing is added where there is no bill.
 *
 * @param root folder of Pulumi.yaml
 * @requirement O11
 */
export async function withAlternatives(report: StackReport, root: string): Promise<StackReport> {
  const { stack, cloud, cost } = report;
  if (!cost || !cloud) return report;
  const alternatives = await measure({ cloud, cost }, async (set) => {
    const changed = await previewStack({ root, stack, overrides: set });
    return changed.exit === "ok" ? costReport(estimate(changed.resources)) : undefined;
  });
  return { ...report, cost: { ...cost, alternatives } };
}
