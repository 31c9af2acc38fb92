import { spawnSync } from "node:child_process";
import { join } from "node:path";

const script = join(__dirname, "fixtures", "keeper", "drill_test.py");
const python = spawnSync("python3", ["--version"]).status === 0;
const reason = python ? "" : " (skipped: there is no python3 on PATH)";

/**
 * The drill's own tests, in its own language: standard library only, a bucket in memory, Litestream stood in for. That
 * the genuine Litestream restores what it wrote to a genuine server is shown by drills/database.
 */
(python ? test : test.skip)(
  `[O9] the restore drill judges age, time and soundness of the newest copy, and writes nothing to the bucket${reason}`,
  () => {
    const { status, stderr } = spawnSync("python3", ["-B", script], { encoding: "utf8", timeout: 120_000 });
    expect(`${stderr}${status}`).toMatch(/\nOK\n0$/);
    expect(Number(/Ran (\d+) tests/.exec(stderr)![1])).toBeGreaterThanOrEqual(12);
  },
  130_000,
);
