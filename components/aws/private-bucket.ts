import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, type PolicyStatement } from "./irsa";
import { transformed, type Transform } from "./transform";

/** What tells one of the program's own buckets from another. */
export interface PrivateBucketArgs {
  /** Physical name, known while planning: the policy names it. */
  readonly bucketName: string;
  /** Region; default: the provider's. It can never change. */
  readonly region?: aws.Region;
  /** Delete what is in it with the bucket; what that deletes is lost. */
  readonly forceDestroy: boolean;
  readonly encryption: { readonly sseAlgorithm: string; readonly kmsMasterKeyId?: pulumi.Input<string> };
  readonly rules: aws.s3.BucketLifecycleConfigurationArgs["rules"];
  /** Statements of the policy besides the one that asks for TLS. */
  readonly statements?: readonly PolicyStatement[];
  readonly transform?: Transform<aws.s3.BucketArgs>;
}

/** A bucket, and the bucket with all its settings. */
export interface PrivateBucket {
  readonly bucket: aws.s3.Bucket;
  readonly versioning: aws.s3.BucketVersioning;
  readonly resources: pulumi.Resource[];
}

/**
 * A bucket with everything that makes it private, lasting and bounded: versions, encryption, no public access, no
 * ACLs, TLS only, a lifecycle.
 *
 * @requirement S1
 */
export function privateBucket(
  name: string,
  args: PrivateBucketArgs,
  opts: pulumi.CustomResourceOptions,
): PrivateBucket {
  const { bucketName, encryption, forceDestroy, rules, statements = [], transform } = args;
  const region = args.region === undefined ? {} : { region: args.region };
  const made = new aws.s3.Bucket(
    name,
    transformed<aws.s3.BucketArgs>(transform, { bucket: bucketName, ...region, forceDestroy }),
    opts,
  );
  const here = { bucket: made.bucket, ...region };
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { ...here, versioningConfiguration: { status: "Enabled" } },
    opts,
  );
  const encrypted = new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      ...here,
      rules: [
        {
          applyServerSideEncryptionByDefault: encryption,
          // One call to KMS for many objects instead of one each.
          bucketKeyEnabled: encryption.kmsMasterKeyId === undefined ? undefined : true,
        },
      ],
    },
    opts,
  );
  const privacy = new aws.s3.BucketPublicAccessBlock(
    `${name}-private`,
    {
      ...here,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    opts,
  );
  const ownership = new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    { ...here, rule: { objectOwnership: "BucketOwnerEnforced" } },
    opts,
  );
  const policy = new aws.s3.BucketPolicy(
    `${name}-policy`,
    { ...here, policy: JSON.stringify(policyDocument(tlsOnly(bucketName), ...statements)) },
    // S3 refuses two changes of a bucket's access at the same moment.
    { ...opts, dependsOn: [privacy, ownership] },
  );
  const lifecycle = new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { ...here, rules },
    // Rules on versions need the versions.
    { ...opts, dependsOn: [versioning] },
  );
  return {
    bucket: made,
    versioning,
    resources: [made, versioning, encrypted, privacy, ownership, policy, lifecycle],
  };
}

/** The log service, and only for one bucket of the own account, may write into a bucket of logs. */
export function deliverAccessLogs(logs: string, source: string, accountId: string): PolicyStatement {
  return {
    Sid: "DeliverAccessLogs",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: ["s3:PutObject"],
    Resource: `arn:aws:s3:::${logs}/*`,
    Condition: {
      ArnLike: { "aws:SourceArn": `arn:aws:s3:::${source}` },
      StringEquals: { "aws:SourceAccount": accountId },
    },
  };
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
