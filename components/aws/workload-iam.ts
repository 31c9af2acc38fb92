import * as pulumi from "@pulumi/pulumi";
import type { WorkloadArgs, WorkloadBinding } from "../cmb-cluster";
import { InvalidArgsError } from "../errors";
import type { Grant } from "../grants";
import { type ClusterIdentity, policyDocument, type PolicyStatement, serviceRole } from "./irsa";
import type { MountIdentity } from "./mount-identity";
import {
  answerDnsChallenge,
  manageUserBuckets,
  readDatabase,
  replicateDatabase,
  signOutUsers,
} from "./workload-policies";

/** What a binding needs to know of the cluster. */
export interface WorkloadIamArgs extends WorkloadArgs {
  /** Names the workload in the role: `<cluster>-<workload>`. */
  readonly workload: string;
  readonly cluster: string;
  readonly accountId: string;
  readonly region: string;
  readonly identity: ClusterIdentity;
  /** The role that mounts user buckets; needed for the grant of that name only. */
  readonly mountIdentity?: MountIdentity;
  /** The zone of the domain; needed to answer DNS challenges only. */
  readonly zone?: { readonly id: pulumi.Input<string>; readonly domain: string };
  /** The user pool, in the same account; needed to sign users out only. */
  readonly userPool?: { readonly id: pulumi.Input<string>; readonly region: string };
}

/**
 * The AWS identity of one workload: a role that one service account of one namespace can take, with the
 * permissions of its grants and nothing else. The right to mount user buckets makes no role: it belongs to the
 * CSI driver, and a user's pod gets no AWS identity at all.
 *
 * @requirement W1
 * @requirement W2
 * @requirement W3
 */
export class WorkloadIam extends pulumi.ComponentResource implements WorkloadBinding {
  readonly annotations: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: WorkloadIamArgs, opts?: pulumi.ComponentResourceOptions) {
    const { workload, namespace, serviceAccount, grants } = args;
    const verbs = grants.map((grant) => grant.verb);
    super("cmb:aws:WorkloadIam", name, { workload, namespace, serviceAccount, verbs }, opts);
    if (grants.length === 0) {
      throw new InvalidArgsError(
        `${workload}.grants`,
        [],
        "an identity without rights is a mistake",
        "Name what the workload may do, or do not bind it.",
      );
    }
    const own = grants.filter(isOwn);
    const mounts = own.length < grants.length ? needed(args, "mountIdentity").resources : [];
    if (own.length === 0) {
      this.annotations = resolvedAfter(mounts, {});
    } else {
      const role = serviceRole(
        name,
        {
          ...args,
          role: workload,
          description: `${namespace}/${serviceAccount} in ${args.cluster}: ${own.map((g) => g.verb).join(", ")}`,
          inline: { name: workload, document: policyFor(own, args) },
        },
        { parent: this },
      );
      this.annotations = resolvedAfter([...role.resources, ...mounts], {
        "eks.amazonaws.com/role-arn": role.arn,
      });
    }
    this.registerOutputs();
  }
}

/** A grant that the workload's own role carries. */
type OwnGrant = Exclude<Grant, { readonly verb: "mount-user-buckets" }>;

function isOwn(grant: Grant): grant is OwnGrant {
  return grant.verb !== "mount-user-buckets";
}

/** Plain wherever no id of another resource is in it, so that a preview can show it. */
function policyFor(grants: OwnGrant[], args: WorkloadIamArgs) {
  const statements = grants.map((grant) => statementsFor(grant, args));
  if (statements.some((group) => pulumi.Output.isInstance(group))) {
    return pulumi.all(statements).apply((groups) => policyDocument(...groups.flat()));
  }
  return policyDocument(...(statements as PolicyStatement[][]).flat());
}

function statementsFor(grant: OwnGrant, args: WorkloadIamArgs): pulumi.Input<PolicyStatement[]> {
  switch (grant.verb) {
    case "manage-user-buckets":
      return manageUserBuckets(args.accountId);
    case "replicate-database":
      return replicateDatabase(grant.bucket.name, args);
    case "read-database":
      return readDatabase(grant.bucket.name, args);
    case "answer-dns-challenge": {
      const { id, domain } = needed(args, "zone");
      return withId(id, (zone) => answerDnsChallenge(zone, domain));
    }
    case "sign-out-users": {
      const { id, region } = needed(args, "userPool");
      return withId(id, (pool) => signOutUsers(args.accountId, region, pool));
    }
  }
}

/** Applies at once to an id that is known while planning. */
function withId<T>(id: pulumi.Input<string>, make: (id: string) => T): pulumi.Input<T> {
  return typeof id === "string" ? make(id) : pulumi.output(id).apply(make);
}

function needed<K extends "mountIdentity" | "zone" | "userPool">(
  args: WorkloadIamArgs,
  key: K,
): NonNullable<WorkloadIamArgs[K]> {
  const value = args[key];
  if (value === undefined) {
    throw new InvalidArgsError(
      `${args.workload}.${key}`,
      undefined,
      "one of its grants needs it, and this cluster has none",
      "Drop the grant, or give the cluster what it is about.",
    );
  }
  return value;
}

/** The value, once every one of the resources exists. */
function resolvedAfter(
  resources: readonly pulumi.Resource[],
  value: Record<string, string>,
): pulumi.Output<Record<string, string>> {
  return pulumi.all(resources.map((resource) => resource.urn)).apply(() => value);
}
