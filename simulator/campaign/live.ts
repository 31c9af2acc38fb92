import type { FaultRule } from "../engine/faults";
import { begin, errorsOf, type StackLife } from "../life/stack-life";
import type { PulumiResult } from "../lab";
import { type CampaignCloud, type Case, type Life, nameOf, type Undisturbed } from "./cases";
import { differences, type Picture, pictureOf } from "./picture";
import { type Adoption, askStrays, recover, unlock } from "./recovery";
import { nameIn } from "./takeover";

/** The undisturbed life of a stack: what there is after its `up`, and after its destroy. */
export interface Reference extends Undisturbed {
  readonly up: Picture;
  readonly destroyed: Picture;
}

/** How a case ended. */
export interface Verdict {
  readonly cloud: CampaignCloud;
  readonly name: string;
  /**
   * `stray`, `existing`: something was made that the state did not know; `npm run strays` named it, or the next run did,
   * it was adopted, and all converged.
   */
  readonly result: "converged" | "stray" | "existing" | "failed" | "not met";
  /** Commands that adopt strays, or what is wrong. */
  readonly details: readonly string[];
}

/** Something that was taken over, and how many kills of its stage had been before. */
interface Adopted extends Adoption {
  readonly kills: number;
}

/** Says what is going on. */
export type Tell = (text: string) => void;

/** Runs after which a life that has not come to its end is given up. */
const MOST_RUNS = 60;

/** Opens a life for the campaign: without virtual time, and with a control plane where it is asked for. */
function open(cloud: CampaignCloud, genuine: boolean): Promise<StackLife> {
  return begin(`${cloud}-dev`, { clusters: genuine, instant: true });
}

/**
 * Lives through an `up` and a destroy without any fault.
 *
 * @param genuine with a genuine API server behind the cluster, not mere records of what is asked of it
 */
export async function undisturbed(cloud: CampaignCloud, genuine = false): Promise<Reference> {
  const life = await open(cloud, genuine);
  try {
    assertWent("up", await life.up());
    const up = pictureOf(await life.lab.cloud.list());
    const created = (await operations(life, "create")).map(({ urn }) => urn).sort();
    assertWent("destroy", await destroy(life));
    const destroyed = pictureOf(await life.lab.cloud.list());
    return { created, deletions: (await operations(life, "delete")).length, up, destroyed };
  } finally {
    await life.close();
  }
}

/** Lives through cases: an `up` that goes wrong until it has gone right, and a destroy likewise. */
export async function live(
  cloud: CampaignCloud,
  cases: Life,
  reference: Reference,
  tell: Tell,
  genuine = false,
): Promise<Verdict[]> {
  const life = await open(cloud, genuine);
  const adopted: Adopted[] = [];
  const wrong: string[] = [];
  try {
    const stages = [
      {
        name: "up",
        wanted: reference.up,
        run: () => life.up("--continue-on-error"),
        again: () => life.up("--continue-on-error"),
        sorts: "up",
        mend: recover,
      },
      {
        name: "destroy",
        wanted: reference.destroyed,
        run: () => destroy(life),
        again: () => goOn(life),
        sorts: "destroy",
        mend: unlocked,
      },
    ] as const;
    for (const { name, wanted, run, again, sorts, mend } of stages) {
      const own = cases.filter(({ sort }) => (sort === "killed-destroy") === (sorts === "destroy"));
      if (own.length === 0 && name === "destroy") continue;
      await life.lab.cloud.faults(rulesOf(own));
      const told = (text: string) => tell(`${cloud} ${name}: ${text}`);
      adopted.push(...(await untilItWent(life, [run, again], mend, told)));
      await life.lab.cloud.faults([]);
      const left = name === "up" ? (await askStrays(life)).strays : [];
      wrong.push(...left.map(({ type, id }) => `after ${name}, npm run strays names ${type} ${id}`));
      const found = differences(wanted, pictureOf(await life.lab.cloud.list()));
      wrong.push(...found.map((line) => `after ${name}: ${line}`));
    }
    return verdicts(cloud, cases, await life.lab.cloud.happened(), adopted, wrong);
  } catch (error) {
    const reason = (error as Error).message;
    return cases.map((one) => ({ cloud, name: nameOf(one), result: "failed", details: [reason] }));
  } finally {
    await life.close();
  }
}

