import { spawn } from "node:child_process";
import { join } from "node:path";
import type { StackConfig } from "../stack-file";

/** How to start the program once. */
export interface RunArgs {
  /** Folder of Pulumi.yaml; the program's working directory. */
  readonly root: string;
  /** File to run instead of the entry that package.json names. */
  readonly program: string | undefined;
  readonly project: string;
  readonly stack: string;
  readonly config: StackConfig;
  /** Address of the engine. */
  readonly address: string;
  /** Traces with all frames, in lines of the source. The SDK takes some for every resource: that takes time. */
  readonly fullTraces: boolean;
  /** Milliseconds after which the program is ended. */
  readonly timeout: number;
}

/** How the program's process ended. */
export interface RunResult {
  /** Exit code; undefined when it was ended from outside. */
  readonly code: number | undefined;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Variables of the caller's environment that the program may see: none of them can change a plan. */
const PASSED_ON = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LANG", "LC_ALL"];

/**
 * Runs the program through the genuine Node.js runner of @pulumi/pulumi, compiled on the way and not
 * type-checked, with the Node that runs this. The caller's environment is left out: a preview must not depend on whose cloud
 * profile happens to be set.
 */
export async function runProgram(args: RunArgs): Promise<RunResult> {
  const child = spawn(
    process.execPath,
    [
      "--no-deprecation",
      // Objects of a plan live as long as it does: a young generation that holds them saves a tenth of the memory.
      "--max-semi-space-size=32",
      `--stack-trace-limit=${args.fullTraces ? 50 : 1}`,
      ...["--require", join(__dirname, "compile.js")],
      ...(args.fullTraces ? [] : ["--require", join(__dirname, "plain-traces.js")]),
      ...["--require", join(__dirname, "offline-preload.ts")],
      require.resolve("@pulumi/pulumi/cmd/run"),
      ...["--monitor", args.address, "--engine", args.address],
      ...["--organization", "organization", "--project", args.project, "--stack", args.stack],
      ...["--root-directory", args.root, "--pwd", args.root, "--dry-run", args.program ?? "."],
    ],
    { cwd: args.root, env: environment(args.config), stdio: ["ignore", "pipe", "pipe"] },
  );
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill("SIGKILL");
  }, args.timeout);
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => (output[stream] += text));
  }
  const code = await new Promise<number | undefined>((resolve, reject) => {
    child.once("error", reject).once("close", (exitCode) => resolve(exitCode ?? undefined));
  });
  clearTimeout(timer);
  return { code, timedOut, ...output };
}

function environment(config: StackConfig): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
    PULUMI_CONFIG: JSON.stringify(config.values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
    // The SDK's own compiler would check types: eight seconds a run.
    PULUMI_NODEJS_TYPESCRIPT: "false",
    NO_GRPC_PROXY: "127.0.0.1",
    NO_PROXY: "127.0.0.1",
  };
}
