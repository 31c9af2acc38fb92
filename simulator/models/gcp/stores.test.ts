import { APIS } from "./fixtures/stack";
import { like, PROJECT, REGION, World } from "./fixtures/world";
import { HIDDEN } from "./common";
import { RECORD_SET, ZONE as MANAGED_ZONE } from "./dns";
import { LOG_BUCKET } from "./logging";
import { pushImage } from "../../engine/images";
import { REPOSITORY } from "./registry";
import { SECRET, SECRET_VERSION } from "./secrets";
import { BUCKET } from "./storage";

const DAY = 86_400;
const bucket = { name: "quiet-lake-cmb-db", location: "EU", forceDestroy: false };
const fresh = () => new World(APIS);

test("a bucket's name is taken in the whole of Google, and the answer tells whose it is", async () => {
  const world = fresh();
  await world.create(BUCKET, bucket);
  expect(await world.refusal(world.create(BUCKET, bucket))).toContain("you already own it");
  world.put(BUCKET, "somebody-elses", { project: "another-project" });
  expect(await world.refusal(world.create(BUCKET, { ...bucket, name: "somebody-elses" }))).toContain(
    "bucket namespace is shared by all",
  );
});

test("a bucket with objects does not go without forceDestroy; with it the objects go as well", async () => {
  const world = fresh();
  await world.create(BUCKET, bucket);
  world.put(HIDDEN.bucketObject, `${bucket.name}/db/1`, { bucket: bucket.name });
  world.put(HIDDEN.bucketObject, "other/1", { bucket: "other" });
  expect(await world.refusal(world.remove(BUCKET, bucket.name))).toContain(
    "without `force_destroy` set to true",
  );
  await world.update(BUCKET, bucket.name, { ...bucket, forceDestroy: true });
  await world.remove(BUCKET, bucket.name);
  expect([world.ids(BUCKET), world.ids(HIDDEN.bucketObject)]).toEqual([[], ["other/1"]]);
});

test("a deleted bucket is remembered for its days of soft deletion, its policy is not, its name is free", async () => {
  const world = fresh();
  await world.create(BUCKET, bucket);
  const entry = "gcp:storage/bucketIAMMember:BucketIAMMember";
  await world.create(entry, { bucket: bucket.name, role: "roles/viewer", member: "user:a@example.org" });
  await world.remove(BUCKET, bucket.name);
  expect([world.ids(HIDDEN.tombstone).length, world.ids(entry)]).toEqual([1, []]);
  await world.create(BUCKET, { ...bucket, softDeletePolicy: { retentionDurationSeconds: 0 } });
  await world.remove(BUCKET, bucket.name);
  expect(world.ids(HIDDEN.tombstone)).toHaveLength(1);
});

test.each([[DAY], [91 * DAY]])(
  "soft deletion for %i seconds is refused",
  async (retentionDurationSeconds) => {
    const softDeletePolicy = { retentionDurationSeconds };
    const world = fresh();
    expect(await world.refusal(world.create(BUCKET, { ...bucket, softDeletePolicy }))).toContain(
      "zero or between 7 and 90 days",
    );
    await world.create(BUCKET, bucket);
    await expect(world.update(BUCKET, bucket.name, { ...bucket, softDeletePolicy })).rejects.toThrow(
      "7 and 90",
    );
  },
);

const zone = { name: "cmb-zone", dnsName: "cmb.example.org.", forceDestroy: false };
const ZONE_ID = `projects/${PROJECT}/managedZones/cmb-zone`;
const record = {
  managedZone: "cmb-zone",
  name: "cmb.example.org.",
  type: "A",
  ttl: 300,
  rrdatas: ["203.0.113.1"],
};

test("a zone has name servers of its own, different from those of the zone made next", async () => {
  const world = fresh();
  const servers = async () => {
    const made = await world.create(MANAGED_ZONE, zone);
    await world.remove(MANAGED_ZONE, ZONE_ID);
    return JSON.stringify(made.properties["nameServers"]);
  };
  const seen = new Set([
    await servers(),
    await servers(),
    await servers(),
    await servers(),
    await servers(),
    await servers(),
  ]);
  expect(seen.size).toBeGreaterThan(1);
  expect([...seen][0]).toMatch(/ns-cloud-[a-e]1\.googledomains\.com\./);
});

test("a record needs its zone and a name in it, and is there once", async () => {
  const world = fresh();
  expect(await world.refusal(world.create(RECORD_SET, record))).toContain(`'${ZONE_ID}' was not found`);
  await world.create(MANAGED_ZONE, zone);
  expect(await world.refusal(world.create(RECORD_SET, { ...record, name: "example.org." }))).toContain(
    "is not in the managed zone",
  );
  expect((await world.create(RECORD_SET, record)).id).toBe(`${ZONE_ID}/rrsets/cmb.example.org./A`);
  expect(await world.refusal(world.create(RECORD_SET, record))).toContain("already exists");
  world.put(HIDDEN.recordSet, `${ZONE_ID}/rrsets/*.cmb.example.org./A`, {
    name: "*.cmb.example.org.",
    type: "A",
  });
  expect(await world.refusal(world.create(RECORD_SET, { ...record, name: "*.cmb.example.org." }))).toContain(
    "already exists",
  );
});

