import type { Verdict } from "./live";

/** What a campaign came to. */
export interface Counts {
  readonly cases: number;
  /** Ended as an undisturbed life does, without anybody's help. */
  readonly converged: number;
  /** Ended likewise once what `npm run strays` named had been taken over by the command that it shows. */
  readonly strays: number;
  /** Ended likewise once what the next run named as existing had been taken over by an import. */
  readonly existing: number;
  /** Ended otherwise. */
  readonly failed: number;
  /** The operation that was to go wrong never came: the life took another course. */
  readonly notMet: number;
}

/** Counts verdicts. */
export function countsOf(verdicts: readonly Verdict[]): Counts {
  const of = (wanted: Verdict["result"]) => verdicts.filter(({ result }) => result === wanted).length;
  return {
    cases: verdicts.length,
    converged: of("converged"),
    strays: of("stray"),
    existing: of("existing"),
    failed: of("failed"),
    notMet: of("not met"),
  };
}

const WORDS: Readonly<Record<Verdict["result"], string>> = {
  converged: "converged",
  stray: "stray, adopted",
  existing: "existing, adopted",
  failed: "FAILED",
  "not met": "not met",
};

/** One line a case, and under it what adopts its strays or what is wrong. */
export function verdictLines({ cloud, name, result, details }: Verdict): string[] {
  return [`${cloud}  ${WORDS[result].padEnd(17)}  ${name}`, ...details.map((detail) => `       ${detail}`)];
}

/** The line that the whole ends with. */
export function countsLine({ cases, converged, strays, existing, failed, notMet }: Counts): string {
  const rest = notMet === 0 ? "" : `, ${notMet} never came about`;
  return (
    `${cases} cases: ${converged} converged, ${strays} named by npm run strays and adopted by its command, ` +
    `${existing} named by the next run and imported, ${failed} failed${rest}`
  );
}

/** For the count of all checks: a case that never came about was not looked at. */
export function testCounts({ converged, strays, existing, failed, notMet }: Counts) {
  return { passed: converged + strays + existing, failed, skipped: notMet };
}

/**
 * Whether a campaign may end well.
 *
 * @param whole nothing was drawn or picked: then each case has to come about
 */
export function succeeded({ cases, failed, notMet }: Counts, whole: boolean): boolean {
  return cases > 0 && failed === 0 && !(whole && notMet > 0);
}
