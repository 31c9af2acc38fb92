import { checkConfig, renderFaults } from "../infra/config/check";
import { readStackFile, toStackConfig } from "../preview/stack-file";

/**
 * What an `up` would refuse in the stack's file, before anything is asked of a cloud; empty when nothing.
 * Settings out of a Pulumi ESC environment are not known here: then the program checks them, as in every run.
 *
 * @throws StackFileError for a stack file that is missing or broken
 */
export function configFaults(root: string, stack: string): string {
  const { settings, environments } = readStackFile(root, stack);
  if (environments.length > 0) return "";
  const { values, secretKeys } = toStackConfig(settings);
  const { faults } = checkConfig(values, secretKeys, { beforeUp: true });
  if (faults.length === 0) return "";
  const count = faults.length === 1 ? "one fault" : `${faults.length} faults`;
  return `the configuration of stack ${stack} has ${count}\n${renderFaults(faults, "text")}`;
}

/** The cloud that a stack's file names; undefined for none, or for what is no cloud. */
export function wantedCloud(root: string, stack: string): string | undefined {
  const cloud = readStackFile(root, stack).settings["cmbcluster:cloud"];
  return cloud === "gcp" || cloud === "aws" ? cloud : undefined;
}
