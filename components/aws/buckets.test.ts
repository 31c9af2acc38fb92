import { Buckets, type BucketsArgs } from "./buckets";
import { children, recordAws, withProvider } from "./fixtures/recorded";

const args: BucketsArgs = {
  cluster: "cmb-test",
  accountId: "123456789012",
  region: "eu-central-1",
  versionsDays: 90,
  versionsClass: "infrequent",
  logsDays: 30,
  protect: true,
};
const make = (changes: Partial<BucketsArgs> = {}) =>
  recordAws(() => new Buckets("b", { ...args, ...changes }, withProvider()));
const buckets = ["database", "access-logs"];

test("[S1] the buckets are exactly these resources", async () => {
  const { recording } = await make();
  expect(children(recording)).toEqual(
    [
      "cmb:aws:Buckets b",
      "Alias b-data-key-alias",
      "Key b-data-key",
      "BucketLogging b-database-logging",
      ...buckets.flatMap((bucket) => [
        `Bucket b-${bucket}`,
        `BucketLifecycleConfiguration b-${bucket}-lifecycle`,
        `BucketOwnershipControls b-${bucket}-ownership`,
        `BucketPolicy b-${bucket}-policy`,
        `BucketPublicAccessBlock b-${bucket}-private`,
        `BucketServerSideEncryptionConfiguration b-${bucket}-encryption`,
        `BucketVersioning b-${bucket}-versioning`,
      ]),
    ].sort(),
  );
});

test("[S1] they have the names that grants and commands compute", async () => {
  const { recording, result } = await make();
  expect(recording.one("b-database").inputs.bucket).toBe("cmb-test-db-123456789012");
  expect(recording.one("b-access-logs").inputs.bucket).toBe("cmb-test-db-logs-123456789012");
  expect(result.database).toMatchObject({
    name: "cmb-test-db-123456789012",
    url: "s3://cmb-test-db-123456789012",
  });
  // Bucket, versioning, encryption, privacy, ownership, policy, lifecycle, key, alias, logging.
  expect(result.database.resources).toHaveLength(10);
});

test.each(buckets)(
  "[S1] %s is versioned, private, owned by the account and refuses to speak without TLS",
  async (it) => {
    const { recording } = await make();
    const bucket = recording.one(`b-${it}`).inputs.bucket as string;
    expect(recording.one(`b-${it}-versioning`).inputs.versioningConfiguration).toEqual({ status: "Enabled" });
    expect(recording.one(`b-${it}-private`).inputs).toEqual({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(recording.one(`b-${it}-ownership`).inputs.rule).toEqual({
      objectOwnership: "BucketOwnerEnforced",
    });
    const policy = JSON.parse(recording.one(`b-${it}-policy`).inputs.policy as string) as {
      Statement: unknown[];
    };
    expect(policy.Statement[0]).toEqual({
      Sid: "DenyWithoutTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  },
);

test("[S1] nobody but the log service, for this bucket of this account, may write logs; the database's policy allows nothing", async () => {
  const { recording } = await make();
  const statements = (name: string) =>
    (JSON.parse(recording.one(name).inputs.policy as string) as { Statement: unknown[] }).Statement;
  expect(statements("b-database-policy")).toHaveLength(1);
  expect(statements("b-access-logs-policy").slice(1)).toEqual([
    {
      Sid: "DeliverAccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: ["s3:PutObject"],
      Resource: "arn:aws:s3:::cmb-test-db-logs-123456789012/*",
      Condition: {
        ArnLike: { "aws:SourceArn": "arn:aws:s3:::cmb-test-db-123456789012" },
        StringEquals: { "aws:SourceAccount": "123456789012" },
      },
    },
  ]);
  expect(recording.one("b-database-logging").inputs).toMatchObject({
    bucket: "cmb-test-db-123456789012",
    targetBucket: "cmb-test-db-logs-123456789012",
    targetPrefix: "cmb-test-db-123456789012/",
  });
});

test("[S1] the database has a key of its own that rotates; logs have Amazon's, to which alone S3 delivers", async () => {
  const { recording } = await make();
  expect(recording.one("b-database-encryption").inputs.rules).toEqual([
    {
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: "aws:kms",
        kmsMasterKeyId: "arn:aws:kms:eu-central-1:123456789012:key/b-data-key",
      },
      bucketKeyEnabled: true,
    },
  ]);
  expect(recording.one("b-access-logs-encryption").inputs.rules).toEqual([
    { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
  ]);
  expect(recording.one("b-data-key").inputs).toMatchObject({
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });
  expect(recording.one("b-data-key-alias").inputs.name).toBe("alias/cmb-test-data");
});

test("[S1] old versions move by intent and end; logs end", async () => {
  const { recording } = await make();
  expect(recording.one("b-database-lifecycle").inputs.rules).toMatchObject([
    {
      noncurrentVersionExpiration: { noncurrentDays: 90 },
      noncurrentVersionTransitions: [{ noncurrentDays: 30, storageClass: "STANDARD_IA" }],
      filter: {},
      expiration: { expiredObjectDeleteMarker: true },
    },
    { abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
    // The only live objects that end by their age.
    { filter: { prefix: "beats/" }, expiration: { days: 30 } },
  ]);
  expect(recording.one("b-access-logs-lifecycle").inputs.rules).toMatchObject([
    { expiration: { days: 30 } },
    { abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
  ]);
});

test("[O5] a bucket is kept as a whole, or goes as a whole with what is in it", async () => {
  for (const protect of [true, false]) {
    const { recording } = await make({ protect });
    const parts = recording.resources.filter(
      (r) => r.type.startsWith("aws:s3/") || r.type.startsWith("aws:kms/"),
    );
    expect(parts).toHaveLength(17);
    for (const part of parts) {
      expect([part.name, part.protect, part.retainOnDelete]).toEqual([part.name, protect, protect]);
    }
    expect(recording.one("b-database").inputs.forceDestroy).toBe(!protect);
  }
});