test("a zone with records does not go, whoever made them; its own NS does not hold it", async () => {
  const world = fresh();
  await world.create(MANAGED_ZONE, zone);
  const put = (name: string, type: string) =>
    world.put(HIDDEN.recordSet, `${ZONE_ID}/rrsets/${name}/${type}`, { name, type });
  put("cmb.example.org.", "NS");
  const { id } = await world.create(RECORD_SET, record);
  expect(await world.refusal(world.remove(MANAGED_ZONE, ZONE_ID))).toContain(
    "contains one or more 'resource records'",
  );
  await world.remove(RECORD_SET, id);
  const challenge = put("_acme-challenge.cmb.example.org.", "TXT");
  expect(await world.refusal(world.remove(MANAGED_ZONE, ZONE_ID))).toContain("containerNotEmpty");
  world.view.remove(HIDDEN.recordSet, challenge.id);
  await world.remove(MANAGED_ZONE, ZONE_ID);
  expect(world.ids(MANAGED_ZONE)).toEqual([]);
});

test("forceDestroy takes a zone's records and its policy with it", async () => {
  const world = fresh();
  await world.create(MANAGED_ZONE, { ...zone, forceDestroy: true });
  await world.create(RECORD_SET, record);
  const entry = "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember";
  await world.create(entry, { managedZone: "cmb-zone", role: "roles/viewer", member: "user:a@example.org" });
  await world.remove(MANAGED_ZONE, ZONE_ID);
  expect([MANAGED_ZONE, RECORD_SET, entry].flatMap((kind) => world.ids(kind))).toEqual([]);
});

const logs = { project: PROJECT, location: REGION, bucketId: "cmb-flow-logs" };
const LOGS_ID = `projects/${PROJECT}/locations/${REGION}/buckets/cmb-flow-logs`;

test("a log bucket that is there is taken over; one deleted less than a week ago cannot be", async () => {
  const world = fresh();
  await world.create(LOG_BUCKET, logs);
  await world.create(LOG_BUCKET, logs);
  expect(world.ids(LOG_BUCKET)).toEqual([LOGS_ID]);
  await world.remove(LOG_BUCKET, LOGS_ID);
  expect(await world.refusal(world.create(LOG_BUCKET, logs))).toContain("DELETE_REQUESTED");
  await world.clock.sleep(8 * DAY);
  await world.create(LOG_BUCKET, logs);
  expect(world.ids(HIDDEN.tombstone)).toEqual([]);
});

test("what is abandoned stays, what must not go refuses, and Google's own log buckets are only forgotten", async () => {
  const world = fresh();
  await world.create(LOG_BUCKET, { ...logs, deletionPolicy: "ABANDON" });
  await world.remove(LOG_BUCKET, LOGS_ID);
  expect(world.ids(LOG_BUCKET)).toEqual([LOGS_ID]);
  await world.update(LOG_BUCKET, LOGS_ID, { ...logs, deletionPolicy: "PREVENT" });
  expect(await world.refusal(world.remove(LOG_BUCKET, LOGS_ID))).toContain(
    'without setting deletion_policy="DELETE"',
  );
  const { id } = await world.create(LOG_BUCKET, { ...logs, bucketId: "_Default" });
  await world.remove(LOG_BUCKET, id);
  expect(world.ids(LOG_BUCKET)).toContain(id);
});

test("a sink writes into its own project's log buckets without an identity, elsewhere as Google's agent", async () => {
  const world = fresh();
  const sink = (name: string, destination: string) =>
    world.create("gcp:logging/projectSink:ProjectSink", { project: PROJECT, name, destination });
  const own = await sink("own", `logging.googleapis.com/${LOGS_ID}`);
  const other = await sink("other", "storage.googleapis.com/logs");
  expect([own.properties["writerIdentity"], other.properties["writerIdentity"]]).toEqual([
    "",
    like(/^serviceAccount:service-\d{12}@gcp-sa-logging\.iam\.gserviceaccount\.com$/),
  ]);
  await expect(sink("own", "storage.googleapis.com/logs")).rejects.toThrow("already exists");
});

test("an exclusion has a name of its own in the project", async () => {
  const world = fresh();
  const type = "gcp:logging/projectExclusion:ProjectExclusion";
  await world.create(type, { name: "cmb-flow-logs", filter: "x" });
  expect(world.ids(type)).toEqual([`projects/${PROJECT}/exclusions/cmb-flow-logs`]);
  expect(await world.refusal(world.create(type, { name: "cmb-flow-logs", filter: "y" }))).toContain(
    "already exists",
  );
});

const SECRET_ID = `projects/${PROJECT}/secrets/cmb-key`;
const secret = { secretId: "cmb-key", replication: { auto: {} }, annotations: { a: "b" } };

