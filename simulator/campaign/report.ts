import type { Verdict } from "./live";

/** What a campaign came to. */
export interface Counts {
  readonly cases: number;
  /** Ended as an undisturbed life does, without anybody's help. */
  readonly converged: number;
  /** Ended likewise once a thing that the state did not know was adopted, which was found and named. */
  readonly strays: number;
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
    failed: of("failed"),
    notMet: of("not met"),
  };
}

/** One line a case, and under it what adopts its strays or what is wrong. */
export function verdictLines({ cloud, name, result, details }: Verdict): string[] {
  const words = { converged: "converged", stray: "stray, adopted", failed: "FAILED", "not met": "not met" };
  return [`${cloud}  ${words[result].padEnd(14)}  ${name}`, ...details.map((detail) => `       ${detail}`)];
}

/** The line that the whole ends with. */
export function countsLine({ cases, converged, strays, failed, notMet }: Counts): string {
  const rest = notMet === 0 ? "" : `, ${notMet} never came about`;
  return `${cases} cases: ${converged} converged, ${strays} strays named (all adopted by the command shown), ${failed} failed${rest}`;
}

/** For the count of all checks: a case that never came about was not looked at. */
export function testCounts({ converged, strays, failed, notMet }: Counts) {
  return { passed: converged + strays, failed, skipped: notMet };
}
