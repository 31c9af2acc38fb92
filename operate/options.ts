import { parseArgs } from "node:util";

/** A command line that asks for what no command does. */
export class UsageError extends Error {}

/** Exit codes of the commands, a contract with scripts: as npm run preview has them. */
export const EXIT = { ok: 0, refused: 1, usage: 2 } as const;

/** What a command line asks for. */
export interface Options {
  readonly stack: string;
  /** Agreed beforehand: nothing is asked. */
  readonly yes: boolean;
  /** Logical names or URNs whose loss is meant. */
  readonly allow: readonly string[];
  /** One JSON document on standard output; everything else goes to standard error. */
  readonly json: boolean;
  /** Judge, and do nothing. */
  readonly check: boolean;
  /** User environments that run may end. */
  readonly endEnvironments: boolean;
  /** Only tell what the last one found. */
  readonly last: boolean;
  /** A volume of the cluster, by name. */
  readonly volume?: string;
}

/** The commands of this folder. */
export const usages = {
  up: `npm run up -- <stack> [--yes] [--allow <name or urn>]… [--check] [--json]
  Previews, judges the plan, asks, and applies that plan.
  --allow   lets one resource go that holds data or that people work on; again for another
  --check   judges only: for CI
  --yes     asks nothing
  --json    one JSON document on standard output`,
  destroy: `npm run destroy -- <stack> [--yes] [--json]
  Says who still works there and what stays, asks, destroys the rest, and lists what is kept.
  --yes     asks nothing
  --json    one JSON document on standard output`,
  sleep: `npm run sleep -- <stack> [--yes] [--end-environments] [--json]
  Says what stays and what is saved, asks, and sends all nodes away; data stays.
  --end-environments  also while user environments run: their pods do not come back
  --yes               asks nothing
  --json              one JSON document on standard output`,
  wake: `npm run wake -- <stack> [--json]
  Gives every node pool the sizes that the configuration asks for.
  --json    one JSON document on standard output`,
  "restore-drill": `npm run restore-drill -- <stack> [--last] [--json]
  Restores the newest copy of the database to scratch, in the cluster, and says what a recovery would lose and last.
  Ends with 1 above 5 minutes of loss or an hour of recovery, and for a copy that is not sound.
  --last    only tells what the last one found: the weekly one's, mostly
  --json    one JSON document on standard output`,
  failover: `npm run failover -- <stack> [--yes] [--json]
  Gives up the database's volume, after the loss of its zone: the backend starts in another zone, on a new volume
  restored from the bucket. The old volume stays as it is. Refuses while the backend answers.
  --yes     asks nothing
  --json    one JSON document on standard output`,
  reattach: `npm run reattach -- <stack> --volume <name> [--yes] [--json]
  Puts a volume that stayed behind back in the place of the present one, which then stays behind.
  --volume  name of the PersistentVolume: kubectl get persistentvolumes
  --yes     asks nothing
  --json    one JSON document on standard output`,
  "prune-copies": `npm run prune-copies -- <stack> [--yes] [--json]
  Lists what is in the database bucket and needed for no recovery within the retention, and what it costs a month.
  --yes     deletes it; each object stays as an earlier version for as long as the bucket keeps these
  --json    one JSON document on standard output`,
  kept: `npm run kept -- <stack> [--json]
  Lists what is kept on purpose: what goes on costing money first.`,
  strays: `npm run strays -- <stack> [--json]
  Lists what is in the cloud for the stack and not in its state, after an answer was lost or a run was killed, and
  would be made a second time: with the commands that take it over or away. Changes nothing. Ends with 1 where there
  is any.`,
} as const;

/** One of {@link usages}. */
export type CommandName = keyof typeof usages;

const KNOWN = {
  yes: { type: "boolean", short: "y" },
  allow: { type: "string", multiple: true },
  json: { type: "boolean" },
  check: { type: "boolean" },
  "end-environments": { type: "boolean" },
  last: { type: "boolean" },
  volume: { type: "string" },
} as const;

const TAKES: Readonly<Record<CommandName, readonly (keyof typeof KNOWN)[]>> = {
  up: ["yes", "allow", "json", "check"],
  destroy: ["yes", "json"],
  kept: ["json"],
  strays: ["json"],
  sleep: ["yes", "end-environments", "json"],
  wake: ["json"],
  "restore-drill": ["last", "json"],
  failover: ["yes", "json"],
  reattach: ["yes", "json", "volume"],
  "prune-copies": ["yes", "json"],
};

/** @throws UsageError for what the command does not know, and where no stack or more than one is named */
export function parseOptions(command: CommandName, args: readonly string[]): Options {
  const options = Object.fromEntries(TAKES[command].map((name) => [name, KNOWN[name]]));
  const { values, positionals } = parse(command, args, options);
  const [stack, ...more] = positionals;
  if (stack === undefined) throw new UsageError(`name a stack\n${usages[command]}`);
  if (more.length > 0)
    throw new UsageError(`one stack at a time, not also ${more.join(", ")}\n${usages[command]}`);
  return {
    stack,
    yes: values["yes"] === true,
    allow: (values["allow"] as string[] | undefined) ?? [],
    json: values["json"] === true,
    check: values["check"] === true,
    endEnvironments: values["end-environments"] === true,
    last: values["last"] === true,
    ...(typeof values["volume"] === "string" && { volume: values["volume"] }),
  };
}

type Known = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

function parse(command: CommandName, args: readonly string[], options: Known) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values: values as Readonly<Record<string, unknown>>, positionals };
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(". ")[0]}\n${usages[command]}`);
  }
}
