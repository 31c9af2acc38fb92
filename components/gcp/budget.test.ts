import { computedGcp } from "../../testing/computed-gcp";
import { record } from "../../testing/record";
import { Budget, type BudgetArgs } from "./budget";
import { someCluster } from "./fixtures/cluster";
import { gcpProvider } from "./providers";

// What no test here can show: that the billing account is the project's, and who may make budgets in it.
const account = { billingAccount: "0123AB-4567CD-89EF01", monthly: 150 };
const make = (changes: Partial<BudgetArgs> = {}) =>
  record(
    () =>
      new Budget(
        "b",
        {
          cluster: "cmb-dev",
          project: "acme-science",
          ...account,
          emails: ["a@univ.edu", "b@univ.edu"],
          ...changes,
        },
        { provider: gcpProvider("gcp", { project: "acme-science", region: "europe-west4" }) },
      ),
    { computed: computedGcp },
  );
const made = (list: string[]) => list.filter((line) => line.startsWith("gcp:")).sort();

test("[O11] a monthly budget over what carries the cluster's label, told at 50, 80, 100 per cent and by forecast", async () => {
  const { recording } = await make();
  expect(made(recording.list())).toEqual([
    "gcp:billing/budget:Budget b-monthly",
    "gcp:monitoring/notificationChannel:NotificationChannel b-channel-1",
    "gcp:monitoring/notificationChannel:NotificationChannel b-channel-2",
  ]);
  const { inputs } = recording.one("b-monthly");
  expect(inputs).toMatchObject({
    billingAccount: "0123AB-4567CD-89EF01",
    displayName: "cmb-dev monthly",
    budgetFilter: { calendarPeriod: "MONTH", labels: { cluster: "cmb-dev" } },
    thresholdRules: [
      { thresholdPercent: 0.5, spendBasis: "CURRENT_SPEND" },
      { thresholdPercent: 0.8, spendBasis: "CURRENT_SPEND" },
      { thresholdPercent: 1, spendBasis: "CURRENT_SPEND" },
      { thresholdPercent: 1, spendBasis: "FORECASTED_SPEND" },
    ],
  });
  // No currency: Google refuses any but the account's own.
  expect(inputs.amount).toEqual({ specifiedAmount: { units: "150" } });
});

test("[O11] everybody named has a channel, besides the account's administrators", async () => {
  const { recording } = await make();
  expect(recording.one("b-channel-2").inputs).toMatchObject({
    project: "acme-science",
    type: "email",
    labels: { email_address: "b@univ.edu" },
  });
  const rule = recording.one("b-monthly").inputs.allUpdatesRule as Record<string, unknown>;
  expect(rule["monitoringNotificationChannels"]).toHaveLength(2);
  expect(rule["disableDefaultIamRecipients"]).toBe(false);
});

test("[O11] with nobody named there is no channel, and the account's administrators are told as ever", async () => {
  const { recording } = await make({ emails: [] });
  expect(made(recording.list())).toEqual(["gcp:billing/budget:Budget b-monthly"]);
  expect(recording.one("b-monthly").inputs.allUpdatesRule).toBeUndefined();
});

test("[O11] a cluster asked for a budget makes one and enables its API first; another does neither", async () => {
  const cluster = async (budget?: { billingAccount: string; monthly: number; emails: string[] }) =>
    (await record(() => void someCluster({ budget }), { computed: computedGcp })).recording;
  const without = await cluster();
  expect(without.ofType("gcp:billing/budget:Budget")).toEqual([]);
  expect(without.resources.map(({ name }) => name)).not.toContain("cmb-services-billingbudgets");
  const recording = await cluster({ ...account, emails: [] });
  const { dependencies } = recording.one("cmb-budget-monthly");
  expect(dependencies).toContain(recording.one("cmb-services-billingbudgets").urn);
});

test("both children can be changed by a transform", async () => {
  const { recording } = await make({
    transform: {
      budget: (args) => void (args.displayName = "other"),
      channel: (args) => void (args.enabled = false),
    },
  });
  expect(recording.one("b-monthly").inputs.displayName).toBe("other");
  expect(recording.one("b-channel-1").inputs.enabled).toBe(false);
});
