import { computedGcp } from "../../testing/computed-gcp";
import { record } from "../../testing/record";
import { NodeIdentity } from "./node-identity";
import { NodePools, POOL_LABEL, systemTolerations, type NodePoolsArgs } from "./node-pools";
import { gcpProvider } from "./providers";

const provider = () => gcpProvider("gcp", { project: "acme-science", region: "europe-west4" });
const make = (args: Partial<NodePoolsArgs> = {}) =>
  record(
    () =>
      new NodePools(
        "pools",
        {
          cluster: "cmb-dev",
          project: "acme-science",
          location: "europe-west4-b",
          clusterId: "gke-id",
          zones: ["europe-west4-b"],
          serviceAccount: "cmb-dev-nodes@acme-science.iam.gserviceaccount.com",
          nodeTag: "cmb-dev-node",
          system: { machineType: "e2-standard-2", min: 1, max: 3, diskGb: 50, maxPods: 110 },
          users: { machineType: "e2-standard-4", min: 0, max: 5, diskGb: 100, maxPods: 64 },
          ...args,
        },
        { provider: provider() },
      ),
    { computed: computedGcp },
  );
const nodeConfig = async (pool: "system" | "users", args: Partial<NodePoolsArgs> = {}) =>
  (await make(args)).recording.one(`pools-${pool}`).inputs.nodeConfig as Record<string, unknown>;

test("[N3] there are two pools, sized and autoscaled as asked", async () => {
  const { recording } = await make();
  expect(recording.ofType("gcp:container/nodePool:NodePool").map((p) => p.inputs.name)).toEqual([
    "system",
    "users",
  ]);
  const users = recording.one("pools-users");
  expect(users.inputs).toMatchObject({
    cluster: "gke-id",
    location: "europe-west4-b",
    nodeLocations: ["europe-west4-b"],
    maxPodsPerNode: 64,
    autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 5, locationPolicy: "ANY" },
    management: { autoRepair: true, autoUpgrade: true },
    upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
    networkConfig: { enablePrivateNodes: true },
  });
  expect(recording.one("pools-system").inputs.autoscaling).toEqual({
    totalMinNodeCount: 1,
    totalMaxNodeCount: 3,
    locationPolicy: "BALANCED",
  });
});

test("the first size follows the least one, and a change of it replaces no pool", async () => {
  const three = ["europe-west4-a", "europe-west4-b", "europe-west4-c"];
  const size = { machineType: "e2-standard-2", min: 4, max: 6, diskGb: 50, maxPods: 110 };
  const { recording } = await make({ zones: three, system: size });
  expect(recording.one("pools-system").inputs.initialNodeCount).toBe(2);
  expect(recording.one("pools-users").inputs.initialNodeCount).toBe(0);
  for (const pool of recording.ofType("gcp:container/nodePool:NodePool")) {
    expect(pool.ignoreChanges).toEqual(["initialNodeCount"]);
    expect(pool.inputs).not.toHaveProperty("nodeCount");
  }
});

test.each(["system", "users"] as const)(
  "[N3] nodes of the %s pool are shielded and hand out no identity",
  async (pool) => {
    expect(await nodeConfig(pool, { labels: { team: "cmb" } })).toMatchObject({
      imageType: "COS_CONTAINERD",
      serviceAccount: "cmb-dev-nodes@acme-science.iam.gserviceaccount.com",
      workloadMetadataConfig: { mode: "GKE_METADATA" },
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      metadata: { "disable-legacy-endpoints": "true" },
      kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
      labels: { "cmb.dev/pool": pool },
      resourceLabels: { team: "cmb" },
      tags: ["cmb-dev-node"],
      spot: false,
    });
  },
);

test("system nodes may be spot nodes, user nodes never are", async () => {
  const spot = { machineType: "e2-standard-2", min: 1, max: 3, diskGb: 50, maxPods: 110, spot: true };
  expect((await nodeConfig("system", { system: spot })).spot).toBe(true);
  expect((await nodeConfig("users", { system: spot, users: spot })).spot).toBe(false);
});

test("[N3] spot system nodes refuse what tolerates nothing, user environments above all, and user nodes take it", async () => {
  const spot = { machineType: "e2-standard-2", min: 1, max: 3, diskGb: 50, maxPods: 110, spot: true };
  const [tolerated] = systemTolerations(spot);
  expect((await nodeConfig("system", { system: spot })).taints).toEqual([
    { key: tolerated!.key, value: tolerated!.value, effect: "NO_SCHEDULE" },
  ]);
  expect(tolerated).toEqual({
    key: "components.gke.io/gke-managed-components",
    operator: "Equal",
    value: "true",
    effect: "NoSchedule",
  });
  expect((await nodeConfig("users", { system: spot })).taints).toEqual([]);
  expect(systemTolerations({})).toEqual([]);
});

