import { APIS, CLUSTER_ID, EMAIL, inputs, POOL, withCluster, withNetwork } from "./fixtures/stack";
import { like, PROJECT, REGION, World, ZONE } from "./fixtures/world";
import { CLUSTER, NODE_POOL } from "./cluster";
import { HIDDEN } from "./common";
import { machineType } from "./machine-types";
import { scalePool } from "./node-pool";

const POOL_ID = `${CLUSTER_ID}/nodePools/system`;
const ACCOUNT = "gcp:serviceaccount/account:Account";

test("a cluster needs its network, its subnetwork and the account of its nodes", async () => {
  const empty = new World(APIS);
  expect(await empty.refusal(empty.create(CLUSTER, inputs.cluster()))).toContain(
    "networks/cmb' was not found",
  );
  const world = await withNetwork();
  expect(await world.refusal(world.create(CLUSTER, inputs.cluster()))).toContain(
    `Service account ${EMAIL} does not exist`,
  );
  await world.create(ACCOUNT, inputs.account());
  await world.create(CLUSTER, inputs.cluster());
});

test("a cluster has what GKE shows of it: endpoint by name, certificate, version, ranges", async () => {
  const world = await withCluster();
  const { properties } = world.view.find(CLUSTER, CLUSTER_ID)!;
  const server = world.clusters.servers.get(CLUSTER_ID);
  expect(server).toMatch(/^gke-[0-9a-f]{28}-\d{12}\.europe-west4\.gke\.goog$/);
  expect(properties).toMatchObject({
    controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: true, endpoint: server } },
    masterAuth: { clusterCaCertificate: Buffer.from("-----BEGIN CERTIFICATE-----").toString("base64") },
    masterVersion: like(/^1\.35\.8-gke/),
    clusterIpv4Cidr: "10.4.0.0/17",
    servicesIpv4Cidr: "10.8.0.0/20",
    privateClusterConfig: { masterIpv4CidrBlock: "172.16.0.0/28", privateEndpoint: "172.16.0.2" },
    selfLink: `https://container.googleapis.com/v1/${CLUSTER_ID}`,
  });
});

test("a cluster of the same name has another endpoint each time it is made", async () => {
  const world = await withCluster();
  const before = world.clusters.servers.get(CLUSTER_ID);
  await world.remove(CLUSTER, CLUSTER_ID);
  expect(world.clusters.servers.size).toBe(0);
  await world.create(CLUSTER, inputs.cluster());
  expect(world.clusters.servers.get(CLUSTER_ID)).not.toBe(before);
});

test("a cluster brings the drivers that are on and GKE's classes of disks", async () => {
  const names = (world: World) =>
    world.clusters.applied.map((each) => (each as { metadata: { name: string } }).metadata.name);
  expect(names(await withCluster())).toEqual([
    ...["pd.csi.storage.gke.io", "standard", "standard-rwo", "premium-rwo", "gcsfuse.csi.storage.gke.io"],
  ]);
  expect(
    names(await withCluster({ addonsConfig: { gcePersistentDiskCsiDriverConfig: { enabled: false } } })),
  ).toEqual([]);
});

test("the pool that GKE makes by itself stays only where it is not removed", async () => {
  expect((await withCluster()).clusters.nodes.size).toBe(0);
  const world = await withCluster({ removeDefaultNodePool: false });
  expect([...world.clusters.nodes.keys()]).toEqual([`${CLUSTER_ID} default-pool`]);
});

test.each([
  [
    { ipAllocationPolicy: { clusterSecondaryRangeName: "missing" } },
    'Secondary range "missing" does not exist',
  ],
  [
    { privateClusterConfig: { masterIpv4CidrBlock: "10.8.1.0/28" } },
    "Invalid IPCidrRange: 10.8.1.0/28 conflicts",
  ],
  [{ location: "nowhere" }, 'Location "nowhere" does not exist'],
  [{ nodeLocations: ["us-central1-a"] }, 'Zone "us-central1-a" is not in the region'],
  [{ minMasterVersion: "1.20" }, 'Master version "1.20" is unsupported'],
  [
    { nodeConfig: { serviceAccount: EMAIL, machineType: "e3-huge-7" } },
    'Machine type with name "e3-huge-7" does not exist',
  ],
])("a cluster with %j is refused", async (more, words) => {
  const world = await withNetwork();
  await world.create(ACCOUNT, inputs.account());
  expect(await world.refusal(world.create(CLUSTER, inputs.cluster(more)))).toContain(words);
});

test("a second cluster's control plane cannot have the range of the first", async () => {
  const world = await withCluster();
  expect(await world.refusal(world.create(CLUSTER, inputs.cluster({ name: "other" })))).toContain(
    "172.16.0.0/28 conflicts",
  );
});

