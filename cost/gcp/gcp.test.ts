import { amounts, type Add, billOf, holes } from "../fixtures/plan";

const bill = (build: (add: Add) => void, region = "us-central1") => billOf("gcp", region, build);
const POOL = "gcp:container/nodePool:NodePool";
const privately = { networkConfig: { enablePrivateNodes: true } };
const node = { machineType: "e2-standard-2", diskSizeGb: 50, diskType: "pd-balanced" };
const pool = (add: Add, inputs: object = {}, name = "p") =>
  add(POOL, name, {
    location: "us-central1-a",
    ...privately,
    nodeConfig: node,
    autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 3 },
    ...inputs,
  });

test("[O11] a pool from its minimum to its maximum, counted in all, by zone, or fixed", () => {
  const nodes = (inputs: object) => amounts(bill((add) => pool(add, inputs)))[0];
  const zones = { nodeLocations: ["us-central1-a", "us-central1-b"] };
  expect(nodes({})).toBe("nodes e2-standard-2: 48.92–146.76");
  expect(nodes(zones)).toBe("nodes e2-standard-2: 48.92–146.76");
  const byZone = { ...zones, autoscaling: { minNodeCount: 1, maxNodeCount: 2 } };
  expect(nodes(byZone)).toBe("nodes e2-standard-2: 97.84–195.67");
  expect(nodes({ ...zones, autoscaling: undefined, nodeCount: 1 })).toBe("nodes e2-standard-2: 97.84–97.84");
  const made = { autoscaling: undefined, initialNodeCount: 2 };
  expect(nodes(made)).toBe("nodes e2-standard-2: 97.84–97.84");
  const empty = bill((add) => pool(add, { autoscaling: undefined }));
  expect(empty.totals.maximum).toBe(0);
  expect(bill((add) => pool(add, { autoscaling: {} })).totals.maximum).toBe(0);
});

test("[O11] spot has prices of its own; a machine that the list lacks has none", () => {
  const machine = (nodeConfig: object) =>
    bill((add) => pool(add, { nodeConfig: { ...node, ...nodeConfig } }));
  expect(amounts(machine({ spot: true }))[0]).toBe("spot nodes e2-standard-2: 29.35–88.06");
  expect(amounts(machine({ preemptible: true }))[0]).toBe("spot nodes e2-standard-2: 29.35–88.06");
  expect(holes(machine({ machineType: "c4-standard-2" }))).toEqual([
    "nodes c4-standard-2: gcp gce.c4-standard-2 in us-central1",
  ]);
});

test("[O11] a pool that says nothing has what GKE gives: an e2-medium with 100 GiB", () => {
  expect(amounts(bill((add) => pool(add, { nodeConfig: {} })))).toEqual([
    "nodes e2-medium: 24.46–73.38",
    "boot disks pd-balanced, GiB: 10.00–30.00",
  ]);
  const elsewhere = bill((add) => pool(add, { location: undefined }), "europe-west1");
  expect(elsewhere.lines[0]!.price.region).toBe("europe-west1");
  const odd = bill((add) => pool(add, { nodeConfig: { ...node, diskType: "pd-extreme" } }));
  expect(holes(odd)).toEqual(["boot disks pd-extreme, GiB: gcp disk.pd-extreme.gb in us-central1"]);
});

test("[O11] nodes labelled for users are the users', and an hour of an environment is priced by them", () => {
  const users = { ...node, labels: { "cmb.dev/pool": "users" } };
  const found = bill((add) => pool(add, { nodeConfig: users }));
  expect([found.totals.platform, new Set(found.lines.map(({ group }) => group))]).toEqual([
    0,
    new Set(["user nodes"]),
  ]);
  const hour = 0.06701142 + (50 * 0.1) / 730;
  expect(found.units[0]!.least).toBeCloseTo(hour / 4, 9);
  expect(found.units[0]!.most).toBeCloseTo(hour, 9);
  const unknown = bill((add) => pool(add, { nodeConfig: { ...users, diskType: "pd-extreme" } }));
  expect(unknown.units[0]!.most).toBeCloseTo(0.06701142, 9);
});

