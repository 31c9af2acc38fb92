import { names } from "../components/application/names";
import { recoveryStartSeconds, recoverySteps } from "../components/application/recovery";
import { type ClusterInMemory, clusterInMemory } from "./fixtures/cluster";
import { amazonStack, exported } from "./fixtures/stack";
import { scripted } from "./fixtures/world";
import { ClusterSilent } from "./kubernetes";
import { main } from "./main";
import type { DrillReport } from "./restore-drill";
import type { World } from "./world";

const inNamespace = "/api/v1/namespaces/cmb-dev";
const jobs = "/apis/batch/v1/namespaces/cmb-dev";
const status = `${inNamespace}/configmaps/${names.restoreDrill}`;
const jobTemplate = {
  metadata: { labels: { "app.kubernetes.io/component": "restore-drill" } },
  spec: { backoffLimit: 0, template: { spec: { containers: [{ name: "drill" }] } } },
};
const weekly = {
  [`${jobs}/cronjobs/${names.restoreDrill}`]: {
    metadata: { name: names.restoreDrill, uid: "u1" },
    spec: { schedule: "0 4 * * 1", jobTemplate },
  },
};

const passed: DrillReport = {
  result: "passed",
  at: "2027-01-15T08:00:00Z",
  recoveryPointSeconds: 12,
  restoreSeconds: 4.2,
  leaseSeconds: 60,
  startSeconds: recoveryStartSeconds,
  recoveryTimeSeconds: 64.2 + recoveryStartSeconds,
  databaseBytes: 2_000_000,
  files: 3,
};

/** What Kubernetes does with the job: its pod, with a status each time somebody looks. */
function pods(...statuses: object[]) {
  return (cluster: ClusterInMemory, done: string) => {
    if (!done.startsWith(`POST ${jobs}/jobs/`)) return;
    const name = done.split("/").at(-1)!;
    const list = cluster.list;
    Object.assign(cluster, {
      list: (path: string) => {
        const at = `${inNamespace}/pods/${name}-abc`;
        const next = statuses.length > 1 ? statuses.shift()! : statuses[0]!;
        const labels = { "batch.kubernetes.io/job-name": name };
        cluster.objects.set(at, { metadata: { name: `${name}-abc`, labels }, status: next });
        return list(path);
      },
    });
  };
}

const ended = (exitCode: number, message?: string) => ({
  phase: exitCode === 0 ? "Succeeded" : "Failed",
  containerStatuses: [{ name: "drill", state: { terminated: { exitCode, message } } }],
});

function lab(
  objects: Record<string, unknown>,
  then: (cluster: ClusterInMemory, done: string) => void = () => undefined,
  over: Partial<World> = {},
) {
  const cluster = clusterInMemory(objects as never, then);
  const answers = {
    "pulumi stack export": exported(amazonStack),
    "pulumi stack output kubeconfig": { stdout: "{}" },
  };
  return { cluster, world: scripted(answers, { reach: () => cluster, ...over }) };
}

