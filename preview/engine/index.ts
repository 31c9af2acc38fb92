import { Graph } from "./graph";
import type { RecordedLog, Recording } from "./recording";
import { type RunArgs, type RunResult, runProgram } from "./runner";
import { type Heard, heardBy, readTranscript } from "./transcript";
import {
  type Overrides,
  projectName,
  readStackFile,
  type Setting,
  type StackConfig,
  toStackConfig,
  withOverrides,
} from "../stack-file";

export * from "./recording";
export * from "./values";

/** What to preview. */
export interface PreviewArgs {
  /** Folder of Pulumi.yaml, with the program and the stack files. */
  readonly root: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Settings by full key, used instead of the stack's file, which then need not exist. */
  readonly config?: Readonly<Record<string, Setting>>;
  /** Settings to change, by key and path: `{ "aws.region": "eu-central-1" }`. */
  readonly overrides?: Overrides;
  /**
   * Secrets in the clear, by key and path: they replace what the file has and reach the program as they are.
   * For tests that look for them in the recording.
   */
  readonly secrets?: Overrides;
  /** File to run instead of the entry that package.json names, relative to `root`. */
  readonly program?: string;
  /** Milliseconds until a program that does not end is ended. Default: 120 000. */
  readonly timeout?: number;
}

/**
 * Runs the program of a stack as `pulumi preview` does on a stack that does not exist yet, and records what it
 * asks for. No account, no network, no Pulumi CLI: the genuine Node.js runner of the SDK, with a small engine in its
 * own process. Takes about a second. A program that does not end in time leaves an empty recording.
 *
 * What it cannot show: whether a cloud accepts the configuration; names that a provider makes up; the state of
 * a stack that already runs.
 *
 * @throws StackFileError for a stack file that is missing or broken; everything else is in the recording
 */
export async function previewStack(args: PreviewArgs): Promise<Recording> {
  const quick = await runOnce(args, "inside");
  // A crash is run again for its whole trace; what was refused on purpose is complete as it is.
  return quick.exit === "crashed" ? runOnce(args, "beside") : quick;
}

/**
 * Runs the program once more with names in place of what only the cloud knows (stand-ins.ts): documents that hold a
 * made-up id can be read there. Whoever asks shows it as what it is, never as the plan. May have ended badly where the
 * program takes such a name apart.
 *
 * @throws StackFileError for a stack file that is missing or broken
 */
export function previewNamed(args: PreviewArgs): Promise<Recording> {
  return runOnce(args, "inside", true);
}

/**
 * Runs the program once, with the engine inside its process, or beside it and reached as the genuine one is: by gRPC,
 * with all of the SDK. Both hear the same.
 */
export async function runOnce(
  args: PreviewArgs,
  where: "inside" | "beside",
  named = false,
): Promise<Recording> {
  const project = projectName(args.root);
  const file = args.config
    ? { settings: args.config, environments: [] }
    : readStackFile(args.root, args.stack);
  const timeout = args.timeout ?? 120_000;
  const run = {
    root: args.root,
    program: args.program,
    project,
    stack: args.stack,
    config: configOf(args, file.settings, project),
    timeout,
    named,
  };
  const { result, heard } = await (where === "inside" ? runInside(run) : runBeside(run));
  const logs: readonly RecordedLog[] = [
    ...file.environments.map((name): RecordedLog => {
      const message = `the environment ${name} is not read: its settings count as missing in this preview`;
      return { severity: "warning", message };
    }),
    ...heard.logs,
    ...streamLogs(result),
  ];
  const { resources, outputs, invokes } = heard;
  return {
    stack: args.stack,
    project,
    resources,
    outputs,
    logs,
    invokes,
    ...verdict(heard, result, timeout),
  };
}

async function runInside(run: RunArgs) {
  const result = await runProgram(run);
  return { result, heard: readTranscript(result.transcript) };
}

async function runBeside(run: RunArgs) {
  // Loaded where it is needed: gRPC takes as long to load as all the rest of this process.
  const { startEngine } = await import("./server");
  const graph = new Graph(run.stack, run.project);
  const engine = await startEngine(graph);
  try {
    const result = await runProgram({ ...run, address: engine.address });
    return { result, heard: heardBy(graph) };
  } finally {
    engine.close();
  }
}

function configOf(
  args: PreviewArgs,
  settings: Readonly<Record<string, Setting>>,
  project: string,
): StackConfig {
  const changed = withOverrides(settings, { ...args.overrides, ...args.secrets }, project);
  const { values, secretKeys } = toStackConfig(changed);
  const supplied = Object.keys(withOverrides({}, args.secrets ?? {}, project));
  return { values, secretKeys: [...new Set([...secretKeys, ...supplied])] };
}

/** How the SDK opens the message of an error that the program did not plan (sdk/nodejs/cmd/run/run.ts). */
const UNPLANNED = /^Running program '.*' failed with an unhandled exception:/;

function verdict(heard: Heard, result: RunResult, timeout: number): Pick<Recording, "exit" | "error"> {
  if (result.timedOut)
    return { exit: "refused", error: `the program did not end within ${timeout / 1000} s` };
  // What the engine refused comes back as an unplanned error of the program: the engine's own words are shorter.
  if (heard.refusals.length > 0) return { exit: "refused", error: [...new Set(heard.refusals)].join("\n") };
  const errors = heard.logs.filter(({ severity }) => severity === "error").map(({ message }) => message);
  if (result.code === 0 && errors.length === 0) return { exit: "ok" };
  const crashed = errors.length === 0 || errors.some((message) => UNPLANNED.test(message));
  const error = [...errors, ...(errors.length === 0 ? [result.stderr.trim()] : [])].join("\n");
  return {
    exit: crashed ? "crashed" : "refused",
    error: error || `the program ended with code ${result.code}`,
  };
}

function streamLogs(result: RunResult): RecordedLog[] {
  return (["stdout", "stderr"] as const).flatMap((severity) =>
    result[severity]
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((message) => ({ severity, message })),
  );
}
