import type { CostDocument } from "./document";
import { costGroups, type CostGroup } from "./model";

/** An amount on either side, US$ a month, and what the second has over the first. */
export interface Pair {
  readonly base: number;
  readonly head: number;
  readonly difference: number;
}

/** One line of two bills; what only one of them has counts as nothing on the other. */
export interface LineChange {
  readonly group: CostGroup;
  readonly what: string;
  readonly fixed: boolean;
  readonly least: Pair;
  readonly most: Pair;
}

/** What the head costs over the base. */
export interface CostDifference {
  readonly totals: {
    readonly fixed: Pair;
    readonly platform: Pair;
    readonly use: Pair;
    readonly maximum: Pair;
  };
  /** Lines that changed by half a cent or more, the largest change first. */
  readonly lines: readonly LineChange[];
  /** What the head cannot price and the base could, and the reverse: the difference is too low or too high by it. */
  readonly unpriced: { readonly gained: readonly string[]; readonly lost: readonly string[] };
}

/** Two stacks' bills laid side by side. */
export interface CostComparison {
  /** One row a group that either has, dearest first. */
  readonly groups: readonly { readonly group: CostGroup; readonly least: Pair; readonly most: Pair }[];
  readonly lines: readonly LineChange[];
  readonly totals: CostDifference["totals"];
  /**
   * By how much the dearer platform's fixed cost is over the cheaper's, as a part of the cheaper's: at list prices,
   * and with the GKE credit.
   */
  readonly apart: { readonly list: number; readonly credited: number };
}

/** Less than this is rounding. */
const HALF_A_CENT = 0.005;

function pair(base: number, head: number): Pair {
  return { base, head, difference: head - base };
}

/**
 * What a change costs, line by line: lines are the same where group and words are. Half a cent is no change.
 *
 * @requirement P8
 */
export function costDifference(base: CostDocument, head: CostDocument): CostDifference {
  const changed = lineChanges(base, head).filter(
    ({ least, most }) =>
      Math.abs(least.difference) >= HALF_A_CENT || Math.abs(most.difference) >= HALF_A_CENT,
  );
  const holes = ({ unpriced, unknownTypes }: CostDocument) => [
    ...new Set([...unpriced.map(({ key }) => key), ...unknownTypes]),
  ];
  const [before, after] = [holes(base), holes(head)];
  return {
    totals: totalsOf(base, head),
    lines: changed,
    unpriced: {
      gained: after.filter((key) => !before.includes(key)),
      lost: before.filter((key) => !after.includes(key)),
    },
  };
}

/** The bills of two stacks, as of one on each cloud, group by group and line by line. */
export function compareCosts(a: CostDocument, b: CostDocument): CostComparison {
  const lines = lineChanges(a, b);
  const groups = costGroups
    .filter((group) => lines.some((line) => line.group === group))
    .map((group) => {
      const own = lines.filter((line) => line.group === group);
      return { group, least: added(own.map(({ least }) => least)), most: added(own.map(({ most }) => most)) };
    })
    .sort((x, y) => Math.max(y.least.base, y.least.head) - Math.max(x.least.base, x.least.head));
  const apart = (x: number, y: number) => (x === y ? 0 : Math.abs(x - y) / Math.min(x, y));
  return {
    groups,
    lines,
    totals: totalsOf(a, b),
    apart: {
      list: apart(a.totals.platform, b.totals.platform),
      credited: apart(a.totals.platform - a.totals.credit, b.totals.platform - b.totals.credit),
    },
  };
}

function added(pairs: readonly Pair[]): Pair {
  return pairs.reduce((sum, one) => pair(sum.base + one.base, sum.head + one.head), pair(0, 0));
}

function totalsOf(base: CostDocument, head: CostDocument): CostDifference["totals"] {
  const of = (name: "fixed" | "platform" | "use" | "maximum") => pair(base.totals[name], head.totals[name]);
  return { fixed: of("fixed"), platform: of("platform"), use: of("use"), maximum: of("maximum") };
}

function lineChanges(base: CostDocument, head: CostDocument): LineChange[] {
  const [before, after] = [byWords(base), byWords(head)];
  const nothing = { least: 0, most: 0 };
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((key): LineChange => {
      const { group, what, fixed } = (after.get(key) ?? before.get(key))!;
      const [old, now] = [before.get(key) ?? nothing, after.get(key) ?? nothing];
      return { group, what, fixed, least: pair(old.least, now.least), most: pair(old.most, now.most) };
    })
    .sort(
      (a, b) =>
        Math.abs(b.least.difference) - Math.abs(a.least.difference) ||
        Math.abs(b.most.difference) - Math.abs(a.most.difference),
    );
}

/** Lines of the same words are one: pools alike, and what a bill has twice. */
function byWords({ lines }: CostDocument) {
  const found = new Map<
    string,
    { group: CostGroup; what: string; fixed: boolean; least: number; most: number }
  >();
  for (const { group, what, fixed, monthly, monthlyAtMost } of lines) {
    const key = JSON.stringify([group, what, fixed]);
    const same = found.get(key) ?? { group, what, fixed, least: 0, most: 0 };
    found.set(key, { ...same, least: same.least + monthly, most: same.most + monthlyAtMost });
  }
  return found;
}
