import type { ClusterApi, ListObjects } from "./kubernetes";
import type { Run } from "./process";

/** What a command needs of the world around it; a test brings its own. */
export interface World {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  readonly run: Run;
  /** Reads from the cluster of a kubeconfig. */
  listThrough(kubeconfig: string): ListObjects;
  /** Reads and changes the cluster of a kubeconfig. */
  reach(kubeconfig: string): ClusterApi;
  /** Lets time pass. */
  wait(seconds: number): Promise<void>;
  /** Seconds since 1970. */
  now(): number;
  /** Somebody sits in front who can be asked. */
  readonly canAsk: boolean;
  /** Asks a question that is answered by a word; anything else counts as no. */
  ask(question: string, word: string): Promise<boolean>;
  /** Results: standard output. */
  out(text: string): void;
  /** Progress and errors: standard error. */
  err(text: string): void;
  /** Faults of a stack's configuration as text, empty when it may go up. */
  configFaults(stack: string): string;
  /** The cloud that a stack's file names; undefined for none, or for what is no cloud. */
  wantedCloud(stack: string): string | undefined;
  /** Why the stack's budget stops an `up`, empty when it does not. */
  overBudget(stack: string): Promise<string>;
}

/** A refusal that is already worded for the person in front. */
export class Refused extends Error {}

/** Agreement to what was just told: asked for, given beforehand, or impossible to ask for. */
export async function agreed(world: World, yes: boolean, question: string, word: string): Promise<boolean> {
  if (yes) return true;
  if (!world.canAsk) {
    world.err("nobody can be asked here: read what stands above and say --yes\n");
    return false;
  }
  const answer = await world.ask(question, word);
  if (!answer) world.err("not agreed, nothing was touched\n");
  return answer;
}
