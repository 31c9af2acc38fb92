import type { CloudName } from "../../components/cmb-cluster";
import { addStack, IMAGES, lifeIn, openRehearsal, type Rehearsed } from "./open";
import { readStackFile, type Setting } from "../../preview/stack-file";
import type { StackLife } from "../life/stack-life";
import { PLACE, SUPPLIED } from "../supplied";
import type { Act } from "./options";
import { type Ended, ended, type Stage, stage, type Tell } from "./stage";

/** What `--json` prints. */
export interface Rehearsal {
  readonly act: Act;
  readonly stack: string;
  readonly ok: boolean;
  /** Always: nothing here reaches an account. */
  readonly nothingWasDeployed: true;
  /** Keys of the stack file in whose place something else stood. */
  readonly standIns: readonly string[];
  readonly stages: readonly Stage[];
}

/** Rehearses one act from empty clouds on; a stage that fails is the last. */
export async function rehearse(act: Act, stack: string, root: string, tell: Tell): Promise<Rehearsal> {
  // Two clouds at once have no control planes behind them: what is rehearsed by a switch is the clouds.
  const life = await openRehearsal(root, stack, act !== "switch");
  if (life.standIns.length > 0) tell(`stand-ins for ${life.standIns.join(", ")}`);
  try {
    const stages: Stage[] = [];
    for (const next of stagesOf(act, life, root, tell)) {
      const done = await next();
      stages.push(done);
      if (!done.ok) break;
    }
    const ok = stages.every((one) => one.ok);
    return { act, stack, ok, nothingWasDeployed: true, standIns: life.standIns, stages };
  } finally {
    await life.close();
  }
}

function stagesOf(act: Act, life: Rehearsed, root: string, tell: Tell): (() => Promise<Stage>)[] {
  const going = (name: string, of: StackLife, what: () => Promise<Ended>) => () =>
    stage(name, of, what, tell);
  const first = [
    going(`up of ${life.stack}, from nothing`, life, async () => ended(await life.up())),
    going("up after the images were pushed", life, () => withImages(life)),
  ];
  if (act === "up") return first;
  if (act === "destroy") return [...first, going(`destroy of ${life.stack}`, life, () => destroyed(life))];
  const { settings } = readStackFile(root, life.stack);
  const other = otherCloud(settings);
  const next = lifeIn(life.lab, `${life.stack}-on-${other}`);
  return [
    ...first,
    going(`cmbcluster:cloud of the running stack set to ${other}`, life, () => refused(life, other)),
    going(`a second stack, ${next.stack}, beside the first`, life, () => second(life, next, settings, other)),
    going(`up of ${next.stack} after the images were pushed`, next, () => withImages(next)),
    going(`the old stack's end`, life, () => destroyed(life)),
    going(`another up of ${next.stack}`, next, async () => ended(await next.up())),
  ];
}

/** Pushes what the stack's outputs ask for; a stack file that names no images gets a tag. */
async function withImages(life: StackLife): Promise<Ended> {
  const { application, registry } = (await life.outputs()) as { application?: string; registry?: unknown };
  if (registry === undefined)
    return { ok: true, notes: [`no registry of its own; application: ${application}`] };
  await life.pushImages(IMAGES);
  life.configure({ "cmbcluster:images": { tag: IMAGES } });
  const result = ended(await life.up());
  if (!result.ok) return result;
  const outputs = (await life.outputs()) as { application?: string; url?: string };
  return { ok: true, notes: [`application: ${outputs.application}`] };
}

/** The project's own command, with what it says of losses before and of what is kept after. */
async function destroyed(life: StackLife): Promise<Ended> {
  const { code, out, err } = await life.npmRun("destroy", life.stack, "--yes");
  return { ok: code === 0, notes: [withoutProgress(err), out] };
}

/** Refused is how it ought to end. */
async function refused(life: StackLife, other: CloudName): Promise<Ended> {
  const { cloud } = life.lab;
  const before = (await cloud.list()).length;
  const own = other === "aws" ? "gcp" : "aws";
  life.configure({ "cmbcluster:cloud": other, [`cmbcluster:${other}`]: PLACE[other] });
  const { code, err } = await life.npmRun("up", life.stack, "--yes");
  life.configure({ "cmbcluster:cloud": own, [`cmbcluster:${other}`]: undefined });
  const untouched = (await cloud.list()).length === before;
  return { ok: code !== 0 && untouched, notes: ["refused, nothing was touched:", err] };
}

function otherCloud(settings: Readonly<Record<string, Setting>>): CloudName {
  return settings["cmbcluster:cloud"] === "aws" ? "gcp" : "aws";
}

async function second(
  life: StackLife,
  next: StackLife,
  settings: Readonly<Record<string, Setting>>,
  other: CloudName,
): Promise<Ended> {
  const block = `cmbcluster:${other}`;
  const signIn = other === "gcp" ? googleSignIn(settings) : undefined;
  await addStack(life.lab, next.stack, {
    ...settings,
    "cmbcluster:cloud": other,
    [block]: settings[block] ?? PLACE[other],
    ...(signIn && { "cmbcluster:auth": signIn }),
  });
  const result = ended(await next.up());
  if (!result.ok) return result;
  const { nameServers } = (await next.outputs()) as { nameServers?: readonly string[] };
  return {
    ok: true,
    notes: [
      "by hand, and in no rehearsal: scale the old application to none, copy the buckets, set the old file key",
      `then the domain: NS ${(nameServers ?? []).join(", ")}`,
      ...(signIn
        ? ["signed in by Google, with a client that stands in for one to be made in its console"]
        : []),
    ],
  };
}

/** Amazon's user pool stays behind: on Google people sign in by a client that the stack file need not name yet. */
function googleSignIn(settings: Readonly<Record<string, Setting>>): Setting | undefined {
  const auth = settings["cmbcluster:auth"];
  const named = typeof auth === "object" && auth !== null && "google" in auth;
  return named ? undefined : { google: { clientId: SUPPLIED.googleClient } };
}

/** What a destroy says for people, without the engine's lines of progress. */
function withoutProgress(text: string): string {
  return text
    .split("\n")
    .filter(
      (line) => line.trim() !== "" && !/^\s*([-+~@]|Destroying|Resources:|Duration|Outputs:)/.test(line),
    )
    .join("\n");
}
