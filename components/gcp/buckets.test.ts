import { computedGcp } from "../../testing/computed-gcp";
import { record } from "../../testing/record";
import { Buckets, type BucketsArgs } from "./buckets";
import { gcpProvider } from "./providers";

const make = (args: Partial<BucketsArgs> = {}) =>
  record(
    () =>
      new Buckets(
        "b",
        { cluster: "cmb-dev", project: "acme-science", location: "eu", ...args },
        { provider: gcpProvider("gcp", { project: "acme-science", region: "europe-west4" }) },
      ),
    { computed: computedGcp },
  );
const database = async (args: Partial<BucketsArgs> = {}) => (await make(args)).recording.one("b-database");

test("[S1] the database bucket is versioned, never public, without ACLs, logged, and where it was asked for", async () => {
  const { recording, result } = await make();
  expect(recording.list().filter((line) => line.startsWith("gcp:"))).toEqual([
    "gcp:storage/bucket:Bucket b-database",
    "gcp:storage/bucket:Bucket b-database-logs",
    "gcp:storage/bucketIAMMember:BucketIAMMember b-database-logs-writer",
  ]);
  expect(recording.one("b-database").inputs).toEqual({
    name: "acme-science-cmb-dev-db",
    project: "acme-science",
    location: "EU",
    storageClass: "STANDARD",
    uniformBucketLevelAccess: true,
    publicAccessPrevention: "enforced",
    forceDestroy: false,
    versioning: { enabled: true },
    softDeletePolicy: { retentionDurationSeconds: 604800 },
    lifecycleRules: [
      { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 30, withState: "ARCHIVED" } },
      { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
      {
        action: { type: "Delete" },
        condition: { age: 30, matchesPrefixes: ["beats/"], withState: "LIVE" },
      },
    ],
    logging: { logBucket: "acme-science-cmb-dev-db-logs", logObjectPrefix: "database" },
  });
  expect(result.database).toMatchObject({
    name: "acme-science-cmb-dev-db",
    url: "gs://acme-science-cmb-dev-db",
  });
  expect(result.database.resources).toHaveLength(1);
});

test("[S5] no lifecycle rule touches a live object of the database but the backend's signs of life", async () => {
  for (const versionsIntent of ["hot", "cold", "auto"] as const) {
    const rules = (await database({ versionsIntent })).inputs.lifecycleRules as {
      action: { type: string };
      condition: { withState?: string; matchesPrefixes?: string[] };
    }[];
    const touching = rules
      .filter(({ action }) => action.type !== "AbortIncompleteMultipartUpload")
      .filter(({ condition }) => condition.withState !== "ARCHIVED");
    expect(touching.map(({ condition }) => condition.matchesPrefixes)).toEqual([["beats/"]]);
  }
});

test.each([
  ["infrequent", "NEARLINE"],
  ["cold", "COLDLINE"],
  ["archive", "ARCHIVE"],
] as const)("[S2] old versions meant to be %s move to %s", async (versionsIntent, storageClass) => {
  const { inputs } = await database({ versionsIntent, versionsDays: 400 });
  expect(inputs.lifecycleRules).toContainEqual({
    action: { type: "SetStorageClass", storageClass },
    condition: { daysSinceNoncurrentTime: 1, withState: "ARCHIVED" },
  });
  expect(inputs.lifecycleRules).toContainEqual({
    action: { type: "Delete" },
    condition: { daysSinceNoncurrentTime: 400, withState: "ARCHIVED" },
  });
  expect(inputs).not.toHaveProperty("autoclass");
});

test("[S2] auto turns Autoclass on, which excludes rules that set a class", async () => {
  const { inputs } = await database({ versionsIntent: "auto" });
  expect(inputs.autoclass).toEqual({ enabled: true });
  expect(JSON.stringify(inputs.lifecycleRules)).not.toContain("SetStorageClass");
});

test("[O5] bucket, logs and the log writer are kept as a whole, and go only when told to in two ways", async () => {
  const kept = (await make()).recording.resources.filter((r) => r.type.startsWith("gcp:"));
  for (const r of kept) expect([r.name, r.protect, r.retainOnDelete]).toEqual([r.name, true, true]);
  const loose = await make({ protect: false });
  for (const r of loose.recording.resources.filter((one) => one.type.startsWith("gcp:"))) {
    expect([r.name, r.protect, r.retainOnDelete]).toEqual([r.name, false, false]);
  }
  expect(loose.recording.one("b-database").inputs.forceDestroy).toBe(false);
  const lost = await make({ protect: false, emptyOnDestroy: true });
  expect(lost.recording.one("b-database").inputs.forceDestroy).toBe(true);
});

test("[S1] access logs go to a bucket of their own before there is access to log, and expire", async () => {
  const { recording } = await make({ logsDays: 90 });
  const logs = recording.one("b-database-logs");
  expect(logs.inputs).toMatchObject({
    name: "acme-science-cmb-dev-db-logs",
    publicAccessPrevention: "enforced",
    uniformBucketLevelAccess: true,
    softDeletePolicy: { retentionDurationSeconds: 0 },
    lifecycleRules: [{ action: { type: "Delete" }, condition: { age: 90 } }],
  });
  expect(logs.inputs).not.toHaveProperty("logging");
  expect(recording.one("b-database-logs-writer").inputs).toEqual({
    bucket: "acme-science-cmb-dev-db-logs",
    role: "roles/storage.objectCreator",
    member: "group:cloud-storage-analytics@google.com",
  });
  expect(recording.one("b-database").dependencies).toContain(recording.one("b-database-logs-writer").urn);
});

test("without access logs there is neither their bucket nor Google's log writer", async () => {
  const { recording } = await make({ accessLogs: false });
  expect(recording.list().filter((line) => line.startsWith("gcp:"))).toEqual([
    "gcp:storage/bucket:Bucket b-database",
  ]);
  expect(recording.one("b-database").inputs).not.toHaveProperty("logging");
});

test("soft deletion lasts as long as asked", async () => {
  const { inputs } = await database({ softDeleteDays: 30 });
  expect(inputs.softDeletePolicy).toEqual({ retentionDurationSeconds: 30 * 86400 });
});
