import { compareCosts, costDifference } from "./compare";
import { storageOnly } from "./assumptions";
import { costReport } from "./document";
import { estimate } from "./estimate";
import { awsPlan, type AwsShape, gcpPlan } from "./fixtures/bills";

const shape: AwsShape = {
  natGateways: 3,
  instanceType: "m6i.xlarge",
  nodes: 3,
  most: 9,
  diskGb: 100,
  zone: true,
  images: true,
  key: false,
};
const aws = (changes: Partial<AwsShape> = {}) =>
  costReport(estimate(awsPlan({ ...shape, ...changes }), storageOnly));
const gcp = costReport(
  estimate(
    gcpPlan({
      region: "us-central1",
      location: "us-central1-a",
      machineType: "e2-standard-2",
      nodes: 2,
      diskGb: 40,
    }),
    storageOnly,
  ),
);

test("[P8] one NAT instead of three is 73.00 less, of which 65.70 are gateways and 7.30 their addresses", () => {
  const change = costDifference(aws(), aws({ natGateways: 1 }));
  expect(change.totals.fixed.difference).toBeCloseTo(-73, 6);
  expect(change.totals.maximum.difference).toBeCloseTo(-73, 6);
  expect(change.totals.use.difference).toBe(0);
  expect(change.lines.map(({ what, least }) => [what, least.difference.toFixed(2)])).toEqual([
    ["NAT gateways", "-65.70"],
    ["public addresses", "-7.30"],
  ]);
  expect(change.unpriced).toEqual({ gained: [], lost: [] });
});

test("[P8] another machine is one line less and one more; a wider pool costs at the maximum only", () => {
  const other = costDifference(aws(), aws({ instanceType: "m6a.xlarge" }));
  expect(other.lines.map(({ what, least }) => [what, least.base > 0, least.head > 0])).toEqual([
    ["nodes m6i.xlarge", true, false],
    ["nodes m6a.xlarge", false, true],
  ]);
  const wider = costDifference(aws(), aws({ most: 18 }));
  expect(wider.totals.fixed.difference).toBe(0);
  expect(
    wider.lines.map(({ what, least, most }) => [what, least.difference, Math.round(most.difference)]),
  ).toEqual([
    ["nodes m6i.xlarge", 0, 1261],
    ["boot disks gp3, GB", 0, 72],
  ]);
});

test("[P8] nothing changed is no line; what cannot be priced any more is told, and so is what can again", () => {
  expect(costDifference(aws(), aws()).lines).toEqual([]);
  const spot = aws({ instanceType: "m7i-flex.large", spot: true });
  const hole = ["aws saving of spot m7i-flex.large in us-east-1"];
  expect(costDifference(aws(), spot).unpriced).toEqual({ gained: hole, lost: [] });
  expect(costDifference(spot, aws()).unpriced).toEqual({ gained: [], lost: hole });
  const odd = { ...aws(), unknownTypes: ["aws:new/thing:Thing"] };
  expect(costDifference(aws(), odd).unpriced.gained).toEqual(["aws:new/thing:Thing"]);
});

test("[P8] two clouds lie side by side by group, the dearest first, with and without the GKE credit", () => {
  const small = aws({ natGateways: 1, instanceType: "t3.large", nodes: 2, most: 2, diskGb: 40 });
  const sides = compareCosts(small, gcp);
  expect(sides.groups.map(({ group }) => group)).toEqual([
    "platform nodes",
    "control plane",
    "way out",
    "way in",
    "addresses",
    "images",
    "names",
    "buckets",
  ]);
  const [nodes] = sides.groups;
  expect(nodes!.least).toEqual({
    base: expect.closeTo(127.872, 3) as number,
    head: expect.closeTo(105.8367, 3) as number,
    difference: expect.closeTo(-22.0353, 3) as number,
  });
  const sum = (pick: "base" | "head") => sides.groups.reduce((total, { least }) => total + least[pick], 0);
  expect(sum("base")).toBeCloseTo(266.207, 3);
  expect(sum("head")).toBeCloseTo(203.8807, 3);
  const [a, g] = [small.totals.platform, gcp.totals.platform];
  expect(sides.apart.list).toBeCloseTo((a - g) / g, 6);
  expect(sides.apart.credited).toBeCloseTo((a - (g - 73)) / (g - 73), 6);
  expect(compareCosts(gcp, small).apart).toEqual(sides.apart);
  expect(compareCosts(small, small).apart).toEqual({ list: 0, credited: 0 });
  const nothing = costReport(estimate([]));
  expect(compareCosts(nothing, nothing)).toMatchObject({ groups: [], lines: [], apart: { list: 0 } });
});
