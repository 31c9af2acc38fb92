import { criticalPath, type Operation, type OperationKind, unavoidableChain } from "../engine/timeline";
import { duration, timelineText } from "../timeline-text";
import type { Shipped } from "./stack-life";

/** Virtual seconds that an `up` from nothing, without the application, may take. */
const LONGEST_UP: Readonly<Record<Shipped, number>> = { "aws-dev": 18 * 60, "gcp-dev": 11 * 60 };

/** A run may take this much longer than what no program could avoid. */
const SLACK = 1.1;

/**
 * Holds a run against what no program could avoid: point 3.7. The longest unavoidable chain comes from what the
 * simulated clouds refuse, or wait for, when it is missing, and never from the program's own order.
 *
 * @param operations of the simulation so far, that the run's own creations and deletions are among
 * @param from the operation with which the run began
 */
export function holdToChain(
  stack: Shipped,
  kind: Extract<OperationKind, "create" | "delete">,
  operations: readonly Operation[],
  from = 0,
): void {
  const run = operations.filter(({ order, kind: done }) => order >= from && done === kind);
  const took = criticalPath(run).seconds;
  // What a deletion has to wait for is what its creation needed.
  const known = operations.filter(({ order, kind: done }) => order >= from || done === "create");
  const chain = unavoidableChain(known, kind);
  const told =
    `${stack}, ${kind}: ${duration(took)}, ${(took / chain.seconds).toFixed(2)} times the longest ` +
    `unavoidable chain of ${duration(chain.seconds)}`;
  process.stdout.write(`${told}\n`);
  const verdict = {
    quick: kind === "delete" || took < LONGEST_UP[stack],
    tight: took <= SLACK * chain.seconds,
  };
  expect({ ...verdict, told, ...(verdict.tight ? {} : { timeline: timelineText(run) }) }).toEqual({
    quick: true,
    tight: true,
    told,
  });
}
