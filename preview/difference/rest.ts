import type { ExposureReport } from "../report/exposure";
import type { StackReport } from "../report/document";
import type { Changes, DataChange, FindingChange, ResourceChange } from "./document";
import { BLOCK, CAREFUL } from "../report/stores";
import type { Matching } from "./match";
import type { Side } from "./side";
import { compareValues, unmask } from "./values";

/** Ways in that opened, closed, and that let in others or lead elsewhere than before. */
export function compareExposure(
  before: readonly ExposureReport[],
  after: readonly ExposureReport[],
  { renamed }: Pick<Matching, "renamed">,
): Changes["exposure"] {
  const key = ({ what, who, internet }: ExposureReport) => JSON.stringify([what, who, internet]);
  const [old, now] = [new Set(before.map(key)), new Set(after.map(key))];
  const gone = before.filter((one) => !now.has(key(one)));
  const come = after.filter((one) => !old.has(key(one)));
  /** The same way: of the same resource, and the only one there is or by the same name. */
  const same = (a: ExposureReport, b: ExposureReport) =>
    renamed(a.urn) === b.urn &&
    (a.what === b.what ||
      [before, after].every((list) => list.filter((one) => renamed(one.urn) === b.urn).length === 1));
  const was = (one: ExposureReport) => gone.find((other) => same(other, one));
  return {
    gained: come.filter((one) => !was(one)),
    lost: gone.filter((one) => !come.some((other) => same(one, other))),
    changed: come.flatMap((one) => {
      const other = was(one);
      return other ? [{ ...one, was: `${other.what}: ${other.who}` }] : [];
    }),
  };
}

/**
 * With the buckets that lose their block of public access: its deletion takes the block away (terraform-provider-aws
 * v6.58.0, internal/service/s3/bucket_public_access_block.go), where one that never had any keeps Amazon's default.
 */
export function withUnblocked(
  exposure: Changes["exposure"],
  changes: readonly ResourceChange[],
  before: Side,
  after: Side,
): Changes["exposure"] {
  const nameOf = (inputs: Side["resources"][number]["inputs"]) => inputs["bucket"];
  const stays = (name: unknown) =>
    after.resources.some(({ type, inputs }) => /^aws:s3\/bucket(V2)?:/.test(type) && nameOf(inputs) === name);
  const blocked = (name: unknown) =>
    after.resources.some(({ type, inputs }) => type === BLOCK && nameOf(inputs) === name);
  const opened = changes.flatMap(({ action, type, urn }) => {
    if (action !== "delete" || type !== BLOCK) return [];
    const name = nameOf(before.resources.find((one) => one.urn === urn)!.inputs);
    if (typeof name !== "string" || !stays(name) || blocked(name)) return [];
    return [
      { what: `bucket ${name}, its block of public access is deleted`, who: CAREFUL, internet: true, urn },
    ];
  });
  return { ...exposure, gained: [...exposure.gained, ...opened] };
}

/** Data that the change itself deletes, and what a destroy does otherwise than before. */
export function compareData(
  before: StackReport,
  after: StackReport,
  changes: readonly ResourceChange[],
  { renamed }: Matching,
): { lostNow: DataChange[]; newlyLost: DataChange[]; newlyKept: DataChange[] } {
  const key = (urn: string, name: string) => `${urn} ${name}`;
  const old = new Map(before.data.map((one) => [key(renamed(one.urn), one.holds), one]));
  const turned = (from: (kept: string) => boolean, to: (kept: string) => boolean) =>
    after.data
      .filter((one) => {
        const was = old.get(key(one.urn, one.holds));
        return to(one.kept) && was !== undefined && from(was.kept);
      })
      .map(({ urn, name, holds, kept }) => ({ urn, name, holds, kept }));
  const isKept = (kept: string) => kept !== "no";
  const isLost = (kept: string) => kept === "no";
  return {
    lostNow: changes
      .filter(({ loses }) => loses !== undefined)
      .map(({ urn, name, loses, action }) => ({
        urn,
        name,
        holds: loses!,
        kept: action === "maybe-replace" ? "perhaps not" : "no",
      })),
    newlyLost: turned(isKept, isLost),
    newlyKept: turned(isLost, isKept),
  };
}

/** Faults, things to supply and remarks that came and went, by their code and setting. */
export function compareFindings(
  before: StackReport,
  after: StackReport,
): { new: FindingChange[]; gone: FindingChange[] } {
  const [old, now] = [findingsOf(before), findingsOf(after)];
  const without = (list: readonly FindingChange[], others: readonly FindingChange[]) =>
    list.filter((one) => !others.some(({ code, key }) => code === one.code && key === one.key));
  return { new: without(now, old), gone: without(old, now) };
}

function findingsOf({ findings, toSupply, notes }: StackReport): FindingChange[] {
  return [
    ...findings.map(({ code, key, cause }) => ({ kind: "fault" as const, code, key, text: cause })),
    ...toSupply.map(({ code, key, cause }) => ({ kind: "to supply" as const, code, key, text: cause })),
    ...notes.map(({ code, key, message }) => ({ kind: "remark" as const, code, key, text: message })),
  ];
}

/** Outputs of the stack: others read them. */
export function compareOutputs(before: StackReport, after: StackReport) {
  return compareValues(unmask(before.outputs), unmask(after.outputs)).map(
    ({ path, before: was, after: is }) => ({
      path,
      ...(was === undefined ? {} : { before: was }),
      ...(is === undefined ? {} : { after: is }),
    }),
  );
}