/** Runs until a run succeeds, mending what each failed one left. */
async function untilItWent(
  life: StackLife,
  [first, again]: readonly [() => Promise<PulumiResult>, () => Promise<PulumiResult>],
  mend: typeof recover,
  tell: Tell,
): Promise<Adopted[]> {
  const adopted: Adopted[] = [];
  let kills = 0;
  for (let count = 1; count <= MOST_RUNS; count++) {
    const before = (await life.lab.cloud.happened()).length;
    const result = await (count === 1 ? first : again)();
    if (result.code === 0) return adopted;
    const met = (await life.lab.cloud.happened()).slice(before);
    const faults = met.length;
    const killed = met.some(({ fault }) => fault === "kill");
    if (killed) {
      kills++;
      await settled(life);
    }
    const found = await mend(life, killed, result);
    adopted.push(...found.map((one) => ({ ...one, kills })));
    if (faults + found.length === 0)
      throw new Error(`run ${count} failed without a fault: ${errorsOf(result)}`);
    const names = found.map(({ urn, namedBy }) => `${nameIn(urn)} (${namedBy})`);
    const what = killed ? "was killed" : `met ${faults} faults`;
    tell(`run ${count} ${what}, ${found.length} strays adopted${names.map((name) => `, ${name}`).join("")}`);
  }
  throw new Error(`did not come to its end in ${MOST_RUNS} runs`);
}

/** A destroy takes nothing over: what it had begun to delete it deletes when it goes on. */
async function unlocked(life: StackLife, killed: boolean): Promise<readonly Adoption[]> {
  if (killed) await unlock(life);
  return [];
}

/** Waits until the cloud has done what it was asked for by a process that is no more. */
async function settled(life: StackLife): Promise<void> {
  for (let looks = 0; looks < 100; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    if ((await life.lab.cloud.operations()).every(({ end }) => end !== undefined)) return;
  }
  throw new Error("the cloud does not come to rest after the process was killed");
}

/** The script for cases; operations are counted over all runs of a stage. */
export function rulesOf(cases: Life): FaultRule[] {
  return cases.map((one) =>
    "urn" in one
      ? { fault: one.sort === "refused" ? "before" : "after", exactly: one.urn }
      : { fault: "kill", operation: one.sort === "killed-up" ? "create" : "delete", nth: one.point },
  );
}

/**
 * What became of the cases of one life. A kill answers for everything that was under way beside the operation that it
 * was scripted for: what was taken over after it, and is no other case's, is its.
 */
export function verdicts(
  cloud: CampaignCloud,
  cases: Life,
  happened: readonly { readonly urn: string; readonly fault: string; readonly operation: string }[],
  adopted: readonly Adopted[],
  wrong: readonly string[],
): Verdict[] {
  const kills = happened.filter(({ fault }) => fault === "kill");
  const ofCases = new Set(cases.flatMap((one) => ("urn" in one ? [one.urn] : [])));
  const killsUp = cases.filter(({ sort }) => sort === "killed-up");
  return cases.map((one) => {
    const urn = "urn" in one ? one.urn : kills[orderOfKill(cases, one)]?.urn;
    const met = happened.some((fault) => fault.urn === urn);
    const own = adopted.filter((thing) =>
      "urn" in one
        ? thing.urn === urn
        : !ofCases.has(thing.urn) && thing.kills > 0 && killsUp[thing.kills - 1] === one,
    );
    const name =
      "urn" in one ? nameOf(one) : `${nameOf(one)} (${urn === undefined ? "never came" : nameIn(urn)})`;
    if (!met) return { cloud, name, result: "not met", details: [] };
    if (wrong.length > 0) return { cloud, name, result: "failed", details: wrong };
    return {
      cloud,
      name,
      result: resultOf(own),
      details: own.map(({ command }) => command),
    };
  });
}

function resultOf(own: readonly Adoption[]): Verdict["result"] {
  if (own.length === 0) return "converged";
  return own.some(({ namedBy }) => namedBy === "strays") ? "stray" : "existing";
}

function orderOfKill(cases: Life, one: Case): number {
  return cases.filter((other) => !("urn" in other)).findIndex((other) => other === one);
}

function destroy(life: StackLife): Promise<PulumiResult> {
  return life.pulumi("destroy", "--exclude-protected", "--yes", "--skip-preview", "--continue-on-error");
}

/** How a destroy goes on that was broken off, as docs/troubleshooting.md says: by the project's own command. */
async function goOn(life: StackLife): Promise<PulumiResult> {
  const { code, out, err } = await life.npmRun("destroy", life.stack, "--yes");
  return { code, stdout: out, stderr: err, events: [], virtualSeconds: 0 };
}

async function operations(life: StackLife, kind: string) {
  return (await life.lab.cloud.operations()).filter((operation) => operation.kind === kind);
}

function assertWent(what: string, result: PulumiResult): void {
  if (result.code !== 0) throw new Error(`the undisturbed ${what} failed: ${errorsOf(result)}`);
}
