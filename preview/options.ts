import { parseArgs } from "node:util";

/** A command line that cannot be meant; the message names what there is. */
export class UsageError extends Error {}

/** What `npm run preview -- …` was asked for. */
export interface Options {
  /** Stacks to preview, in this order; empty: every stack that has a file. */
  readonly stacks: readonly string[];
  readonly tree: boolean;
  readonly objects: boolean;
  /** The whole bill, with measured alternatives: each is planned, a second or two. */
  readonly cost: boolean;
  readonly json: boolean;
  /** A document of `--json` or a git revision to compare with. */
  readonly against?: string;
  readonly markdown: boolean;
  /** Two stacks, one on each cloud, side by side. */
  readonly compare: boolean;
  /** File for a page of its own, to be opened in a browser. */
  readonly html?: string;
  readonly help: boolean;
  readonly color: "always" | "never" | "auto";
}

export const usage = `npm run preview [-- <stack>… [options]]
  Plans the stacks named, or all that have a Pulumi.<stack>.yaml, offline; nothing is created.
  --tree            every resource under its component, with the inputs that matter
  --objects         the Kubernetes objects of the application's chart (needs helm)
  --cost            what it costs, line by line, and what would lower it, each alternative planned
  --against <base>  what this changes, property by property, right by right: the base is a git revision
                    (planned by its own program) or a file that --json wrote
  --compare         a stack on each cloud side by side: what a user notices, what stands for what
  --html <file>     a page of its own: topology, rights, data, cost, resources; more stacks beside each other
  --markdown        with --against or --compare: for a job summary or a comment
  --json            one JSON document (docs/preview.schema.json)
  --color=<when>    always, never or auto (the default: on a terminal, unless NO_COLOR is set)
  Ends with 0 when every stack can be planned and is within its budget, 1 when one is not, 2 when the
  command line is wrong.`;

const KNOWN = {
  tree: { type: "boolean" },
  objects: { type: "boolean" },
  cost: { type: "boolean" },
  json: { type: "boolean" },
  against: { type: "string" },
  markdown: { type: "boolean" },
  compare: { type: "boolean" },
  html: { type: "string" },
  help: { type: "boolean", short: "h" },
  color: { type: "string" },
} as const;

/** What a page is written instead of. */
const OTHER_FORMS = ["json", "tree", "objects", "markdown", "against", "compare"] as const;

const COLORS = ["always", "never", "auto"] as const;

/** @throws UsageError for an option that is not known or is not given what it takes */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const color = values.color ?? "auto";
  if (!isColor(color)) throw new UsageError(`--color takes ${COLORS.join(", ")}, not "${color}"`);
  if (values.json && (values.tree || values.objects)) {
    throw new UsageError("--json prints everything by itself: leave out --tree and --objects");
  }
  if (values.against !== undefined && (values.tree || values.objects)) {
    throw new UsageError("--against shows what changes: leave out --tree and --objects");
  }
  if (values.compare && (values.against !== undefined || values.tree || values.objects)) {
    throw new UsageError("--compare lays two stacks side by side: leave out --against, --tree and --objects");
  }
  if (values.html !== undefined && OTHER_FORMS.some((form) => values[form] !== undefined)) {
    throw new UsageError(
      `--html is a form of its own: leave out ${OTHER_FORMS.map((one) => `--${one}`).join(", ")}`,
    );
  }
  if (values.markdown && (values.json || (values.against === undefined && !values.compare))) {
    throw new UsageError("--markdown is a form of --against <base> or --compare, and not of --json");
  }
  return {
    stacks: [...new Set(positionals)],
    tree: values.tree ?? false,
    objects: values.objects ?? false,
    cost: values.cost ?? false,
    json: values.json ?? false,
    against: values.against,
    markdown: values.markdown ?? false,
    compare: values.compare ?? false,
    html: values.html,
    help: values.help ?? false,
    color,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: KNOWN, allowPositionals: true });
  } catch (error) {
    // Node's message says what is wrong; the second sentence of it is about how to pass odd file names.
    const reason = (error as Error).message.split(". ")[0];
    throw new UsageError(
      `${reason}; options are ${Object.keys(KNOWN)
        .map((name) => `--${name}`)
        .join(", ")}`,
    );
  }
}

function isColor(text: string): text is (typeof COLORS)[number] {
  return (COLORS as readonly string[]).includes(text);
}
