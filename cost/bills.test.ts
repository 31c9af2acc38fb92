import { storageOnly } from "./assumptions";
import { estimate } from "./estimate";
import { awsPlan, gcpPlan } from "./fixtures/bills";
import { monthly, type Estimate } from "./model";
import { dollars } from "./money";

/**
 * Three bills worked out by hand from the lists, against the estimate of a plan that has exactly these things.
 * What they cannot show: that the clouds bill so. The lists are copies of the clouds' own.
 */
const lines = ({ lines }: Estimate) =>
  Object.fromEntries(
    lines.filter((line) => monthly(line) > 0).map((line) => [line.what, Number(monthly(line).toFixed(4))]),
  );

test("[O11] AWS, small, one NAT gateway, internet NLB in three zones: 266.207", () => {
  const bill = estimate(
    awsPlan({
      natGateways: 1,
      instanceType: "t3.large",
      nodes: 2,
      diskGb: 40,
      zone: true,
      images: true,
      key: false,
    }),
    storageOnly,
  );
  expect(lines(bill)).toEqual({
    "EKS control plane": 73,
    "NAT gateways": 32.85,
    "load balancer (network)": 16.425,
    "public addresses of the load balancer": 10.95,
    "public addresses": 3.65,
    "nodes t3.large": 121.472,
    "boot disks gp3, GB": 6.4,
    "database, stored": 0.46,
    "images in ECR": 0.5,
    "DNS zones in Route 53": 0.5,
  });
  expect(bill.totals.fixed + bill.totals.use).toBeCloseTo(266.207, 9);
  expect([bill.totals.credit, bill.totals.free, bill.unpriced, bill.unknownTypes]).toEqual([0, 0, [], []]);
});

test("[O11] Google, small and zonal: 130.8807 with the credit on the fee, 203.8807 without, 0.05 less by free images", () => {
  const bill = estimate(
    gcpPlan({
      region: "us-central1",
      location: "us-central1-a",
      machineType: "e2-standard-2",
      nodes: 2,
      diskGb: 40,
    }),
    storageOnly,
  );
  expect(lines(bill)).toEqual({
    "GKE control plane": 73,
    "nodes e2-standard-2": 97.8367,
    "boot disks pd-balanced, GiB": 8,
    "Cloud NAT, machines": 2.044,
    "addresses of Cloud NAT": 3.65,
    "forwarding rules of the load balancer": 18.25,
    "database, stored": 0.4,
    "images in Artifact Registry": 0.5,
    "DNS zones in Cloud DNS": 0.2,
  });
  const list = bill.totals.fixed + bill.totals.use;
  expect(list).toBeCloseTo(203.8807, 4);
  expect(bill.totals.credit).toBe(73);
  expect(list - bill.totals.credit).toBeCloseTo(130.8807, 4);
  expect(bill.totals.free).toBeCloseTo(0.05, 9);
  expect(bill.lines.find(({ what }) => what === "address of the load balancer")?.price.amount).toBe(0);
  expect([bill.unpriced, bill.unknownTypes]).toEqual([[], []]);
});

test("[O11] AWS, for people's work, a NAT gateway a zone: 659.955", () => {
  const bill = estimate(
    awsPlan({
      natGateways: 3,
      instanceType: "m6i.xlarge",
      nodes: 3,
      diskGb: 100,
      zone: false,
      images: false,
      key: true,
    }),
    { ...storageOnly, dataGb: 200 },
  );
  expect(lines(bill)).toEqual({
    "EKS control plane": 73,
    "NAT gateways": 98.55,
    "load balancer (network)": 16.425,
    "public addresses of the load balancer": 10.95,
    "public addresses": 10.95,
    "nodes m6i.xlarge": 420.48,
    "boot disks gp3, GB": 24,
    "database, stored": 4.6,
    "KMS keys": 1,
  });
  const total = bill.totals.fixed + bill.totals.use;
  expect(total).toBeCloseTo(659.955, 9);
  expect(dollars(total)).toBe("659.96");
});
