import { USER_BUCKET_PREFIXES } from "../naming";

/*
 * What each grant may do on Google Cloud, as lists of IAM permissions. The calls behind them are those of
 * CMBAgents/cmbcluster, backend/cloud_providers/gcp_provider.py, and of cert-manager,
 * pkg/issuer/acme/dns/clouddns/clouddns.go.
 */

/**
 * Making and listing buckets are asked of the project, before there is a bucket whose name a condition could
 * look at. So they are project-wide, and a role of their own with nothing else in it.
 */
export const BUCKET_FACTORY_PERMISSIONS = ["storage.buckets.create", "storage.buckets.list"] as const;

/**
 * All else on the buckets made for users. Deleting an object and overwriting one are the same permission, and it
 * covers old versions too: deleting a user's storage means deleting every version in it.
 */
export const USER_BUCKET_PERMISSIONS = [
  "storage.buckets.delete",
  "storage.buckets.get",
  "storage.buckets.getIamPolicy",
  "storage.buckets.setIamPolicy",
  "storage.buckets.update",
  "storage.objects.create",
  "storage.objects.delete",
  "storage.objects.get",
  "storage.objects.list",
] as const;

/**
 * Writing copies of the database and reading them back. Not `storage.objects.delete`: Cloud Storage has one
 * permission for deleting a live object, deleting an old version for good, and overwriting. So whoever takes
 * over the backend cannot destroy the copies; whoever writes them must use a new name for each, must leave the
 * removal of old ones to the bucket's lifecycle, and gets 403 for an overwrite.
 */
export const DATABASE_REPLICA_PERMISSIONS = [
  "storage.objects.create",
  "storage.objects.get",
  "storage.objects.list",
] as const;

/** Reading copies of the database, and nothing else. */
export const DATABASE_READ_PERMISSIONS = ["storage.objects.get", "storage.objects.list"] as const;

/**
 * Records of one managed zone. Cloud DNS has no condition on a record's name or type, so this is every record
 * of the zone; not the zone itself, its settings or its keys.
 */
export const DNS_CHALLENGE_PERMISSIONS = [
  "dns.changes.create",
  "dns.changes.get",
  "dns.resourceRecordSets.create",
  "dns.resourceRecordSets.delete",
  "dns.resourceRecordSets.list",
  "dns.resourceRecordSets.update",
] as const;

/** Most `&&`, `||` and `!` that IAM takes in one condition. */
export const CONDITION_OPERATOR_LIMIT = 12;

/** A condition of an IAM binding. */
export interface Condition {
  readonly title: string;
  readonly description: string;
  /** In the Common Expression Language. */
  readonly expression: string;
}

/**
 * Conditions that together hold for the buckets of users and the objects in them, as many as the operator limit
 * makes necessary. `_` stands for the project in names of buckets.
 *
 * @requirement S3
 */
export function userBucketConditions(prefixes: readonly string[] = USER_BUCKET_PREFIXES): Condition[] {
  const perCondition = CONDITION_OPERATOR_LIMIT;
  const parts: string[][] = [];
  for (let i = 0; i < prefixes.length; i += perCondition) parts.push(prefixes.slice(i, i + perCondition));
  return parts.map((words, i) => ({
    title: `user-buckets-${i + 1}`,
    description: `Buckets of users, part ${i + 1} of ${parts.length}: ${words[0]} to ${words.at(-1)}`,
    expression: words.map((word) => `resource.name.startsWith("projects/_/buckets/${word}-")`).join(" || "),
  }));
}

/** Longest id of a custom role. */
const ROLE_ID_LIMIT = 64;

/**
 * Id of a custom role: `cmb.<cluster>.<workload>.<what>`, with the revision when it is not the first. Roles take
 * no hyphen, and cluster names no underscore, so no two names share an id.
 */
export function roleId(cluster: string, workload: string, what: string, revision: number): string {
  const parts = ["cmb", cluster, workload, what, ...(revision > 1 ? [`r${revision}`] : [])];
  const id = parts.join(".").replaceAll("-", "_");
  if (id.length > ROLE_ID_LIMIT) throw new Error(`role id ${id} is longer than ${ROLE_ID_LIMIT} characters`);
  return id;
}
