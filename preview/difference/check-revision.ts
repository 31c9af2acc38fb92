import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import type { ConfigReport } from "../report/build";
import { finding, note, supply } from "../report/document";
import type { StackConfig } from "../stack-file";

/** What a revision's own check answers, as far as it is compared. */
const answer = z.object({
  faults: z.array(z.object(finding.shape)),
  findings: z.array(z.object(note.shape)),
  toSupply: z.array(z.object(supply.shape)),
});

/** Runs in a process of its own: the check of another revision must not meet the modules of this one. */
const SCRIPT = `
  const { checkConfig } = require(process.argv[1]);
  const { values, secretKeys } = JSON.parse(process.argv[2]);
  process.stdout.write(JSON.stringify(checkConfig(values, secretKeys)));
`;

/**
 * What a revision said of its own configuration, by its own rules; undefined where it has no such check, or one
 * that answers otherwise. Secrets never reach it: a stack file's are not decrypted.
 */
export function checkOfRevision(root: string, config: StackConfig): ConfigReport | undefined {
  const done = spawnSync(
    process.execPath,
    [
      ...["--require", join(__dirname, "../engine/compile.js"), "--eval", SCRIPT],
      ...[join(root, "infra/config/check"), JSON.stringify(config)],
    ],
    { cwd: root, encoding: "utf8", env: { PATH: process.env["PATH"] } },
  );
  if (done.status !== 0) return undefined;
  try {
    const parsed = answer.safeParse(JSON.parse(done.stdout));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
