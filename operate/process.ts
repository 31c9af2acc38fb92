import { spawn } from "node:child_process";

/** How a command is run. */
export interface RunOptions {
  readonly cwd?: string;
  /** Over the variables of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Where its output goes: `captured` for a program that reads it, `shown` for the person in front, `reported`
   * for a person too, but on standard error, because standard output carries a document.
   */
  readonly output: "captured" | "shown" | "reported";
  /** Milliseconds until it is ended; left out: as long as it takes. */
  readonly timeout?: number;
}

/** How a command ended. */
export interface Finished {
  /** Exit code; 127 where there is no such program, 124 where it was ended for time. */
  readonly code: number;
  /** What was captured; of an output that was shown, its last lines, so that its errors can be read. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program. A test brings its own. */
export type Run = (command: string, args: readonly string[], options: RunOptions) => Promise<Finished>;

/** Characters of a shown output that are kept. */
const KEPT = 100_000;

/** Runs a program of this machine, without a shell. */
export const run: Run = (command, args, { cwd, environment, output, timeout }) =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ["inherit", "pipe", "pipe"],
      timeout,
    });
    const texts = { stdout: "", stderr: "" };
    const keep = (stream: "stdout" | "stderr", to?: NodeJS.WritableStream) => (chunk: Buffer) => {
      texts[stream] += chunk.toString();
      if (to) {
        to.write(chunk);
        texts[stream] = texts[stream].slice(-KEPT);
      }
    };
    const captured = output === "captured";
    child.stdout.on(
      "data",
      keep("stdout", captured ? undefined : output === "shown" ? process.stdout : process.stderr),
    );
    child.stderr.on("data", keep("stderr", captured ? undefined : process.stderr));
    child.on("error", (error) => resolve({ code: 127, stdout: "", stderr: error.message }));
    child.on("close", (code, signal) =>
      resolve({ code: code ?? (signal === "SIGTERM" ? 124 : 1), ...texts }),
    );
  });
