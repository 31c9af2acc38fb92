import { names } from "../components/application/names";
import { recoveryGoals, recoverySteps } from "../components/application/recovery";
import { asking, inside, type Inside, spoken } from "./inside";
import type { KubernetesObject } from "./kubernetes";
import { EXIT, parseOptions } from "./options";
import { Refused, type World } from "./world";

/** What a drill found, as `keeper/drill.py` writes it. Seconds. */
export interface DrillReport {
  readonly result: "passed" | "failed";
  /** When it began, ISO 8601. */
  readonly at: string;
  /** How old the state is that a recovery would bring back. */
  readonly recoveryPointSeconds?: number | null;
  /** What a recovery would take: `leaseSeconds`, `restoreSeconds` as measured, `startSeconds` as published. */
  readonly recoveryTimeSeconds?: number;
  readonly restoreSeconds?: number;
  readonly leaseSeconds?: number;
  readonly startSeconds?: number;
  readonly databaseBytes?: number;
  readonly files?: number;
  readonly note?: string;
  readonly faults?: readonly string[];
}

/** What `--json` prints. */
export interface DrillDocument extends DrillReport {
  readonly stack: string;
  /** The last drill that passed, where `--last` was asked for; absent where none ever did. */
  readonly lastPassed?: string;
}

/** Days after which the weekly drill is overdue. */
const OVERDUE_DAYS = 8;

/** Seconds between two looks, and beyond the promise until a drill counts as hanging. */
const LOOK = 3;
const PATIENCE = 600;

/**
 * `npm run restore-drill`: starts the drill that the cluster makes every week now, and tells what it found.
 *
 * It runs in the cluster, not here: there an account may read the database's bucket, and nobody at a desk needs to; the
 * time it takes is the time a recovery takes, and what it runs is what a recovery runs.
 *
 * @requirement O9
 * @requirement S5
 */
export async function restoreDrillCommand(args: readonly string[], world: World): Promise<number> {
  const { json, last, stack } = parseOptions("restore-drill", args);
  return asking(async () => {
    const where = await inside(stack, world);
    const document: DrillDocument = {
      stack,
      ...(last ? await lastReport(where, world) : await drill(where, world)),
    };
    world.out(json ? `${JSON.stringify(document, null, 2)}\n` : rendered(document));
    return document.result === "passed" ? EXIT.ok : EXIT.refused;
  });
}

async function lastReport(
  { api, namespace }: Inside,
  world: World,
): Promise<DrillReport & { lastPassed?: string }> {
  const status = await api.get(`/api/v1/namespaces/${namespace}/configmaps/${names.restoreDrill}`);
  const { lastPassed, report } = status?.data ?? {};
  if (report === undefined) throw new Refused("no drill has left a report yet: run one without --last");
  const found = { ...(JSON.parse(report) as DrillReport), ...(lastPassed !== undefined && { lastPassed }) };
  const days = (world.now() - Date.parse(found.at) / 1000) / 86_400;
  if (days <= OVERDUE_DAYS) return found;
  const overdue = `The last drill was ${Math.floor(days)} days ago, it is due every week.`;
  return { ...found, result: "failed", faults: [overdue, ...(found.faults ?? [])] };
}

interface CronJob extends KubernetesObject {
  readonly spec: {
    readonly jobTemplate: { readonly metadata?: { readonly labels?: object }; readonly spec: object };
  };
}

async function drill({ api, namespace }: Inside, world: World): Promise<DrillReport> {
  const jobs = `/apis/batch/v1/namespaces/${namespace}`;
  const weekly = (await api.get(`${jobs}/cronjobs/${names.restoreDrill}`)) as CronJob | undefined;
  if (!weekly) throw new Refused("the application is not installed: there is no drill to start");
  const { metadata } = await api.create(`${jobs}/jobs`, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      generateName: `${names.restoreDrill}-`,
      labels: weekly.spec.jobTemplate.metadata?.labels,
      annotations: { "cronjob.kubernetes.io/instantiate": "manual" },
      // As of a run of its own: it goes when the CronJob's history is full.
      ownerReferences: [
        {
          apiVersion: "batch/v1",
          kind: "CronJob",
          name: weekly.metadata.name,
          uid: weekly.metadata.uid,
          controller: true,
        },
      ],
    },
    spec: weekly.spec.jobTemplate.spec,
  });
  world.err(`job ${metadata.name} restores the newest copy to scratch\n`);
  return await reportOf(metadata.name, { api, namespace }, world);
}

