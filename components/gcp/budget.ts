import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { childOptions, shaped, type Transform } from "./child";

/** What a budget is made of. */
export interface BudgetArgs {
  /** Name of the cluster: its label on everything is what the budget counts by. */
  readonly cluster: string;
  readonly project: string;
  /** Billing account of the project: `0123AB-4567CD-89EF01`. */
  readonly billingAccount: string;
  /** Whole units of the billing account's currency a month. */
  readonly monthly: number;
  /** Who gets the alerts, five at most, besides the administrators of the billing account. */
  readonly emails: readonly string[];
  readonly transform?: {
    readonly budget?: Transform<gcp.billing.BudgetArgs>;
    readonly channel?: Transform<gcp.monitoring.NotificationChannelArgs>;
  };
}

/** Parts of the budget that are told once they are spent. */
const ALERTS = [0.5, 0.8, 1] as const;

/**
 * A monthly billing budget over what carries the cluster's label, and a channel an address. It watches and mails;
 * it stops nothing. Free.
 *
 * The figure counts in the currency of the billing account, which the program cannot ask for: Google refuses a
 * budget that names another. What carries no label is missing from it: Cloud NAT, traffic, logs.
 *
 * @requirement O11
 */
export class Budget extends pulumi.ComponentResource {
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, project, billingAccount, monthly, emails, transform } = args;
    super("cmb:gcp:Budget", name, { cluster, project, billingAccount, monthly, emails: [...emails] }, opts);
    const child = childOptions(this, opts);
    const channels = emails.map(
      (email, i) =>
        new gcp.monitoring.NotificationChannel(
          `${name}-channel-${i + 1}`,
          ...shaped(
            transform?.channel,
            {
              project,
              displayName: `Budget of ${cluster}, ${email}`,
              type: "email",
              labels: { email_address: email },
              // The budget is changed in the same run, but after: a channel in use would refuse to go.
              forceDelete: true,
            },
            child,
          ),
        ),
    );
    new gcp.billing.Budget(
      `${name}-monthly`,
      ...shaped(
        transform?.budget,
        {
          billingAccount,
          displayName: `${cluster} monthly`,
          budgetFilter: { calendarPeriod: "MONTH", labels: { cluster } },
          amount: { specifiedAmount: { units: String(monthly) } },
          thresholdRules: [
            ...ALERTS.map((thresholdPercent) => ({ thresholdPercent, spendBasis: "CURRENT_SPEND" })),
            { thresholdPercent: 1, spendBasis: "FORECASTED_SPEND" },
          ],
          ...(channels.length > 0 && {
            allUpdatesRule: {
              monitoringNotificationChannels: channels.map(({ id }) => id),
              disableDefaultIamRecipients: false,
            },
          }),
        },
        child,
      ),
    );
    this.registerOutputs();
  }
}
