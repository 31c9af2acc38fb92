import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, rmSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** Where a tool comes from when it is not installed. */
interface ToolSource {
  /** Version that is built. One that is found on PATH is taken as it is. */
  readonly version: string;
  /** Go package in the module `tools/<name>`, whose go.sum pins every dependency. */
  readonly goPackage: string;
  readonly ldflags: string;
  /** How long a first build takes on two cores, for whoever waits. */
  readonly duration: string;
}

/** Every tool that is built where it is not installed. */
export const toolSources = {
  helm: {
    version: "v3.19.2",
    goPackage: "helm.sh/helm/v3/cmd/helm",
    ldflags: "-s -w -X helm.sh/helm/v3/internal/version.version=v3.19.2",
    duration: "about two minutes",
  },
  kubeconform: {
    version: "v0.7.0",
    goPackage: "github.com/yannh/kubeconform/cmd/kubeconform",
    ldflags: "-s -w -X main.version=v0.7.0",
    duration: "some seconds",
  },
} as const satisfies Record<string, ToolSource>;

/** One of {@link toolSources}. */
export type ToolName = keyof typeof toolSources;

/** All of {@link ToolName}. */
export const toolNames = Object.keys(toolSources) as ToolName[];

/** A tool that can be run, or why not. */
export type FoundTool =
  | { readonly name: ToolName; readonly path: string; readonly from: "PATH" | "cache" | "built" }
  | { readonly name: ToolName; readonly missing: string };

/** The machine a tool is looked for on; a test brings its own. */
export interface Machine {
  /** Root of the project. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
  readonly run: (
    command: string,
    args: readonly string[],
    cwd: string,
  ) => { readonly ok: boolean; readonly output: string };
  /** Blocks for some milliseconds. */
  readonly sleep: (milliseconds: number) => void;
}

/** The machine this runs on. Progress goes to standard error, so that standard output stays a tool's own. */
export function thisMachine(): Machine {
  return {
    root: resolve(__dirname, ".."),
    environment: process.env,
    say: (line) => void process.stderr.write(`${line}\n`),
    run: (command, args, cwd) => {
      const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
      return { ok: status === 0, output: error ? error.message : `${stdout}${stderr}`.trim() };
    },
    sleep: (milliseconds) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
  };
}

/**
 * Finds a tool: the one on PATH, else the one in the cache, else builds it from its Go module into the cache
 * (`.cache/tools`, or CMBCLUSTER_TOOL_CACHE where it is set, so that a CI runner can keep it).
 *
 * @returns the path, or the reason why there is none; nothing is thrown
 */
export function findTool(name: ToolName, machine: Machine = thisMachine()): FoundTool {
  const installed = onPath(name, machine);
  if (installed) return { name, path: installed, from: "PATH" };
  const source = toolSources[name];
  const cache = resolve(machine.root, machine.environment.CMBCLUSTER_TOOL_CACHE ?? ".cache/tools");
  const path = join(cache, `${name}-${source.version}`);
  if (isExecutable(path)) return { name, path, from: "cache" };
  if (!onPath("go", machine)) {
    return { name, missing: `${name} is not on PATH, and there is no Go to build ${source.version} with` };
  }
  return build(name, path, cache, machine);
}

function build(name: ToolName, path: string, cache: string, machine: Machine): FoundTool {
  const { version, goPackage, ldflags, duration } = toolSources[name];
  mkdirSync(cache, { recursive: true });
  const release = waitForLock(`${path}.lock`, machine);
  try {
    // Another process may have built it while this one waited.
    if (isExecutable(path)) return { name, path, from: "cache" };
    machine.say(`Building ${name} ${version} from its Go module into ${cache}: ${duration}, once.`);
    const flags = ["build", "-mod=readonly", "-trimpath", "-ldflags", ldflags, "-o", path, goPackage];
    const { ok, output } = machine.run("go", flags, join(machine.root, "tools", name));
    if (ok && isExecutable(path)) return { name, path, from: "built" };
    rmSync(path, { force: true });
    const reason = output.split("\n").slice(-3).join(" ").slice(0, 300) || "the build left no program";
    return { name, missing: `${name} is not on PATH, and building ${version} failed: ${reason}` };
  } finally {
    release();
  }
}

/** Seconds after which a lock is taken for one whose owner was killed: no build takes as long. */
const STALE_LOCK = 20 * 60;

/** One build of a tool at a time: the test processes of one run all look for it at once. */
function waitForLock(lock: string, machine: Machine): () => void {
  for (let waited = 0; waited < STALE_LOCK && !makeDirectory(lock); waited++) machine.sleep(1000);
  return () => rmSync(lock, { recursive: true, force: true });
}

function makeDirectory(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch {
    return false;
  }
}

function onPath(command: string, { environment }: Machine): string | undefined {
  const folders = (environment.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
