import { join } from "node:path";
import { checkConfig } from "../infra/config/check";
import { previewStack } from "../preview/engine";
import { reportOf } from "../preview/report/build";
import { listStacks, readStackFile, toStackConfig, withOverrides } from "../preview/stack-file";
import { storageOnly } from "./assumptions";
import { type Budget, isWithinBudget, judgeBudget } from "./budget";
import { costReport } from "./document";
import { estimate } from "./estimate";
import { awsPlan } from "./fixtures/bills";

jest.setTimeout(60_000);
const root = join(__dirname, "..");
const shape = {
  natGateways: 1,
  instanceType: "t3.large",
  nodes: 2,
  most: 4,
  diskGb: 40,
  zone: true,
  images: true,
  key: false,
};
const bill = costReport(estimate(awsPlan(shape), storageOnly));
const judge = (budget: Partial<Budget>, of = bill) =>
  judgeBudget(of, { monthly: 1000, against: "fixed", unknownPrices: "refuse", ...budget });

test.each(listStacks(root))(
  "[O11] %s: a budget a dollar below what it costs stops its plan and names the dearest lines, one above passes",
  async (stack) => {
    const { settings } = readStackFile(root, stack);
    const recording = await previewStack({ root, stack });
    const verdict = (against: "fixed" | "maximum", monthly: number) => {
      const changed = withOverrides(settings, { budget: { monthly, against } }, "cmbcluster");
      const { values, secretKeys } = toStackConfig(changed);
      const { settings: checked, ...config } = checkConfig(values, secretKeys);
      expect(checked?.budget).toMatchObject({ monthly, against });
      return reportOf(recording, { ...config, budget: checked?.budget }).cost!.budget!;
    };
    for (const against of ["fixed", "maximum"] as const) {
      const { cost } = verdict(against, 1);
      expect(cost).toBeGreaterThan(50);
      const below = verdict(against, Math.ceil(cost) - 1);
      expect(below.verdict).toBe("over");
      expect(below.lines).toHaveLength(5);
      expect(below.lines[0]).toMatch(against === "fixed" ? /control plane/ : /nodes/);
      const above = verdict(against, Math.floor(cost) + 1);
      expect([above.verdict, above.lines]).toEqual(["within", []]);
    }
  },
);

test("[O11] what is held against a budget: the fixed cost, or everything at the pools' maxima", () => {
  expect(judge({}).cost).toBeCloseTo(265.247, 6);
  expect(judge({ against: "maximum" }).cost).toBeCloseTo(266.207 + 121.472 + 6.4, 6);
  expect(judge({ against: "maximum", monthly: 300 }).lines[0]).toBe("242.94  nodes t3.large, at most");
  expect(judge({ monthly: 264 }).lines).toEqual([
    "121.47  nodes t3.large: 2 × 730 h",
    "73.00  EKS control plane: 1 × 730 h",
    "32.85  NAT gateways: 1 × 730 h",
    "16.43  load balancer (network): 1 × 730 h",
    "10.95  public addresses of the load balancer: 3 × 730 h, one a zone",
  ]);
});

test("[O11] a cost of exactly the budget is within it", () => {
  const monthly = bill.totals.fixed;
  expect(judge({ monthly }).verdict).toBe("within");
  expect(judge({ monthly: monthly - 0.01 }).verdict).toBe("over");
});

test("[O11] a budget cannot be held against what has no price, unless that is accepted; too much is too much", () => {
  const nowhere = costReport(estimate(awsPlan({ ...shape, region: "eu-north-1" }), storageOnly));
  expect(nowhere.totals.fixed).toBe(0);
  const open = judge({}, nowhere);
  expect(open.verdict).toBe("unknown");
  expect(open.unpriced).toContain("aws eks.cluster in eu-north-1");
  expect(open.unpriced).not.toContain("aws s3.standard.gb in eu-north-1");
  expect(judge({ against: "maximum" }, nowhere).unpriced).toContain("aws s3.standard.gb in eu-north-1");
  expect(judge({ unknownPrices: "accept" }, nowhere).verdict).toBe("within");
  const half = { ...bill, unknownTypes: ["aws:new/thing:Thing"] };
  expect(judge({}, half).verdict).toBe("unknown");
  expect(judge({ monthly: 1 }, half).verdict).toBe("over");
});

test("[O11] a stack without a budget goes on, and so does one within it", () => {
  expect(isWithinBudget(undefined)).toBe(true);
  expect([1, 1000].map((monthly) => isWithinBudget(judge({ monthly })))).toEqual([false, true]);
  expect(isWithinBudget({ ...judge({}), verdict: "unknown" })).toBe(false);
});
