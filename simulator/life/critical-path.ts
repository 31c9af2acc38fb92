import { criticalPath, type Operation, type OperationKind, unavoidableChain } from "../engine/timeline";
import { duration, timelineText } from "../timeline-text";
import type { Shipped } from "./stack-life";

/** Virtual seconds that an `up` from nothing, without the application, may take. */
const LONGEST_UP: Readonly<Record<Shipped, number>> = { "aws-dev": 18 * 60, "gcp-dev": 11 * 60 };

/** Virtual seconds that a destroy may take. */
const LONGEST_DESTROY = 10 * 60;

/**
 * How many times what no program could avoid a run may take. The engine creates each thing as soon as it can, but
 * deletes in waves: what lies equally far from what depends on nothing goes together, and a wave begins when the whole
 * of the one before has ended (pulumi v3.259.0, pkg/resource/deploy/deployment_executor.go:515). Slow deletions must
 * therefore lie equally far: a name's records as far as the nodes, for one.
 */
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
    quick: took < (kind === "create" ? LONGEST_UP[stack] : LONGEST_DESTROY),
    tight: took <= SLACK * chain.seconds,
  };
  expect({ ...verdict, told, ...(verdict.tight ? {} : { timeline: timelineText(run) }) }).toEqual({
    quick: true,
    tight: true,
    told,
  });
}