test("[O11] public nodes pay for an address each, spot ones half; private ones none, by the cluster or by themselves", () => {
  const found = (inputs: object, cluster = {}) =>
    amounts(
      bill((add) => {
        add("gcp:container/cluster:Cluster", "c", { location: "us-central1", ...cluster });
        pool(add, inputs);
      }),
    ).filter((line) => line.startsWith("public addresses"));
  const open = { networkConfig: undefined };
  expect(found(open)).toEqual(["public addresses of nodes e2-standard-2: 3.65–10.95"]);
  expect(found({ ...open, nodeConfig: { ...node, spot: true } })).toEqual([
    "public addresses of nodes e2-standard-2: 1.82–5.48",
  ]);
  expect(found(open, { privateClusterConfig: { enablePrivateNodes: true } })).toEqual([]);
  expect(found({})).toEqual([]);
});

describe("[O11] Cloud NAT", () => {
  const nat = (inputs: object, max = 3, build: (add: Add) => void = () => undefined) =>
    amounts(
      bill((add) => {
        pool(add, { autoscaling: { totalMinNodeCount: 2, totalMaxNodeCount: max } });
        add("gcp:compute/routerNat:RouterNat", "n", inputs as never);
        build(add);
      }),
    ).filter((line) => /NAT/.test(line) && !/both ways/.test(line));

  test("is billed by machine, for 32 at most", () => {
    expect(nat({})).toContain("Cloud NAT, machines: 2.04–3.07");
    expect(nat({}, 50)).toContain("Cloud NAT, machines: 2.04–32.70");
  });

  test("takes as many addresses as its machines' ports need, or those it is given", () => {
    const ports = { minPortsPerVm: 64, maxPortsPerVm: 4096 };
    expect(nat(ports, 15)).toContain("addresses of Cloud NAT: 3.65–3.65");
    expect(nat(ports, 39)).toContain("addresses of Cloud NAT: 3.65–10.95");
    const address = "urn:pulumi:dev::p::gcp:compute/address:Address::a";
    expect(nat({ natIps: [address, address] })).toContain("addresses of Cloud NAT: 7.30–7.30");
  });

  test("public nodes do not use it", () => {
    const found = nat({}, 3, (add) => pool(add, { networkConfig: { enablePrivateNodes: false } }, "open"));
    expect(found).toContain("Cloud NAT, machines: 2.04–3.07");
  });
});

test("[O11] a reserved address is free on a load balancer, billed with NAT, dearest where nothing uses it", () => {
  const address = (build: (add: Add, urn: string) => void, inputs = {}) =>
    amounts(
      bill((add) => {
        const { urn } = add("gcp:compute/address:Address", "a", { addressType: "EXTERNAL", ...inputs });
        build(add, urn);
      }),
    ).filter((line) => /address of|reserved/.test(line));
  const nobody = () => undefined;
  expect(address(nobody)).toEqual(["reserved address that nothing uses: 7.30–7.30"]);
  expect(address(nobody, { addressType: "INTERNAL" })).toEqual([]);
  expect(address(nobody, { region: "europe-west1" })).toHaveLength(1);
  expect(address((add, urn) => add("kubernetes:core/v1:Service", "s", {}, { spec: [urn] }))).toEqual([
    "address of the load balancer: 0.00–0.00",
  ]);
  expect(
    address((add, urn) => add("gcp:compute/forwardingRule:ForwardingRule", "f", {}, { ipAddress: [urn] })),
  ).toEqual(["address of the load balancer: 0.00–0.00"]);
  expect(address((add, urn) => add("gcp:compute/routerNat:RouterNat", "n", {}, { natIps: [urn] }))).toEqual(
    [],
  );
});

