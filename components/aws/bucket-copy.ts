import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { shown } from "../shown-inputs";
import type { StorageIntent } from "../storage-intents";
import { policyDocument, type PolicyDocument } from "./irsa";
import { copyBucketName, copyKeyAlias, copyLogBucketName, dataKeyAlias, roleName } from "./names";
import { deliverAccessLogs, privateBucket, type PrivateBucket } from "./private-bucket";
import { databaseRules, expiryRules } from "./storage-classes";
import { transformed, type Transform } from "./transform";

/** The bucket that is copied, and where to. */
export interface BucketCopyArgs {
  readonly cluster: string;
  readonly accountId: string;
  /** Region of the bucket that is copied. */
  readonly sourceRegion: string;
  /** Region of the copy: another one, on in the account. It can never change. */
  readonly region: string;
  /** Name of the bucket that is copied. */
  readonly source: string;
  /** What of it must be there first: its versions above all. */
  readonly sourceParts: readonly pulumi.Resource[];
  /** Days a replaced or deleted object of the copy can be brought back. */
  readonly versionsDays: number;
  readonly versionsClass: StorageIntent;
  /** Days the copy's access logs are kept. */
  readonly logsDays: number;
  readonly protect: boolean;
  /** Ways out, one a child. */
  readonly transform?: {
    readonly copyKey?: Transform<aws.kms.KeyArgs>;
    readonly copy?: Transform<aws.s3.BucketArgs>;
    readonly copyLogs?: Transform<aws.s3.BucketArgs>;
    readonly replication?: Transform<aws.s3.BucketReplicationConfigArgs>;
  };
}

/**
 * A bucket's copy in a second region, kept by S3 itself: `<cluster>-db-copy-<account>`, with a key, settings and
 * access logs of its own, all of them kept as the bucket that is copied is.
 *
 * S3 promises 99.9 % of new objects within 15 minutes (Replication Time Control, S3 service level agreement), so the
 * loss of a region can cost the last 15 minutes, where the loss of a zone costs seconds. Deletion markers are
 * copied and versions never deleted by it: whoever empties the one bucket leaves every version in the other.
 * Objects written before the copy was switched on are not copied by it (S3 Batch Replication does that).
 *
 * Costs a key (1 US$ a month), the storage again, and per GB written 0.02 for the way and 0.015 for the promise.
 *
 * @requirement O9
 * @requirement S5
 */
export class BucketCopy extends pulumi.ComponentResource {
  /** The copy by name, and everything that makes it one. */
  readonly copy: { readonly name: string; readonly region: string; readonly resources: pulumi.Resource[] };

  constructor(
    private readonly name: string,
    private readonly args: BucketCopyArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cmb:aws:BucketCopy", name, shown({ ...args, sourceParts: undefined }), opts);
    const key = this.makeKey();
    const copy = this.makeCopy(key);
    const logs = this.makeLogs(copy);
    const role = this.makeRole();
    const replication = this.replicate(key, copy, role);
    this.copy = {
      name: copyBucketName(args.cluster, args.accountId),
      region: args.region,
      resources: [...copy.resources, ...logs, replication],
    };
    this.registerOutputs({ copy: this.copy.name, region: args.region });
  }

  private get region(): aws.Region {
    return this.args.region as aws.Region;
  }

  private get kept(): pulumi.CustomResourceOptions {
    return { parent: this, protect: this.args.protect, retainOnDelete: this.args.protect };
  }

  private makeKey(): aws.kms.Key {
    const { cluster } = this.args;
    const key = new aws.kms.Key(
      `${this.name}-key`,
      transformed(this.args.transform?.copyKey, {
        region: this.region,
        description: `Encrypts the copy of the data of ${cluster}: without it the copy cannot be read`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
      }),
      this.kept,
    );
    new aws.kms.Alias(
      `${this.name}-key-alias`,
      { region: this.region, name: copyKeyAlias(cluster), targetKeyId: key.keyId },
      this.kept,
    );
    return key;
  }

  private makeCopy(key: aws.kms.Key): PrivateBucket {
    const { accountId, cluster, protect, transform, versionsClass, versionsDays } = this.args;
    return privateBucket(
      `${this.name}-bucket`,
      {
        bucketName: copyBucketName(cluster, accountId),
        region: this.region,
        forceDestroy: !protect,
        encryption: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
        // S3 copies no deletion that a lifecycle made.
        rules: databaseRules(versionsDays, versionsClass),
        transform: transform?.copy,
      },
      this.kept,
    );
  }

