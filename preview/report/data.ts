import type { RecordedResource } from "../engine";
import { CLUSTERS, holdingOf } from "./holdings";
import { type Query, textAt } from "./query";
import { sectionOf } from "./sections";

/** A resource that holds data, and what a destroy does with it. */
export interface DataReport {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** What is lost with it. */
  readonly holds: string;
  /** How it is kept: refused to be deleted, forgotten instead of deleted, both, or not at all. */
  readonly kept: "protected" | "retained" | "protected and retained" | "no";
}

/** Everything recorded that holds data, in order of registration. */
export function findData(query: Query): DataReport[] {
  return query.resources.flatMap((resource): DataReport[] => {
    const { urn, type, name } = resource;
    if (type === "kubernetes:helm.sh/v3:Release" && sectionOf(query, resource) === "application") {
      return databaseClaim(query, resource);
    }
    const holds = holding(resource);
    return holds === undefined ? [] : [{ urn, type, name, holds, kept: howKept(resource) }];
  });
}

/**
 * The claim of the database's volume, which the release's chart makes. That the chart keeps the claim helps only
 * while its namespace is there; through a destroy it is the class's reclaim policy that keeps the volume.
 */
function databaseClaim(query: Query, release: RecordedResource): DataReport[] {
  const name = textAt(release, "values.database.claim");
  if (name === undefined) return [];
  const storage = query
    .ofType("kubernetes:storage.k8s.io/v1:StorageClass")
    .find((one) => textAt(one, "metadata.name") === textAt(release, "values.database.storageClass"));
  const kept = storage && textAt(storage, "reclaimPolicy") === "Retain" ? "retained" : "no";
  return [{ urn: release.urn, type: release.type, name, holds: "the database, a volume", kept }];
}

function holding(resource: RecordedResource): string | undefined {
  const { type, name } = resource;
  const identity = textAt(resource, "accountId") ?? textAt(resource, "name");
  const held = holdingOf({ type, name, identity });
  if (held?.kind === "data") return held.holds;
  // A cluster is made again, unless a profile keeps it.
  return CLUSTERS.includes(type) && howKept(resource) !== "no" ? "what runs in it" : undefined;
}

function howKept({ protect, retainOnDelete }: RecordedResource): DataReport["kept"] {
  if (protect) return retainOnDelete ? "protected and retained" : "protected";
  return retainOnDelete ? "retained" : "no";
}
