import type { KubernetesObject } from "../kubernetes";
import type { Stored } from "../engine/store";
import { OBJECT } from "../models/aws/storage";
import { HIDDEN } from "../models/gcp/common";
import { holdToChain } from "./critical-path";
import { TAG } from "./first-up";
import { changes, errorsOf, type Shipped, type StackLife } from "./stack-life";

/** Whatever else is there after a destroy is a leftover. */
export const KEPT: Readonly<Record<Shipped, readonly string[]>> = {
  "gcp-dev": [
    "gcp:dns/managedZone:ManagedZone cmb-dns-zone",
    // A copy in the database's bucket.
    HIDDEN.bucketObject,
    // The database's, retained with its claim.
    "gcp:hidden/disk",
    // Log buckets cost nothing, empty themselves, and would block their names for a week if they were deleted.
    "gcp:logging/projectBucketConfig:ProjectBucketConfig cmb-cluster-logs-bucket",
    "gcp:logging/projectBucketConfig:ProjectBucketConfig cmb-flow-logs-bucket",
    // APIs that what is kept was made through.
    ...[
      "cloudresourcemanager",
      "dns",
      "iam",
      "iamcredentials",
      "secretmanager",
      "serviceusage",
      "storage",
    ].map((api) => `gcp:projects/service:Service cmb-services-${api}`),
    "gcp:secretmanager/secret:Secret cmb-file-encryption-key-secret",
    "gcp:secretmanager/secretVersion:SecretVersion cmb-file-encryption-key-version",
    "gcp:serviceaccount/account:Account cmb-users-account",
    "gcp:storage/bucket:Bucket cmb-buckets-database",
    "gcp:storage/bucket:Bucket cmb-buckets-database-logs",
    "gcp:storage/bucketIAMMember:BucketIAMMember cmb-buckets-database-logs-writer",
  ],
  "aws-dev": [
    "aws:cloudwatch/logGroup:LogGroup cmb-cluster-logs",
    "aws:cognito/userPool:UserPool sign-in-pool",
    "aws:cognito/userPoolClient:UserPoolClient sign-in-client",
    "aws:cognito/userPoolDomain:UserPoolDomain sign-in-domain",
    // The database's, retained with its claim.
    "aws:hidden/ebsVolume",
    // A copy in the database's bucket.
    OBJECT,
    "aws:iam/role:Role cmb-mount-identity-role",
    "aws:iam/rolePolicy:RolePolicy cmb-mount-identity-policy",
    "aws:kms/alias:Alias cmb-buckets-data-key-alias",
    "aws:kms/key:Key cmb-buckets-data-key",
    "aws:route53/zone:Zone cmb-dns-zone",
    "aws:s3/bucket:Bucket cmb-buckets-access-logs",
    "aws:s3/bucket:Bucket cmb-buckets-database",
    ...["access-logs-lifecycle", "database-lifecycle"].map(
      (role) => `aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration cmb-buckets-${role}`,
    ),
    "aws:s3/bucketLogging:BucketLogging cmb-buckets-database-logging",
    ...[
      "BucketOwnershipControls ownership",
      "BucketPolicy policy",
      "BucketPublicAccessBlock private",
    ].flatMap(onBoth),
    ...["BucketServerSideEncryptionConfiguration encryption", "BucketVersioning versioning"].flatMap(onBoth),
    "aws:secretsmanager/secret:Secret cmb-file-encryption-key-secret",
    "aws:secretsmanager/secretVersion:SecretVersion cmb-file-encryption-key-version",
  ],
};

/** A setting of the database's bucket and of its logs'. */
function onBoth(setting: string): string[] {
  const [type = "", role] = setting.split(" ");
  const token = `aws:s3/${type[0]!.toLowerCase()}${type.slice(1)}:${type}`;
  return ["access-logs", "database"].map((bucket) => `${token} cmb-buckets-${bucket}-${role}`);
}

/** What the simulation notes for itself, a deleted key that AWS keeps for its days of grace, and what a project has by itself: nothing that a stack leaves. */
const NOTES =
  /^(gcp:hidden\/(accountNumber|enabledApi|identityPool|secretCounter|tombstone)|aws:hidden\/kmsKeyPendingDeletion)$/;

