import { costDifference } from "../../cost/compare";
import { costReport } from "../../cost/document";
import { estimate } from "../../cost/estimate";
import type { Changes, Difference } from "./document";
import { compareGrants } from "./grants";
import type { Matching } from "./match";
import { compareResources } from "./resources";
import { compareData, compareExposure, compareFindings, compareOutputs, withUnblocked } from "./rest";
import { secretsStoredAnew } from "./secrets";
import type { Side } from "./side";

export type { Difference } from "./document";

/** What a plan is compared with. */
export interface Base {
  /** What it is, in words: a file, or a revision with its commit. */
  readonly label: string;
  /** The stack's plan; undefined where the base has no such stack. */
  readonly side: Side | undefined;
  /** False where the base's configuration could not be checked by its own rules. */
  readonly checked: boolean;
  readonly warnings: readonly string[];
  /** Secrets of its stack file, as they are stored; undefined where the file is not at hand. */
  readonly secrets?: ReadonlyMap<string, string>;
}

/**
 * What a plan does that its base did not: resources, rights, ways in, data, findings.
 *
 * @param head the plan; undefined where the stack is gone
 * @param secrets the secrets of the plan's stack file, as they are stored
 * @requirement P8
 */
export function differenceOf(
  stack: string,
  base: Base,
  head: Side | undefined,
  secrets: ReadonlyMap<string, string> = new Map(),
): Difference {
  const warnings = [...base.warnings];
  const told = { stack, base: base.label, warnings };
  const reason = (side: Side) => side.report.error ?? faultsOf(side);
  if (head && head.report.exit !== "ok") return { ...told, state: "no plan", reason: reason(head) };
  if (base.side && base.side.report.exit !== "ok") {
    return { ...told, state: "no base", reason: reason(base.side) };
  }
  if (!base.side && !head) return { ...told, state: "no base", reason: "the stack is in neither" };
  const changes = {
    ...changesBetween(base.side ?? nothing(head!), head ?? nothing(base.side!), base.checked),
    secretSettings: base.secrets ? secretsStoredAnew(base.secrets, secrets) : [],
  };
  return { ...told, state: !base.side ? "new stack" : !head ? "stack gone" : "compared", changes };
}

function faultsOf({ report }: Side): string {
  const faults = report.findings.map(({ code, key, cause }) => `${code} ${key}: ${cause}`);
  return faults.join("\n") || `its preview ended as ${report.exit}`;
}

/** A plan of nothing, for a stack that only one side has. */
function nothing({ report }: Side): Side {
  const empty = {
    resources: [],
    grants: [],
    exposure: [],
    access: [],
    data: [],
    outputs: {},
    findings: [],
    toSupply: [],
  };
  const cost = report.cost && costReport(estimate([]));
  const side = { report: { ...report, ...empty, notes: [], cost }, resources: [], unseen: new Map() };
  return { ...side, named: side };
}

function changesBetween(base: Side, head: Side, checked: boolean): Omit<Changes, "secretSettings"> {
  // Names of ids on one side only would differ from what is unknown on the other.
  const [before, after] = base.named && head.named ? [base.named, head.named] : [base, head];
  const { changes, matching } = compareResources(before, after);
  const unseen = unseenOnBoth(before, after, matching);
  return {
    resources: changes,
    ...(unseen.length > 0 ? { unseen } : {}),
    counts: countsOf(changes),
    grants: compareGrants(rightsIn(before, after), rightsIn(after, before)),
    exposure: withUnblocked(
      compareExposure(before.report.exposure, after.report.exposure, matching),
      changes,
      before,
      after,
    ),
    data: compareData(before.report, after.report, changes, matching),
    ...(checked ? { findings: compareFindings(before.report, after.report) } : {}),
    ...costOf(before, after),
    outputs: compareOutputs(before.report, after.report),
  };
}

/** Grants, and what is given at things where the other side tells it too: older documents do not. */
function rightsIn({ report }: Side, { report: other }: Side) {
  return [...report.grants, ...(other.access ? (report.access ?? []) : [])];
}

/** What bears rights and can be read on neither side, by the resource's name and the property. */
function unseenOnBoth(before: Side, after: Side, { pairs }: Matching): string[] {
  return pairs.flatMap((pair) => {
    const old = before.unseen.get(pair.before.urn) ?? [];
    const keys = (after.unseen.get(pair.after.urn) ?? []).filter((key) => old.includes(key));
    return keys.map((key) => `${pair.after.name} ${key}`);
  });
}

/** What only one side has costs nothing on the other; a side that nobody estimated leaves the question open. */
function costOf({ report: { cost: base } }: Side, { report: { cost: head } }: Side): Pick<Changes, "cost"> {
  if (!base || !head) return {};
  const { totals, lines, unpriced } = costDifference(base, head);
  const { gained, lost } = unpriced;
  return { cost: { totals, lines: [...lines], unpriced: { gained: [...gained], lost: [...lost] } } };
}

/** Of what a provider makes: components only group. */
function countsOf(changes: Changes["resources"]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { action, custom, type } of changes) {
    if (!custom || type.startsWith("pulumi:providers:")) continue;
    counts[action] = (counts[action] ?? 0) + 1;
  }
  return counts;
}
