import { join } from "node:path";
import { NAMELESS } from "../../operate/stray-kinds";
import type { StraysDocument } from "../../operate/strays";
import type { Stored } from "../engine/store";
import type { PulumiResult } from "../lab";
import { errorsOf, type StackLife } from "../life/stack-life";
import type { ExportedState } from "../state";
import { removeEmptyAttributes } from "../state-folder";
import { strays } from "../strays";
import { takeOver, takeoverCommand } from "./takeover";

/** A thing that existed and that no state knew, and how it was taken over. */
export interface Adoption {
  readonly urn: string;
  /** `strays`: named by `npm run strays`. `exists`: named by the next run, which could not make it again. */
  readonly namedBy: "strays" | "exists";
  /** What a person types to take it over. */
  readonly command: string;
}

interface WithPending extends ExportedState {
  readonly deployment: ExportedState["deployment"] & {
    readonly pending_operations?: readonly {
      readonly resource: { readonly urn: string };
      readonly type: string;
    }[];
  };
}

/** The stack's state as the engine exports it. */
async function exported(life: StackLife): Promise<WithPending> {
  const { stdout, stderr, code } = await life.pulumi("stack", "export");
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as WithPending;
}

/**
 * What the record of the simulation has and no state: the judge of what the commands name. Objects in Kubernetes are
 * not among them: its provider applies on the server's side, so creating one that is there takes it over. A helm
 * release is.
 */
export function unknownTo(stack: string, things: readonly Stored[], state: ExportedState): Stored[] {
  return strays(things, state).filter(
    ({ object, urn }) =>
      urn!.includes(`:${stack}::`) &&
      (!object.kind.startsWith("kubernetes:") || object.kind.endsWith(":Release")),
  );
}

/**
 * What is wrong with an answer of `npm run strays`, a line each: something of a kind that it looks for which it does
 * not name, something that is none, something for which it has no use.
 */
export function faultsOf({ strays: told }: StraysDocument, unknown: readonly Stored[]): string[] {
  const looked = new Set(NAMELESS.map(({ type }) => type));
  const has = (kind: string, id: string) => told.some((one) => one.type === kind && one.id === id);
  return [
    ...unknown
      .filter(({ object }) => looked.has(object.kind) && !has(object.kind, object.id))
      .map(({ object, urn }) => `npm run strays does not name ${object.kind} ${object.id}, of ${urn}`),
    ...told
      .filter(({ type, id }) => !unknown.some(({ object }) => object.kind === type && object.id === id))
      .map(({ type, id }) => `npm run strays names ${type} ${id}, which is none`),
    ...told
      .filter(({ resource }) => resource === undefined)
      .map(({ type, id }) => `npm run strays knows no resource for ${type} ${id}: a second one`),
  ];
}

/** Those of which a run said that it could not make them, without a fault by script: they exist. */
export function namedBy(
  { events }: Pick<PulumiResult, "events">,
  unknown: readonly Stored[],
): readonly Stored[] {
  const told = new Set(
    events.flatMap(({ diagnosticEvent: one }) =>
      one?.severity === "error" && EXISTS.test(one.message) && !one.message.includes("(fault by script)")
        ? [one.urn]
        : [],
    ),
  );
  return unknown.filter(({ urn }) => told.has(urn));
}

/** What the clouds say of a name that is taken, each in its way. */
const EXISTS = /exist|already|duplicate|in.?use|conflict/i;

/**
 * Brings a stack back after a run that was killed or lost answers, by what docs/troubleshooting.md says: free the lock,
 * ask `npm run strays` and do what it shows, take over what the run has named as existing. The record of the
 * simulation is asked for nothing but whether that was true, and for the ids of what exists.
 *
 * @throws Error when `npm run strays` is wrong
 */
export async function recover(
  life: StackLife,
  killed: boolean,
  run: PulumiResult,
): Promise<readonly Adoption[]> {
  if (killed) await unlock(life);
  const state = await exported(life);
  const unknown = unknownTo(life.stack, await life.lab.cloud.list(), state);
  const told = await askStrays(life);
  const faults = faultsOf(told, unknown);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const pending = (state.deployment.pending_operations ?? []).some(({ type }) => type === "creating");
  if (told.adopt !== undefined) {
    if (told.first !== undefined) await shown(life, told.first);
    await shown(life, told.adopt);
  } else if (pending) await forgetPending(life);
  const looked = new Set(told.strays.map(({ type, id }) => `${type} ${id}`));
  const existing = namedBy(run, unknown).filter(({ object }) => !looked.has(`${object.kind} ${object.id}`));
  if (existing.length > 0) await takeOver(life, existing);
  const command = [told.first, told.adopt].filter((one) => one !== undefined).join("; ");
  return [
    ...unknown
      .filter(({ object }) => looked.has(`${object.kind} ${object.id}`))
      .map(({ urn }) => ({ urn: urn!, namedBy: "strays" as const, command })),
    ...existing.map((one) => ({
      urn: one.urn!,
      namedBy: "exists" as const,
      command: takeoverCommand(life.stack, one),
    })),
  ];
}

/** What `npm run strays` says. */
export async function askStrays(life: StackLife): Promise<StraysDocument> {
  const { code, out, err } = await life.npmRun("strays", life.stack, "--json");
  if (err !== "" || !out.startsWith("{")) throw new Error(`npm run strays ended with ${code}: ${err}`);
  return JSON.parse(out) as StraysDocument;
}

/** Runs a command as it was shown, agreed to beforehand. */
async function shown(life: StackLife, command: string): Promise<void> {
  const words = command.split(" ").slice(1);
  const agreed = ["--yes", "--skip-preview"].filter((flag) => !words.includes(flag));
  const result = await life.lab.pulumi([...words, ...agreed]);
  if (result.code !== 0) throw new Error(`${command}: ${errorsOf(result)}`);
}

/** What is to be done before anything else after a kill, and all that is to be done before a destroy goes on. */
export async function unlock(life: StackLife): Promise<void> {
  removeEmptyAttributes(join(life.lab.workFolder, "../state"));
  await life.pulumi("cancel", "--yes");
}

/**
 * Pending creations have to go from the state before anything is imported. The CLI's own way in one step,
 * `refresh --import-pending-creates`, marks them as being imported, and nothing in its engine reads that mark (pulumi
 * v3.259.0, cmd/pulumi/operations/refresh.go): they are dropped without being imported.
 */
async function forgetPending(life: StackLife): Promise<void> {
  const result = await life.pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
  if (result.code !== 0) throw new Error(`refresh with pending creations: ${errorsOf(result)}`);
}