test("versions of a secret are numbered, no number comes twice, and they go with the secret", async () => {
  const world = fresh();
  const version = { secret: SECRET_ID, secretData: "s" };
  expect(await world.refusal(world.create(SECRET_VERSION, version))).toMatch(
    /Secret \[projects\/\d{12}\/secrets\/cmb-key\]' was not found/,
  );
  await world.create(SECRET, secret);
  const first = await world.create(SECRET_VERSION, version);
  expect(first.id).toMatch(/^projects\/\d{12}\/secrets\/cmb-key\/versions\/1$/);
  expect(first.properties["name"]).toBe(first.id);
  await world.remove(SECRET_VERSION, first.id);
  expect((await world.create(SECRET_VERSION, version)).id).toMatch(/versions\/2$/);
  await world.remove(SECRET, SECRET_ID);
  expect(world.ids(SECRET_VERSION)).toEqual([]);
  await world.create(SECRET, secret);
  expect((await world.create(SECRET_VERSION, version)).id).toMatch(/versions\/1$/);
});

test("a secret's id is taken while it exists, and its own protection holds it", async () => {
  const world = fresh();
  await world.create(SECRET, { ...secret, deletionProtection: true });
  expect(await world.refusal(world.create(SECRET, secret))).toContain("already exists");
  expect(await world.refusal(world.remove(SECRET, SECRET_ID))).toContain("deletion_protection=false");
});

test("a repository is told where it is and whether it scans, and goes with its policy", async () => {
  const world = fresh();
  const given = { repositoryId: "cmb", location: REGION, format: "DOCKER" };
  const { id, properties } = await world.create(REPOSITORY, {
    ...given,
    vulnerabilityScanningConfig: { enablementConfig: "DISABLED" },
  });
  expect(id).toBe(`projects/${PROJECT}/locations/${REGION}/repositories/cmb`);
  expect(properties).toMatchObject({
    name: "cmb",
    registryUri: `${REGION}-docker.pkg.dev/${PROJECT}/cmb`,
    vulnerabilityScanningConfig: { enablementConfig: "DISABLED", enablementState: "SCANNING_DISABLED" },
  });
  expect(await world.refusal(world.create(REPOSITORY, given))).toContain("already exists");
  const entry = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember";
  await world.create(entry, {
    location: REGION,
    repository: "cmb",
    role: "roles/artifactregistry.reader",
    member: "user:a@example.org",
  });
  const image = `${REGION}-docker.pkg.dev/${PROJECT}/cmb/app:1`;
  pushImage(world.store, image);
  expect([...world.store.images]).toEqual([image]);
  expect(() => pushImage(world.store, image.replace("/cmb/", "/other/"))).toThrow(/RepositoryNotFound/);
  await world.remove(REPOSITORY, id);
  expect(world.ids(entry)).toEqual([]);
  expect([...world.store.images]).toEqual([]);
});

test("names that Google would not take are faults of the inputs", () => {
  const world = fresh();
  for (const name of ["Upper", "a", "google-db", "-db"])
    expect([name, world.faults(BUCKET, { ...bucket, name }).length]).toEqual([name, 1]);
  expect(world.faults(BUCKET, bucket)).toEqual([]);
  expect(world.faults(MANAGED_ZONE, { ...zone, dnsName: "cmb.example.org" })[0]).toContain(
    "must end with a '.'",
  );
  expect(world.faults(REPOSITORY, { repositoryId: "Cmb", format: "DOCKER" })[0]).toContain(
    "is no repository id",
  );
  expect(world.faults(SECRET, { ...secret, secretId: "a b" })[0]).toContain("is no secret id");
});

const CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel";
const BUDGET = "gcp:billing/budget:Budget";

test("a budget needs its billing account's form and the channels it writes to, and has no name of its own", async () => {
  const world = fresh();
  const amount = { specifiedAmount: { units: "100" } };
  const budget = { billingAccount: "012345-6789AB-CDEF01", amount };
  expect(await world.refusal(world.create(BUDGET, { ...budget, billingAccount: "mine" }))).toContain(
    "billingAccount",
  );
  const rule = (channel: string) => ({ allUpdatesRule: { monitoringNotificationChannels: [channel] } });
  expect(
    await world.refusal(world.create(BUDGET, { ...budget, ...rule("projects/p/notificationChannels/1") })),
  ).toContain("was not found");
  const channel = await world.create(CHANNEL, { type: "email", labels: { email_address: "a@example.org" } });
  expect(channel.id).toMatch(/^projects\/quiet-lake\/notificationChannels\/\d{19}$/);
  const made = await world.create(BUDGET, { ...budget, ...rule(channel.id) });
  expect(made.id).toMatch(/^billingAccounts\/012345-6789AB-CDEF01\/budgets\/[0-9a-f-]{36}$/);
  expect((await world.create(BUDGET, budget)).id).not.toBe(made.id);
});
