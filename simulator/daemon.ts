import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startClouds } from "./engine/clouds";
import type { Registry } from "./models/registry";

/** What the process that holds the clouds is started with, as JSON in its first argument. */
export interface DaemonOptions {
  /** Folder of the state. */
  readonly folder: string;
  readonly seed?: string;
  /** AWS account of the credentials. */
  readonly account?: string;
  /** See `CloudOptions`. */
  readonly instant?: boolean;
  /** Module that exports a {@link Registry}; left out: all models of both clouds. */
  readonly models?: string;
}

/** Holds the clouds until its standard input ends; says the port as a line of JSON. */
async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? "{}") as DaemonOptions;
  const { models, invokes } = (await import(options.models ?? join(__dirname, "models"))) as Registry;
  const clouds = await startClouds({ ...options, models, invokes });
  writeFileSync(join(options.folder, "daemon.json"), JSON.stringify({ port: clouds.port, pid: process.pid }));
  process.stdout.write(`${JSON.stringify({ port: clouds.port })}\n`);
  const end = () => {
    clouds.close();
    process.exit(0);
  };
  process.stdin.on("end", end).on("error", end).resume();
  process.on("SIGTERM", end).on("SIGINT", end);
}

void main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
