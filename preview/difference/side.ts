import { containsUnknown, type Recording, type ValueMap } from "../engine";
import type { ResourceReport, StackReport } from "../report/document";
import { rightsOf } from "../report/build";
import { type NamedPlan, unseenRights } from "./rights";
import { unmask } from "./values";

/** A resource as the comparison reads it: the published fields, with its inputs as values. */
export interface Compared extends Omit<ResourceReport, "inputs"> {
  readonly inputs: ValueMap;
  /** Inputs of which something is known only after `up`, whatever name stands for it here. */
  readonly waiting: readonly string[];
  /** Properties of which the program says that a change replaces; unknown of a document. */
  readonly replaceOnChanges: readonly string[];
}

/** One of the two plans that are compared. */
export interface Side {
  readonly report: StackReport;
  readonly resources: readonly Compared[];
  /** Inputs that bear rights and cannot be read, by URN. */
  readonly unseen: ReadonlyMap<string, readonly string[]>;
  /** The same plan with names in its documents; only two such sides can be compared by them. */
  readonly named?: Side;
}

/** A plan that was made here: secrets can be compared, though never shown. */
export function sideOfRecording(report: StackReport, recording: Recording, plan?: NamedPlan): Side {
  const byUrn = (from: Recording) => new Map(from.resources.map((resource) => [resource.urn, resource]));
  const planned = byUrn(recording);
  const side = (told: StackReport, from: Recording, unseen: Side["unseen"]): Side => {
    const own = byUrn(from);
    return {
      report: told,
      unseen,
      resources: report.resources.map((one) => {
        const { inputs, replaceOnChanges } = own.get(one.urn)!;
        return { ...one, inputs, replaceOnChanges, waiting: waitingIn(planned.get(one.urn)!.inputs) };
      }),
    };
  };
  const plain = side(report, recording, unseenRights(recording.resources));
  if (!plan) return plain;
  const told = plan.recording === recording ? report : { ...report, ...rightsOf(plan.recording) };
  return { ...plain, named: side(told, plan.recording, plan.unseen) };
}

/** A plan out of a document: of a secret nothing is known but that it is one. */
export function sideOfReport(report: StackReport): Side {
  const resources = report.resources.map((one) => {
    const inputs = unmask(one.inputs) as ValueMap;
    return { ...one, inputs, waiting: waitingIn(inputs), replaceOnChanges: [] };
  });
  return { report, resources, unseen: unseenRights(resources) };
}

function waitingIn(inputs: ValueMap): string[] {
  return Object.keys(inputs).filter((key) => containsUnknown(inputs[key]!));
}
