import { ideasFor, measure, type Subject } from "./alternatives";
import { storageOnly } from "./assumptions";
import { costReport, type CostDocument } from "./document";
import { estimate } from "./estimate";
import { awsPlan, type AwsShape, gcpPlan } from "./fixtures/bills";
import { billOf } from "./fixtures/plan";

const shape: AwsShape = {
  natGateways: 3,
  instanceType: "m6i.xlarge",
  nodes: 3,
  diskGb: 100,
  zone: true,
  images: true,
  key: false,
};
const bill = (changes: Partial<AwsShape> = {}) =>
  costReport(estimate(awsPlan({ ...shape, ...changes }), storageOnly));
const aws = (cost: CostDocument): Subject => ({ cloud: "aws", cost });
const asleep = "asleep (npm run sleep), were it all month";
const names = (subject: Subject) => ideasFor(subject).map(({ what }) => what);

test("[O11] an idea is worth planning only where its line is on the bill", () => {
  expect(names(aws(bill()))).toEqual([
    "one NAT gateway instead of one per zone",
    "a NAT instance instead of NAT gateways",
    "the load balancer in one zone",
    "platform nodes on spot",
    asleep,
  ]);
  const small = bill({ natGateways: 0, spot: true });
  expect(names(aws(small))).toEqual(["the load balancer in one zone", asleep]);
  const google = costReport(
    estimate(
      gcpPlan({
        region: "us-central1",
        location: "us-central1-a",
        machineType: "e2-standard-2",
        nodes: 2,
        diskGb: 40,
      }),
    ),
  );
  expect(names({ cloud: "gcp", cost: google })).toEqual(["platform nodes on spot", asleep]);
});

test("[O11] warm user nodes, wide pools and long logs have their ideas; halves are whole and never none", () => {
  const cost = costReport(
    billOf("gcp", "us-central1", (add) => {
      add("gcp:container/nodePool:NodePool", "users", {
        location: "us-central1-a",
        autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 5 },
        nodeConfig: { machineType: "e2-standard-4", labels: { "cmb.dev/pool": "users" } },
      });
      add("gcp:logging/projectBucketConfig:ProjectBucketConfig", "l", { retentionDays: 90 });
    }),
  );
  expect(ideasFor({ cloud: "gcp", cost }).map(({ what, set }) => [what, set])).toEqual([
    ["no user node kept warm", { "cmbcluster:gcp.nodes.users.min": 0 }],
    ["at most half as many user nodes", { "cmbcluster:gcp.nodes.users.max": 2 }],
    ["logs kept for 30 days", { "cmbcluster:retention.logsDays": 30 }],
  ]);
});

test("[O11] alternatives are what their plans cost, the largest saving first; what saves nothing is none", async () => {
  const planned: string[] = [];
  const alternatives = await measure(aws(bill()), (set) => {
    const [key, value] = Object.entries(set)[0]!;
    planned.push(`${key} ${value}`);
    const changed: Record<string, CostDocument | undefined> = {
      "cmbcluster:aws.network.natGateways one": bill({ natGateways: 1 }),
      // Refused by the check of the configuration.
      "cmbcluster:aws.network.natGateways instance": undefined,
      "cmbcluster:aws.network.loadBalancerZones 1": bill(),
      "cmbcluster:aws.nodes.system.spot true": bill({ spot: true }),
    };
    return Promise.resolve(changed[`${key} ${value}`]);
  });
  expect(planned).toHaveLength(5);
  expect(alternatives.map(({ what, difference }) => [what, difference.toFixed(2)])).toEqual([
    ["platform nodes on spot", (-420.48 * 0.55).toFixed(2)],
    ["one NAT gateway instead of one per zone", "-73.00"],
  ]);
  expect(alternatives[1]).toMatchObject({
    givesUp: expect.stringContaining("lose the way out") as string,
    set: { "cmbcluster:aws.network.natGateways": "one" },
    maximumDifference: expect.closeTo(-73, 6) as number,
  });
});

test("[O11] a change that cannot be priced is no alternative, however cheap it looks", async () => {
  const cheaper = bill({ instanceType: "m7i-flex.large", spot: true });
  expect(cheaper.unpriced).not.toEqual([]);
  expect(await measure(aws(bill()), () => Promise.resolve(cheaper))).toEqual([]);
});

test("[O11] what saves at the maxima only comes after what saves every month", async () => {
  const wide = bill({ nodes: 1, most: 9 });
  const found = await measure(aws(wide), (set) =>
    Promise.resolve(
      "cmbcluster:aws.nodes.system.spot" in set
        ? bill({ nodes: 1, most: 5 })
        : "cmbcluster:aws.network.loadBalancerZones" in set
          ? bill({ nodes: 1, most: 2 })
          : wide,
    ),
  );
  expect(found.map(({ what, difference }) => [what, difference])).toEqual([
    ["the load balancer in one zone", 0],
    ["platform nodes on spot", 0],
  ]);
});
