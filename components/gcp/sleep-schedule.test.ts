import { computedGcp } from "../../testing/computed-gcp";
import { record, type Recording } from "../../testing/record";
import { someArgs, someCluster } from "./fixtures/cluster";
import { gcpProvider } from "./providers";
import { SleepSchedule, type SleepScheduleArgs } from "./sleep-schedule";

const args: SleepScheduleArgs = {
  cluster: "cmb-dev",
  project: "acme-science",
  region: "europe-west4",
  location: "europe-west4-b",
  times: { timezone: "Europe/Berlin", sleep: "23:50", wake: "07:00", days: ["MO", "SU"] },
  pools: [
    { role: "users", name: "users", min: 0, max: 5 },
    { role: "system", name: "system-spot", min: 1, max: 3 },
  ],
};
const make = async (changes: Partial<SleepScheduleArgs> = {}) => {
  const { recording } = await record(
    () =>
      new SleepSchedule(
        "s",
        { ...args, ...changes },
        { provider: gcpProvider("gcp", { project: "acme-science", region: "europe-west4" }) },
      ),
    { computed: computedGcp },
  );
  return recording;
};
/** Schedule, call and body of each job, by its name. */
const jobs = (recording: Recording): Record<string, [schedule: string, call: string, body: unknown]> =>
  Object.fromEntries(
    recording.ofType("gcp:cloudscheduler/job:Job").map(({ inputs }) => {
      const target = inputs.httpTarget as { uri: string; body: string };
      const call = target.uri.split("/nodePools/")[1];
      const body = JSON.parse(Buffer.from(target.body, "base64").toString()) as unknown;
      return [inputs.name as string, [inputs.schedule as string, call!, body]];
    }),
  );

test("[O11] the evening takes both pools from the autoscaler, then empties them; the morning gives them back", async () => {
  expect(jobs(await make())).toEqual({
    "cmb-dev-users-sleep": ["50 23 * * 1,0", "users:setAutoscaling", { autoscaling: { enabled: false } }],
    "cmb-dev-system-sleep": [
      "55 23 * * 1,0",
      "system-spot:setAutoscaling",
      { autoscaling: { enabled: false } },
    ],
    "cmb-dev-users-sleep-nodes": ["0 0 * * 2,1", "users:setSize", { nodeCount: 0 }],
    "cmb-dev-system-sleep-nodes": ["5 0 * * 2,1", "system-spot:setSize", { nodeCount: 0 }],
    "cmb-dev-system-wake": [
      "0 7 * * 1,0",
      "system-spot:setAutoscaling",
      {
        autoscaling: {
          enabled: true,
          totalMinNodeCount: 1,
          totalMaxNodeCount: 3,
          locationPolicy: "BALANCED",
        },
      },
    ],
    "cmb-dev-users-wake": [
      "5 7 * * 1,0",
      "users:setAutoscaling",
      { autoscaling: { enabled: true, totalMinNodeCount: 0, totalMaxNodeCount: 5, locationPolicy: "ANY" } },
    ],
  });
});

test("[O11] no job sets a size when it wakes: whoever works in a pool woken earlier keeps the nodes", async () => {
  const calls = Object.entries(jobs(await make())).filter(([name]) => name.endsWith("-wake"));
  expect(calls).toHaveLength(2);
  for (const [, [, call]] of calls) expect(call).not.toContain("setSize");
});

test("[O11] each job calls as the one account made for it, by the stack's own clock, and again while GKE is busy", async () => {
  const recording = await make();
  const email = "cmb-dev-sleep@acme-science.iam.gserviceaccount.com";
  const ready = ["s-account", "s-member"].map((name) => recording.one(name).urn);
  for (const { dependencies, inputs } of recording.ofType("gcp:cloudscheduler/job:Job")) {
    expect(inputs).toMatchObject({
      region: "europe-west4",
      timeZone: "Europe/Berlin",
      retryConfig: { retryCount: 5, minBackoffDuration: "60s", maxBackoffDuration: "240s" },
      httpTarget: {
        httpMethod: "POST",
        uri: expect.stringContaining(
          "https://container.googleapis.com/v1/projects/acme-science/locations/europe-west4-b/clusters/cmb-dev/nodePools/",
        ) as string,
        oauthToken: { serviceAccountEmail: email },
      },
    });
    expect(dependencies).toEqual(expect.arrayContaining(ready));
  }
});

test("[W5] the account changes clusters, and by the condition this one alone; it may neither make nor delete one", async () => {
  const recording = await make({ roleRevision: 2 });
  expect(recording.one("s-role").inputs).toMatchObject({
    roleId: "cmb.cmb_dev.sleep.pools.r2",
    permissions: ["container.clusters.update"],
  });
  expect(recording.ofType("gcp:projects/iAMMember:IAMMember")).toHaveLength(1);
  const { condition, member } = recording.one("s-member").inputs as {
    condition: { expression: string };
    member: string;
  };
  expect(member).toBe("serviceAccount:cmb-dev-sleep@acme-science.iam.gserviceaccount.com");
  expect(condition.expression).toBe(
    'resource.name.endsWith("/clusters/cmb-dev") || resource.name.extract("/clusters/{name}/") == "cmb-dev"',
  );
});

test("[O11] a cluster schedules its own pools by their names, and enables the API only then", async () => {
  const { nodes } = someArgs();
  const { recording } = await record(
    () => someCluster({ sleep: args.times, nodes: { ...nodes, system: { ...nodes.system, spot: true } } }),
    { computed: computedGcp },
  );
  const calls = jobs(recording);
  expect(Object.keys(calls)).toHaveLength(6);
  const [, call, body] = calls["cmb-dev-system-wake"]!;
  expect(call).toBe(`${String(recording.one("cmb-pools-system").inputs.name)}:setAutoscaling`);
  expect(body).toMatchObject({ autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 3 } });
  const uses = recording.one("cmb-sleep-users-sleep").dependencies;
  for (const before of ["cmb-pools-users", "cmb-pools-system", "cmb-services-cloudscheduler"]) {
    expect(uses).toContain(recording.one(before).urn);
  }
  const without = await record(() => someCluster(), { computed: computedGcp });
  expect(without.recording.ofType("gcp:cloudscheduler/job:Job")).toEqual([]);
  expect(without.recording.list().join("\n")).not.toContain("cloudscheduler");
});

test("a transform changes the child it is for", async () => {
  const recording = await make({
    roleRevision: undefined,
    transform: {
      account: (account) => void (account.displayName = "night watch"),
      role: (role) => void (role.stage = "BETA"),
      job: (job) => void (job.paused = true),
    },
  });
  expect(recording.one("s-account").inputs.displayName).toBe("night watch");
  expect(recording.one("s-role").inputs.stage).toBe("BETA");
  expect(recording.one("s-users-wake").inputs.paused).toBe(true);
});
