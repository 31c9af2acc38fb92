import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { BucketFacts } from "../cmb-cluster";
import { databaseBucketName, SIGNS_OF_LIFE, SIGNS_OF_LIFE_DAYS } from "../naming";
import type { StorageIntent } from "../storage-intents";
import { shown } from "../shown-inputs";
import { childOptions, shaped, type ChildOptions, type Transform } from "./child";
import { storageClasses } from "./storage-classes";

/** Where the database's copies lie and how long they stay. */
export interface BucketsArgs {
  readonly cluster: string;
  readonly project: string;
  /**
   * A region (`europe-west4`), a dual-region (`eur4`) or a multi-region (`EU`). It can never be changed: one
   * region's loss is the bucket's loss unless it lay in more from the start. More regions cost about a third more.
   */
  readonly location: string;
  /** Class of replaced and deleted objects; default hot. The colder, the longer the least time that is billed. */
  readonly versionsIntent?: StorageIntent;
  /** Days a replaced or deleted object is kept; default 30. After that it is gone but for soft deletion. */
  readonly versionsDays?: number;
  /** Days for which Google can still bring back what was deleted for good; 7 to 90, or 0; default 7. */
  readonly softDeleteDays?: number;
  /** Days the access logs are kept; default 30. */
  readonly logsDays?: number;
  /**
   * Keep an hourly log of who read and wrote what, in a bucket beside; default true. Where the organisation lets
   * in members of its own domains only (`iam.allowedPolicyMemberDomains`), Google's log writer is refused:
   * set false there, and switch on Data Access audit logs for the project.
   */
  readonly accessLogs?: boolean;
  /**
   * Protect and retain the buckets; default true. With false a destroy deletes the database's copies, if
   * `emptyOnDestroy` is set as well: a bucket with objects in it is not deleted otherwise.
   */
  readonly protect?: boolean;
  /** Delete a bucket's objects when the bucket is deleted; default false. What it deletes is lost. */
  readonly emptyOnDestroy?: boolean;
  readonly transform?: {
    readonly database?: Transform<gcp.storage.BucketArgs>;
    readonly logs?: Transform<gcp.storage.BucketArgs>;
    readonly logWriter?: Transform<gcp.storage.BucketIAMMemberArgs>;
  };
}

/**
 * The database bucket and its access logs. Versioned, without ACLs, never public, encrypted with Google's keys;
 * Cloud Storage answers authenticated calls over TLS only.
 *
 * Usage logs are used rather than Data Access audit logs: those are switched on for a whole project, so two
 * stacks in one project would fight over them, and they would bill every read of every user's bucket.
 *
 * Of live objects only the backend's signs of life expire here; what was replaced or deleted does after `versionsDays`.
 *
 * @requirement S1
 */
export class Buckets extends pulumi.ComponentResource {
  readonly database: BucketFacts;

  constructor(name: string, args: BucketsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:gcp:Buckets", name, shown(args), opts);
    const protect = args.protect ?? true;
    const child = { ...childOptions(this, opts), protect, retainOnDelete: protect };
    const bucketName = databaseBucketName.gcp(args.cluster, args.project);
    const logs =
      (args.accessLogs ?? true) ? this.makeLogs(name, `${bucketName}-logs`, args, child) : undefined;
    const bucket = this.makeDatabase(name, bucketName, args, child, logs);
    this.database = { name: bucketName, url: `gs://${bucketName}`, resources: [bucket] };
    this.registerOutputs({ database: bucketName });
  }

  private makeLogs(name: string, bucketName: string, args: BucketsArgs, opts: ChildOptions) {
    const bucket = new gcp.storage.Bucket(
      `${name}-database-logs`,
      ...shaped(
        args.transform?.logs,
        {
          ...closed(args),
          name: bucketName,
          softDeletePolicy: { retentionDurationSeconds: 0 },
          lifecycleRules: [{ action: { type: "Delete" }, condition: { age: args.logsDays ?? 30 } }],
        },
        opts,
      ),
    );
    const writer = new gcp.storage.BucketIAMMember(
      `${name}-database-logs-writer`,
      ...shaped(
        args.transform?.logWriter,
        {
          bucket: bucket.name,
          role: "roles/storage.objectCreator",
          member: "group:cloud-storage-analytics@google.com",
        },
        opts,
      ),
    );
    return { bucket, writer };
  }

  private makeDatabase(
    name: string,
    bucketName: string,
    args: BucketsArgs,
    opts: ChildOptions,
    logs: { bucket: gcp.storage.Bucket; writer: pulumi.Resource } | undefined,
  ) {
    return new gcp.storage.Bucket(
      `${name}-database`,
      ...shaped(
        args.transform?.database,
        {
          ...closed(args),
          name: bucketName,
          versioning: { enabled: true },
          softDeletePolicy: { retentionDurationSeconds: (args.softDeleteDays ?? 7) * 86400 },
          autoclass: args.versionsIntent === "auto" ? { enabled: true } : undefined,
          lifecycleRules: databaseLifecycle(args.versionsIntent ?? "hot", args.versionsDays ?? 30),
          logging: logs && { logBucket: logs.bucket.name, logObjectPrefix: "database" },
        },
        { ...opts, dependsOn: [...opts.dependsOn, ...(logs ? [logs.writer] : [])] },
      ),
    );
  }
}

/** What every bucket of the program has in common. */
function closed(args: BucketsArgs) {
  return {
    project: args.project,
    location: args.location.toUpperCase(),
    storageClass: "STANDARD",
    uniformBucketLevelAccess: true,
    publicAccessPrevention: "enforced",
    forceDestroy: args.emptyOnDestroy ?? false,
  };
}

/** Replaced and deleted objects get colder at once and go after `days`; uploads that never ended go after a week. */
function databaseLifecycle(
  intent: StorageIntent,
  days: number,
): gcp.types.input.storage.BucketLifecycleRule[] {
  const moves = intent !== "hot" && intent !== "auto";
  return [
    ...(moves
      ? [
          {
            action: { type: "SetStorageClass", storageClass: storageClasses[intent] },
            condition: { daysSinceNoncurrentTime: 1, withState: "ARCHIVED" },
          },
        ]
      : []),
    {
      action: { type: "Delete" },
      condition: { daysSinceNoncurrentTime: days, withState: "ARCHIVED" },
    },
    { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
    {
      action: { type: "Delete" },
      condition: { age: SIGNS_OF_LIFE_DAYS, matchesPrefixes: [SIGNS_OF_LIFE], withState: "LIVE" },
    },
  ];
}
