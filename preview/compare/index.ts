import type { StackReport } from "../report/document";
import { counterparts } from "./counterparts";
import type { Comparison, CounterpartRow } from "./document";
import { feltRows } from "./felt";

/** How many resources of each type a plan holds, or several plans at most. */
export type TypeCounts = ReadonlyMap<string, number>;

/** Counts what providers make. */
export function typesOf({ resources }: Pick<StackReport, "resources">): TypeCounts {
  const counts = new Map<string, number>();
  for (const { type, custom } of resources) {
    if (custom && !type.startsWith("pulumi:")) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

/**
 * A stack on each cloud side by side: what a user notices first, then what stands for what.
 *
 * @param types what the plans hold; of more plans than the two where the whole program is told about
 * @requirement Q3
 */
export function comparisonOf(
  aws: StackReport,
  gcp: StackReport,
  types: { readonly aws: TypeCounts; readonly gcp: TypeCounts } = { aws: typesOf(aws), gcp: typesOf(gcp) },
): Comparison {
  const rows = counterpartRows(types.aws, types.gcp);
  const felt = feltRows(aws, gcp);
  return {
    aws: aws.stack,
    gcp: gcp.stack,
    felt,
    counterparts: rows,
    unexplained: [
      ...felt.filter(({ why }) => why === undefined).map(({ aspect, subject }) => `${aspect}: ${subject}`),
      ...unnamed(types.aws, "aws"),
      ...unnamed(types.gcp, "gcp"),
    ],
  };
}

function counterpartRows(aws: TypeCounts, gcp: TypeCounts): CounterpartRow[] {
  const held = (types: readonly string[], counts: TypeCounts) =>
    types.flatMap((type) => (counts.has(type) ? [{ type, count: counts.get(type)! }] : []));
  return counterparts.flatMap(({ requirement, what, why, ...types }) => {
    const row = { requirement, what, aws: held(types.aws, aws), gcp: held(types.gcp, gcp) };
    if (row.aws.length + row.gcp.length === 0) return [];
    return [{ ...row, ...(why === undefined ? {} : { why }) }];
  });
}

/** Types that a plan holds and no row names. */
export function unnamed(counts: TypeCounts, cloud: "aws" | "gcp"): string[] {
  const named = new Set(counterparts.flatMap((row) => row[cloud]));
  return [...counts.keys()].filter((type) => !named.has(type)).map((type) => `${cloud}: ${type}`);
}
