import * as pulumi from "@pulumi/pulumi";
import { checkConfig, renderFaults, type CheckedConfig } from "./check";
import { readSecrets, type Secrets } from "./secrets";
import type { Settings } from "./settings";

/** A configuration without faults, with its secrets beside it. */
export interface LoadedConfig extends Required<Pick<CheckedConfig, "findings" | "toSupply">> {
  readonly settings: Settings;
  readonly secrets: Secrets;
}

/**
 * Reads and checks the configuration of the stack that is being run.
 *
 * @throws {pulumi.RunError} with every fault; it is printed as it is, without a stack trace, and nothing has been
 * registered yet. An `up` is also refused for what has yet to be supplied, which a preview only lists.
 */
export function loadConfig(): LoadedConfig {
  const raw = pulumi.runtime.allConfig();
  const checked = checkConfig(raw, Object.keys(raw).filter(isSecret), {
    beforeUp: !pulumi.runtime.isDryRun(),
  });
  if (!checked.settings) {
    const { length } = checked.faults;
    throw new pulumi.RunError(
      `the configuration of stack ${pulumi.getStack()} has ${length} fault${length === 1 ? "" : "s"}\n` +
        renderFaults(checked.faults, "text"),
    );
  }
  return { ...checked, settings: checked.settings, secrets: readSecrets() };
}

/** Whether the CLI stores a key encrypted; the SDK knows, but its typings leave the function out. */
function isSecret(key: string): boolean {
  const runtime = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return runtime.isConfigSecret(key);
}
