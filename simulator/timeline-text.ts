import { type Chain, criticalPath, type Operation, unavoidableChain } from "./engine/timeline";

/** `12 min 05 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** What a run would take in virtual time, the chain that decided it, and the chain that no program could avoid. */
export function timelineText(
  operations: readonly Operation[],
  dependencies?: (urn: string) => readonly string[],
): string {
  const ended = operations.filter(({ end, kind }) => end !== undefined && kind !== "read");
  if (ended.length === 0) return "nothing was done";
  const path = criticalPath(operations, dependencies);
  const estimated = ended.filter((operation) => operation.estimated).length;
  const parts = [
    `${ended.length} operations, ${duration(path.seconds)} of simulated time` +
      (estimated > 0 ? ` (${estimated} of them in Kubernetes, whose times are estimates)` : ""),
    "",
    "What decided it:",
    ...chainLines(path),
  ];
  for (const kind of ["create", "delete"] as const) {
    const chain = unavoidableChain(operations, kind);
    if (chain.operations.length === 0) continue;
    const what = kind === "create" ? "made" : "deleted";
    parts.push(
      "",
      `The longest chain of what had to be ${what} one after the other, ${duration(chain.seconds)}:`,
    );
    parts.push(...chainLines(chain));
  }
  return parts.join("\n");
}

function chainLines({ operations }: Chain): string[] {
  return operations.map(({ urn, kind, start, end, type }) => {
    const name = urn.slice(urn.lastIndexOf("::") + 2);
    return `  ${duration(start).padStart(12)}  ${duration(end! - start).padStart(12)}  ${kind}  ${name}  (${type})`;
  });
}
