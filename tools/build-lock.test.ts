import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { STALE_LOCK, waitForLock } from "./build-lock";
import { toolSources } from "./tool-sources";

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
  lock = join(folder, "tool.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A machine that counts the seconds it slept. */
function machine(change: { alive?: () => boolean; sleep?: () => void } = {}) {
  const counted = { slept: 0 };
  return {
    counted,
    alive: change.alive ?? (() => true),
    sleep: (milliseconds: number) => {
      counted.slept += milliseconds / 1000;
      change.sleep?.();
    },
  };
}

test("a free lock is taken at once, keeps others out, and is given back", () => {
  const here = machine();
  const release = waitForLock(lock, here, 0);
  expect(waitForLock(lock, here, 3)).toBeUndefined();
  expect(here.counted.slept).toBe(3);
  release!();
  expect(existsSync(lock)).toBe(false);
});

test("whoever waits has it as soon as it is given back", () => {
  writeFileSync(lock, `${hostname()} 1`);
  const here = machine({ sleep: () => rmSync(lock) });
  expect(waitForLock(lock, here, 60)).toBeDefined();
  expect(here.counted.slept).toBe(1);
});

test("the lock of a process of this machine that was killed is overcome at once", () => {
  writeFileSync(lock, `${hostname()} 4711`);
  const here = machine({ alive: () => false });
  expect(waitForLock(lock, here, 60)).toBeDefined();
  expect(here.counted.slept).toBe(0);
});

test("the lock of another machine is overcome only after longer than any build takes", () => {
  writeFileSync(lock, "elsewhere 4711");
  const here = machine({ alive: () => false });
  expect(waitForLock(lock, here, Infinity)).toBeDefined();
  expect(here.counted.slept).toBe(STALE_LOCK);
  const longest = Math.max(...Object.values(toolSources).map(({ minutes }) => minutes));
  expect(STALE_LOCK).toBeGreaterThan(2 * 60 * longest);
});

test("a lock without an owner's name, or given back between two looks, is waited for", () => {
  writeFileSync(lock, "");
  const here = machine({ alive: () => false, sleep: () => rmSync(lock) });
  expect(waitForLock(lock, here, 60)).toBeDefined();
  expect(here.counted.slept).toBe(1);
});

test("a cache that cannot be written is no lock to wait for", () => {
  expect(() => waitForLock(join(folder, "none", "tool.lock"), machine(), Infinity)).toThrow("ENOENT");
});