interface PodStatus {
  readonly phase?: string;
  readonly conditions?: readonly { readonly type: string; readonly message?: string }[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly exitCode: number; readonly message?: string };
  };
}

/** Waits for the pod's termination message, which is the report. */
async function reportOf(job: string, { api, namespace }: Inside, world: World): Promise<DrillReport> {
  const limit = world.now() + recoveryGoals.timeSeconds + PATIENCE;
  let told = "";
  for (;;) {
    const pods = await api.list(
      `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(`batch.kubernetes.io/job-name=${job}`)}`,
    );
    const statuses = pods.map(({ status }) => (status ?? {}) as PodStatus);
    for (const status of statuses) {
      const ended = status.containerStatuses?.map(({ state }) => state?.terminated).find(Boolean);
      if (ended) return readReport(ended.message, `${job} ended with ${ended.exitCode}`);
      if (status.phase === "Failed")
        throw new Refused(`${job} failed: ${whyNot(status) || "it says no more"}`);
    }
    const why = statuses.map(whyNot).find(Boolean) ?? "";
    if (why !== told && why !== "") world.err(`  waits: ${why}\n`);
    told = why;
    if (world.now() > limit)
      throw new Refused(`${job} came to no end in ${spoken(recoveryGoals.timeSeconds + PATIENCE)}: ${why}`);
    await world.wait(LOOK);
  }
}

/** What a pod waits for, or why it failed, in Kubernetes' own words. */
function whyNot({ conditions, containerStatuses = [], initContainerStatuses = [] }: PodStatus): string {
  const all = [...initContainerStatuses, ...containerStatuses];
  const failed = all.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0)?.state?.terminated
    ?.message;
  const waiting = all
    .map(({ state }) => state?.waiting)
    .find((one) => one && one.reason !== "PodInitializing");
  const unplaced = conditions?.find(({ type, message }) => type === "PodScheduled" && message)?.message;
  return failed ?? unplaced ?? (waiting ? `${waiting.reason ?? ""} ${waiting.message ?? ""}`.trim() : "");
}

function readReport(message: string | undefined, otherwise: string): DrillReport {
  try {
    return JSON.parse(message ?? "") as DrillReport;
  } catch {
    throw new Refused(`${otherwise} and left no report${message ? `: ${message}` : ""}`);
  }
}

function rendered(document: DrillDocument): string {
  const { at, databaseBytes, faults = [], files, lastPassed, note, result, stack } = document;
  const { recoveryPointSeconds: point, recoveryTimeSeconds: time } = document;
  const lines = [`restore drill of ${stack}, ${at}: ${result}`];
  if (typeof point === "number")
    lines.push(
      `  recovery point  ${spoken(point)}, at most ${spoken(recoveryGoals.pointSeconds)}: what a recovery now would lose`,
    );
  if (time !== undefined)
    lines.push(
      `  recovery time   ${spoken(time)}, at most ${spoken(recoveryGoals.timeSeconds)}`,
      `    ${spoken(document.restoreSeconds!)} to restore, as measured`,
      `    ${spoken(document.leaseSeconds!)} until a lost backend counts as dead`,
      ...recoverySteps.map(
        ({ seconds, what }) => `    ${spoken(seconds)} for this: ${what} (published, not measured)`,
      ),
    );
  if (databaseBytes !== undefined)
    lines.push(
      `  restored        ${Math.ceil(databaseBytes / 1024)} KiB of database and ${files} files, all sound`,
    );
  if (note) lines.push(`  note            ${note}`);
  lines.push(...faults.map((fault) => `  FAULT           ${fault}`));
  if (result === "failed" && lastPassed !== undefined)
    lines.push(`  the last one that passed: ${lastPassed}`);
  return `${lines.join("\n")}\n`;
}
