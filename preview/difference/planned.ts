import type { Recording } from "../engine";
import type { StackReport } from "../report/document";
import { type Difference, differenceOf } from ".";
import { openBase } from "./base";
import { namedPlan } from "./rights";
import { storedSecrets } from "./secrets";
import { sideOfRecording, sideOfReport } from "./side";

/** A stack that was planned, or refused. */
interface Planned {
  readonly report: StackReport;
  readonly recording?: Recording;
}

/** What is compared, and with what. */
interface Args {
  readonly root: string;
  readonly cwd: string;
  readonly against: string;
  /** Stacks that were named; empty: all, those that only the base has as well. */
  readonly stacks: readonly string[];
}

/**
 * What each plan changes against the base, in the order of the plans; stacks that are gone come last.
 *
 * @throws RevisionError when the base is neither a document nor a revision
 */
export async function differencesOf(planned: readonly Planned[], args: Args): Promise<Difference[]> {
  const bases = openBase(args.root, args.cwd, args.against);
  try {
    const here = planned.map(({ report }) => report.stack);
    const gone = args.stacks.length > 0 ? [] : bases.stacks.filter((stack) => !here.includes(stack));
    const compared = planned.map(async ({ report, recording }) => {
      const { stack } = report;
      const plan = recording && bases.readable ? await namedPlan(args.root, recording) : undefined;
      const head = recording ? sideOfRecording(report, recording, plan) : sideOfReport(report);
      return differenceOf(stack, await bases.of(stack), head, storedSecrets(args.root, stack));
    });
    const vanished = gone.map(async (stack) => differenceOf(stack, await bases.of(stack), undefined));
    return await Promise.all([...compared, ...vanished]);
  } finally {
    bases.close();
  }
}
