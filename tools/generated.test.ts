import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..");

// In a process of its own: prettier loads its parsers in a way that a test's sandbox does not allow.
test("[C4] [Q3] every generated document and schema is as the code would write it today", () => {
  const args = ["--require", "tsx/cjs", "tools/generate-docs.ts", "--check"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
}, 60_000);
