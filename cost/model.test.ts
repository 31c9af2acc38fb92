import { costDocument, costReport } from "./document";
import { estimate } from "./estimate";
import { awsPlan } from "./fixtures/bills";
import { billOf } from "./fixtures/plan";
import { dollars, signed } from "./money";
import { machineSize } from "./pools";
import { allPrices, findPrice, pricedRegions, spotSaving } from "./prices";

test("[O11] every price has an amount, a unit, a month and a source", () => {
  for (const cloud of ["aws", "gcp"] as const) {
    expect(pricedRegions(cloud).length).toBeGreaterThan(3);
    for (const { amount, unit, date, source, key } of allPrices(cloud)) {
      expect([key, amount >= 0 && amount < 10, unit !== "", source.length > 10]).toEqual([
        key,
        true,
        true,
        true,
      ]);
      expect(date).toMatch(/^202[4-6]-(0[1-9]|1[0-2])$/);
    }
  }
});

test("[O11] a price of another region is never borrowed, and what nobody confirmed is marked, where it is meant for", () => {
  expect(findPrice("gcp", "us-central1", "disk.hyperdiskBalanced.gb")?.amount).toBe(0.08);
  expect(findPrice("gcp", "europe-west4", "disk.hyperdiskBalanced.gb")).toBeUndefined();
  expect(findPrice("aws", "moon-1", "eks.cluster")).toBeUndefined();
  const rule = (region: string) => findPrice("gcp", region, "lb.forwardingRule.hour");
  expect([rule("us-central1")?.unverified, rule("us-central1")?.date]).toEqual([undefined, "2026-09"]);
  expect(rule("europe-west4")?.unverified).toMatch(/not seen/);
  expect(rule("europe-west4")?.date).toBeUndefined();
  expect(rule("asia-east1")).toBeUndefined();
  expect([
    spotSaving("us-east-1", "t3.large"),
    spotSaving("us-east-1", "x9"),
    spotSaving("x", "t3.large"),
  ]).toEqual([0.62, undefined, undefined]);
});

test("[O11] the document holds the whole bill, and its amounts show no noise", () => {
  const shape = {
    natGateways: 1,
    instanceType: "t3.large",
    nodes: 2,
    diskGb: 40,
    zone: true,
    images: true,
    key: false,
  };
  const bill = estimate(awsPlan(shape));
  const document = costReport(bill);
  expect(costDocument.parse(document)).toEqual(document);
  expect(document.lines).toHaveLength(bill.lines.length);
  expect(document.lines.map(({ monthly }) => monthly)).toEqual(
    [...document.lines].map(({ monthly }) => monthly).sort((a, b) => b - a),
  );
  expect(JSON.stringify(document)).not.toMatch(/\d\.\d{7}/);
  expect(document.prices).toEqual({ from: "2026-07", to: "2026-09" });
});

test("[O11] lines that cost the same stand in the order of what they can become, then of their words", () => {
  const bill = billOf("aws", "us-east-1", (add) => {
    add("aws:route53/zone:Zone", "z");
    add("aws:ecr/repository:Repository", "r");
    add("aws:kms/key:Key", "k");
  });
  expect(bill.lines.map(({ what }) => what)).toEqual(["KMS keys", "DNS zones in Route 53", "images in ECR"]);
});

test("amounts are to the cent, with a thousands' comma, and differences carry a true minus", () => {
  expect([0, 0.005, 16.425, 659.955, 1234.5, 1234567.891].map(dollars)).toEqual([
    "0.00",
    "0.01",
    "16.43",
    "659.96",
    "1,234.50",
    "1,234,567.89",
  ]);
  expect([-65.7, 3, 0, -0.001].map(signed)).toEqual(["−65.70", "+3.00", "0.00", "0.00"]);
});

test("machine sizes by their names, none for a name that does not tell", () => {
  expect(machineSize("e2-standard-4")).toEqual({ cpu: 4, memoryGi: 16 });
  expect(machineSize("e2-medium")).toEqual({ cpu: 2, memoryGi: 4 });
  expect(machineSize("t3.medium")).toEqual({ cpu: 2, memoryGi: 4 });
  expect(machineSize("t3a.large")).toEqual({ cpu: 2, memoryGi: 8 });
  expect(machineSize("m6i.xlarge")).toEqual({ cpu: 4, memoryGi: 16 });
  expect(machineSize("m7i-flex.2xlarge")).toEqual({ cpu: 8, memoryGi: 32 });
  expect(machineSize("c6i.4xlarge")).toEqual({ cpu: 16, memoryGi: 32 });
  expect(machineSize("r6i.large")).toEqual({ cpu: 2, memoryGi: 16 });
  expect([machineSize("x9.large"), machineSize("u-metal")]).toEqual([undefined, undefined]);
});
