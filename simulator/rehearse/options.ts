import { parseArgs } from "node:util";

/** What can be rehearsed. */
export const ACTS = ["up", "destroy", "switch"] as const;
export type Act = (typeof ACTS)[number];

/** What the command line asks for. */
export interface RehearsalOptions {
  readonly act: Act;
  readonly stack: string;
  /** One document on standard output; progress goes to standard error either way. */
  readonly json: boolean;
}

export const USAGE = `npm run rehearse -- up|destroy|switch <stack> [--json]
  Runs the stack of this folder on simulated clouds, by the genuine Pulumi engine and a genuine Kubernetes API server.
  up        from nothing to an application that runs, the images pushed in between
  destroy   the same, then npm run destroy: what is lost, what is kept, what that costs
  switch    the cloud of a running stack is changed: the refusal, then the way that is supported, up to the old stack's end
  --json    one JSON document on standard output`;

/** @throws Error for anything else */
export function parseOptions(args: readonly string[]): RehearsalOptions {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      options: { json: { type: "boolean", default: false } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Error(`${(error as Error).message.split(". ")[0]}\n${USAGE}`, { cause: error });
  }
  const [act, stack, ...more] = parsed.positionals;
  if (!isAct(act) || stack === undefined || more.length > 0) throw new Error(USAGE);
  return { act, stack, json: parsed.values.json };
}

function isAct(act: string | undefined): act is Act {
  return ACTS.some((known) => known === act);
}