describe("[O11] the control plane", () => {
  const cluster = (inputs: object) =>
    bill((add) => add("gcp:container/cluster:Cluster", "c", inputs as never));

  test("has its credit where it is zonal or Autopilot, never more than its fee, and none where it is regional", () => {
    const credit = (inputs: object) => cluster(inputs).totals.credit;
    expect(credit({ location: "us-central1-a" })).toBe(73);
    expect(credit({ location: "us-central1" })).toBe(0);
    expect(credit({ location: "us-central1", enableAutopilot: true })).toBe(73);
    expect(credit({})).toBe(0);
    const [one] = cluster({ location: "us-central1-a" }).credits;
    expect([one!.per, one!.managementFee]).toEqual(["billing account", true]);
    expect(cluster({ location: "us-central1-a" }).totals.fixed).toBe(73);
  });

  test("on the EXTENDED channel may cost six times as much, later", () => {
    const extended = cluster({ location: "us-central1", releaseChannel: { channel: "EXTENDED" } });
    expect(amounts(extended)).toEqual([
      "GKE control plane: 73.00–73.00",
      "extended support, once standard support has ended: 0.00–365.00",
    ]);
    expect(extended.lines[0]!.basis).toContain("more once");
  });

  test("of Autopilot leaves the pods unpriced, and says so", () => {
    expect(holes(cluster({ location: "us-central1", enableAutopilot: true }))).toEqual([
      "pods of Autopilot: gcp Autopilot in us-central1",
    ]);
  });

  test("without a price has no credit", () => {
    const nowhere = cluster({ location: "europe-north1-a" });
    expect([nowhere.lines, nowhere.credits]).toEqual([[], []]);
  });
});

test("[O11] data by where it lies, images, secrets by version and place, logs by what arrives and how long it stays", () => {
  const found = bill((add) => {
    const bucket = (name: string, inputs: object) =>
      add("gcp:storage/bucket:Bucket", name, { name, ...inputs });
    bucket("logs", { location: "US-CENTRAL1" });
    bucket("near", { location: "US-CENTRAL1", logging: { logBucket: "logs" } });
    bucket("wide", { location: "US", storageClass: "STANDARD" });
    bucket("two", { location: "NAM4" });
    bucket("cold", { location: "US-CENTRAL1", storageClass: "NEARLINE" });
    const secret = add("gcp:secretmanager/secret:Secret", "s", {
      replication: { userManaged: { replicas: [{ location: "us-east1" }, { location: "us-central1" }] } },
    });
    add("gcp:secretmanager/secretVersion:SecretVersion", "v", {}, { secret: [secret.urn] });
    add("gcp:secretmanager/secretVersion:SecretVersion", "w");
    add("gcp:artifactregistry/repository:Repository", "r");
    const store = (bucketId: string, retentionDays: number) =>
      add("gcp:logging/projectBucketConfig:ProjectBucketConfig", bucketId, { bucketId, retentionDays });
    store("c-flow-logs", 7);
    store("c-cluster-logs", 90);
  });
  expect(amounts(found).sort()).toEqual([
    "images in Artifact Registry: 0.50–0.50",
    "logs of cluster and pods, kept past 30 days: 0.06–0.06",
    "logs of cluster and pods: 1.50–1.50",
    "logs, stored: 0.02–0.02",
    "near, stored: 0.40–0.40",
    "network flow logs: 0.50–0.50",
    "secrets in Secret Manager: 0.18–0.18",
    "two, stored: 0.88–0.88",
    "wide, stored: 0.52–0.52",
  ]);
  expect(holes(found)).toEqual(["cold, stored: gcp gcs.nearline.gb in us-central1"]);
  expect(found.credits.map(({ what, amount }) => `${what}: ${amount.toFixed(2)}`)).toEqual([
    "first 6 versions of secrets: 0.18",
    "first 0.5 GiB of images: 0.05",
    "first 50 GiB of logs: 2.00",
  ]);
});

test("[O11] scheduled jobs cost a tenth each, and three of a billing account are free", () => {
  const found = bill((add) => {
    for (const name of ["a", "b", "c", "d"]) add("gcp:cloudscheduler/job:Job", name);
  });
  expect(amounts(found)).toEqual(["jobs of Cloud Scheduler: 0.40–0.40"]);
  expect(found.credits[0]!.amount).toBeCloseTo(0.3, 9);
  expect(found.lines[0]!.price.unverified).toMatch(/undated copy/);
  expect(found.prices).toBeUndefined();
});
