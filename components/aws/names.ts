import { createHash } from "node:crypto";
import { InvalidArgsError } from "../errors";
import { PROJECT_ID_ON_AWS, shorten, workloadAccountEmail } from "../naming";

/**
 * Physical names on AWS, each a pure function of its inputs and of the service's limit, so that previews, IAM
 * policies and commands in the documentation can name a thing before it exists.
 */

/** Longest IAM role name (IAM quotas: role names, 64 characters). */
const ROLE_NAME_LIMIT = 64;
/** Longest name of a load balancer and of a target group (Elastic Load Balancing: 32 characters). */
const LOAD_BALANCER_NAME_LIMIT = 32;
/** Longest EKS node group name (EKS CreateNodegroup: 63 characters). */
const NODE_GROUP_NAME_LIMIT = 63;
/** Longest Cognito domain prefix (CreateUserPoolDomain: 63 characters). */
const DOMAIN_PREFIX_LIMIT = 63;

/** Name of an IAM role that belongs to the cluster: `<cluster>-<role>`. Its tail tells two roles apart. */
export function roleName(cluster: string, role: string): string {
  return shorten(`${cluster}-${role}`, ROLE_NAME_LIMIT, 30);
}

/**
 * The role that the application writes into the policy of every bucket it makes. S3 keeps the unique id of the
 * role behind the name: a role of the same name made anew is locked out of every older bucket.
 */
export function mountRoleName(cluster: string): string {
  return workloadAccountEmail(cluster, PROJECT_ID_ON_AWS);
}

/** ARN of an IAM role by name, known before the role exists. */
export function roleArn(accountId: string, name: string): string {
  return `arn:aws:iam::${accountId}:role/${name}`;
}

/** Name of the network load balancer. */
export function loadBalancerName(cluster: string): string {
  return shorten(`${cluster}-ingress`, LOAD_BALANCER_NAME_LIMIT);
}

/**
 * Name of a target group. Its port is part of it because a new port replaces the group, and two groups of one
 * name cannot stand beside each other while the listener moves over.
 */
export function targetGroupName(cluster: string, role: string, port: number): string {
  return shorten(`${cluster}-${role}-${port}`, LOAD_BALANCER_NAME_LIMIT);
}

/**
 * Name of a node group. Whatever replaces the group is part of it (instance type, spot), so that the new group
 * can be made before the old one is drained.
 */
export function nodeGroupName(group: string, instanceType: string, spot: boolean): string {
  const kind = `${group}-${instanceType.replace(/\./g, "-")}${spot ? "-spot" : ""}`;
  return shorten(kind, NODE_GROUP_NAME_LIMIT, 24);
}

/** Alias of the key that encrypts the data of a cluster. */
export function dataKeyAlias(cluster: string): string {
  return `alias/${cluster}-data`;
}

/** Alias, in the second region, of the key that encrypts the copy there. */
export function copyKeyAlias(cluster: string): string {
  return `alias/${cluster}-data-copy`;
}

/** Bucket for the access logs of the database bucket. */
export function accessLogBucketName(cluster: string, accountId: string): string {
  return `${cluster}-db-logs-${accountId}`;
}

/** Bucket for the copy of the database bucket in a second region. */
export function copyBucketName(cluster: string, accountId: string): string {
  return `${cluster}-db-copy-${accountId}`;
}

/** Bucket for the access logs of that copy: 18 + 14 + 12 characters at most, of S3's 63. */
export function copyLogBucketName(cluster: string, accountId: string): string {
  return `${cluster}-db-copy-logs-${accountId}`;
}

/** Words that Cognito refuses anywhere in a domain prefix (CreateUserPoolDomain). */
const reservedInPrefix = /aws|amazon|cognito/g;

/**
 * First label of the hosted sign-in page. All accounts of a region share one name space, so eight characters of
 * a hash of account and cluster follow the cluster's name, from which reserved words are dropped.
 */
export function domainPrefix(cluster: string, accountId: string): string {
  const hash = createHash("sha256").update(`${accountId}/${cluster}`).digest("hex").slice(0, 8);
  let word = cluster;
  // Dropping a word can join its neighbours into another one.
  while (word.search(reservedInPrefix) >= 0) word = word.replace(reservedInPrefix, "");
  word = word.replace(/-+/g, "-").replace(/^-|-$/g, "");
  return word === "" ? `cmb-${hash}` : `${word}-${hash}`;
}

/** Refuses a domain prefix that Cognito would refuse. */
export function assertDomainPrefix(prefix: string): void {
  const refuse = (reason: string): never => {
    throw new InvalidArgsError("domainPrefix", prefix, reason, "Leave it out to have one derived.");
  };
  if (prefix.length > DOMAIN_PREFIX_LIMIT) refuse(`longer than ${DOMAIN_PREFIX_LIMIT} characters`);
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(prefix)) {
    refuse("lower-case letters, digits and hyphens only, no hyphen at either end");
  }
  if (prefix.search(reservedInPrefix) >= 0) refuse("Cognito refuses aws, amazon and cognito in a prefix");
}

/** Name of a kept secret in Secrets Manager: `<cluster>/<name>`. */
export function secretName(cluster: string, name: string): string {
  return `${cluster}/${name}`;
}
