import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parse, stringify } from "yaml";
import { findTool, type ToolName } from "../tools/find-tool";
import type { DaemonOptions } from "./daemon";
import { type CloudControl, connectCloud } from "./engine/control";
import { PORT_VARIABLE, writeScripts } from "./engine/scripts";
import type { ExportedState } from "./state";

/** Where a lab is set up, and on what. */
export interface LabOptions {
  /** Folder of its own: state of the engine, of the clouds, scripts. What lies there from an earlier lab goes on. */
  readonly folder: string;
  /** Folder of Pulumi.yaml. Left out: this project. */
  readonly project?: string;
  /** Options of the clouds. */
  readonly clouds?: Omit<DaemonOptions, "folder">;
  /** Where everything that the engine prints goes as well. */
  readonly log?: string;
}

/** How one run of the command-line tool ended. */
export interface PulumiResult {
  /** Undefined when it was killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Engine events in order, as `--event-log` writes them. */
  readonly events: readonly EngineEvent[];
  /** Virtual seconds that went by. */
  readonly virtualSeconds: number;
}

/** One event of the engine (pulumi, sdk/go/common/apitype/events.go); only what is used here is described. */
export interface EngineEvent {
  readonly sequence: number;
  readonly resourcePreEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: { readonly urn?: string; readonly severity: string; readonly message: string };
  readonly summaryEvent?: { readonly resourceChanges: Readonly<Record<string, number>> };
}

/** One step of the engine. */
export interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly diffs?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, { readonly diffKind: string }>>;
}

/** The real command-line tool on simulated clouds. */
export interface Lab {
  /** The clouds: to inspect, to change, to break. */
  readonly cloud: CloudControl;
  /** Environment in which `pulumi`, and whatever else, meets the simulated clouds. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folder in which pulumi runs. */
  readonly workFolder: string;
  /** Runs pulumi with these arguments, `--non-interactive` and an event log. */
  pulumi(args: readonly string[], options?: { readonly timeoutSeconds?: number }): Promise<PulumiResult>;
  /** What the engine has on record of a stack, in the clear as far as it is not secret. */
  state(stack: string): Promise<ExportedState>;
  /** Ends every process of the lab. The folder stays. */
  close(): Promise<void>;
}

/** Milliseconds after which a run is taken for hanging. */
const RUN_TIMEOUT = 900;

/**
 * Sets up clouds and a folder in which the project's own program runs, unchanged, under the real engine.
 *
 * @throws Error when a tool is missing
 */
