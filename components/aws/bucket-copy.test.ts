import { Buckets, type BucketsArgs } from "./buckets";
import { children, recordAws, withProvider } from "./fixtures/recorded";
import {
  allows,
  recordedRoles,
  trustsService,
  type CallContext,
  type RecordedRole,
} from "./fixtures/simulate";

const account = "123456789012";
const args: BucketsArgs = {
  cluster: "cmb-test",
  accountId: account,
  region: "eu-central-1",
  copyRegion: "eu-west-1",
  versionsDays: 90,
  versionsClass: "infrequent",
  logsDays: 30,
  protect: true,
};
const make = (changes: Partial<BucketsArgs> = {}) =>
  recordAws(() => new Buckets("b", { ...args, ...changes }, withProvider()));
const source = `cmb-test-db-${account}`;
const copy = `cmb-test-db-copy-${account}`;

test("[O9] a second region adds exactly a copy with its logs, a key, a role and the order to copy", async () => {
  const [without, with2] = [await make({ copyRegion: undefined }), await make()];
  const before = new Set(children(without.recording));
  const added = children(with2.recording).filter((line) => !before.has(line));
  expect(added).toEqual(
    [
      "cmb:aws:BucketCopy b-copy",
      "Key b-copy-key",
      "Alias b-copy-key-alias",
      "Role b-copy-role",
      "RolePolicy b-copy-policy",
      "BucketLogging b-copy-logging",
      "BucketReplicationConfig b-copy-replication",
      ...["bucket", "logs"].flatMap((role) => [
        `Bucket b-copy-${role}`,
        `BucketLifecycleConfiguration b-copy-${role}-lifecycle`,
        `BucketOwnershipControls b-copy-${role}-ownership`,
        `BucketPolicy b-copy-${role}-policy`,
        `BucketPublicAccessBlock b-copy-${role}-private`,
        `BucketServerSideEncryptionConfiguration b-copy-${role}-encryption`,
        `BucketVersioning b-copy-${role}-versioning`,
      ]),
    ].sort(),
  );
  expect([...before].filter((line) => !children(with2.recording).includes(line))).toEqual([]);
  expect(without.result.copy).toBeUndefined();
  expect(with2.result.copy).toMatchObject({ name: copy, region: "eu-west-1" });
});

test("[O9] all that is in a region lies in the second one, and nothing of the first one moves there", async () => {
  const { recording } = await make();
  const regional = recording.resources.filter(
    ({ type }) =>
      /^aws:(s3|kms)\//.test(type) && type !== "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
  );
  for (const { name, inputs } of regional) {
    expect([name, inputs.region]).toEqual([name, name.startsWith("b-copy") ? "eu-west-1" : undefined]);
  }
  expect(recording.one("b-copy-replication").inputs).not.toHaveProperty("region");
});

test("[S1] the copy is private, versioned, bounded and encrypted with a key of its own, as the bucket is", async () => {
  const { recording } = await make();
  const statements = (name: string) =>
    (JSON.parse(recording.one(name).inputs.policy as string) as { Statement: { Sid: string }[] }).Statement;
  expect(recording.one("b-copy-bucket").inputs).toMatchObject({ bucket: copy, forceDestroy: false });
  expect(recording.one("b-copy-logs").inputs.bucket).toBe(`cmb-test-db-copy-logs-${account}`);
  expect(recording.one("b-copy-bucket-encryption").inputs.rules).toMatchObject([
    {
      applyServerSideEncryptionByDefault: {
        sseAlgorithm: "aws:kms",
        kmsMasterKeyId: expect.stringMatching(/key\/b-copy-key$/) as string,
      },
      bucketKeyEnabled: true,
    },
  ]);
  expect(recording.one("b-copy-key").inputs).toMatchObject({
    enableKeyRotation: true,
    deletionWindowInDays: 30,
  });
  expect(recording.one("b-copy-bucket-lifecycle").inputs.rules).toEqual(
    recording.one("b-database-lifecycle").inputs.rules,
  );
  expect(statements("b-copy-bucket-policy").map(({ Sid }) => Sid)).toEqual(["DenyWithoutTls"]);
  expect(statements("b-copy-logs-policy")[1]).toMatchObject({
    Sid: "DeliverAccessLogs",
    Condition: { ArnLike: { "aws:SourceArn": `arn:aws:s3:::${copy}` } },
  });
  expect(recording.one("b-copy-logging").inputs).toMatchObject({
    bucket: copy,
    targetBucket: `cmb-test-db-copy-logs-${account}`,
  });
});

test("[O9] S3 copies every new object within 15 minutes, markers of deletion too, under the copy's key", async () => {
  const { recording } = await make();
  const { dependencies, inputs } = recording.one("b-copy-replication");
  expect(inputs).toMatchObject({
    bucket: source,
    role: `arn:aws:iam::${account}:role/cmb-test-database-copy`,
    rules: [
      {
        status: "Enabled",
        filter: {},
        deleteMarkerReplication: { status: "Enabled" },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
        destination: {
          encryptionConfiguration: { replicaKmsKeyId: expect.stringMatching(/key\/b-copy-key$/) as string },
          replicationTime: { status: "Enabled", time: { minutes: 15 } },
          metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
        },
      },
    ],
  });
  // S3 refuses the order until both buckets have versions, and fails in silence without the rights.
  for (const first of ["b-database-versioning", "b-copy-bucket-versioning", "b-copy-policy"])
    expect(dependencies).toContain(recording.one(first).urn);
});

