import { complete, finish } from "./complete";
import { findFindings } from "./findings";
import type { Fault, Finding } from "./faults";
import { checkShape } from "./issues";
import { judge } from "./judge";
import { writePath } from "./keys";
import { prune, readConfig } from "./read";
import { rules } from "./rules";
import { schemaFor, type Raw } from "./schema";
import type { Settings } from "./settings";
import { toSupply, type ToSupply } from "./to-supply";

export { renderFaults, type Fault, type Finding } from "./faults";
export type { ToSupply } from "./to-supply";

/** How strict a check is. */
export interface CheckOptions {
  /** True before an `up`: what has to be supplied is then a fault. False (default) for a preview. */
  readonly beforeUp?: boolean;
}

/** The outcome of a check: settings exactly when there are no faults. */
export interface CheckedConfig {
  readonly settings?: Settings;
  readonly faults: Fault[];
  readonly findings: Finding[];
  readonly toSupply: ToSupply[];
}

/**
 * Checks a stack's configuration: all faults at once, since a rule is run on whatever part of it is sound.
 * Pure: no clock, no network, no environment.
 *
 * @param raw the map the Pulumi CLI passes, `cmbcluster:key` to text, objects as JSON
 * @param secretKeys full keys that are stored encrypted
 * @requirement C1
 * @requirement C2
 */
export function checkConfig(
  raw: Readonly<Record<string, string>>,
  secretKeys: readonly string[],
  options: CheckOptions = {},
): CheckedConfig {
  const read = readConfig(raw, secretKeys);
  const shape = checkShape(schemaFor(read.tree.cloud), read.tree);
  // A key that could not be read is missing from the tree, but not from the stack file.
  const shapeFaults = shape.faults.filter((_, i) => !read.broken.includes(String(shape.at[i]![0])));
  const broken = [...read.broken, ...shape.at.map(writePath)];
  const sound = prune(read.tree, shape.at) as Raw;
  const draft = complete(sound);
  const missing = toSupply(sound, draft, read.supplied);
  const faults = [
    ...read.faults,
    ...shapeFaults,
    ...judge(rules, sound, draft, broken),
    ...(options.beforeUp ? missing : []),
  ].sort((a, b) => a.code.localeCompare(b.code) || a.key.localeCompare(b.key));
  return {
    ...(faults.length === 0 && { settings: finish(draft) }),
    faults,
    findings: findFindings(Object.keys(raw), sound, draft, read.supplied),
    toSupply: missing,
  };
}
