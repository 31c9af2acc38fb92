import {
  CLUSTER_NAME_LIMIT,
  assertClusterName,
  databaseBucketName,
  userBucketPrefixOf,
} from "../../../components/naming";
import { InvalidArgsError } from "../../../components/errors";
import type { Rule } from "../judge";

/** Namespaces that belong to Kubernetes or to the platform's own services. */
const takenNamespaces = ["default", "cert-manager", "traefik", "mount-s3"];

/** Names longer than the application's computed names allow, or with characters a service refuses. */
export const refuseClusterName: Rule = ({ raw, refuse }) => {
  if (raw.clusterName === undefined) return;
  try {
    assertClusterName(raw.clusterName);
  } catch (error) {
    if (!(error instanceof InvalidArgsError)) throw error;
    const shorter = raw.clusterName
      .toLowerCase()
      .replace(/[^a-z0-9-]/g, "-")
      .slice(0, CLUSTER_NAME_LIMIT);
    const legal = shorter.replace(/^[^a-z]+/, "").replace(/-+$/, "");
    refuse("CMB-C010", "clusterName", error.reason, { set: legal.length > 1 ? legal : "cmb-dev" });
  }
};

/** Namespaces in which others live: quotas, policies and Pod Security labels would hit them. */
export const refuseTakenNamespace: Rule = ({ raw, draft, refuse }) => {
  const { namespace } = draft;
  if (namespace === undefined || !(takenNamespaces.includes(namespace) || namespace.startsWith("kube-")))
    return;
  const cause = `the namespace ${namespace} belongs to Kubernetes or the platform; the application needs its own`;
  const because = raw.namespace === undefined ? ["clusterName"] : [];
  refuse("CMB-C011", "namespace", cause, { set: "cmb" }, because);
};

/** Database buckets that fall under the patterns of users' buckets, which the backend may delete. */
export const refuseUserBucketLookalike: Rule = ({ draft, refuse }) => {
  const { clusterName, gcp, aws } = draft;
  if (clusterName === undefined) return;
  const cause = (name: string, prefix: string): string =>
    `the database bucket ${name} would look like a user's: the backend may delete ${prefix}-*`;
  if (aws?.accountId !== undefined) {
    const name = databaseBucketName.aws(clusterName, aws.accountId);
    const prefix = userBucketPrefixOf(name);
    const fix = { set: `cmb-${clusterName}`.slice(0, CLUSTER_NAME_LIMIT).replace(/-+$/, "") };
    if (prefix) refuse("CMB-C046", "clusterName", cause(name, prefix), fix, ["aws.accountId"]);
  }
  if (gcp?.project !== undefined) {
    const name = databaseBucketName.gcp(clusterName, gcp.project);
    const prefix = userBucketPrefixOf(name);
    const fix = { set: "another-project-id" };
    if (prefix) refuse("CMB-C046", "gcp.project", cause(name, prefix), fix, ["clusterName"]);
  }
};

/** Tags that one of the two clouds would refuse, so that a stack can change its cloud. */
export const refuseIllegalTag: Rule = ({ draft, refuse }) => {
  const entries = Object.entries(draft.tags);
  for (const [name, value] of entries) {
    const legalName =
      /^[a-z][a-z0-9_-]{0,62}$/.test(name) && !name.startsWith("aws") && !name.startsWith("goog");
    const cause = !legalName
      ? "a tag's name has 1 to 63 of a-z, 0-9, _ and -, a letter first, and does not start with aws or goog"
      : "a tag's value has at most 63 of a-z, 0-9, _ and - (Google's labels allow no more)";
    if (legalName && /^[a-z0-9_-]{0,63}$/.test(value)) continue;
    const fixed = value
      .toLowerCase()
      .replace(/[^a-z0-9_-]/g, "-")
      .slice(0, 63);
    refuse("CMB-C047", ["tags", name], cause, legalName ? { set: fixed } : { remove: true });
  }
  // AWS takes 50 on a resource; the program adds up to eight of its own.
  if (entries.length > 40)
    refuse("CMB-C047", "tags", "40 tags at most: AWS takes 50, some are the program's own", { remove: true });
};

/** Zone names that are of the other cloud's shape. */
export const refuseForeignZone: Rule = ({ draft, refuse }) => {
  const zone = draft.dns.existingZone;
  if (zone === undefined || draft.cloud === undefined) return;
  const gcp = draft.cloud === "gcp";
  if (gcp ? /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(zone) : /^Z[A-Z0-9]{1,31}$/.test(zone)) return;
  const cause = gcp
    ? "the name of a Cloud DNS managed zone (not the domain): a-z, 0-9 and hyphens"
    : "the id of a Route 53 hosted zone: Z and capital letters and digits, without /hostedzone/";
  refuse("CMB-C053", "dns.existingZone", cause, { set: gcp ? "example-org" : "Z0123456789ABCDEFGHIJ" }, [
    "cloud",
  ]);
};