export async function openLab(options: LabOptions): Promise<Lab> {
  const folder = resolve(options.folder);
  const project = resolve(options.project ?? join(__dirname, ".."));
  const cloudFolder = join(folder, "clouds");
  const bin = join(folder, "bin");
  for (const needed of [cloudFolder, join(folder, "state"), join(folder, "home"), bin])
    mkdirSync(needed, { recursive: true });
  writeScripts(bin);
  writeLanguageHost(bin, project);
  const workFolder = linkProject(folder, project);
  const daemon = await startDaemon({ ...options.clouds, folder: cloudFolder }, folder);
  const environment = environmentOf(folder, bin, daemon.port);
  const cloud = connectCloud(daemon.port);
  const running = new Set<ChildProcess>();

  const lab: Lab = {
    cloud,
    environment,
    workFolder,
    pulumi: async (args, { timeoutSeconds = RUN_TIMEOUT } = {}) => {
      const began = await cloud.now();
      const events = join(folder, "events.jsonl");
      rmSync(events, { force: true });
      const commands = ["up", "preview", "refresh", "destroy", "import"].includes(args[0] ?? "");
      const child = spawn(
        tool("pulumi"),
        [...args, "--non-interactive", ...(commands ? ["--event-log", events] : [])],
        {
          cwd: workFolder,
          env: environment,
          detached: true,
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      running.add(child);
      const { code, stdout, stderr } = await ended(child, timeoutSeconds, options.log);
      running.delete(child);
      // Killed, the command leaves its language host and plugins behind, each in a process group of its own.
      if (code !== 0 && running.size === 0) endOrphans(folder);
      return {
        code,
        stdout,
        stderr,
        events: readEvents(events),
        virtualSeconds: (await cloud.now()) - began,
      };
    },
    state: async (stack) => {
      const { code, stdout, stderr } = await lab.pulumi(["stack", "export", "--stack", stack]);
      if (code !== 0) throw new Error(stderr);
      return JSON.parse(stdout) as ExportedState;
    },
    close: async () => {
      for (const child of running) killGroup(child);
      endOrphans(folder);
      await daemon.close();
    },
  };
  return lab;
}

function tool(name: ToolName): string {
  const found = findTool(name);
  if ("missing" in found) throw new Error(found.missing);
  return found.path;
}

function environmentOf(folder: string, bin: string, port: number): Record<string, string> {
  const passed = ["HOME", "TMPDIR", "LANG", "USER"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...(Object.fromEntries(passed) as Record<string, string>),
    // The Node that runs this comes first: the machine's own may be too old for the program.
    PATH: [
      bin,
      dirname(process.execPath),
      dirname(tool("pulumi")),
      "/usr/local/bin",
      "/usr/bin",
      "/bin",
    ].join(delimiter),
    [PORT_VARIABLE]: String(port),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "simulated",
    PULUMI_HOME: join(folder, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    // Makes `--event-log` known to the command line.
    PULUMI_DEBUG_COMMANDS: "true",
    NO_COLOR: "1",
  };
}

/**
 * The language host that can be built (v3.68.0) takes the runtime's options as flags, where the engine sends them
 * by message: this script passes on what Pulumi.yaml says.
 */
function writeLanguageHost(bin: string, project: string): void {
  const file = parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")) as {
    runtime?: { options?: Record<string, string | boolean> } | string;
  };
  const options = (typeof file.runtime === "object" ? file.runtime.options : undefined) ?? {};
  const flags = ["typescript", "nodeargs"].flatMap((name) =>
    options[name] === undefined ? [] : [`'-${name}=${String(options[name])}'`],
  );
  const path = join(bin, "pulumi-language-nodejs");
  const text = `#!/bin/bash\nexec '${tool("pulumi-language-nodejs")}' ${flags.join(" ")} "$@"\n`;
  writeFileSync(path, text, { mode: 0o755 });
}

/** A folder that looks like the project, with stack files of its own. */
function linkProject(folder: string, project: string): string {
  const workFolder = join(folder, "project");
  mkdirSync(workFolder, { recursive: true });
  for (const entry of readdirSync(project)) {
    const target = join(workFolder, entry);
    if (/^Pulumi\..*yaml$/.test(entry)) {
      if (!readdirSync(workFolder).includes(entry)) copyFileSync(join(project, entry), target);
    } else if (!entry.startsWith(".") && entry !== "coverage") {
      rmSync(target, { force: true });
      symlinkSync(join(project, entry), target);
    }
  }
  // A program outside this project still runs with its packages.
  if (!readdirSync(workFolder).includes("node_modules"))
    symlinkSync(join(__dirname, "../node_modules"), join(workFolder, "node_modules"));
  return workFolder;
}

/** Writes a stack's settings into the lab's copy of its file, over what is there; undefined removes. */
export function configure(lab: Lab, stack: string, settings: Readonly<Record<string, unknown>>): void {
  const path = join(lab.workFolder, `Pulumi.${stack}.yaml`);
  const known = readdirSync(lab.workFolder).includes(`Pulumi.${stack}.yaml`)
    ? readFileSync(path, "utf8")
    : "";
  const file = (parse(known) ?? {}) as { config?: Record<string, unknown> };
  const config = merge(file.config ?? {}, settings);
  writeFileSync(path, stringify({ ...file, config }));
}

function merge(
  base: Record<string, unknown>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    if (value === undefined) delete merged[key];
    else if (isObject(before) && isObject(value)) merged[key] = merge(before, value);
    else merged[key] = value;
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function startDaemon(
  options: DaemonOptions,
  folder: string,
): Promise<{ port: number; close(): Promise<void> }> {
  const compile = join(__dirname, "../preview/engine/compile.js");
  const child = spawn(
    process.execPath,
    ["--require", compile, join(__dirname, "daemon.ts"), JSON.stringify(options)],
    { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env } },
  );
  const log = join(folder, "daemon.log");
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
    appendFileSync(log, text);
  });
  const exit = new Promise<void>((done) => child.once("exit", () => done()));
  const port = await new Promise<number>((done, fail) => {
    createInterface(child.stdout).once("line", (line) => done((JSON.parse(line) as { port: number }).port));
    void exit.then(() => fail(new Error(`the simulated clouds did not start: ${errors}`)));
  });
  return {
    port,
    close: async () => {
      child.stdin.end();
      await exit;
    },
  };
}

async function ended(
  child: ChildProcess,
  timeoutSeconds: number,
  log: string | undefined,
): Promise<{ code: number | undefined; stdout: string; stderr: string }> {
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]!.setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
      if (log !== undefined) appendFileSync(log, text);
    });
  }
  const timer = setTimeout(() => killGroup(child), timeoutSeconds * 1000);
  const code = await new Promise<number | undefined>((done, fail) => {
    child.once("error", fail).once("close", (value) => done(value ?? undefined));
  });
  clearTimeout(timer);
  return { code, ...output };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Ends what a killed command left running: everything that was started with this lab's PULUMI_HOME. */
function endOrphans(folder: string): void {
  const mark = `PULUMI_HOME=${join(folder, "home")}\0`;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark)) process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has ended meanwhile, or is not ours to look at.
    }
  }
}

function readEvents(path: string): EngineEvent[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as EngineEvent);
}
