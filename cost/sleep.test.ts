import type { CostLine, Estimate } from "./model";
import { sleepSaving } from "./sleep";

const line = (what: string, amount: number, fixed = true): CostLine => ({
  group: "platform nodes",
  what,
  resources: [],
  price: { key: what, region: "r", amount, unit: "month", source: "a test" },
  quantity: 1,
  most: 1,
  basis: "1",
  fixed,
  share: "platform",
});
const bill = (...lines: CostLine[]): Estimate => {
  const fixed = lines.filter((one) => one.fixed).reduce((sum, { price }) => sum + price.amount, 0);
  const totals = { fixed, platform: fixed, use: 0, maximum: fixed, credit: 0, free: 0 };
  return { lines, totals } as unknown as Estimate;
};

test("[O11] asleep a stack saves what is owed awake only; use and what costs nothing are no part of what stays", () => {
  const stays = [line("control plane", 73), line("nothing", 0)];
  const awake = bill(...stays, line("nodes", 42), line("stored", 9, false));
  const saved = sleepSaving(awake, bill(...stays, line("stored", 9, false)));
  expect(saved).toMatchObject({ awake: 115, asleep: 73, saving: 42 });
  expect(saved).not.toHaveProperty("bySchedule");
  expect(saved.stays.map(({ what }) => what)).toEqual(["control plane"]);
});

test("[O11] a schedule saves the part of the week that it has the nodes asleep", () => {
  const schedule = {
    timezone: "UTC",
    sleep: "19:00",
    wake: "07:00",
    days: ["MO", "TU", "WE", "TH", "FR", "SA", "SU"],
  } as const;
  expect(sleepSaving(bill(line("nodes", 42)), bill(), schedule).bySchedule).toBeCloseTo(21, 10);
});
