import type { Recording, ValueMap } from "../engine";
import type { ResourceReport, StackReport } from "../report/document";
import { unmask } from "./values";

/** A resource as the comparison reads it: the published fields, with its inputs as values. */
export interface Compared extends Omit<ResourceReport, "inputs"> {
  readonly inputs: ValueMap;
  /** Properties of which the program says that a change replaces; unknown of a document. */
  readonly replaceOnChanges: readonly string[];
}

/** One of the two plans that are compared. */
export interface Side {
  readonly report: StackReport;
  readonly resources: readonly Compared[];
}

/** A plan that was made here: secrets can be compared, though never shown. */
export function sideOfRecording(report: StackReport, recording: Recording): Side {
  const byUrn = new Map(recording.resources.map((resource) => [resource.urn, resource]));
  return {
    report,
    resources: report.resources.map((one) => {
      const { inputs, replaceOnChanges } = byUrn.get(one.urn)!;
      return { ...one, inputs, replaceOnChanges };
    }),
  };
}

/** A plan out of a document: of a secret nothing is known but that it is one. */
export function sideOfReport(report: StackReport): Side {
  return {
    report,
    resources: report.resources.map((one) => ({
      ...one,
      inputs: unmask(one.inputs) as ValueMap,
      replaceOnChanges: [],
    })),
  };
}