test("[N3] system nodes on demand can be closed as well, and stay open while nobody asks for it", async () => {
  const system = { machineType: "e2-standard-2", min: 1, max: 3, diskGb: 50, maxPods: 110, closed: true };
  const [tolerated] = systemTolerations(system);
  expect(await nodeConfig("system", { system })).toMatchObject({
    spot: false,
    taints: [{ key: tolerated!.key }],
  });
  expect(systemTolerations({ closed: false })).toEqual([]);
});

test("[O11] asleep, no pool has a node or an autoscaler that brings one, so that an update leaves it asleep", async () => {
  const { recording } = await make({ asleep: true });
  const pools = recording.ofType("gcp:container/nodePool:NodePool");
  expect(pools).toHaveLength(2);
  for (const { inputs } of pools) {
    expect(inputs).toMatchObject({ nodeCount: 0, initialNodeCount: 0 });
    expect(inputs).not.toHaveProperty("autoscaling");
  }
});

test("a change to spot and back finds its name free: the new pool stands beside the old one", async () => {
  const system = { machineType: "e2-standard-2", min: 1, max: 3, diskGb: 50, maxPods: 110 };
  const nameWith = async (spot: boolean) =>
    (await make({ system: { ...system, spot } })).recording.one("pools-system").inputs.name;
  expect([await nameWith(true), await nameWith(false)]).toEqual(["system-spot", "system"]);
});

test("user nodes carry no taint, since user pods tolerate none, until the pool is dedicated", async () => {
  expect((await nodeConfig("users")).taints).toEqual([]);
  const users = { machineType: "e2-standard-4", min: 0, max: 5, diskGb: 100, maxPods: 64, dedicated: true };
  expect((await nodeConfig("users", { users })).taints).toEqual([
    { key: POOL_LABEL, value: "users", effect: "NO_SCHEDULE" },
  ]);
  expect(await nodeConfig("system", { users })).not.toHaveProperty("taints");
});

test("[N3] the nodes' account has the one role that nodes need, once it exists", async () => {
  const { recording, result } = await record(
    () =>
      new NodeIdentity("nodes", { cluster: "cmb-dev", project: "acme-science" }, { provider: provider() }),
  );
  expect(recording.list().filter((line) => line.startsWith("gcp:"))).toEqual([
    "gcp:projects/iAMMember:IAMMember nodes-role",
    "gcp:serviceaccount/account:Account nodes-account",
  ]);
  const role = recording.one("nodes-role");
  expect(role.inputs).toEqual({
    project: "acme-science",
    role: "roles/container.defaultNodeServiceAccount",
    member: `serviceAccount:${result.email}`,
  });
  expect(role.dependencies).toContain(recording.one("nodes-account").urn);
  expect(result.ready).toHaveLength(2);
});

test("[H6] a warm pool is one more for users, in one zone, of a size that its autoscaler cannot change", async () => {
  const warm = { machineType: "e2-standard-2", count: 1, diskGb: 30, maxPods: 64 };
  const zones = ["europe-west4-a", "europe-west4-b", "europe-west4-c"];
  const { recording } = await make({ zones, warm });
  const { inputs } = recording.one("pools-warm");
  expect(inputs).toMatchObject({
    name: "warm",
    nodeLocations: ["europe-west4-a"],
    initialNodeCount: 1,
    autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 1, locationPolicy: "ANY" },
    nodeConfig: { machineType: "e2-standard-2", spot: false, labels: { "cmb.dev/pool": "users" } },
  });
  expect(inputs).not.toHaveProperty("nodeCount");
  const asleep = (await make({ zones, warm, asleep: true })).recording.one("pools-warm").inputs;
  expect([asleep.nodeCount, asleep.initialNodeCount]).toEqual([0, 0]);
  expect(asleep).not.toHaveProperty("autoscaling");
});

test("[H6] a warm pool of no nodes is none", async () => {
  const { recording } = await make({
    warm: { machineType: "e2-standard-2", count: 0, diskGb: 30, maxPods: 64 },
  });
  expect(recording.ofType("gcp:container/nodePool:NodePool")).toHaveLength(2);
});
