import { readdirSync, readFileSync } from "node:fs";

/** What a look at some processes shows. */
export interface Look {
  /** Nanoseconds on a processor since they began, all threads together. */
  readonly cpu: number;
  /** True when a thread runs, or would if there were a processor for it. */
  readonly running: boolean;
}

/** Milliseconds between two looks, and how many quiet ones in a row are enough. */
const INTERVAL = 8;
const QUIET_LOOKS = 3;
/** Processor time that goes by between two looks without anything being done: timers of runtimes. */
const NOISE_NANOSECONDS = 700_000;
/** Milliseconds after which the others are taken for busy with something of their own. */
const PATIENCE = 20_000;

/**
 * Whether the engine and the program have anything left to do. Virtual time may pass only when they have not:
 * what a step of time let them do must have arrived before the next one. Reads /proc: Linux only.
 */
export class Idleness {
  readonly #roots = new Set<number>();
  readonly #ignored = new Set<number>();

  /** Watches a process and all it has started. */
  watch(pid: number): void {
    this.#roots.add(pid);
  }

  /** Leaves a process out of what a watched one has started: a plugin that only waits. */
  ignore(pid: number): void {
    this.#ignored.add(pid);
  }

  /** Resolves once all are quiet, or after some seconds in which they never were. */
  async quiet(look: () => Look = () => lookAt(this.#family())): Promise<void> {
    let before = look();
    let quietLooks = 0;
    for (let waited = 0; quietLooks < QUIET_LOOKS && waited < PATIENCE; waited += INTERVAL) {
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
      const after = look();
      const still = !after.running && after.cpu - before.cpu < NOISE_NANOSECONDS;
      quietLooks = still ? quietLooks + 1 : 0;
      before = after;
    }
  }

  #family(): number[] {
    const children = new Map<number, number[]>();
    for (const { pid, parent } of processes()) children.set(parent, [...(children.get(parent) ?? []), pid]);
    const family: number[] = [];
    const visit = (pid: number): void => {
      if (this.#ignored.has(pid) || family.includes(pid)) return;
      family.push(pid);
      for (const child of children.get(pid) ?? []) visit(child);
    };
    for (const root of this.#roots) visit(root);
    return family;
  }
}

/** Looks at every thread of some processes; those that are gone count nothing. */
export function lookAt(pids: readonly number[]): Look {
  let cpu = 0;
  let running = false;
  for (const pid of pids) {
    for (const thread of listOf(`/proc/${pid}/task`)) {
      const base = `/proc/${pid}/task/${thread}`;
      cpu += Number(textOf(`${base}/schedstat`).split(" ")[0] || 0);
      if (stateOf(textOf(`${base}/stat`)) === "R") running = true;
    }
  }
  return { cpu, running };
}

/** Process group of a process, or undefined when there is none. */
export function groupOf(pid: number): number | undefined {
  const fields = fieldsOf(textOf(`/proc/${pid}/stat`));
  return fields.length > 2 ? Number(fields[2]) : undefined;
}

function processes(): { pid: number; parent: number }[] {
  return listOf("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(fieldsOf(textOf(`/proc/${name}/stat`))[1] ?? 0) }));
}

/** Fields behind the name, which stands in parentheses and may contain anything: state, parent, group, ... */
function fieldsOf(stat: string): string[] {
  return stat
    .slice(stat.lastIndexOf(")") + 1)
    .trim()
    .split(" ");
}

function stateOf(stat: string): string {
  return fieldsOf(stat)[0] ?? "";
}

function listOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
