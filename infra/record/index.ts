import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import { refusals, renderRefusals } from "./compare";
import { factsOf, type StackFacts } from "./facts";
import { recordedFacts, StackRecord } from "./record";

export { RECORD } from "./record";

/**
 * Refuses a configuration that would move a live stack, before anything is registered; otherwise writes down what
 * the stack is bound to, before anything of a cloud is registered.
 *
 * @throws {pulumi.RunError} with every refusal; it is printed as it is, without a stack trace
 * @requirement P7
 */
export async function holdToPlace(settings: Settings): Promise<void> {
  const facts = factsOf(settings);
  const refused = refusals((await whatRuns()) ?? {}, facts);
  if (refused.length > 0) {
    throw new pulumi.RunError(
      `stack ${pulumi.getStack()} is live and cannot be moved by its configuration; nothing was changed\n` +
        renderRefusals(refused),
    );
  }
  await new StackRecord(facts, settings.protect.data).written();
}

async function whatRuns(): Promise<StackFacts | undefined> {
  try {
    return await recordedFacts();
  } catch (error) {
    throw new pulumi.RunError(
      `CMB-S003  the state of stack ${pulumi.getStack()} cannot be read, so nobody knows whether it runs elsewhere: ` +
        `${(error as Error).message}\n          fix: pulumi stack export --file state.json, and see docs/state.md, Recover`,
    );
  }
}
