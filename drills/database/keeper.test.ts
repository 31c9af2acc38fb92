import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const keeper = resolve(__dirname, "../../app-chart/files");

/** Python 3.11, as in the backend's image, or later; without any package. */
function python(): boolean {
  return spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]).status === 0;
}

// The bucket is one in memory, and Litestream is not there: drills/database/*.drill.test.ts has both.
(python() ? test : test.skip)(
  `[S5] the keeper's own decisions: claims, beats, points, files, refusals${python() ? "" : " (skipped: there is no Python 3.11)"}`,
  () => {
    const { status, stderr } = spawnSync("python3", ["-m", "unittest", "-v"], {
      cwd: join(__dirname, "keeper"),
      env: { ...process.env, PYTHONPATH: keeper, PYTHONDONTWRITEBYTECODE: "1" },
      encoding: "utf8",
    });
    expect(stderr).toMatch(/^Ran \d\d+ tests/m);
    expect(status === 0 ? "" : stderr).toBe("");
  },
);
