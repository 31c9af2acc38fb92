import { judgeBudget } from "../../../cost/budget";
import { type CostDocument, costReport } from "../../../cost/document";
import { estimate } from "../../../cost/estimate";
import { awsPlan, gcpPlan } from "../../../cost/fixtures/bills";
import { costSummary, costTable } from "./cost";
import { WIDTH } from "./layout";
import { paint } from "./paint";

const plain = paint(false);
const today = new Date("2026-11-21");
const aws = costReport(
  estimate(
    awsPlan({
      natGateways: 3,
      instanceType: "m6i.xlarge",
      nodes: 3,
      most: 9,
      diskGb: 100,
      zone: true,
      images: true,
      key: true,
    }),
  ),
);
const gcp = costReport(
  estimate(
    gcpPlan({
      region: "europe-west4",
      location: "europe-west4-a",
      machineType: "e2-standard-2",
      nodes: 1,
      most: 3,
      diskGb: 40,
    }),
  ),
);
const summary = (cost: CostDocument) => costSummary(cost, plain, today).join("\n");

test("[O11] one line a stack: what is fixed, assumed use, the maximum, the prices' age", () => {
  expect(summary(aws)).toMatchInlineSnapshot(`
   "  cost          US$ 655.86 a month fixed + 2.76 of assumed use; 1,547.58 with every pool at its
                   maximum; list prices of 2026-07 to 2026-09, the oldest 4 months old"
  `);
});

test("[O11] the credit is told as one that may be another cluster's; doubt about a price is told too", () => {
  expect(summary(gcp)).toMatchInlineSnapshot(`
   "  cost          US$ 154.38 a month fixed + 3.00 of assumed use (81.38 where the billing account's
                   GKE credit is free); 275.93 with every pool at its maximum; list prices of 2026-07
                   to 2026-10, the oldest 4 months old, some not confirmed"
  `);
});

test("[O11] a bill with holes says so, in the summary and in the table", () => {
  const holes = costReport(
    estimate(
      awsPlan({
        region: "eu-north-1",
        natGateways: 1,
        instanceType: "t3.large",
        nodes: 1,
        diskGb: 20,
        zone: false,
        images: false,
        key: false,
      }),
    ),
  );
  expect(summary(holes)).toMatch(
    /0\.00 a month fixed; .*no price known\n +too low by what has no price: aws eks/,
  );
  expect(costTable({ ...holes, unknownTypes: ["aws:new/thing:Thing"] }, plain)).toMatch(
    /No price known: the sums are too low by it\n {4}EKS control plane: aws eks\.cluster in eu-north-1[\s\S]*aws:new\/thing:Thing: no rule/,
  );
});

test("[O11] the budget's verdict: within, over with the lines that broke it, or open", () => {
  const judged = (cost: CostDocument, monthly: number, against: "fixed" | "maximum" = "fixed") =>
    summary({ ...cost, budget: judgeBudget(cost, { monthly, against, unknownPrices: "refuse" }) });
  expect(judged(aws, 9000)).toMatch(/within the budget of 9,000\.00: the fixed cost is 655\.86$/);
  expect(judged(aws, 600)).toMatch(
    /over the budget of 600\.00: the fixed cost is 655\.86, 55\.86 too much\n +420\.48 {2}nodes/,
  );
  expect(judged(aws, 600, "maximum")).toMatch(/: the maximum is 1,547\.58, 947\.58 too much/);
  const open = { ...aws, unknownTypes: ["aws:new/thing:Thing"] };
  expect(judged(open, 9000)).toMatch(
    /cannot be held against the budget of 9,000\.00: no price for\s+aws:new\/thing:Thing/,
  );
});

test("[O11] the table: every line, the dearest first, totals, what may be free, costs by use", () => {
  expect(costTable(aws, plain)).toMatchInlineSnapshot(`
   "  US$ a month of 730 hours, the dearest first; ~ is use that is assumed
                                                                                     minimum    maximum
       platform nodes    nodes m6i.xlarge: 3 × 730 h                                  420.48   1,261.44
       way out           NAT gateways: 3 × 730 h                                       98.55      98.55
       control plane     EKS control plane: 1 × 730 h                                  73.00      73.00
       platform nodes    boot disks gp3, GB: 3 × 100                                   24.00      72.00
       way in            load balancer (network): 1 × 730 h                            16.43      16.43
       addresses         public addresses: 3 × 730 h                                   10.95      10.95
       addresses         public addresses of the load balancer: 3 × 730 h, one a       10.95      10.95
                         zone
       keys and secrets  KMS keys: 1 × a month                                          1.00       1.00
       way in            sent to the internet: ~ assumed 10 GB                          0.90       0.90
       way out           through NAT, both ways: ~ assumed 20 GB                        0.90       0.90
       names             DNS zones in Route 53: 1 × a month                             0.50       0.50
       images            images in ECR: ~ assumed 5 GB                                  0.50       0.50
       buckets           database, stored: ~ assumed 20 GB                              0.46       0.46
       way in            capacity units of the load balancer: ~ assumed none:           0.00       0.00
                         the first covers 25 new and 3,000 open connections
       fixed                                                                          655.86           
         of that the platform, without users' nodes                                   655.86           
       with assumed use                                                               658.62   1,547.58

     May be free, and is not deducted above: shared with the rest of its account
            −0.90  first 100 GB out, per account

     4 resources of 2 types cost nothing by themselves (--json says why); docs/cost.md says what no
     estimate has: traffic between zones, requests, taxes, support.
   "
  `);
});

test("[O11] alternatives with what they give up; those of the maxima alone say so", () => {
  const alternatives = [
    { what: "a", givesUp: "x", set: {}, difference: -65.7, maximumDifference: -65.7 },
    { what: "b", givesUp: "y", set: {}, difference: 0, maximumDifference: -10 },
  ];
  const page = costTable({ ...aws, alternatives }, plain);
  expect(page).toContain("What would lower it, each planned and priced");
  expect(page).toContain("−65.70  a; gives up: x\n");
  expect(page).toContain("0.00  b; gives up: y (−10.00 at the maxima)");
  expect(costTable({ ...aws, alternatives: [] }, plain)).not.toContain("What would lower it");
});

test("[O11] no line is wider than the page, and colour changes no word", () => {
  for (const cost of [aws, gcp]) {
    const page = `${summary(cost)}\n${costTable(cost, plain)}`;
    for (const line of page.split("\n")) expect(line.length).toBeLessThanOrEqual(WIDTH);
    // eslint-disable-next-line no-control-regex -- the control codes are what is taken out
    const bare = costTable(cost, paint(true)).replace(/\u001b\[\d+m/g, "");
    expect(bare).toBe(costTable(cost, plain));
  }
  const none = { ...aws, credits: [], units: [] };
  expect(costTable(none, plain)).not.toMatch(/May be free|By use/);
});