/** Identities of kept things that a stack made anew would not have again. */
const IDENTITY = ["uniqueId", "arn", "id", "keyId", "nameServers", "zoneId", "creationDate", "clientSecret"];

interface KeptReport {
  readonly things: readonly { readonly name: string; readonly price?: { readonly monthly?: number } }[];
}

/** What is there although a destroy of the stack should have taken it. */
export async function beyondKept({ stack, lab }: StackLife): Promise<string[]> {
  const there = (await lab.cloud.list()).filter(({ object }) => !NOTES.test(object.kind));
  return there.map(told).filter((name) => !KEPT[stack].includes(name));
}

/** The end of a stack, what is kept, and its next beginning: point 3.3. */
export function destroyAndReturn(lifeOf: () => StackLife): void {
  /** What there is before the destroy, of what it is to leave. */
  let before: readonly Stored[] = [];
  let kept: readonly Stored[] = [];
  let secrets: Readonly<Record<string, unknown>> = {};
  /** Where the destroy begins among the operations. */
  let began = 0;
  const there = async () =>
    (await lifeOf().lab.cloud.list()).filter(({ object }) => !NOTES.test(object.kind));

  test("[O5] plain pulumi destroy of a stack that keeps data stops before it deletes anything", async () => {
    const life = lifeOf();
    await putCopy(life);
    before = await there();
    secrets = await applicationSecrets(life);
    const result = await life.pulumi("destroy", "--yes");
    expect(result.code).not.toBe(0);
    expect(result.stdout + result.stderr).toMatch(/protected/);
    expect(names(await there())).toEqual(names(before));
  });

  test("[O5] with expired credentials destroy touches nothing, and the state keeps everything", async () => {
    const life = lifeOf();
    const urns = await urnsOf(life);
    await life.lab.cloud.credentials(false);
    const { code, err } = await life.npmRun("destroy", life.stack, "--yes");
    await life.lab.cloud.credentials(true);
    expect(code).toBe(1);
    expect(err).toMatch(/expired|ran out|log in|login/);
    expect(await urnsOf(life)).toEqual(urns);
    expect(names(await there())).toEqual(names(before));
  });

  test("[O5] npm run destroy ends by itself and leaves exactly what is kept on purpose", async () => {
    const life = lifeOf();
    const announced = JSON.parse((await life.npmRun("kept", life.stack, "--json")).out) as KeptReport;
    began = (await life.lab.cloud.operations()).length;
    const { code, err, out } = await life.npmRun("destroy", life.stack, "--yes");
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    kept = await there();
    expect(kept.map(told).sort()).toEqual(KEPT[life.stack]);
    expect(await life.lab.cloud.kubeconfigs()).toEqual({});
    expect(out).toContain("kept on purpose");
    const report = JSON.parse((await life.npmRun("kept", life.stack, "--json")).out) as KeptReport;
    expect(report.things.map(({ name }) => name).sort()).toEqual(
      announced.things.map(({ name }) => name).sort(),
    );
    // What goes on costing money by being there comes first.
    const monthly = report.things.map(({ price }) => price?.monthly ?? 0);
    expect(monthly).toEqual([...monthly].sort((a, b) => b - a));
    expect(monthly[0]).toBeGreaterThan(0);
  });

  test("[Q1] that destroy takes hardly longer than what no program could avoid", async () => {
    const life = lifeOf();
    holdToChain(life.stack, "delete", await life.lab.cloud.operations(), began);
  });

  test("[O5] what is kept is as it was: same identity, same settings", () => {
    for (const { object } of kept) {
      const old = before.find(({ object: one }) => one.kind === object.kind && one.id === object.id);
      expect([object.kind, object.id, old !== undefined]).toEqual([object.kind, object.id, true]);
      expect([object.id, identityOf(object.properties)]).toEqual([
        object.id,
        identityOf(old!.object.properties),
      ]);
    }
  });

  test("[O1] the registry went with its images: the gate refuses an up that would run them, and says how to begin", async () => {
    const life = lifeOf();
    expect(await life.lab.cloud.images()).toEqual([]);
    const { code, err, out } = await life.npmRun("up", life.stack, "--yes");
    expect(code).toBe(1);
    expect(out + err).toContain(`the registry of ${life.stack} does not have what its pods would run`);
    expect(out + err).toContain("pulumi config rm cmbcluster:images");
    expect(names(await there())).toEqual(names(kept));
  });

  test("[O5] the next up, by its saved plan, succeeds and finds the data: bucket, identity, key, user pool", async () => {
    const life = lifeOf();
    life.configure({ "cmbcluster:images": undefined });
    const result = await life.npmRun("up", life.stack, "--yes");
    expect([result.code, result.code === 0 ? "" : result.out.slice(-4000)]).toEqual([0, ""]);
    expect(result.err).toContain("to create");
    const after = await there();
    for (const { object } of kept) {
      const now = after.find(({ object: one }) => one.kind === object.kind && one.id === object.id);
      expect([object.kind, object.id, now?.object.createdAt]).toEqual([
        object.kind,
        object.id,
        object.createdAt,
      ]);
      expect([object.id, identityOf(now!.object.properties)]).toEqual([
        object.id,
        identityOf(object.properties),
      ]);
    }
    const copies = after.filter(({ object }) => object.kind === COPIES[life.stack]);
    expect(copies.map(({ object }) => object.properties["content"])).toEqual([COPY]);
    expect((await life.outputs())["application"]).toBe("waits for images");
  });

  test("[O5] after another push the application is there again, with the file key that it had", async () => {
    const life = lifeOf();
    await life.pushImages(TAG);
    life.configure({ "cmbcluster:images": { tag: TAG } });
    const result = await life.npmRun("up", life.stack, "--yes");
    expect([result.code, result.code === 0 ? "" : result.out.slice(-4000)]).toEqual([0, ""]);
    expect((await applicationSecrets(life))["FILE_ENCRYPTION_KEY"]).toBe(secrets["FILE_ENCRYPTION_KEY"]);
    expect((await life.outputs())["application"]).toBe("installed");
  });

  test("[O5] after that another up changes nothing", async () => {
    const again = await lifeOf().up();
    expect(errorsOf(again)).toBe("");
    expect(changes(again)).toEqual({});
  });
}

