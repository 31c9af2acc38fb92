import { hostNames, USER_BUCKET_PREFIXES } from "../naming";
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

/**
 * Write the database's copies and read them back. A deletion leaves a marker on a version that stays: nothing
 * here can remove what was written, so a broken or broken-into backend cannot destroy its own backup. The key is
 * named by its alias, which is known before the key is, and may be used through S3 only.
 */
export function replicateDatabase(
  bucket: string,
  place: { cluster: string; accountId: string; region: string },
): PolicyStatement[] {
  return [
    {
      Sid: "ListDatabaseCopies",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:GetBucketLocation"],
      Resource: `arn:aws:s3:::${bucket}`,
    },
    {
      Sid: "CopyDatabase",
      Effect: "Allow",
      // DeleteObject: Litestream drops what its retention is through with. AbortMultipartUpload: large snapshots.
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      Resource: `arn:aws:s3:::${bucket}/*`,
    },
    {
      Sid: "UseDataKey",
      Effect: "Allow",
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: `arn:aws:kms:${place.region}:${place.accountId}:key/*`,
      Condition: {
        "ForAnyValue:StringEquals": { "kms:ResourceAliases": dataKeyAlias(place.cluster) },
        StringEquals: { "kms:ViaService": `s3.${place.region}.amazonaws.com` },
      },
    },
  ];
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
