import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";

/** What a wait for a lock needs of the machine; a test brings its own. */
export interface LockMachine {
  /** Blocks for some milliseconds. */
  readonly sleep: (milliseconds: number) => void;
  /** Whether a process of this machine lives. */
  readonly alive: (pid: number) => boolean;
}

/**
 * Seconds after which a lock is taken for one whose owner is gone, where that cannot be asked (another machine or
 * container on the same cache): longer than the longest build takes on one slow core.
 */
export const STALE_LOCK = 90 * 60;

/**
 * One build of a tool at a time: the test processes of one run all look for it at once. A lock whose owner was
 * killed is overcome, at once if it ran on this machine.
 *
 * @param patience seconds to wait at most
 * @returns what gives the lock back, or nothing when patience ended first
 */
export function waitForLock(path: string, machine: LockMachine, patience: number): (() => void) | undefined {
  const release = () => rmSync(path, { force: true });
  for (let waited = 0; ; waited++) {
    if (taken(path)) return release;
    if (waited >= STALE_LOCK || !ownerLives(path, machine)) release();
    else if (waited >= patience) return undefined;
    else machine.sleep(1000);
  }
}

function taken(path: string): boolean {
  try {
    writeFileSync(path, `${hostname()} ${process.pid}`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function ownerLives(path: string, machine: LockMachine): boolean {
  try {
    const [host, pid] = readFileSync(path, "utf8").split(" ");
    return host !== hostname() || pid === undefined || machine.alive(Number(pid));
  } catch {
    // Given back between the two looks.
    return true;
  }
}