test.each([[true], [undefined]])(
  "a cluster with deletionProtection %s does not go",
  async (deletionProtection) => {
    const more = inputs.cluster(deletionProtection === undefined ? {} : { deletionProtection });
    if (deletionProtection === undefined) delete more["deletionProtection"];
    const world = await withNetwork();
    await world.create(ACCOUNT, inputs.account());
    await world.create(CLUSTER, more);
    expect(await world.refusal(world.remove(CLUSTER, CLUSTER_ID))).toContain(
      "deletion_protection is set to true",
    );
    await world.update(CLUSTER, CLUSTER_ID, inputs.cluster());
    await world.remove(CLUSTER, CLUSTER_ID);
  },
);

test("an update keeps what GKE had filled into the blocks", async () => {
  const world = await withCluster();
  const before = structuredClone(world.view.find(CLUSTER, CLUSTER_ID)!.properties);
  await world.update(CLUSTER, CLUSTER_ID, inputs.cluster({ resourceLabels: { a: "b" } }));
  const after = world.view.find(CLUSTER, CLUSTER_ID)!.properties;
  for (const key of [
    "controlPlaneEndpointsConfig",
    "masterAuth",
    "privateClusterConfig",
    "ipAllocationPolicy",
  ])
    expect([key, after[key]]).toEqual([key, before[key]]);
});

test("a pool before its cluster is refused", async () => {
  const world = await withNetwork();
  await world.create(ACCOUNT, inputs.account());
  expect(await world.refusal(world.create(NODE_POOL, inputs.pool()))).toContain(
    `'${CLUSTER_ID}' was not found`,
  );
});

test("a pool's machines are nodes with GKE's labels and the pool's own, and go with it", async () => {
  const world = await withCluster();
  const taints = [{ key: "cmb.dev/pool", value: "users", effect: "NO_SCHEDULE" }];
  const nodeConfig = {
    machineType: "e2-standard-4",
    serviceAccount: EMAIL,
    labels: { "cmb.dev/pool": "users" },
    taints,
    spot: true,
    workloadMetadataConfig: { mode: "GKE_METADATA" },
  };
  const { properties } = await world.create(NODE_POOL, inputs.pool({ initialNodeCount: 2, nodeConfig }));
  expect(world.clusters.nodes.get(`${CLUSTER_ID} system`)).toEqual({
    count: 2,
    zones: [ZONE],
    cpu: 4,
    memoryGi: 16,
    maxPods: 110,
    taints: [{ key: "cmb.dev/pool", value: "users", effect: "NoSchedule" }],
    labels: {
      "cmb.dev/pool": "users",
      "cloud.google.com/gke-nodepool": "system",
      "cloud.google.com/gke-os-distribution": "cos",
      "cloud.google.com/gke-spot": "true",
      "iam.gke.io/gke-metadata-server-enabled": "true",
      "node.kubernetes.io/instance-type": "e2-standard-4",
    },
  });
  expect(properties).toMatchObject({
    nodeCount: 2,
    nodeLocations: [ZONE],
    version: like(/1\.35\.8/),
  });
  expect([world.ids(HIDDEN.instance).length, world.ids(HIDDEN.disk).length]).toEqual([2, 2]);
  await world.remove(NODE_POOL, POOL_ID);
  expect([
    world.clusters.nodes.size,
    world.ids(HIDDEN.instance).length,
    world.ids(HIDDEN.disk).length,
  ]).toEqual([0, 0, 0]);
});

test("nodes of a regional pool are spread over its zones, the least number over all of them", async () => {
  const zones = ["a", "b", "c"].map((letter) => `${REGION}-${letter}`);
  const world = await withCluster({ location: REGION, nodeLocations: zones });
  const cluster = CLUSTER_ID.replace(ZONE, REGION);
  const autoscaling = { totalMinNodeCount: 4, totalMaxNodeCount: 9 };
  await world.create(NODE_POOL, inputs.pool({ cluster, location: REGION, initialNodeCount: 1, autoscaling }));
  expect(world.clusters.nodes.get(`${cluster} system`)).toMatchObject({ count: 4, zones });
});

test("two pools are made side by side; a sixth operation waits for one of five", async () => {
  const world = await withCluster();
  const began = world.clock.now();
  const pool = (name: string) => world.create(NODE_POOL, inputs.pool({ name }));
  await Promise.all([pool("a"), pool("b")]);
  expect(world.clock.now() - began).toBe(95);
  await Promise.all(["c", "d", "e", "f", "g", "h"].map(pool));
  expect(world.clock.now() - began).toBe(95 + 2 * 95);
});

test("what concerns the whole cluster runs alone: a pool waits for it, and it for the pool", async () => {
  const world = await withCluster();
  const began = world.clock.now();
  const update = world.update(CLUSTER, CLUSTER_ID, inputs.cluster({ resourceLabels: { a: "b" } }));
  await world.clock.sleep(1);
  const pool = world.create(NODE_POOL, inputs.pool());
  await update;
  expect(world.clock.now() - began).toBe(60);
  await pool;
  expect(world.clock.now() - began).toBeGreaterThanOrEqual(60 + 95);
  const later = world.clock.now();
  const second = world.create(NODE_POOL, inputs.pool({ name: "users" }));
  await world.clock.sleep(1);
  await world.remove(CLUSTER, CLUSTER_ID);
  await second;
  expect(world.clock.now() - later).toBeGreaterThanOrEqual(95 + 240);
});

