import * as pulumi from "@pulumi/pulumi";
import { NAMESPACE } from "../config/keys";
import type { Settings } from "../config/settings";
import { type Refusal, refusals, renderRefusals } from "./compare";
import { factsOf, type StackFacts } from "./facts";
import { recordedFacts, StackRecord } from "./record";

export { RECORD } from "./record";

/**
 * What the stack is bound to by its earlier runs, empty for a new one. A configuration that names another cloud is
 * refused right here: its other faults are those of a stack that is not this one.
 *
 * @throws {pulumi.RunError} for another cloud, and for a state that cannot be read
 * @requirement P7
 */
export async function readPlace(): Promise<StackFacts> {
  const recorded = (await whatRuns()) ?? {};
  const cloud = new pulumi.Config(NAMESPACE).get("cloud");
  if (cloud === "gcp" || cloud === "aws") refuse(refusals(recorded, { ...recorded, cloud }));
  return recorded;
}

/**
 * Refuses a configuration that would move a live stack, before anything is registered; otherwise writes down what
 * the stack is bound to, before anything of a cloud is registered.
 *
 * @throws {pulumi.RunError} with every refusal; it is printed as it is, without a stack trace
 * @requirement P7
 */
export async function holdToPlace(settings: Settings, recorded: StackFacts): Promise<void> {
  const facts = factsOf(settings);
  refuse(refusals(recorded, facts));
  await new StackRecord(facts, settings.protect.data).written();
}

function refuse(refused: readonly Refusal[]): void {
  if (refused.length === 0) return;
  throw new pulumi.RunError(
    `stack ${pulumi.getStack()} is live and cannot be moved by its configuration; nothing was changed\n` +
      renderRefusals(refused),
  );
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
