import { Budget, type BudgetArgs } from "./budget";
import { makeCluster } from "./fixtures/make-cluster";
import { children, recordAws, withProvider } from "./fixtures/recorded";

// What no test here can show: that the tag is activated for cost allocation, without which AWS counts nothing.
const make = (changes: Partial<BudgetArgs> = {}) =>
  recordAws(
    () =>
      new Budget(
        "b",
        { cluster: "cmb-test", monthly: 150, emails: ["a@univ.edu", "b@univ.edu"], ...changes },
        withProvider(),
      ),
  );

test("[O11] one monthly budget in US$ over what carries the cluster's tag", async () => {
  const { recording } = await make();
  expect(children(recording)).toEqual(["Budget b-monthly", "cmb:aws:Budget b"]);
  expect(recording.one("b-monthly").inputs).toMatchObject({
    name: "cmb-test-monthly",
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: "150",
    limitUnit: "USD",
    costFilters: [{ name: "TagKeyValue", values: ["user:cluster$cmb-test"] }],
  });
});

test("[O11] everybody named is told at 50, 80 and 100 per cent spent, and when the forecast reaches 100", async () => {
  const { recording } = await make();
  const notifications = recording.one("b-monthly").inputs.notifications as Record<string, unknown>[];
  expect(notifications.map((one) => [one["notificationType"], one["threshold"]])).toEqual([
    ["ACTUAL", 50],
    ["ACTUAL", 80],
    ["ACTUAL", 100],
    ["FORECASTED", 100],
  ]);
  for (const one of notifications) {
    expect(one).toMatchObject({
      comparisonOperator: "GREATER_THAN",
      thresholdType: "PERCENTAGE",
      subscriberEmailAddresses: ["a@univ.edu", "b@univ.edu"],
    });
  }
});

test("[O11] with nobody to tell the budget stands without alerts, which AWS would refuse", async () => {
  const { recording } = await make({ emails: [] });
  expect(recording.one("b-monthly").inputs.notifications).toEqual([]);
});

test("[O11] a cluster has a budget where it is asked for one, and none otherwise", async () => {
  const has = async (changes: Parameters<typeof makeCluster>[0]) =>
    (await recordAws(() => void makeCluster(changes))).recording.ofType("aws:budgets/budget:Budget").length;
  expect([await has({}), await has({ budget: { monthly: 9, emails: [] } })]).toEqual([0, 1]);
});
