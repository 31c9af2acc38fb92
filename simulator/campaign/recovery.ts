import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stored } from "../engine/store";
import { errorsOf, type StackLife } from "../life/stack-life";
import type { ExportedState } from "../state";
import { removeEmptyAttributes } from "../state-folder";
import { strays } from "../strays";

/** A thing that exists and that no state knows, and how it is taken over. */
export interface Adoption {
  readonly stray: Stored;
  /** `pending`: the state knows that it was being made. `lost`: its creation was told as failed. */
  readonly known: "pending" | "lost";
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
export async function exported(life: StackLife): Promise<WithPending> {
  const { stdout, stderr, code } = await life.pulumi("stack", "export");
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as WithPending;
}

/**
 * What exists and is in no state, with the command that adopts it. Objects in Kubernetes are not among them: its
 * provider applies on the server's side, so creating one that is there takes it over. A helm release is.
 */
export function adoptions(stack: string, things: readonly Stored[], state: WithPending): Adoption[] {
  const pending = new Set(pendingCreations(state));
  return strays(things, state)
    .filter(
      ({ object, urn }) =>
        urn!.includes(`:${stack}::`) &&
        (!object.kind.startsWith("kubernetes:") || object.kind.endsWith(":Release")),
    )
    .map((stray) => {
      const known = pending.has(stray.urn!) ? ("pending" as const) : ("lost" as const);
      return { stray, known, command: commandFor(stack, stray, known) };
    });
}

/**
 * Brings a stack back after a run that was killed or lost answers, by what docs/troubleshooting.md says: free the
 * lock, settle what was pending, import what is known to nobody.
 *
 * @returns what was adopted
 */
export async function recover(life: StackLife, killed: boolean): Promise<readonly Adoption[]> {
  if (killed) await unlock(life);
  const state = await exported(life);
  const found = adoptions(life.stack, await life.lab.cloud.list(), state);
  if (pendingCreations(state).length > 0) await forgetPending(life);
  if (found.length > 0) await importThem(life, found);
  return found;
}

function pendingCreations({ deployment }: WithPending): string[] {
  return (deployment.pending_operations ?? [])
    .filter(({ type }) => type === "creating")
    .map(({ resource }) => resource.urn);
}

function commandFor(stack: string, { object, urn = "" }: Stored, known: Adoption["known"]): string {
  const first = known === "pending" ? `pulumi refresh --stack ${stack} --clear-pending-creates; ` : "";
  // Parents and providers are what the engine's own preview says, with `--import-file`.
  return (
    `${first}pulumi preview --stack ${stack} --import-file lost.json; in lost.json keep the components and ` +
    `${urn.split("::").at(-1)} (${object.kind}) with the id '${object.id}'; ` +
    `pulumi import --stack ${stack} --file lost.json --protect=false --generate-code=false`
  );
}

/** What is to be done before anything else after a kill, and all that is to be done before a destroy goes on. */
export async function unlock(life: StackLife): Promise<void> {
  removeEmptyAttributes(join(life.lab.workFolder, "../state"));
  await life.pulumi("cancel", "--yes");
}

/**
 * Pending creations have to go from the state before their things are imported. The CLI's own way in one step,
 * `refresh --import-pending-creates`, marks them as being imported, and nothing in its engine reads that mark (pulumi
 * v3.259.0, cmd/pulumi/operations/refresh.go): they are dropped without being imported.
 */
async function forgetPending(life: StackLife): Promise<void> {
  const result = await life.pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
  if (result.code !== 0) throw new Error(`refresh with pending creations: ${errorsOf(result)}`);
}

interface ImportFile {
  readonly nameTable?: Readonly<Record<string, string>>;
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly logicalName?: string;
    readonly id?: string;
    readonly component?: boolean;
  }[];
}

/** Imports under the parents and providers that the program gives them: the engine's own preview tells both. */
async function importThem(life: StackLife, lost: readonly Adoption[]): Promise<void> {
  const file = join(life.lab.workFolder, "lost.json");
  const planned = await life.pulumi("preview", "--import-file", file);
  const document = readImportFile(file);
  if (!document) throw new Error(`the preview wrote no import file: ${errorsOf(planned)}`);
  const ids = new Map(
    lost.map(({ stray: { object, urn } }) => [keyOf(object.kind, nameIn(urn!)), object.id]),
  );
  const resources = document.resources.flatMap((entry) => {
    const id = ids.get(keyOf(entry.type, entry.logicalName ?? entry.name));
    if (id !== undefined) return [{ ...entry, id }];
    return entry.component ? [entry] : [];
  });
  writeFileSync(file, JSON.stringify({ ...document, resources }, null, 2));
  const flags = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
  const result = await life.pulumi("import", "--file", file, ...flags);
  if (result.code !== 0) throw new Error(`import: ${errorsOf(result)}`);
}

function readImportFile(file: string): ImportFile | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ImportFile;
  } catch {
    return undefined;
  }
}

function nameIn(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

function keyOf(type: string, name: string): string {
  return `${type}\n${name}`;
}