test("[O5] the copy is kept as a whole, the right to go on copying included, or goes as a whole", async () => {
  for (const protect of [true, false]) {
    const { recording } = await make({ protect });
    const parts = recording.resources.filter(({ custom, name }) => custom && name.startsWith("b-copy"));
    expect(parts).toHaveLength(20);
    for (const part of parts)
      expect([part.name, part.protect, part.retainOnDelete]).toEqual([part.name, protect, protect]);
    expect(recording.one("b-copy-bucket").inputs.forceDestroy).toBe(!protect);
  }
});

test("a transform reaches each child of its own", async () => {
  const { recording } = await make({
    transform: {
      copyKey: (a) => ({ ...a, description: "mine" }),
      copy: (a) => ({ ...a, objectLockEnabled: true }),
      copyLogs: (a) => ({ ...a, forceDestroy: true }),
      replication: (a) => ({ ...a, rules: [] }),
    },
  });
  expect(recording.one("b-copy-key").inputs.description).toBe("mine");
  expect(recording.one("b-copy-bucket").inputs.objectLockEnabled).toBe(true);
  expect(recording.one("b-copy-logs").inputs.forceDestroy).toBe(true);
  expect(recording.one("b-copy-replication").inputs).toMatchObject({ rules: [] });
  expect(recording.one("b-database").inputs).not.toHaveProperty("objectLockEnabled");
});

describe("[W3] the role that S3 copies with", () => {
  const s3 = (path: string) => `arn:aws:s3:::${path}`;
  const role = async () => recordedRoles((await make()).recording).get("cmb-test-database-copy")!;

  test("is S3's alone", async () => {
    expect(await trustsService(await role(), "s3.amazonaws.com")).toBe(true);
    for (const other of ["ec2.amazonaws.com", "batchoperations.s3.amazonaws.com"])
      expect([other, await trustsService(await role(), other)]).toEqual([other, false]);
  });

  test("reads versions of the database bucket, writes to the copy, and does neither the other way round", async () => {
    const it = await role();
    const read = ["GetObjectVersionForReplication", "GetObjectVersionAcl", "GetObjectVersionTagging"];
    const write = ["ReplicateObject", "ReplicateDelete", "ReplicateTags"];
    for (const action of ["s3:GetReplicationConfiguration", "s3:ListBucket"]) {
      expect([action, await allows(it, action, s3(source))]).toEqual([action, true]);
      expect([action, await allows(it, action, s3(copy))]).toEqual([action, false]);
    }
    for (const action of [...read, ...write].map((name) => `s3:${name}`)) {
      const from = await allows(it, action, s3(`${source}/a`));
      const to = await allows(it, action, s3(`${copy}/a`));
      expect([action, from, to]).toEqual([
        action,
        read.includes(action.slice(3)),
        write.includes(action.slice(3)),
      ]);
      expect(await allows(it, action, s3(`cmb-test-db-logs-${account}/a`))).toBe(false);
    }
  });

  test("deletes no object and no version, of either bucket, and reads no content by itself", async () => {
    const it = await role();
    for (const action of [
      "DeleteObject",
      "DeleteObjectVersion",
      "GetObject",
      "GetObjectVersion",
      "PutObject",
    ])
      for (const bucket of [source, copy])
        expect([action, bucket, await allows(it, `s3:${action}`, s3(`${bucket}/a`))]).toEqual([
          action,
          bucket,
          false,
        ]);
  });

  /**
   * The simulator knows no condition keys with a colon in their variable part (`kms:EncryptionContext:aws:s3:arn`): a
   * call that carries one is denied. So that condition is compared as text, and the rest is asked without it.
   */
  test("opens with the one key and closes with the other, through S3 and for these buckets only", async () => {
    const it = await role();
    const contexts = it.policies[0]!.policy.Statement.flatMap(({ Condition, Sid }) =>
      Condition?.StringLike ? [[Sid, Condition.StringLike]] : [],
    );
    const of = (bucket: string) => ({ "kms:EncryptionContext:aws:s3:arn": [s3(bucket), s3(`${bucket}/*`)] });
    expect(contexts).toEqual([
      ["ReadWithDataKey", of(source)],
      ["WriteWithCopyKey", of(copy)],
    ]);
    const asked = JSON.parse(JSON.stringify(it)) as {
      policies: { policy: { Statement: { Condition?: { StringLike?: unknown } }[] } }[];
    };
    for (const { Condition } of asked.policies[0]!.policy.Statement) delete Condition?.StringLike;
    const rest = asked as unknown as RecordedRole;

    const key = (region: string) =>
      `arn:aws:kms:${region}:${account}:key/0a1b2c3d-0000-0000-0000-000000000000`;
    const context = (region: string, alias = "alias/cmb-test-data"): CallContext => ({
      "kms:ResourceAliases": [alias],
      "kms:ViaService": `s3.${region}.amazonaws.com`,
    });
    const copyAlias = "alias/cmb-test-data-copy";
    const [here, there] = ["eu-central-1", "eu-west-1"] as const;
    expect(await allows(rest, "kms:Decrypt", key(here), context(here))).toBe(true);
    expect(await allows(rest, "kms:Encrypt", key(there), context(there, copyAlias))).toBe(true);
    expect(await allows(rest, "kms:GenerateDataKey", key(there), context(there, copyAlias))).toBe(true);
    expect(await allows(rest, "kms:Decrypt", key(there), context(there, copyAlias))).toBe(false);
    expect(await allows(rest, "kms:Encrypt", key(here), context(here))).toBe(false);
    expect(await allows(rest, "kms:Decrypt", key(here), context(here, "alias/cmb-test-secrets"))).toBe(false);
    expect(
      await allows(rest, "kms:Decrypt", key(here), { "kms:ResourceAliases": ["alias/cmb-test-data"] }),
    ).toBe(false);
    expect(await allows(rest, "kms:ScheduleKeyDeletion", key(there), context(there, copyAlias))).toBe(false);
  });
});
