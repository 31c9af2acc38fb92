import { isWithinBudget } from "../cost/budget";
import { withAlternatives } from "./alternatives";
import { RevisionError } from "./difference/worktree";
import { previewStack, type Recording } from "./engine";
import { type Options, parseOptions, usage, UsageError } from "./options";
import { type ConfigReport, refusedReport, reportOf } from "./report/build";
import { DOCUMENT_VERSION, type PreviewDocument, type StackReport } from "./report/document";
import { costTable } from "./report/render/cost";
import { chartObjects, type FindHelm } from "./report/render/objects";
import { isColoured, type Paint, paint } from "./report/render/paint";
import { summary } from "./report/render/summary";
import { tree } from "./report/render/tree";
import {
  listStacks,
  projectName,
  readStackFile,
  StackFileError,
  toStackConfig,
  type StackConfig,
} from "./stack-file";

/** What the command needs of the world around it. */
export interface Surroundings {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  /** Folder that the caller is in: what file names are relative to. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
  out(text: string): void;
  err(text: string): void;
  /** The check of a stack's configuration, before anything is run. */
  check(config: StackConfig): CheckedStack;
  /** Finds helm for `--objects`. */
  readonly findHelm: FindHelm;
}

/** The outcome of a check, with its faults as the program itself words them. */
export interface CheckedStack extends ConfigReport {
  readonly faultText: string;
}

/** Exit codes, a contract with scripts. */
export const EXIT = { ok: 0, refused: 1, usage: 2 } as const;

/** A stack that was planned, or refused before it could be. */
export interface Planned {
  readonly report: StackReport;
  readonly config: CheckedStack;
  readonly recording?: Recording;
}

/** `npm run preview`. Returns the exit code. */
export async function previewCommand(args: readonly string[], world: Surroundings): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.help) {
      world.out(`${usage}\n`);
      return EXIT.ok;
    }
    const planned = await Promise.all(
      stacksOf(options, world.root).map((stack) => plan(stack, options, world)),
    );
    if (options.html !== undefined || options.compare || options.against !== undefined) {
      // Loaded where it is asked for: a plain preview has no use for it.
      const { inOtherForm } = await import("./forms");
      world.out(await inOtherForm(planned, options, world));
    } else if (options.json) world.out(`${JSON.stringify(documentOf(planned), null, 2)}\n`);
    else world.out(planned.map((one) => onTerminal(one, options, world)).join("\n"));
    return planned.every(({ report }) => mayGoOn(report)) ? EXIT.ok : EXIT.refused;
  } catch (error) {
    const wrong = error instanceof UsageError || error instanceof RevisionError;
    if (!(wrong || error instanceof StackFileError)) throw error;
    world.err(`${error.message}\n`);
    return wrong ? EXIT.usage : EXIT.refused;
  }
}

/** A plan that is whole and within its budget. */
function mayGoOn({ exit, cost }: StackReport): boolean {
  return exit === "ok" && isWithinBudget(cost?.budget);
}

function stacksOf({ stacks }: Options, root: string): readonly string[] {
  const found = listStacks(root);
  if (found.length === 0) throw new UsageError(`there is no stack: no Pulumi.<stack>.yaml in ${root}`);
  const unknown = stacks.filter((stack) => !found.includes(stack));
  if (unknown.length > 0) {
    throw new UsageError(
      `no stack ${unknown.map((name) => `"${name}"`).join(", ")}; there is ${found.join(", ")}`,
    );
  }
  return stacks.length > 0 ? stacks : found;
}

/** Checks the configuration and, when it is sound, runs the program. */
async function plan(stack: string, options: Options, world: Surroundings): Promise<Planned> {
  const project = projectName(world.root);
  const config = world.check(toStackConfig(readStackFile(world.root, stack).settings));
  if (config.faults.length > 0) return { config, report: refusedReport(stack, project, config) };
  const recording = await previewStack({ root: world.root, stack });
  const report = reportOf(recording, config);
  return { config, recording, report: options.cost ? await withAlternatives(report, world.root) : report };
}

/** The document of `--json`. */
export function documentOf(planned: readonly Planned[]): PreviewDocument {
  return { version: DOCUMENT_VERSION, stacks: planned.map(({ report }) => report) };
}

function onTerminal({ report, config, recording }: Planned, options: Options, world: Surroundings): string {
  const colours = coloursOf(options, world);
  const parts = [summary(report, colours)];
  if (config.faults.length > 0) parts.push(`${config.faultText.trimEnd()}\n`);
  if (recording?.exit === "ok") {
    if (options.cost && report.cost) parts.push(costTable(report.cost, colours));
    if (options.tree) parts.push(tree(report, colours));
    if (options.objects) parts.push(chartObjects(recording, world.root, world.findHelm));
  }
  return parts.join("\n");
}

/** Colours as they suit whoever reads. */
export function coloursOf({ color }: Options, { isTerminal, environment }: Surroundings): Paint {
  return paint(isColoured({ choice: color, isTerminal, environment }));
}
