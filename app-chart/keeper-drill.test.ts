import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describeWithPython } from "../testing/with-tools";

const script = join(__dirname, "fixtures", "keeper", "drill_test.py");

/**
 * The drill's own tests, in its own language: standard library only, a bucket in memory, Litestream stood in for. That
 * the genuine Litestream restores what it wrote to a genuine server is shown by drills/database.
 */
describeWithPython(
  "the restore drill",
  () => {
    test("[O9] judges age, time and soundness of the newest copy, and writes nothing to the bucket", () => {
      const { status, stderr } = spawnSync("python3", ["-B", script], { encoding: "utf8", timeout: 120_000 });
      expect(`${stderr}${status}`).toMatch(/\nOK\n0$/);
      expect(Number(/Ran (\d+) tests/.exec(stderr)![1])).toBeGreaterThanOrEqual(12);
    }, 130_000);
  },
  "3.11",
);
