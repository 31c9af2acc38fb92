import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { shown } from "../shown-inputs";
import { transformed, type Transform } from "./transform";

/** What a budget is made of. */
export interface BudgetArgs {
  /** Name of the cluster: its tag on everything is what the budget counts by. */
  readonly cluster: string;
  /** Whole US$ a month. */
  readonly monthly: number;
  /** Who gets the alerts, ten at most; nobody: AWS shows the budget and mails no one. */
  readonly emails: readonly string[];
  readonly transform?: { readonly budget?: Transform<aws.budgets.BudgetArgs> };
}

/** Parts of the budget, in per cent, that are told once they are spent. */
const ALERTS = [50, 80, 100] as const;

/**
 * A monthly AWS Budget over what carries the cluster's tag. It watches and mails; it stops nothing. Free: only
 * budgets with actions cost.
 *
 * AWS counts by a tag only after the tag was activated for cost allocation in the paying account, once and by hand,
 * and not backwards: until then the budget shows 0. What carries no tag is missing from it, above all the volumes
 * that the cluster makes for claims, and what is sent to the internet from untagged interfaces.
 *
 * @requirement O11
 */
export class Budget extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:aws:Budget", name, shown(args), opts);
    const { cluster, monthly, emails, transform } = args;
    const alert = (threshold: number, notificationType: "ACTUAL" | "FORECASTED") => ({
      comparisonOperator: "GREATER_THAN",
      threshold,
      thresholdType: "PERCENTAGE",
      notificationType,
      subscriberEmailAddresses: [...emails],
    });
    new aws.budgets.Budget(
      `${name}-monthly`,
      transformed<aws.budgets.BudgetArgs>(transform?.budget, {
        name: `${cluster}-monthly`,
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(monthly),
        limitUnit: "USD",
        costFilters: [{ name: "TagKeyValue", values: [`user:cluster$${cluster}`] }],
        // AWS refuses a notification that nobody gets.
        notifications:
          emails.length === 0
            ? []
            : [...ALERTS.map((percent) => alert(percent, "ACTUAL")), alert(100, "FORECASTED")],
      }),
      { parent: this },
    );
    this.registerOutputs();
  }
}
