import type { RecordedResource } from "../engine";
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

/** Types whose deletion loses what no later `up` can make again. */
const HOLDS_DATA: Readonly<Record<string, string>> = {
  "aws:s3/bucket:Bucket": "objects",
  "aws:s3/bucketV2:BucketV2": "objects",
  "aws:cognito/userPool:UserPool": "people's accounts",
  "aws:route53/zone:Zone": "the delegation of the domain",
  "aws:kms/key:Key": "everything encrypted with it",
  "aws:secretsmanager/secret:Secret": "a copy of the key that encrypts users' files",
  "gcp:storage/bucket:Bucket": "objects",
  "gcp:dns/managedZone:ManagedZone": "the delegation of the domain",
  "gcp:kms/cryptoKey:CryptoKey": "everything encrypted with it",
  "gcp:secretmanager/secret:Secret": "a copy of the key that encrypts users' files",
  "kubernetes:core/v1:PersistentVolumeClaim": "a volume",
};

/** Clusters count as data where a profile keeps them; elsewhere they are made again. */
const CLUSTERS = ["aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster"];

/**
 * The identity whose name the application computes: user buckets trust its unique id, so one made anew is
 * locked out of them.
 */
const MOUNTING_IDENTITY = /-workload-sa(@.*)?$/;

/** The generated key without which the users' files cannot be read (`cmb:application:Keys`). */
const FILE_KEY = /-file-encryption$/;

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
  const identity = textAt(resource, "accountId") ?? textAt(resource, "name") ?? "";
  if (["aws:iam/role:Role", "gcp:serviceaccount/account:Account"].includes(resource.type)) {
    return MOUNTING_IDENTITY.test(identity) ? "access to every user's bucket" : undefined;
  }
  if (resource.type === "random:index/randomPassword:RandomPassword") {
    return FILE_KEY.test(resource.name) ? "the key that encrypts users' files, in the state" : undefined;
  }
  if (CLUSTERS.includes(resource.type)) return howKept(resource) === "no" ? undefined : "what runs in it";
  return HOLDS_DATA[resource.type];
}

function howKept({ protect, retainOnDelete }: RecordedResource): DataReport["kept"] {
  if (protect) return retainOnDelete ? "protected and retained" : "protected";
  return retainOnDelete ? "retained" : "no";
}
