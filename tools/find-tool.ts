import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { type LockMachine, waitForLock } from "./build-lock";
import { type ToolName, toolSource } from "./tool-sources";

export { toolNames, toolSources, type ToolName } from "./tool-sources";

/** A tool that can be run, or why not. `path` ends in the tool's own name, so its folder can be put on a PATH. */
export type FoundTool =
  | { readonly name: ToolName; readonly path: string; readonly from: "PATH" | "cache" | "built" }
  | { readonly name: ToolName; readonly missing: string };

/** The machine a tool is looked for on; a test brings its own. */
export interface Machine extends LockMachine {
  /** Root of the project. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's own folder. */
  readonly home: string;
  readonly say: (line: string) => void;
  /** Runs a command to its end, or kills it after `seconds`. */
  readonly run: (
    command: string,
    args: readonly string[],
    cwd: string,
    seconds?: number,
  ) => { readonly ok: boolean; readonly cut?: boolean; readonly output: string };
  /** Seconds since some moment. */
  readonly now: () => number;
}

/** The machine this runs on. Progress goes to standard error, so that standard output stays a tool's own. */
export function thisMachine(): Machine {
  return {
    root: resolve(__dirname, ".."),
    environment: process.env,
    home: homedir(),
    say: (line) => void process.stderr.write(`${line}\n`),
    run: (command, args, cwd, seconds) => {
      // Go ends its compilers on SIGINT, and keeps what they finished.
      const limit =
        seconds === undefined
          ? {}
          : { timeout: Math.max(1, Math.ceil(seconds * 1000)), killSignal: "SIGINT" as const };
      const done = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26, ...limit });
      const failed: NodeJS.ErrnoException | undefined = done.error;
      const cut = failed?.code === "ETIMEDOUT";
      const output = done.error ? done.error.message : `${done.stdout}${done.stderr}`.trim();
      return { ok: done.status === 0 && !cut, cut, output };
    },
    sleep: (milliseconds) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
    alive: (pid) => {
      try {
        return process.kill(pid, 0);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
      }
    },
    now: () => performance.now() / 1000,
  };
}

/**
 * Finds a tool: the one on PATH, else the one in the user's cache, else builds it from its Go module into that
 * cache, which every clone and every CI run of the user shares.
 *
 * The cache is `$CMBCLUSTER_TOOL_CACHE`, else `$XDG_CACHE_HOME/cmbcluster/tools`, else `~/.cache/cmbcluster/tools`.
 * In it a tool's folder is named after its version and the content of its module, so a change of either builds anew.
 * Nothing is deleted there.
 *
 * @param seconds how long a build, and the wait for another process's build of the same tool, may take at most; left
 *   out, `$CMBCLUSTER_TOOL_SECONDS`, else as long as it needs. With 0 nothing is built. What a build that was cut had compiled stays in Go's own cache.
 * @returns the path, or the reason why there is none; nothing is thrown
 */
export function findTool(
  name: ToolName,
  machine: Machine = thisMachine(),
  seconds: number | undefined = allowed(machine),
): FoundTool {
  const installed = onPath(name, machine);
  if (installed) return { name, path: installed, from: "PATH" };
  const { version } = toolSource(name);
  const folder = join(cacheFolder(machine), `${name}-${version}-${digest(name, machine)}`);
  const path = join(folder, name);
  if (isExecutable(path)) return { name, path, from: "cache" };
  if (!onPath("go", machine)) {
    return { name, missing: `${name} is not on PATH, and there is no Go to build ${version} with` };
  }
  if (seconds !== undefined && seconds <= 0) return { name, missing: outOfTime(name) };
  try {
    return build(name, folder, machine, seconds);
  } catch (error) {
    return { name, missing: `${name} ${version} cannot be built: ${(error as Error).message}` };
  }
}

/** A CI run that has spent its time on tools sets it to 0: what then is not there is skipped with that reason. */
function allowed({ environment: { CMBCLUSTER_TOOL_SECONDS: seconds } }: Machine): number | undefined {
  return seconds ? Number(seconds) : undefined;
}

function build(name: ToolName, folder: string, machine: Machine, seconds?: number): FoundTool {
  const { version, minutes, purpose } = toolSource(name);
  const path = join(folder, name);
  const begun = machine.now();
  mkdirSync(folder, { recursive: true });
  const release = waitForLock(`${folder}.lock`, machine, seconds ?? Infinity);
  if (!release) return { name, missing: outOfTime(name) };
  try {
    // Another process may have built it while this one waited.
    if (isExecutable(path)) return { name, path, from: "cache" };
    const time = minutes > 1 ? `about ${minutes} minutes of CPU` : "up to a minute of CPU";
    machine.say(`Building ${name} ${version} (${purpose}) from its Go module into ${folder}: ${time}, once.`);
    const left = seconds === undefined ? undefined : seconds - (machine.now() - begun);
    const partial = `${path}.partial`;
    const { ok, cut, output } = machine.run(
      "go",
      buildArguments(name, partial),
      moduleOf(name, machine),
      left,
    );
    if (cut) return { name, missing: outOfTime(name) };
    if (ok && isExecutable(partial)) {
      renameSync(partial, path);
      return { name, path, from: "built" };
    }
    rmSync(partial, { force: true });
    const reason = output.split("\n").slice(-3).join(" ").slice(0, 300) || "the build left no program";
    return { name, missing: `${name} is not on PATH, and building ${version} failed: ${reason}` };
  } finally {
    release();
  }
}

function buildArguments(name: ToolName, output: string): string[] {
  const { ldflags, tags, goPackage } = toolSource(name);
  const tagged = tags ? ["-tags", tags] : [];
  return ["build", "-mod=readonly", "-trimpath", ...tagged, "-ldflags", ldflags, "-o", output, goPackage];
}

function outOfTime(name: ToolName): string {
  const { version } = toolSource(name);
  return `${name} ${version} was not built within the time allowed; another run goes on from where this one stopped`;
}

function cacheFolder({ root, environment, home }: Machine): string {
  const { CMBCLUSTER_TOOL_CACHE: own, XDG_CACHE_HOME: users } = environment;
  if (own) return resolve(root, own);
  return join(users ? users : join(home, ".cache"), "cmbcluster", "tools");
}

/** Of everything a build is made from: the flags and the files of the module. */
function digest(name: ToolName, { root }: Pick<Machine, "root">): string {
  const hash = createHash("sha256").update(JSON.stringify(buildArguments(name, "")));
  const folder = moduleOf(name, { root });
  for (const file of filesIn(folder)) hash.update(`\n${file}\n`).update(readFileSync(join(folder, file)));
  return hash.digest("hex").slice(0, 8);
}

function moduleOf(name: ToolName, { root }: Pick<Machine, "root">): string {
  return join(root, "tools", toolSource(name).folder ?? name);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
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
