import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { describeWithPython } from "../../testing/with-tools";

const keeper = resolve(__dirname, "../../app-chart/files");

// The bucket is one in memory, and Litestream is not there: drills/database/*.drill.test.ts has both.
describeWithPython(
  "the keeper",
  () => {
    test("[S5] its own decisions: claims, beats, points, files, refusals", () => {
      const { status, stderr } = spawnSync("python3", ["-m", "unittest", "-v"], {
        cwd: join(__dirname, "keeper"),
        env: { ...process.env, PYTHONPATH: keeper, PYTHONDONTWRITEBYTECODE: "1" },
        encoding: "utf8",
      });
      expect(stderr).toMatch(/^Ran \d\d+ tests/m);
      expect(status === 0 ? "" : stderr).toBe("");
    });
  },
  "3.11",
);
