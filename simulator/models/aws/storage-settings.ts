import { CloudError, type CloudView, type Properties, type ResourceModel } from "../model";
import { keyNeeds } from "./kms";
import { ROLE } from "./iam";
import { BUCKET, bucketOf, noBucket, putObject } from "./storage";
import { flag, maps, need, text } from "./values";

const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";

/** Seconds until S3 delivers its first access log: "within a few hours" (S3 User Guide), here the first of them. */
export const ACCESS_LOG_DELAY = 3600;

/** A setting is written again, never refused for being there. */
function setting(name: string, particular: Partial<ResourceModel> = {}): ResourceModel {
  const { needs, ...rest } = particular;
  return {
    type: `aws:s3/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    durations: { create: 1, update: 1, delete: 1, source: "published deployment logs: 0 to 2 s" },
    id: (inputs) => text(inputs, "bucket"),
    settingOf: bucketOf,
    // Owner of the bucket: from nobody named to oneself is no change (the provider knows the account, this does not).
    replaceWhen: { expectedBucketOwner: (before) => before !== undefined },
    needs: (inputs, cloud) => [
      ...need(inputs, "bucket", BUCKET, noBucket),
      ...(needs?.(inputs, cloud) ?? []),
    ],
    ...rest,
  };
}

const encryption = setting("bucketServerSideEncryptionConfiguration", {
  needs: (inputs, cloud) =>
    maps(inputs, "rules").flatMap((rule) =>
      keyNeeds(text(rule, "applyServerSideEncryptionByDefault.kmsMasterKeyId"), "rules", cloud),
    ),
});

const versioning = setting("bucketVersioning", {
  check: (inputs) =>
    /^(Enabled|Suspended|Disabled)?$/.test(text(inputs, "versioningConfiguration.status"))
      ? []
      : [{ property: "versioningConfiguration.status", reason: "one of Enabled, Suspended, Disabled" }],
  updating: ({ properties }, news) => {
    const [before, after] = [properties, news].map((one) => text(one, "versioningConfiguration.status"));
    if (after === "Disabled" && before !== "Disabled")
      throw new CloudError(
        "InvalidArgument",
        "versioning_configuration.status cannot be updated from 'Enabled' or 'Suspended' to 'Disabled'",
      );
  },
});

/** A policy for everybody is refused while the public access block forbids it. */
const policy = setting("bucketPolicy", {
  accept: refusePublic,
  updating: (_object, news, cloud) => refusePublic(news, cloud),
});

function refusePublic(inputs: Properties, cloud: CloudView): void {
  const block = cloud.find("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", text(inputs, "bucket"));
  if (!block || !flag(block.properties, "blockPublicPolicy")) return;
  const statements = maps(JSON.parse(text(inputs, "policy") || "{}") as Properties, "Statement");
  const everybody = statements.filter(
    (one) =>
      one["Effect"] === "Allow" &&
      one["Condition"] === undefined &&
      (one["Principal"] === "*" || text(one, "Principal.AWS") === "*"),
  );
  if (everybody.length > 0)
    throw new CloudError(
      "AccessDenied",
      "User is not authorized to perform: s3:PutBucketPolicy because public policies are blocked by the " +
        "BlockPublicPolicy block public access setting.",
    );
}

const lifecycle = setting("bucketLifecycleConfiguration", {
  // The provider waits until S3 returns the same rules twice in a row.
  durations: { create: 12, update: 12, delete: 2, source: "published deployment logs: 11 to 35 s" },
});

const logging = setting("bucketLogging", {
  needs: (inputs) =>
    need(
      inputs,
      "targetBucket",
      BUCKET,
      () =>
        new CloudError(
          "InvalidTargetBucketForLogging",
          "The target bucket for logging does not exist, is not owned by you, or does not have the appropriate grants.",
        ),
    ),
  created: ({ id }, cloud) =>
    cloud.later(ACCESS_LOG_DELAY, (then) => {
      const still = then.find("aws:s3/bucketLogging:BucketLogging", id);
      const target = still && text(still.properties, "targetBucket");
      if (target && then.find(BUCKET, target))
        putObject(then, target, `${text(still.properties, "targetPrefix")}log-1`);
    }),
});

const replication = setting("bucketReplicationConfig", {
  type: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
  needs: (inputs) => [
    ...need(
      inputs,
      "role",
      ROLE,
      () => new CloudError("InvalidRequest", "Invalid IAM role: it does not exist", 120),
    ),
    ...maps(inputs, "rules").map((rule) => ({
      property: "rules",
      kind: BUCKET,
      address: text(rule, "destination.bucket"),
      error: new CloudError("InvalidRequest", "Destination bucket must exist."),
    })),
  ],
  accept: (inputs, cloud) => {
    const buckets = [
      text(inputs, "bucket"),
      ...maps(inputs, "rules").map((rule) => text(rule, "destination.bucket").replace("arn:aws:s3:::", "")),
    ];
    for (const name of buckets) {
      const status = text(cloud.find(VERSIONING, name)?.properties ?? {}, "versioningConfiguration.status");
      if (status !== "Enabled")
        throw new CloudError(
          "InvalidRequest",
          `Versioning must be 'Enabled' on the bucket to apply a replication configuration: ${name}`,
          120,
        );
    }
  },
});

/** Everything that is set on a bucket by a resource of its own. */
export const storageSettingModels: readonly ResourceModel[] = [
  encryption,
  versioning,
  policy,
  lifecycle,
  logging,
  replication,
  setting("bucketPublicAccessBlock"),
  setting("bucketOwnershipControls", {
    check: (inputs) =>
      /^(BucketOwnerEnforced|BucketOwnerPreferred|ObjectWriter)?$/.test(text(inputs, "rule.objectOwnership"))
        ? []
        : [
            {
              property: "rule.objectOwnership",
              reason: "one of BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter",
            },
          ],
  }),
];
