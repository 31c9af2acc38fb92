import { CLUSTER_ID, inputs, withCluster } from "./fixtures/stack";
import { PROJECT, REGION, type World } from "./fixtures/world";
import { NODE_POOL } from "./cluster";
import { HIDDEN } from "./common";
import { JOB, runJob } from "./scheduler";

const POOL_ID = `${CLUSTER_ID}/nodePools/system`;
const EMAIL = `sleeper@${PROJECT}.iam.gserviceaccount.com`;
const ROLE = `projects/${PROJECT}/roles/cmb.sleep`;

const jobId = (name: string) => `projects/${PROJECT}/locations/${REGION}/jobs/${name}`;
const job = (name: string, method: string, body: object, more = {}) => ({
  name,
  region: REGION,
  schedule: "0 20 * * 1",
  httpTarget: {
    uri: `https://container.googleapis.com/v1/${POOL_ID}:${method}`,
    body: Buffer.from(JSON.stringify(body)).toString("base64"),
    oauthToken: { serviceAccountEmail: EMAIL },
  },
  ...more,
});

/** A pool of two nodes, and an account that is to put it to sleep. */
async function withPool(): Promise<World> {
  const world = await withCluster();
  await world.create(NODE_POOL, inputs.pool({ initialNodeCount: 2 }));
  await world.create("gcp:serviceaccount/account:Account", { accountId: "sleeper" });
  return world;
}

async function allow(world: World): Promise<void> {
  const permissions = ["container.clusters.update"];
  const role = { project: PROJECT, roleId: "cmb.sleep", title: "Sleep", permissions };
  await world.create("gcp:projects/iAMCustomRole:IAMCustomRole", role);
  const member = { project: PROJECT, role: ROLE, member: `serviceAccount:${EMAIL}` };
  await world.create("gcp:projects/iAMMember:IAMMember", member);
}

/** Makes a job and lets its time come. */
async function run(world: World, name: string, method: string, body: object, more = {}): Promise<void> {
  await world.create(JOB, job(name, method, body, more));
  await runJob(world.view, jobId(name));
}

const nodes = (world: World) => world.ids(HIDDEN.instance).length;

test("a scheduled job needs the account it calls as, and has a name of its own in its region", async () => {
  const world = await withCluster();
  expect(await world.refusal(world.create(JOB, job("night", "setSize", {})))).toContain(
    `'${EMAIL}' was not found`,
  );
  await world.create("gcp:serviceaccount/account:Account", { accountId: "sleeper" });
  const { id, properties } = await world.create(JOB, job("night", "setSize", {}));
  expect([id, properties["state"]]).toEqual([jobId("night"), "ENABLED"]);
  expect(await world.refusal(world.create(JOB, job("night", "setSize", {})))).toContain("already exists");
});

test("the evening takes a pool from the autoscaler and empties it; the morning gives it back with its least", async () => {
  const world = await withPool();
  await allow(world);
  await run(world, "sleep", "setAutoscaling", { autoscaling: { enabled: false } });
  expect(world.view.find(NODE_POOL, POOL_ID)?.properties["autoscaling"]).toBeUndefined();
  await run(world, "sleep-nodes", "setSize", { nodeCount: 0 });
  expect([nodes(world), world.clusters.nodes.get(`${CLUSTER_ID} system`)?.count]).toEqual([0, 0]);
  const bounds = { totalMinNodeCount: 1, totalMaxNodeCount: 3, locationPolicy: "BALANCED" };
  await run(world, "wake", "setAutoscaling", { autoscaling: { enabled: true, ...bounds } });
  expect(nodes(world)).toBe(1);
  expect(world.view.find(NODE_POOL, POOL_ID)?.properties["autoscaling"]).toEqual(bounds);
});

test("an account without the permission is refused, and nothing changes", async () => {
  const world = await withPool();
  const strange = run(world, "sleep-nodes", "setSize", { nodeCount: 0 });
  await expect(strange).rejects.toThrow(`Required "container.clusters.update" permission(s) for ${EMAIL}`);
  expect(nodes(world)).toBe(2);
});

test("while something concerns the whole cluster GKE refuses the job", async () => {
  const world = await withPool();
  await allow(world);
  await world.create(JOB, job("sleep-nodes", "setSize", { nodeCount: 0 }));
  const update = world.update("gcp:container/cluster:Cluster", CLUSTER_ID, inputs.cluster());
  await world.clock.sleep(1);
  await expect(runJob(world.view, jobId("sleep-nodes"))).rejects.toThrow("failedPrecondition");
  await update;
});

test("a job that is paused does nothing, one that calls something else or for a pool that is gone is a fault", async () => {
  const world = await withPool();
  await allow(world);
  await run(world, "paused", "setSize", { nodeCount: 0 }, { paused: true });
  expect(nodes(world)).toBe(2);
  const elsewhere = { httpTarget: { uri: "https://example.org" } };
  await expect(run(world, "other", "setSize", {}, elsewhere)).rejects.toThrow(
    "does not know what https://example.org",
  );
  await expect(runJob(world.view, jobId("none"))).rejects.toThrow("was not found");
  await world.remove(NODE_POOL, POOL_ID);
  await expect(run(world, "late", "setSize", { nodeCount: 0 })).rejects.toThrow(`'${POOL_ID}' was not found`);
});