test("another machine type rolls the nodes, one after the other; another label does not", async () => {
  const world = await withCluster();
  await world.create(NODE_POOL, inputs.pool({ initialNodeCount: 2 }));
  const seconds = async (nodeConfig: Record<string, string>) => {
    const began = world.clock.now();
    const config = { machineType: "e2-standard-2", serviceAccount: EMAIL, ...nodeConfig };
    await world.update(NODE_POOL, POOL_ID, inputs.pool({ initialNodeCount: 2, nodeConfig: config }));
    return world.clock.now() - began;
  };
  expect(await seconds({})).toBe(30);
  expect(await seconds({ machineType: "e2-standard-4" })).toBe(30 + 2 * 150);
  expect(world.clusters.nodes.get(`${CLUSTER_ID} system`)).toMatchObject({ count: 2, cpu: 4 });
  await expect(seconds({ machineType: "e2-standard-3" })).rejects.toThrow("does not exist");
});

test("processors end somewhere: machines beyond the quota are refused before one is made", async () => {
  const world = await withCluster();
  world.put("gcp:hidden/quota", `${PROJECT}/${REGION}/CPUS`, { limit: 5 });
  await world.create(NODE_POOL, inputs.pool({ initialNodeCount: 2 }));
  expect(await world.refusal(world.create(NODE_POOL, inputs.pool({ name: "users" })))).toContain(
    "request requires '2.0' and is short '1.0'. project has a quota of '5.0' with '1.0' available.",
  );
  expect(world.ids(NODE_POOL)).toEqual([POOL_ID]);
});

test("a pod range that is too small for the pool ends its creation half-way", async () => {
  const small = [
    { rangeName: "pods", ipCidrRange: "10.4.0.0/24" },
    { rangeName: "services", ipCidrRange: "10.8.0.0/20" },
  ];
  const world = new World(APIS);
  await world.create("gcp:compute/network:Network", inputs.network());
  await world.create("gcp:compute/subnetwork:Subnetwork", inputs.subnetwork({ secondaryIpRanges: small }));
  await world.create(ACCOUNT, inputs.account());
  await world.create(CLUSTER, inputs.cluster());
  await world.create(NODE_POOL, inputs.pool());
  expect(await world.refusal(world.create(NODE_POOL, inputs.pool({ name: "users" })))).toContain(
    "-pods' is exhausted",
  );
});

test("the autoscaler adds nodes up to the pool's bound, and the project's", async () => {
  const world = await withCluster();
  const pool = await world.create(NODE_POOL, inputs.pool());
  await scalePool(world.view, pool, 7);
  expect(world.clusters.nodes.get(`${CLUSTER_ID} system`)?.count).toBe(3);
  expect(world.ids(HIDDEN.instance)).toHaveLength(3);
  await scalePool(world.view, pool, 1);
  expect(world.ids(HIDDEN.instance)).toHaveLength(1);
  world.put("gcp:hidden/quota", `${PROJECT}/${REGION}/CPUS`, { limit: 4 });
  await expect(scalePool(world.view, pool, 3)).rejects.toThrow("is short '2.0'");
});

test("a cluster that goes takes its pools and what GKE put beside it, and nothing that its Services made", async () => {
  const world = await withCluster();
  await world.create(NODE_POOL, inputs.pool());
  expect(world.ids(HIDDEN.firewall)).toHaveLength(4);
  world.put(HIDDEN.firewall, "k8s-fw-a1", { cluster: CLUSTER_ID });
  world.put(HIDDEN.disk, "pvc-1", { cluster: CLUSTER_ID, claim: "cmb/db" });
  await world.remove(CLUSTER, CLUSTER_ID);
  expect(world.ids(NODE_POOL)).toEqual([]);
  expect([world.ids(HIDDEN.firewall), world.ids(HIDDEN.disk)]).toEqual([["k8s-fw-a1"], ["pvc-1"]]);
  expect(
    [HIDDEN.instance, HIDDEN.forwardingRule, HIDDEN.operation].flatMap((kind) => world.ids(kind)),
  ).toEqual([]);
  expect(world.ids(HIDDEN.identityPool)).toEqual([POOL]);
});

test("machine types have the sizes that Google names", () => {
  const size = (name: string) => {
    const { cpu, memoryGi } = machineType(name, ZONE);
    return [cpu, memoryGi];
  };
  expect([size("e2-standard-2"), size("e2-standard-8"), size("n2-highmem-4"), size("e2-medium")]).toEqual([
    [2, 8],
    [8, 32],
    [4, 32],
    [2, 4],
  ]);
  for (const name of ["e2-standard-64", "e2-standard-3", "t2a-standard-4", "large"])
    expect(() => machineType(name, ZONE)).toThrow("does not exist");
});
