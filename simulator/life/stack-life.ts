import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { main } from "../../operate/main";
import type { Finished, Run } from "../../operate/process";
import { overBudget } from "../../operate/budget";
import { configFaults, wantedCloud } from "../../operate/config-faults";
import { Api } from "../kubernetes/api";
import type { KubernetesApi } from "../kubernetes";
import { configure, type Lab, type LabOptions, type PulumiResult } from "../lab";
import { openShipped, type Shipped } from "../shipped";

export type { Shipped };
export const SHIPPED: readonly Shipped[] = ["gcp-dev", "aws-dev"];

/** What a command of `operate/` printed, and how it ended. */
export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One shipped stack on simulated clouds, from its first `up` on. */
export interface StackLife {
  readonly stack: Shipped;
  readonly lab: Lab;
  /** Runs pulumi for this stack. */
  pulumi(...args: string[]): Promise<PulumiResult>;
  /** `up` without a preview of its own. */
  up(...args: string[]): Promise<PulumiResult>;
  /** One of the project's own commands, agreed to beforehand or not as the arguments say. */
  npmRun(...args: string[]): Promise<Told>;
  /** Changes settings; undefined removes. */
  configure(settings: Readonly<Record<string, unknown>>): void;
  outputs(): Promise<Readonly<Record<string, unknown>>>;
  /** The stack's cluster, with all rights. */
  api(): Promise<KubernetesApi>;
  /** Pushes the three images and the copies of other projects', as far as the registry notices. */
  pushImages(tag: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens clouds of their own for a shipped stack. Nothing is in them yet. */
export async function begin(
  stack: Shipped,
  clouds: LabOptions["clouds"] = {},
  settings: Readonly<Record<string, unknown>> = {},
): Promise<StackLife> {
  const folder = mkdtempSync(join(tmpdir(), `life-${stack}-`));
  const lab = await openShipped(stack, { folder, clouds, log: process.env["LIFE_LOG"] }, settings);
  const life = livingIn(lab, stack);
  return {
    ...life,
    close: async () => {
      await lab.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The life of a stack in a lab that is open already. */
export function livingIn(lab: Lab, stack: Shipped): StackLife {
  const pulumi = (...args: string[]) => lab.pulumi([...args, "--stack", stack]);
  const outputs = async () => {
    const { stdout, stderr, code } = await pulumi("stack", "output", "--json", "--show-secrets");
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const api = async () => new Api(endpoint(Object.values(await lab.cloud.kubeconfigs())[0]!));
  return {
    stack,
    lab,
    pulumi,
    outputs,
    api,
    up: (...args) => pulumi("up", "--yes", "--skip-preview", ...args),
    npmRun: (...args) => told(args, lab, api),
    configure: (settings) => configure(lab, stack, settings),
    pushImages: async (tag) => {
      const { registry } = (await outputs()) as {
        registry: { repositories: Record<string, string>; mirrors: Record<string, string> };
      };
      const own = Object.values(registry.repositories).map((repository) => `${repository}:${tag}`);
      const there = await lab.cloud.images();
      for (const image of [...Object.values(registry.mirrors), ...own])
        if (!there.includes(image)) await lab.cloud.push(image);
    },
    close: () => lab.close(),
  };
}

async function told(args: readonly string[], lab: Lab, api: () => Promise<KubernetesApi>): Promise<Told> {
  let [out, err] = ["", ""];
  const code = await main(args, {
    root: lab.workFolder,
    run: runIn(lab),
    listThrough: () => async (path) => {
      const clusters = Object.keys(await lab.cloud.kubeconfigs());
      if (clusters.length > 0) return (await api()).list(path);
      // Clusters that are records only have nobody in them, and one node.
      return path.startsWith("/api/v1/nodes") ? [{ metadata: { name: "record" } }] : [];
    },
    reach: () => {
      throw new Error("no command of these lives changes what is in a cluster");
    },
    wait: () => Promise.resolve(),
    now: () => 0,
    canAsk: false,
    ask: () => Promise.reject(new Error("nobody is there to be asked")),
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    configFaults: (stack) => configFaults(lab.workFolder, stack),
    wantedCloud: (stack) => wantedCloud(lab.workFolder, stack),
    overBudget: (stack) => overBudget(lab.workFolder, stack),
  });
  return { code, out, err };
}

/** Runs programs as somebody would whose PATH leads to the simulated clouds. */
function runIn(lab: Lab): Run {
  return (command, args, { cwd, environment }) =>
    new Promise<Finished>((resolve) => {
      const env = { ...lab.environment, ...environment };
      // A group of its own: a fault by script kills the engine with its group.
      const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
      let [stdout, stderr] = ["", ""];
      const log = process.env["LIFE_LOG"];
      const noted = (text: string) => {
        if (log !== undefined) appendFileSync(log, text);
        return text;
      };
      child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += noted(text)));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += noted(text)));
      child.on("error", ({ message }) => resolve({ code: 127, stdout: "", stderr: message }));
      child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
    });
}

function endpoint(kubeconfig: string) {
  const { clusters, users } = parse(readFileSync(kubeconfig, "utf8")) as {
    clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
    users: [{ user: { token: string } }];
  };
  const { server, "certificate-authority-data": authority } = clusters[0].cluster;
  return {
    port: Number(new URL(server).port),
    caPem: Buffer.from(authority, "base64").toString(),
    token: users[0].user.token,
  };
}

/** Number of steps by what was done, without what stayed as it was. */
export function changes({ events }: PulumiResult): Readonly<Record<string, number>> {
  const summary = events.map(({ summaryEvent }) => summaryEvent).filter((event) => event !== undefined);
  const counts = Object.entries(summary.at(-1)?.resourceChanges ?? {});
  return Object.fromEntries(counts.filter(([op]) => op !== "same"));
}

/** What a failed run says went wrong, for the message of a failed test. */
export function errorsOf({ events, stderr, code }: PulumiResult): string {
  if (code === 0) return "";
  const errors = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error"
      ? [`${diagnosticEvent.urn?.split("::").at(-1) ?? ""}: ${diagnosticEvent.message}`]
      : [],
  );
  return `${errors.join("\n") || stderr}\nended with ${code}`;
}
