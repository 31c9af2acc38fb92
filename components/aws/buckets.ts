import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BucketFacts } from "../cmb-cluster";
import { databaseBucketName } from "../naming";
import type { StorageIntent } from "../storage-intents";
import { BucketCopy, type BucketCopyArgs } from "./bucket-copy";
import { accessLogBucketName, dataKeyAlias } from "./names";
import { deliverAccessLogs, privateBucket } from "./private-bucket";
import { databaseRules, expiryRules } from "./storage-classes";
import { shown } from "../shown-inputs";
import { transformed, type Transform } from "./transform";

/** What the program's own buckets are made of. */
export interface BucketsArgs {
  readonly cluster: string;
  readonly accountId: string;
  /** Days a replaced or deleted object of the database bucket can be brought back. */
  readonly versionsDays: number;
  /** Class of these old versions from the thirtieth day on. */
  readonly versionsClass: StorageIntent;
  /** Days the access logs are kept. */
  readonly logsDays: number;
  /** Region of {@link accountId}'s buckets: that of the provider. Needed by the copy only. */
  readonly region: string;
  /** Region of a copy that S3 keeps of the database bucket: see {@link BucketCopy}. Default: there is none. */
  readonly copyRegion?: string;
  /** Neither a destroy nor an edit of the program deletes the buckets, their key, or any part of them. */
  readonly protect: boolean;
  /** Ways out, one a child. */
  readonly transform?: {
    readonly dataKey?: Transform<aws.kms.KeyArgs>;
    readonly database?: Transform<aws.s3.BucketArgs>;
    readonly accessLogs?: Transform<aws.s3.BucketArgs>;
  } & BucketCopyArgs["transform"];
}

/**
 * The bucket for the database's copies, `<cluster>-db-<account>`, and one for its access logs. Both are private,
 * versioned, encrypted, reached by TLS only and owned by the account whoever writes. The database bucket has a
 * key of its own (1 US$ a month), the logs Amazon's, since S3 delivers logs to no other. With `copyRegion` S3 keeps a
 * copy of the database bucket in a second region.
 *
 * Everything is kept as a whole: a bucket without its policy or key would be open or unreadable.
 *
 * @requirement S1
 */
export class Buckets extends pulumi.ComponentResource {
  readonly database: BucketFacts;
  /** The database bucket's copy in a second region; undefined where there is none. */
  readonly copy: BucketCopy["copy"] | undefined;

  constructor(
    private readonly name: string,
    private readonly args: BucketsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cmb:aws:Buckets", name, shown(args), opts);
    const logs = this.makeAccessLogs();
    const key = this.makeDataKey();
    this.database = this.makeDatabase(key, logs);
    this.copy = this.makeCopy();
    this.registerOutputs({ database: this.database.name });
  }

  private get kept(): pulumi.CustomResourceOptions {
    return { parent: this, protect: this.args.protect, retainOnDelete: this.args.protect };
  }

  private makeDataKey(): { key: aws.kms.Key; alias: aws.kms.Alias } {
    const key = new aws.kms.Key(
      `${this.name}-data-key`,
      transformed(this.args.transform?.dataKey, {
        description: `Encrypts the data of ${this.args.cluster}: without it they cannot be read`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
      }),
      this.kept,
    );
    const alias = new aws.kms.Alias(
      `${this.name}-data-key-alias`,
      { name: dataKeyAlias(this.args.cluster), targetKeyId: key.keyId },
      this.kept,
    );
    return { key, alias };
  }

  private makeDatabase(
    { key, alias }: { key: aws.kms.Key; alias: aws.kms.Alias },
    logs: { name: pulumi.Output<string>; resources: pulumi.Resource[] },
  ): BucketFacts {
    const name = databaseBucketName.aws(this.args.cluster, this.args.accountId);
    const { bucket, resources } = privateBucket(
      `${this.name}-database`,
      {
        bucketName: name,
        forceDestroy: !this.args.protect,
        transform: this.args.transform?.database,
        encryption: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
        rules: databaseRules(this.args.versionsDays, this.args.versionsClass),
      },
      this.kept,
    );
    const logging = new aws.s3.BucketLogging(
      `${this.name}-database-logging`,
      {
        bucket: bucket.bucket,
        targetBucket: logs.name,
        targetPrefix: `${name}/`,
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      },
      { ...this.kept, dependsOn: logs.resources },
    );
    return { name, url: `s3://${name}`, resources: [...resources, key, alias, logging] };
  }

  private makeAccessLogs() {
    const { accountId, cluster, logsDays, transform } = this.args;
    const name = accessLogBucketName(cluster, accountId);
    const source = databaseBucketName.aws(cluster, accountId);
    const { bucket, resources } = privateBucket(
      `${this.name}-access-logs`,
      {
        bucketName: name,
        forceDestroy: !this.args.protect,
        transform: transform?.accessLogs,
        encryption: { sseAlgorithm: "AES256" },
        rules: expiryRules(logsDays),
        statements: [deliverAccessLogs(name, source, accountId)],
      },
      this.kept,
    );
    return { name: bucket.bucket, resources };
  }

  private makeCopy(): BucketCopy["copy"] | undefined {
    const { accountId, cluster, copyRegion, logsDays, protect, region, transform } = this.args;
    if (copyRegion === undefined) return undefined;
    const { versionsClass, versionsDays } = this.args;
    return new BucketCopy(
      `${this.name}-copy`,
      {
        cluster,
        accountId,
        sourceRegion: region,
        region: copyRegion,
        source: this.database.name,
        sourceParts: this.database.resources,
        versionsDays,
        versionsClass,
        logsDays,
        protect,
        transform,
      },
      { parent: this },
    ).copy;
  }
}
