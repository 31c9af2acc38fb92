import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { renderFaults } from "../../infra/config/check";
import { readStackFile, type Setting } from "../../preview/stack-file";
import type { Lab } from "../lab";
import { openLab } from "../lab";
import { livingIn, type Shipped, type StackLife } from "../life/stack-life";
import { withStandIns } from "./stand-ins";

/** A stack of the user's on clouds of its own. */
export interface Rehearsed extends StackLife {
  /** Keys whose value is a stand-in. */
  readonly standIns: readonly string[];
}

/** Tag of the images that a rehearsal pushes where the stack names none. */
export const IMAGES = "rehearsal";

/**
 * Opens clouds for the stack of that name, with the settings of its file in `root`.
 *
 * @throws Error for a configuration that an `up` would refuse
 */
export async function openRehearsal(root: string, stack: string, clusters: boolean): Promise<Rehearsed> {
  const { settings } = readStackFile(root, stack);
  const folder = mkdtempSync(join(tmpdir(), "rehearsal-"));
  const lab = await openLab({ folder, clouds: { clusters } });
  // The lab works on copies; nothing of a stack file with secrets of the user's stays there.
  for (const entry of readdirSync(lab.workFolder))
    if (/^Pulumi\..+\.ya?ml$/.test(entry)) rmSync(join(lab.workFolder, entry));
  const close = async () => {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const standIns = await addStack(lab, stack, settings);
    return { ...lifeIn(lab, stack), standIns, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A further stack on the same clouds. */
export async function addStack(
  lab: Lab,
  stack: string,
  wanted: Readonly<Record<string, Setting>>,
): Promise<readonly string[]> {
  const { settings, secrets, standIns } = withStandIns(wanted, (faults) => renderFaults(faults, "text"));
  writeFileSync(join(lab.workFolder, `Pulumi.${stack}.yaml`), stringify({ config: settings }));
  await assertWent(lab, ["stack", "select", "--create", stack]);
  for (const [key, value] of Object.entries(secrets))
    await assertWent(lab, ["config", "set", "--secret", "--stack", stack, key, value]);
  return standIns;
}

/** The life of any stack: what is known of the shipped ones by name is asked for by tests alone. */
export function lifeIn(lab: Lab, stack: string): StackLife {
  return livingIn(lab, stack as Shipped);
}

async function assertWent(lab: Lab, args: readonly string[]): Promise<void> {
  const { code, stderr } = await lab.pulumi(args);
  if (code !== 0) throw new Error(stderr);
}
