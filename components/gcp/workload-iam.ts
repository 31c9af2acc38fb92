import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadArgs, WorkloadBinding } from "../cmb-cluster";
import { InvalidArgsError } from "../errors";
import type { Grant } from "../grants";
import { shorten, workloadAccountId } from "../naming";
import { childOptions, shaped, type ChildOptions, type Transform } from "./child";
import { nodeAccountId } from "./node-identity";
import {
  BUCKET_FACTORY_PERMISSIONS,
  DATABASE_READ_PERMISSIONS,
  DATABASE_REPLICA_PERMISSIONS,
  DNS_CHALLENGE_PERMISSIONS,
  roleId,
  USER_BUCKET_PERMISSIONS,
  userBucketConditions,
} from "./permissions";

/** One Kubernetes service account and what it may do. */
export interface WorkloadIamArgs extends WorkloadArgs {
  readonly cluster: string;
  readonly project: string;
  /** What the workload is called: part of the Google account's id and of the ids of its roles. */
  readonly workload: string;
  /**
   * What must exist before the pool `<project>.svc.id.goog` does: a cluster with Workload Identity. Google
   * refuses a binding to a pool that is not there.
   */
  readonly pool: readonly pulumi.Resource[];
  /** The zone for `answer-dns-challenge`. */
  readonly zone?: { readonly name: string; readonly resources: readonly pulumi.Resource[] };
  /**
   * Number in the ids of custom roles, default 1. Google keeps a deleted role's id: for 7 days the provider
   * brings such a role back by itself, then until day 37 the id can be neither used nor brought back. Whoever
   * destroys a stack and makes it again in that time raises the number.
   */
  readonly roleRevision?: number;
  /** Protect and retain the mounting identity, see the class; default true. */
  readonly protect?: boolean;
  readonly transform?: {
    readonly account?: Transform<gcp.serviceaccount.AccountArgs>;
    readonly trust?: Transform<gcp.serviceaccount.IAMMemberArgs>;
    readonly role?: Transform<gcp.projects.IAMCustomRoleArgs>;
    readonly projectBinding?: Transform<gcp.projects.IAMMemberArgs>;
    readonly bucketBinding?: Transform<gcp.storage.BucketIAMMemberArgs>;
    readonly zoneBinding?: Transform<gcp.dns.DnsManagedZoneIamMemberArgs>;
  };
}

/** Longest and shortest id of a Google service account. */
const ACCOUNT_ID_LIMITS = { least: 6, most: 30 };

/**
 * Gives one Kubernetes service account a Google service account of its own, and that one exactly the grants
 * named. There is no key: pods get short-lived tokens from the metadata server of GKE.
 *
 * Names in the pool are per project, not per cluster: the same namespace and account in two clusters of one
 * project are one identity.
 *
 * The identity that mounts user buckets (`mount-user-buckets`) has the name that the application computes, and
 * holds data as much as the buckets do: policies of user buckets name it by its unique id, so one of the same
 * name made later is locked out of every older bucket. It is protected, retained, and taken over if it is there.
 *
 * New permissions reach all of Google within about two minutes, in rare cases seven.
 *
 * @requirement W1
 * @requirement W3
 */
export class WorkloadIam extends pulumi.ComponentResource implements WorkloadBinding {
  readonly annotations: pulumi.Output<Record<string, string>>;
  /** Address of the Google account, known before it exists. */
  readonly email: string;
  private readonly made: pulumi.CustomResource[] = [];

  constructor(name: string, args: WorkloadIamArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseBadGrants(args);
    const { cluster, project, workload, namespace, serviceAccount } = args;
    const verbs = args.grants.map((grant) => grant.verb);
    super(
      "cmb:gcp:WorkloadIam",
      name,
      { cluster, project, workload, namespace, serviceAccount, verbs },
      opts,
    );
    const child = childOptions(this, opts);
    this.email = `${accountId(args)}@${project}.iam.gserviceaccount.com`;
    const account = this.makeAccount(name, args, child);
    const bound = { ...child, dependsOn: [...child.dependsOn, account] };
    this.trust(name, args, { ...bound, dependsOn: [...bound.dependsOn, ...args.pool] });
    for (const grant of args.grants) this.give(name, grant, args, bound);
    this.annotations = pulumi
      .all(this.made.map((resource) => resource.id))
      .apply((): Record<string, string> => ({ "iam.gke.io/gcp-service-account": this.email }));
    this.registerOutputs({ email: this.email });
  }

