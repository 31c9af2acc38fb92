import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/**
 * Processes that end with this one. Each is started through `kube-control-plane hold`, or is one of its components:
 * on Linux the kernel ends them when this process is gone, however it went.
 */
export class Processes {
  private readonly running = new Map<string, ChildProcess>();
  private kept = false;
  private stopping = false;
  private readonly kill = () => this.signal("SIGKILL");

  constructor(private readonly logs: string) {
    process.once("exit", this.kill);
  }

  /** Starts a program whose output goes to `<name>.log`; small heaps, for many clusters beside each other. */
  start(name: string, command: string, args: readonly string[]): void {
    const log = openSync(join(this.logs, `${name}.log`), "a");
    const child = spawn(command, args, {
      cwd: this.logs,
      stdio: ["ignore", log, log],
      env: { PATH: process.env.PATH ?? "", HOME: this.logs, GOGC: "50" },
    });
    closeSync(log);
    child.on("error", () => undefined);
    child.on("exit", () => {
      if (this.kept && !this.stopping) setTimeout(() => this.restart(name, command, args), 500).unref();
    });
    this.running.set(name, child);
  }

  /** From now on a process that ends by itself is started again, as a cloud would. */
  keep(): void {
    this.kept = true;
  }

  private restart(name: string, command: string, args: readonly string[]): void {
    if (!this.stopping) this.start(name, command, args);
  }

  /**
   * Waits until `ready` answers true; throws with the end of a log when a process ends before, or time does.
   *
   * @param seconds a machine that builds at the same time needs several times the usual five
   */
  async until(what: string, ready: () => Promise<boolean>, seconds = 120): Promise<void> {
    const end = performance.now() + seconds * 1000;
    while (!(await ready().catch(() => false))) {
      const dead = [...this.running].find(([, child]) => ended(child));
      if (dead) throw new Error(`${dead[0]} ended before ${what}:\n${this.tail(dead[0])}`);
      if (this.stopping) throw new Error(`stopped before ${what}`);
      if (performance.now() > end) throw new Error(`${what} took more than ${seconds} s: see ${this.logs}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends all of them, the last one started first, and waits. */
  async stop(): Promise<void> {
    this.stopping = true;
    const children = [...this.running.values()].reverse().filter((child) => !ended(child));
    const gone = children.map((child) => new Promise((resolve) => child.once("exit", resolve)));
    // Nothing needs a graceful end: what must last is in etcd, which writes ahead.
    this.signal("SIGKILL");
    await Promise.all(gone);
    process.removeListener("exit", this.kill);
  }

  private signal(signal: NodeJS.Signals): void {
    for (const child of this.running.values()) if (!ended(child)) child.kill(signal);
  }

  private tail(name: string): string {
    return readFileSync(join(this.logs, `${name}.log`), "utf8")
      .split("\n")
      .slice(-15)
      .join("\n");
  }
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

/** Below the ports that Linux gives to outgoing connections (32768 and above), one of which could take it meanwhile. */
const PORTS = { from: 15_000, below: 32_000 };

/** TCP ports on which nothing listens now; drawn, so that two programs that ask at once are not told the same. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.below - PORTS.from));
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
