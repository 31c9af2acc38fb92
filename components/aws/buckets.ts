import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BucketFacts } from "../cmb-cluster";
import { databaseBucketName } from "../naming";
import type { StorageIntent } from "../storage-intents";
import { policyDocument, type PolicyStatement } from "./irsa";
import { accessLogBucketName, dataKeyAlias } from "./names";
import { expiryRules, versionRules } from "./storage-classes";
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
  /** Neither a destroy nor an edit of the program deletes the buckets, their key, or any part of them. */
  readonly protect: boolean;
  /** Ways out, one a child. */
  readonly transform?: {
    readonly dataKey?: Transform<aws.kms.KeyArgs>;
    readonly database?: Transform<aws.s3.BucketArgs>;
    readonly accessLogs?: Transform<aws.s3.BucketArgs>;
  };
}

/**
 * The bucket for the database's copies, `<cluster>-db-<account>`, and one for its access logs. Both are private,
 * versioned, encrypted, reached by TLS only and owned by the account whoever writes. The database bucket has a
 * key of its own (1 US$ a month), the logs Amazon's, since S3 delivers logs to no other.
 *
 * Everything is kept as a whole: a bucket without its policy or key would be open or unreadable.
 *
 * @requirement S1
 */
export class Buckets extends pulumi.ComponentResource {
  readonly database: BucketFacts;

  constructor(
    private readonly name: string,
    private readonly args: BucketsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cmb:aws:Buckets", name, shown(args), opts);
    const logs = this.makeAccessLogs();
    const key = this.makeDataKey();
    this.database = this.makeDatabase(key, logs);
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
    const { bucket, resources } = this.makeBucket("database", name, {
      transform: this.args.transform?.database,
      encryption: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
      rules: versionRules(this.args.versionsDays, this.args.versionsClass),
      statements: [],
    });
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
    const { bucket, resources } = this.makeBucket("access-logs", name, {
      transform: transform?.accessLogs,
      encryption: { sseAlgorithm: "AES256" },
      rules: expiryRules(logsDays),
      statements: [
        {
          Sid: "DeliverAccessLogs",
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: ["s3:PutObject"],
          Resource: `arn:aws:s3:::${name}/*`,
          Condition: {
            ArnLike: { "aws:SourceArn": `arn:aws:s3:::${source}` },
            StringEquals: { "aws:SourceAccount": accountId },
          },
        },
      ],
    });
    return { name: bucket.bucket, resources };
  }

  /** A bucket with everything that makes it private, lasting and bounded. */
  private makeBucket(
    role: string,
    bucketName: string,
    how: {
      transform: Transform<aws.s3.BucketArgs> | undefined;
      encryption: { sseAlgorithm: string; kmsMasterKeyId?: pulumi.Input<string> };
      rules: aws.s3.BucketLifecycleConfigurationArgs["rules"];
      statements: PolicyStatement[];
    },
  ): { bucket: aws.s3.Bucket; resources: pulumi.Resource[] } {
    const name = `${this.name}-${role}`;
    const made = new aws.s3.Bucket(
      name,
      transformed<aws.s3.BucketArgs>(how.transform, {
        bucket: bucketName,
        forceDestroy: !this.args.protect,
      }),
      this.kept,
    );
    const bucket = made.bucket;
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      this.kept,
    );
    const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: how.encryption,
            // One call to KMS for many objects instead of one each.
            bucketKeyEnabled: how.encryption.kmsMasterKeyId === undefined ? undefined : true,
          },
        ],
      },
      this.kept,
    );
    const privacy = new aws.s3.BucketPublicAccessBlock(
      `${name}-private`,
      {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      this.kept,
    );
    const ownership = new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      this.kept,
    );
    const policy = new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket,
        policy: JSON.stringify(policyDocument(tlsOnly(bucketName), ...how.statements)),
      },
      // S3 refuses two changes of a bucket's access at the same moment.
      { ...this.kept, dependsOn: [privacy, ownership] },
    );
    const lifecycle = new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket, rules: how.rules },
      // Rules on versions need the versions.
      { ...this.kept, dependsOn: [versioning] },
    );
    return { bucket: made, resources: [made, versioning, encryption, privacy, ownership, policy, lifecycle] };
  }
}

/** Nobody, whatever else allows it, without TLS. */
function tlsOnly(bucket: string): PolicyStatement {
  return {
    Sid: "DenyWithoutTls",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