/** What the simulation calls an object in a bucket. */
const COPIES = { "gcp-dev": HIDDEN.bucketObject, "aws-dev": OBJECT } as const;
const COPY = "a row that was acknowledged";

/** Puts what Litestream would into the database's bucket. */
async function putCopy({ stack, lab }: StackLife): Promise<void> {
  const buckets = [
    ...(await lab.cloud.list("gcp:storage/bucket:Bucket")),
    ...(await lab.cloud.list("aws:s3/bucket:Bucket")),
  ];
  const { object } = buckets.find(({ urn }) => urn?.endsWith("::cmb-buckets-database"))!;
  const [bucket, key] = [object.id, "database/0001.ltx"];
  await lab.cloud.put({
    kind: COPIES[stack],
    id: `${bucket}/${key}`,
    place: object.place,
    properties: { bucket, key, content: COPY, versions: 1, live: true },
  });
}

async function applicationSecrets(life: StackLife): Promise<Record<string, unknown>> {
  const { namespace } = (await life.outputs()) as { namespace: string };
  const secret = await (
    await life.api()
  ).get<KubernetesObject & { data: Record<string, string> }>(
    `/api/v1/namespaces/${namespace}/secrets/cmbcluster-backend-secrets`,
  );
  return secret.data;
}

async function urnsOf(life: StackLife): Promise<string[]> {
  const { stdout } = await life.pulumi("stack", "export");
  const { deployment } = JSON.parse(stdout) as { deployment: { resources?: { urn: string }[] } };
  return (deployment.resources ?? []).map(({ urn }) => urn).sort();
}

function names(stored: readonly Stored[]): string[] {
  return stored.map(({ object }) => `${object.kind} ${object.id}`).sort();
}

/** A thing by its kind and the name that the program gives it. */
function told({ object, urn }: Stored): string {
  return [object.kind, ...(urn === undefined ? [] : [urn.split("::").at(-1)])].join(" ");
}

function identityOf(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(IDENTITY.map((name) => [name, properties[name]]));
}