  /** S3 delivers access logs within a region only. */
  private makeLogs({ bucket }: PrivateBucket): pulumi.Resource[] {
    const { accountId, cluster, logsDays, protect, transform } = this.args;
    const source = copyBucketName(cluster, accountId);
    const bucketName = copyLogBucketName(cluster, accountId);
    const logs = privateBucket(
      `${this.name}-logs`,
      {
        bucketName,
        region: this.region,
        forceDestroy: !protect,
        encryption: { sseAlgorithm: "AES256" },
        rules: expiryRules(logsDays),
        statements: [deliverAccessLogs(bucketName, source, accountId)],
        transform: transform?.copyLogs,
      },
      this.kept,
    );
    const logging = new aws.s3.BucketLogging(
      `${this.name}-logging`,
      {
        bucket: bucket.bucket,
        region: this.region,
        targetBucket: logs.bucket.bucket,
        targetPrefix: `${source}/`,
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      },
      { ...this.kept, dependsOn: logs.resources },
    );
    return [...logs.resources, logging];
  }

  private makeRole(): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
    const { accountId, cluster, region, source, sourceRegion } = this.args;
    const copy = copyBucketName(cluster, accountId);
    const role = new aws.iam.Role(
      `${this.name}-role`,
      {
        name: roleName(cluster, "database-copy"),
        description: `Copies ${source} to ${copy}`,
        assumeRolePolicy: JSON.stringify(trust),
      },
      this.kept,
    );
    const policy = new aws.iam.RolePolicy(
      `${this.name}-policy`,
      {
        name: "copy-database",
        role: role.name,
        policy: JSON.stringify(
          copyRights(cluster, accountId, {
            from: { bucket: source, region: sourceRegion },
            to: { bucket: copy, region },
          }),
        ),
      },
      this.kept,
    );
    return { role, policy };
  }

  private replicate(
    key: aws.kms.Key,
    copy: PrivateBucket,
    { role, policy }: { role: aws.iam.Role; policy: aws.iam.RolePolicy },
  ): aws.s3.BucketReplicationConfig {
    const minutes = 15;
    return new aws.s3.BucketReplicationConfig(
      `${this.name}-replication`,
      transformed(this.args.transform?.replication, {
        bucket: this.args.source,
        role: role.arn,
        rules: [
          {
            id: "second-region",
            status: "Enabled",
            priority: 1,
            filter: {},
            // Else the copy would hold for ever what the database bucket let go.
            deleteMarkerReplication: { status: "Enabled" },
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
            destination: {
              bucket: copy.bucket.arn,
              encryptionConfiguration: { replicaKmsKeyId: key.arn },
              // The one does not come without the other; figures of both are in CloudWatch.
              replicationTime: { status: "Enabled", time: { minutes } },
              metrics: { status: "Enabled", eventThreshold: { minutes } },
            },
          },
        ],
      }),
      { ...this.kept, dependsOn: [...this.args.sourceParts, ...copy.resources, policy] },
    );
  }
}

/**
 * S3 takes the role by its service name. The S3 User Guide ("Setting up permissions for live replication") names no
 * condition on the account, and one that S3 does not send would stop every copy in silence; the role can be handed to
 * S3 only by who may pass it, and reaches two buckets.
 */
const trust: PolicyDocument = policyDocument({
  Effect: "Allow",
  Principal: { Service: "s3.amazonaws.com" },
  Action: "sts:AssumeRole",
});

interface Place {
  readonly bucket: string;
  readonly region: string;
}

/**
 * Read versions of the one bucket, write them to the other, each with its key through S3 alone (S3 User Guide, "Setting
 * up permissions for live replication" and "Replicating encrypted objects"). It can neither read the copy back nor
 * delete a version of either.
 *
 * @requirement W3
 */
function copyRights(cluster: string, accountId: string, { from, to }: { from: Place; to: Place }) {
  const key = ({ bucket, region }: Place, alias: string, sid: string, actions: string[]) =>
    ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: `arn:aws:kms:${region}:${accountId}:key/*`,
      Condition: {
        "ForAnyValue:StringEquals": { "kms:ResourceAliases": alias },
        StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
        // With a bucket key the context is the bucket, without one the object.
        StringLike: {
          "kms:EncryptionContext:aws:s3:arn": [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
        },
      },
    }) as const;
  return policyDocument(
    {
      Sid: "ReadConfiguration",
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: `arn:aws:s3:::${from.bucket}`,
    },
    {
      Sid: "ReadVersions",
      Effect: "Allow",
      Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
      Resource: `arn:aws:s3:::${from.bucket}/*`,
    },
    {
      Sid: "WriteCopies",
      Effect: "Allow",
      // ReplicateDelete writes deletion markers; versions it cannot touch.
      Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
      Resource: `arn:aws:s3:::${to.bucket}/*`,
    },
    key(from, dataKeyAlias(cluster), "ReadWithDataKey", ["kms:Decrypt"]),
    // A bucket key is made with GenerateDataKey, a single object's with Encrypt.
    key(to, copyKeyAlias(cluster), "WriteWithCopyKey", ["kms:Encrypt", "kms:GenerateDataKey"]),
  );
}
