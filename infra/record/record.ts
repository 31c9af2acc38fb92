import * as pulumi from "@pulumi/pulumi";
import type { StackFacts } from "./facts";

/** Type token and logical name of the record: its identity in the state, which no later version may change. */
export const RECORD = { type: "cmb:stack:Record", name: "record" } as const;

/**
 * What a stack is bound to, written into its state before the first resource of a cloud is asked for, so that a run
 * which failed half-way left it behind, and kept with the data through a destroy.
 *
 * It is a component because those need no provider: nothing can fail that makes it.
 *
 * @requirement P7
 */
export class StackRecord extends pulumi.ComponentResource {
  /** @param keep protected as the data is, so that it outlives a destroy which keeps data */
  constructor(facts: StackFacts, keep: boolean) {
    super(RECORD.type, RECORD.name, facts, { protect: keep });
    this.registerOutputs(facts);
  }

  /** Resolves once the engine has it. */
  written(): Promise<void> {
    return new Promise((resolve) => {
      this.urn.apply(() => resolve());
    });
  }
}

/** A resource as the engine's built-in function tells it. */
interface StateEntry {
  readonly type: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * The facts that a stack was last run with, out of its own state: undefined for a stack that has nothing in any
 * cloud, be it new, destroyed, or stopped before its first resource.
 *
 * It asks the engine's built-in `readStackResourceOutputs` (pulumi v3.259.0, resource/deploy/builtins.go), which
 * reads the backend of the run, whichever that is, and needs no provider and no network of a cloud.
 *
 * @throws where the engine cannot tell: then nobody knows what a run would do
 */
export async function recordedFacts(): Promise<StackFacts | undefined> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as {
    readonly outputs: Readonly<Record<string, StateEntry>>;
  };
  return factsOfState(Object.values(answer.outputs));
}

/** Packages whose resources lie in a cloud, or in a cluster that does. */
const CLOUD_PACKAGES = ["gcp", "aws"];

/** {@link recordedFacts} of a state. A stack of a version without the record is known by its cloud alone. */
export function factsOfState(state: readonly StateEntry[]): StackFacts | undefined {
  const clouds = state.map(({ type }) => type.split(":")[0]!).filter((name) => CLOUD_PACKAGES.includes(name));
  if (clouds.length === 0) return undefined;
  const record = state.find(({ type }) => type === RECORD.type);
  if (record && "cloud" in record.outputs) return record.outputs as StackFacts;
  const { cloud } = state.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  if (typeof cloud === "string") return { cloud };
  // A stack on Google may have a user pool at Amazon, never the reverse.
  return { cloud: clouds.includes("gcp") ? "gcp" : "aws" };
}