  private makeAccount(name: string, args: WorkloadIamArgs, opts: ChildOptions) {
    const mounts = mountsBuckets(args);
    const protect = mounts && (args.protect ?? true);
    return this.keep(
      new gcp.serviceaccount.Account(
        `${name}-account`,
        ...shaped(
          args.transform?.account,
          {
            accountId: accountId(args),
            project: args.project,
            displayName: `${args.workload} of ${args.cluster}`,
            description: `Kubernetes service account ${args.namespace}/${args.serviceAccount}`,
            // A retained account outlives the state; the next stack has to take it over, not fail on it.
            ...(mounts && { createIgnoreAlreadyExists: true }),
          },
          { ...opts, protect, retainOnDelete: protect },
        ),
      ),
    );
  }

  private trust(name: string, args: WorkloadIamArgs, opts: ChildOptions): void {
    const { project, namespace, serviceAccount } = args;
    this.keep(
      new gcp.serviceaccount.IAMMember(
        `${name}-trust`,
        ...shaped(
          args.transform?.trust,
          {
            serviceAccountId: `projects/${project}/serviceAccounts/${this.email}`,
            role: "roles/iam.workloadIdentityUser",
            member: `serviceAccount:${project}.svc.id.goog[${namespace}/${serviceAccount}]`,
          },
          opts,
        ),
      ),
    );
  }

  private give(name: string, grant: Grant, args: WorkloadIamArgs, opts: ChildOptions): void {
    switch (grant.verb) {
      case "manage-user-buckets":
        return this.manageUserBuckets(name, args, opts);
      case "replicate-database":
        return this.shareDatabase(name, grant.bucket, "write database copies", args, opts);
      case "read-database":
        return this.shareDatabase(name, grant.bucket, "read database copies", args, opts);
      case "answer-dns-challenge":
        return this.answerDnsChallenge(name, args.zone!, args, opts);
      case "mount-user-buckets": // the application gives it each bucket when it makes the bucket
      case "sign-out-users": // refused before anything was registered
        return;
    }
  }

  /** @requirement S3 */
  private manageUserBuckets(name: string, args: WorkloadIamArgs, opts: ChildOptions): void {
    const factory = this.makeRole(
      name,
      "factory",
      "make and list buckets",
      BUCKET_FACTORY_PERMISSIONS,
      args,
      opts,
    );
    this.bindProject(`${name}-factory`, factory, undefined, args);
    const manager = this.makeRole(
      name,
      "buckets",
      "manage user buckets",
      USER_BUCKET_PERMISSIONS,
      args,
      opts,
    );
    for (const condition of userBucketConditions()) {
      this.bindProject(`${name}-${condition.title}`, manager, condition, args);
    }
  }

  private shareDatabase(
    name: string,
    bucket: { readonly name: string; readonly resources: readonly pulumi.Resource[] },
    does: keyof typeof DATABASE_PERMISSIONS,
    args: WorkloadIamArgs,
    opts: ChildOptions,
  ): void {
    const role = this.makeRole(name, "database", does, DATABASE_PERMISSIONS[does], args, opts);
    this.keep(
      new gcp.storage.BucketIAMMember(
        `${name}-database`,
        ...shaped(
          args.transform?.bucketBinding,
          { bucket: bucket.name, role: role.name, member: this.member },
          { ...role.opts, dependsOn: [...role.opts.dependsOn, ...bucket.resources] },
        ),
      ),
    );
  }

  private answerDnsChallenge(
    name: string,
    zone: NonNullable<WorkloadIamArgs["zone"]>,
    args: WorkloadIamArgs,
    opts: ChildOptions,
  ): void {
    const role = this.makeRole(
      name,
      "dns",
      "answer DNS-01 challenges",
      DNS_CHALLENGE_PERMISSIONS,
      args,
      opts,
    );
    this.keep(
      new gcp.dns.DnsManagedZoneIamMember(
        `${name}-dns`,
        ...shaped(
          args.transform?.zoneBinding,
          { project: args.project, managedZone: zone.name, role: role.name, member: this.member },
          { ...role.opts, dependsOn: [...role.opts.dependsOn, ...zone.resources] },
        ),
      ),
    );
  }

