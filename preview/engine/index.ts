import { Graph } from "./graph";
import type { RecordedLog, Recording } from "./recording";
import { type RunResult, runProgram } from "./runner";
import { startEngine } from "./server";
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
 * asks for. No account, no network, no Pulumi CLI: the genuine Node.js runner of the SDK talks to an engine in
 * this process. Takes about a second.
 *
 * What it cannot show: whether a cloud accepts the configuration; names that a provider makes up; the state of
 * a stack that already runs.
 *
 * @throws StackFileError for a stack file that is missing or broken; everything else is in the recording
 */
export async function previewStack(args: PreviewArgs): Promise<Recording> {
  const quick = await runOnce(args, false);
  // A crash is run again for its whole trace; what was refused on purpose is complete as it is.
  return quick.exit === "crashed" ? runOnce(args, true) : quick;
}

async function runOnce(args: PreviewArgs, fullTraces: boolean): Promise<Recording> {
  const project = projectName(args.root);
  const file = args.config
    ? { settings: args.config, environments: [] }
    : readStackFile(args.root, args.stack);
  const graph = new Graph(args.stack, project);
  for (const name of file.environments) {
    const message = `the environment ${name} is not read: its settings count as missing in this preview`;
    graph.logs.push({ severity: "warning", message });
  }
  const engine = await startEngine(graph);
  const timeout = args.timeout ?? 120_000;
  try {
    const result = await runProgram({
      root: args.root,
      program: args.program,
      project,
      stack: args.stack,
      config: configOf(args, file.settings, project),
      address: engine.address,
      fullTraces,
      timeout,
    });
    const logs = [...graph.logs, ...streamLogs(result)];
    return {
      stack: args.stack,
      project,
      resources: graph.resources,
      outputs: graph.root?.outputs ?? {},
      logs,
      invokes: graph.invokes,
      ...verdict(graph, result, timeout),
    };
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

function verdict(graph: Graph, result: RunResult, timeout: number): Pick<Recording, "exit" | "error"> {
  if (result.timedOut)
    return { exit: "refused", error: `the program did not end within ${timeout / 1000} s` };
  // What the engine refused comes back as an unplanned error of the program: the engine's own words are shorter.
  if (graph.refusals.length > 0) return { exit: "refused", error: [...new Set(graph.refusals)].join("\n") };
  const errors = graph.logs.filter(({ severity }) => severity === "error").map(({ message }) => message);
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
