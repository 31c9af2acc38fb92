import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
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
  /**
   * Address of an engine that listens. Without one the engine is in the program's own process, what no preview needs
   * of the SDK is not loaded, and traces have one frame and no lines of the source: the SDK takes some for every
   * resource. Several times as fast, and not for a program that crashes.
   */
  readonly address?: string;
  /** True: what only the cloud knows has a name in this run (stand-ins.ts). Not with an {@link address}. */
  readonly named?: boolean;
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
  /** What an engine in the program's process heard; empty where it could not say. */
  readonly transcript: string;
}

/** Variables of the caller's environment that the program may see: none of them can change a plan. */
const PASSED_ON = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LANG", "LC_ALL"];

/**
 * Runs the program through the genuine Node.js runner of @pulumi/pulumi, compiled on the way and not
 * type-checked, with the Node that runs this. The caller's environment is left out: a preview must not depend on whose cloud
 * profile happens to be set.
 */
export async function runProgram(args: RunArgs): Promise<RunResult> {
  const named = args.named ? ["stand-ins-preload.ts"] : [];
  const preloads = args.address
    ? ["compile.js", "offline-preload.ts"]
    : ["compile.js", "plain-traces.js", "offline-preload.ts", ...named, "inside-preload.ts"];
  // The SDK wants an address, and makes a client for it: the one of inside-preload.ts asks nobody for it.
  const address = args.address ?? "inside";
  const child = spawn(
    process.execPath,
    [
      "--no-deprecation",
      // Objects of a plan live as long as it does: a young generation that holds them saves a tenth of the memory.
      "--max-semi-space-size=32",
      `--stack-trace-limit=${args.address ? 50 : 1}`,
      ...preloads.flatMap((file) => ["--require", join(__dirname, file)]),
      require.resolve("@pulumi/pulumi/cmd/run"),
      ...["--monitor", address, "--engine", address],
      ...["--organization", "organization", "--project", args.project, "--stack", args.stack],
      ...["--root-directory", args.root, "--pwd", args.root, "--dry-run", args.program ?? "."],
    ],
    { cwd: args.root, env: environment(args.config), stdio: ["ignore", "pipe", "pipe", "pipe"] },
  );
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill("SIGKILL");
  }, args.timeout);
  const output = { stdout: "", stderr: "", transcript: "" };
  const streams = { stdout: child.stdout!, stderr: child.stderr!, transcript: child.stdio[3] as Readable };
  for (const [name, stream] of Object.entries(streams) as [keyof typeof streams, Readable][]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output[name] += text));
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