  /** Makes a custom role; its name, and options for a binding that waits for it. */
  private makeRole(
    name: string,
    what: string,
    does: string,
    permissions: readonly string[],
    args: WorkloadIamArgs,
    opts: ChildOptions,
  ): Role {
    const id = roleId(args.cluster, args.workload, what, args.roleRevision ?? 1);
    const role = this.keep(
      new gcp.projects.IAMCustomRole(
        `${name}-role-${what}`,
        ...shaped(
          args.transform?.role,
          {
            project: args.project,
            roleId: id,
            title: `${args.cluster} ${args.workload}: ${does}`,
            description: `What ${args.workload} of ${args.cluster} needs to ${does}, and no more`,
            stage: "GA",
            permissions: [...permissions],
          },
          opts,
        ),
      ),
    );
    return {
      name: `projects/${args.project}/roles/${id}`,
      opts: { ...opts, dependsOn: [...opts.dependsOn, role] },
    };
  }

  private bindProject(
    name: string,
    role: Role,
    condition: gcp.types.input.projects.IAMMemberCondition | undefined,
    args: WorkloadIamArgs,
  ): void {
    this.keep(
      new gcp.projects.IAMMember(
        name,
        ...shaped(
          args.transform?.projectBinding,
          { project: args.project, role: role.name, member: this.member, condition },
          role.opts,
        ),
      ),
    );
  }

  private get member(): string {
    return `serviceAccount:${this.email}`;
  }

  /** Remembers what the annotations have to wait for. */
  private keep<R extends pulumi.CustomResource>(resource: R): R {
    this.made.push(resource);
    return resource;
  }
}

/** What may be done on the database bucket, by what it is called in the role. */
const DATABASE_PERMISSIONS = {
  "write database copies": DATABASE_REPLICA_PERMISSIONS,
  "read database copies": DATABASE_READ_PERMISSIONS,
} as const;

interface Role {
  readonly name: string;
  readonly opts: ChildOptions;
}

const mountsBuckets = (args: WorkloadIamArgs): boolean =>
  args.grants.some((grant) => grant.verb === "mount-user-buckets");

/** Id of a workload's Google account; that of the mounting identity is computed by the application as well. */
function accountId(args: WorkloadIamArgs): string {
  return mountsBuckets(args)
    ? workloadAccountId(args.cluster)
    : shorten(`${args.cluster}-${args.workload}`, ACCOUNT_ID_LIMITS.most, 8);
}

/** Refuses grants that cannot be given on Google Cloud, or whose identity would carry more than it should. */
function refuseBadGrants(args: WorkloadIamArgs): void {
  const refuse = (value: unknown, reason: string, remedy: string): never => {
    throw new InvalidArgsError(`bindWorkload(${args.workload})`, value, reason, remedy);
  };
  const verbs = args.grants.map((grant) => grant.verb);
  if (verbs.length === 0) {
    refuse(verbs, "an identity without rights", "Name a grant, or use no binding.");
  }
  if (new Set(verbs).size < verbs.length) {
    refuse(verbs, "a grant is named twice", "Name each grant once.");
  }
  if (verbs.includes("mount-user-buckets") && verbs.length > 1) {
    refuse(verbs, "code of users can use the mounting identity", "Give the other grants to another account.");
  }
  if (verbs.includes("sign-out-users")) {
    refuse(
      "sign-out-users",
      "a Cognito pool takes orders from AWS identities only, and this one is Google's",
      "Leave cmbcluster:auth.cognito.allowSignOutEverywhere off.",
    );
  }
  if (verbs.includes("answer-dns-challenge") && !args.zone) {
    refuse("answer-dns-challenge", "no zone is given to answer in", "Pass the zone of the domain.");
  }
  const id = accountId(args);
  if (id.length < ACCOUNT_ID_LIMITS.least) {
    refuse(id, `account ids have ${ACCOUNT_ID_LIMITS.least} characters or more`, "Choose a longer name.");
  }
  const taken = [nodeAccountId(args.cluster), workloadAccountId(args.cluster)];
  if (!mountsBuckets(args) && taken.includes(id)) {
    refuse(args.workload, `${id} is the account of somebody else`, "Choose another name.");
  }
}