describe("[O9] npm run restore-drill", () => {
  test("starts what the cluster runs every week, as a run of its own, and prints point and time", async () => {
    const waiting = { phase: "Pending", containerStatuses: [] };
    const running = { phase: "Running", containerStatuses: [{ name: "drill", state: { running: {} } }] };
    const { cluster, world } = lab(weekly, pods(waiting, running, ended(0, JSON.stringify(passed))));
    expect(await main(["restore-drill", "prod"], world)).toBe(0);
    expect(cluster.done).toEqual([`POST ${jobs}/jobs/${names.restoreDrill}-x1`]);
    expect(cluster.objects.get(`${jobs}/jobs/${names.restoreDrill}-x1`)).toMatchObject({
      metadata: {
        labels: jobTemplate.metadata.labels,
        annotations: { "cronjob.kubernetes.io/instantiate": "manual" },
        ownerReferences: [{ kind: "CronJob", name: names.restoreDrill, uid: "u1", controller: true }],
      },
      spec: jobTemplate.spec,
    });
    const { out } = world.texts;
    expect(out).toContain("restore drill of prod, 2027-01-15T08:00:00Z: passed");
    expect(out).toContain("recovery point  12 s, at most 5 min");
    expect(out).toContain("recovery time   7 min, at most 60 min");
    expect(out).toContain("4.2 s to restore, as measured");
    for (const { what } of recoverySteps) expect(out).toContain(what);
    expect(out).toContain("1954 KiB of database and 3 files");
  });

  test("--json prints one document and the verdict is the exit code", async () => {
    const failed = {
      ...passed,
      result: "failed",
      recoveryPointSeconds: 301,
      faults: ["301 s old"],
      note: "lags",
    };
    const { world } = lab(weekly, pods(ended(1, JSON.stringify(failed))));
    expect(await main(["restore-drill", "prod", "--json"], world)).toBe(1);
    expect(JSON.parse(world.texts.out)).toEqual({ stack: "prod", ...failed });
    const text = lab(weekly, pods(ended(1, JSON.stringify(failed)))).world;
    expect(await main(["restore-drill", "prod"], text)).toBe(1);
    expect(text.texts.out).toMatch(/note +lags\n +FAULT +301 s old/);
  });

  test("a drill that restored nothing tells its fault and no figures", async () => {
    const broken = { result: "failed", at: passed.at, faults: ["The copy cannot be restored."] };
    const { world } = lab(weekly, pods(ended(1, JSON.stringify(broken))));
    expect(await main(["restore-drill", "prod"], world)).toBe(1);
    expect(world.texts.out).toContain("FAULT           The copy cannot be restored.");
    expect(world.texts.out).not.toContain("recovery");
  });

  test("while it waits it says once for what, in Kubernetes' words", async () => {
    const unplaced = {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", message: "0/3 nodes are available" }],
    };
    const pulling = {
      phase: "Pending",
      initContainerStatuses: [
        { name: "litestream", state: { waiting: { reason: "ImagePullBackOff", message: "no such tag" } } },
      ],
      containerStatuses: [{ name: "drill", state: { waiting: { reason: "PodInitializing" } } }],
    };
    const end = ended(0, JSON.stringify(passed));
    const { world } = lab(weekly, pods(unplaced, unplaced, pulling, end));
    expect(await main(["restore-drill", "prod"], world)).toBe(0);
    expect(world.texts.err.match(/waits: .*/g)).toEqual([
      "waits: 0/3 nodes are available",
      "waits: ImagePullBackOff no such tag",
    ]);
  });

  test("one that ends without a report, fails before it begins, or never ends is an error, never a pass", async () => {
    const first = {
      phase: "Failed",
      initContainerStatuses: [{ name: "l", state: { terminated: { exitCode: 1, message: "no space" } } }],
    };
    for (const [state, words] of [
      [ended(137), "ended with 137 and left no report"],
      [ended(1, "Killed"), "left no report: Killed"],
      [first, "failed: no space"],
      [{ phase: "Failed" }, "it says no more"],
      [
        { phase: "Pending", containerStatuses: [{ name: "d", state: { waiting: {} } }] },
        "came to no end in 70 min",
      ],
    ] as const) {
      const { world } = lab(weekly, pods(state));
      expect(await main(["restore-drill", "prod"], world)).toBe(1);
      expect(world.texts.err).toContain(words);
      expect(world.texts.out).toBe("");
    }
  });

  test("without the application there is nothing to start; a silent cluster is told in its own words", async () => {
    const bare = lab({});
    expect(await main(["restore-drill", "prod"], bare.world)).toBe(1);
    expect(bare.world.texts.err).toContain("the application is not installed");
    for (const [said, words] of [
      ["10.0.0.1: HTTP 503", "the cluster gave no answer: 10.0.0.1: HTTP 503"],
      ["aws: Error when retrieving token from sso: Token has expired and refresh failed", "aws sso login"],
    ] as const) {
      const { cluster, world } = lab({});
      cluster.get = () => Promise.reject(new ClusterSilent(said));
      expect(await main(["restore-drill", "prod"], world)).toBe(1);
      expect(world.texts.err).toContain(words);
    }
    const { cluster, world } = lab({});
    cluster.get = () => Promise.reject(new Error("a fault of this program"));
    await expect(main(["restore-drill", "prod"], world)).rejects.toThrow("a fault of this program");
  });
});

describe("[O9] npm run restore-drill -- --last", () => {
  const left = (report: DrillReport, lastPassed?: string) => ({
    [status]: {
      metadata: { name: names.restoreDrill },
      data: { report: JSON.stringify(report), ...(lastPassed && { lastPassed }) },
    },
  });
  const ask = async (objects: Record<string, unknown>, daysLater: number) => {
    const now = () => Date.parse(passed.at) / 1000 + daysLater * 86_400;
    const { cluster, world } = lab(objects, undefined, { now });
    const code = await main(["restore-drill", "prod", "--last"], world);
    expect(cluster.done).toEqual([]);
    return { code, ...world.texts };
  };

  test("tells the weekly one's report and starts nothing; after eight days it is overdue, which is a failure", async () => {
    expect(await ask(left(passed, passed.at), 8)).toMatchObject({ code: 0 });
    const late = await ask(left(passed, passed.at), 8.1);
    expect(late.code).toBe(1);
    expect(late.out).toContain("The last drill was 8 days ago");
    expect(late.out).toContain(`the last one that passed: ${passed.at}`);
  });

  test("a failed one is a failure and names the last that passed, if any did", async () => {
    const failed: DrillReport = { result: "failed", at: passed.at, faults: ["no"] };
    const once = await ask(left(failed, "2027-01-08T08:00:00Z"), 1);
    expect([once.code, once.out.includes("passed: 2027-01-08")]).toEqual([1, true]);
    const never = await ask(left(failed), 1);
    expect([never.code, never.out.includes("last one that passed")]).toEqual([1, false]);
  });

  test("before the first one there is nothing to tell", async () => {
    for (const objects of [{}, { [status]: { metadata: { name: names.restoreDrill } } }])
      expect(await ask(objects, 0)).toMatchObject({
        code: 1,
        err: expect.stringContaining("no drill has left") as string,
      });
  });
});
