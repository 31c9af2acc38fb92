import { hostNames, USER_BUCKET_PREFIXES, WRITTEN_ONCE } from "../naming";
import type { PolicyStatement } from "./irsa";
import { dataKeyAlias } from "./names";
import { userBucketArns, userObjectArns } from "./user-buckets";

/**
 * The permissions behind each verb of `Grant`, as pure functions of names. The comments say which call of the
 * application (CMBAgents/cmbcluster, backend/cloud_providers/aws_provider.py) or of the tool needs an action.
 *
 * @requirement W3
 */

/**
 * Create and manage the buckets whose names the application computes, and no other: neither the database bucket
 * nor one that a request names freely (`custom_name`) fits the patterns.
 *
 * @requirement S3
 */
export function manageUserBuckets(accountId: string): PolicyStatement[] {
  const buckets = USER_BUCKET_PREFIXES.map(userBucketArns);
  // Bucket names are global: without this the rights would reach into a stranger's bucket of a fitting name, if
  // the stranger opened it.
  const ownAccount = { StringEquals: { "aws:ResourceAccount": accountId } };
  return [
    // Creation cannot carry the condition: the resource belongs to nobody yet.
    { Sid: "CreateUserBuckets", Effect: "Allow", Action: ["s3:CreateBucket"], Resource: buckets },
    {
      Sid: "ManageUserBuckets",
      Effect: "Allow",
      Action: [
        "s3:DeleteBucket",
        // HeadBucket, ListObjects
        "s3:ListBucket",
        // ListObjectVersions
        "s3:ListBucketVersions",
        "s3:GetBucketLocation",
        "s3:GetBucketVersioning",
        "s3:PutBucketVersioning",
        "s3:GetLifecycleConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:PutBucketTagging",
        "s3:GetBucketPolicy",
        "s3:PutBucketPolicy",
      ],
      Resource: buckets,
      Condition: ownAccount,
    },
    {
      Sid: "ManageUserObjects",
      Effect: "Allow",
      Action: [
        // HeadObject, GetObject
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
      ],
      Resource: USER_BUCKET_PREFIXES.map(userObjectArns),
      Condition: ownAccount,
    },
    // ListBuckets: S3 knows no narrower resource for it.
    { Sid: "ListBuckets", Effect: "Allow", Action: ["s3:ListAllMyBuckets"], Resource: "*" },
  ];
}

/** Where the database bucket and its key are. */
interface DataPlace {
  readonly cluster: string;
  readonly accountId: string;
  readonly region: string;
}

/**
 * Write the database's copies and read them back. Nothing here deletes: old copies go by the bucket's lifecycle, so a
 * broken or broken-into backend cannot destroy its own backup. Names that are written once cannot be written again
 * either: a put must ask for a new name (`If-None-Match: *`), on which S3 alone decides between two backends. (Parts of a
 * large object carry no such header; their completion does.)
 */
export function replicateDatabase(bucket: string, place: DataPlace): PolicyStatement[] {
  return [
    listCopies(bucket),
    {
      Sid: "CopyDatabase",
      Effect: "Allow",
      // AbortMultipartUpload: Litestream's large snapshots.
      Action: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: `arn:aws:s3:::${bucket}/*`,
    },
    {
      Sid: "WriteNamesOnce",
      Effect: "Deny",
      Action: ["s3:PutObject"],
      Resource: WRITTEN_ONCE.map((keys) => `arn:aws:s3:::${bucket}/${keys}`),
      Condition: { Null: { "s3:if-none-match": "true" }, Bool: { "s3:ObjectCreationOperation": "true" } },
    },
    useDataKey(["kms:GenerateDataKey", "kms:Decrypt"], place),
  ];
}

/** Read the database's copies, and do nothing else. */
export function readDatabase(bucket: string, place: DataPlace): PolicyStatement[] {
  return [
    listCopies(bucket),
    {
      Sid: "ReadDatabaseCopies",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: `arn:aws:s3:::${bucket}/*`,
    },
    useDataKey(["kms:Decrypt"], place),
  ];
}

function listCopies(bucket: string): PolicyStatement {
  return {
    Sid: "ListDatabaseCopies",
    Effect: "Allow",
    Action: ["s3:ListBucket"],
    Resource: `arn:aws:s3:::${bucket}`,
  };
}

/** The data key is named by its alias, which is known before the key is, and may be used through S3 only. */
function useDataKey(actions: readonly string[], { accountId, cluster, region }: DataPlace): PolicyStatement {
  return {
    Sid: "UseDataKey",
    Effect: "Allow",
    Action: actions,
    Resource: `arn:aws:kms:${region}:${accountId}:key/*`,
    Condition: {
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": dataKeyAlias(cluster) },
      StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
    },
  };
}

/**
 * The TXT records of DNS-01 challenges for the names that the wildcard certificate carries, in one zone
 * (cert-manager, DNS-01 with Route 53).
 */
export function answerDnsChallenge(zoneId: string, domain: string): PolicyStatement[] {
  const { site, api } = hostNames(domain);
  const zone = `arn:aws:route53:::hostedzone/${zoneId}`;
  return [
    {
      Sid: "WatchChanges",
      Effect: "Allow",
      Action: ["route53:GetChange"],
      Resource: "arn:aws:route53:::change/*",
    },
    {
      Sid: "ReadRecords",
      Effect: "Allow",
      Action: ["route53:ListResourceRecordSets"],
      Resource: zone,
    },
    {
      Sid: "AnswerChallenges",
      Effect: "Allow",
      Action: ["route53:ChangeResourceRecordSets"],
      Resource: zone,
      Condition: {
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"],
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [
            `_acme-challenge.${site}`,
            `_acme-challenge.${api}`,
          ],
        },
        // With keys absent a comparison of all values is true: they must be there.
        Null: {
          "route53:ChangeResourceRecordSetsRecordTypes": "false",
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": "false",
        },
      },
    },
  ];
}

/** Sign a user out everywhere, in one pool. */
export function signOutUsers(accountId: string, region: string, userPoolId: string): PolicyStatement[] {
  return [
    {
      Sid: "SignOutUsers",
      Effect: "Allow",
      Action: ["cognito-idp:AdminUserGlobalSignOut"],
      Resource: `arn:aws:cognito-idp:${region}:${accountId}:userpool/${userPoolId}`,
    },
  ];
}
