import { createHash } from "node:crypto";
import { InvalidArgsError } from "./errors";

/** Longest cluster name: the application makes `<cluster>-workload-sa` of it, a Google account id of 30 at most. */
export const CLUSTER_NAME_LIMIT = 18;

/**
 * The PROJECT_ID that the application is given on AWS, where it has no project but puts the value into names.
 * Part of the mounting role's name, so it can never change: S3 bucket policies keep the role's unique id.
 */
export const PROJECT_ID_ON_AWS = "cmb";

/** Service account of the backend; its trust and RBAC are bound to this name. */
export const BACKEND_SERVICE_ACCOUNT = "cmbcluster-ksa";

/** Service account of every user's pod. */
export const USER_SERVICE_ACCOUNT = "cmbcluster-user-sa";

/** Service account of the restore drill, which reads the database's copies and leaves its result. */
export const RESTORE_DRILL_SERVICE_ACCOUNT = "cmbcluster-restore-drill";

/**
 * Where in the database bucket a name is written once and for all: who owns the database, signs of life, copies of
 * uploads and their lists. Litestream's own files are under `epochs/<epoch>/db/`, a new path at each start.
 */
export const WRITTEN_ONCE = ["claims/*", "releases/*", "beats/*", "files/*", "epochs/*/manifests/*"] as const;

/** Prefix of the backend's signs of life in the database bucket, one every quarter of a minute. */
export const SIGNS_OF_LIFE = "beats/";

/** Days after which a sign of life is dropped; a living owner has younger ones. */
export const SIGNS_OF_LIFE_DAYS = 30;

/**
 * First words of the names of the buckets that the application makes for its users:
 * `{constellation}-{term}-{md5(user)[:8]}-{unix time}` (CMBAgents/cmbcluster, backend/cloud_providers). The
 * backend's rights on buckets end where these prefixes end.
 */
export const USER_BUCKET_PREFIXES = [
  ...["andromeda", "orion", "cassiopeia", "ursa", "draco", "cygnus", "lyra", "aquila", "pegasus", "perseus"],
  ...[
    "cepheus",
    "bootes",
    "corona",
    "hercules",
    "vega",
    "altair",
    "sirius",
    "polaris",
    "rigel",
    "betelgeuse",
  ],
  ...["capella", "arcturus", "spica", "aldebaran", "antares", "deneb", "regulus", "procyon"],
] as const;

/** The prefix among {@link USER_BUCKET_PREFIXES} that makes a name look like a user's bucket, if any. */
export function userBucketPrefixOf(name: string): string | undefined {
  return USER_BUCKET_PREFIXES.find((prefix) => name.startsWith(`${prefix}-`));
}

/**
 * Keeps a physical name within a limit: the middle goes, the tail that tells two names apart stays, and six
 * characters of a hash keep names apart whose cut forms would be equal.
 *
 * @param limit the service's limit in characters
 * @param tail how many characters at the end to keep whole
 */
export function shorten(name: string, limit: number, tail = 12): string {
  if (name.length <= limit) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 6);
  const head = limit - tail - hash.length - 2;
  if (head < 1) {
    throw new InvalidArgsError(
      "limit",
      limit,
      `no room for a tail of ${tail} and a hash`,
      "Keep a shorter tail.",
    );
  }
  const start = name.slice(0, head).replace(/-+$/, "");
  const end = name.slice(-tail).replace(/^-+/, "");
  return `${start}-${hash}-${end}`;
}

/** Refuses a cluster name that some service or the application would refuse later. */
export function assertClusterName(name: string): void {
  if (name.length > CLUSTER_NAME_LIMIT) {
    throw new InvalidArgsError(
      "clusterName",
      name,
      `${name.length} characters, ${CLUSTER_NAME_LIMIT} at most: <cluster>-workload-sa must fit Google's 30`,
      "Choose a shorter name.",
    );
  }
  if (!/^[a-z][a-z0-9-]*[a-z0-9]$/.test(name)) {
    throw new InvalidArgsError(
      "clusterName",
      name,
      "lower-case letters, digits and hyphens only, a letter first, no hyphen last",
      "Choose a name like cmb-dev.",
    );
  }
}

/** Account id (Google) of the identity that mounts user buckets: the application computes this name itself. */
export function workloadAccountId(cluster: string): string {
  return `${cluster}-workload-sa`;
}

/**
 * What the application writes into the policy of each bucket it makes: a Google service account's address, and
 * on AWS, letter for letter, a role's name.
 */
export function workloadAccountEmail(cluster: string, project: string): string {
  return `${workloadAccountId(cluster)}@${project}.iam.gserviceaccount.com`;
}

/** The database bucket: `<project>-<cluster>-db` on Google, `<cluster>-db-<account>` on Amazon. */
export const databaseBucketName = {
  gcp: (cluster: string, project: string): string => `${project}-${cluster}-db`,
  aws: (cluster: string, account: string): string => `${cluster}-db-${account}`,
};

/** The three names a stack serves. */
export interface HostNames {
  /** The front end: the domain itself. */
  readonly site: string;
  /** The backend: `api.<domain>`. */
  readonly api: string;
  /** Every user environment: `*.<domain>`, the host of each being `<user>-<env>.<domain>`. */
  readonly environments: string;
}

/** @requirement D1 */
export function hostNames(domain: string): HostNames {
  return { site: domain, api: `api.${domain}`, environments: `*.${domain}` };
}
