import { ACCOUNT, account, REGION, roleWith, types, withNetwork } from "./fixtures/account";
import { pushImage } from "../../engine/images";
import { PENDING_KEY } from "./kms";
import { FLOW_LOG_DELAY } from "./logs";
import { SCHEDULED_SECRET } from "./secrets";
import { deleteObject, OBJECT, putObject, readObject } from "./storage";
import { ACCESS_LOG_DELAY } from "./storage-settings";
import { text } from "./values";

const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";
const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const REPOSITORY = "aws:ecr/repository:Repository";

describe("buckets", () => {
  test("a bucket with an object does not go, one that may be emptied does", async () => {
    const cloud = account();
    await cloud.create(BUCKET, { bucket: "kept" });
    await cloud.create(BUCKET, { bucket: "loose", forceDestroy: true });
    for (const name of ["kept", "loose"]) putObject(cloud.view, name, "a/b");
    expect(await cloud.refusal(cloud.remove(BUCKET, "kept"))).toBe(
      "BucketNotEmpty: The bucket kept you tried to delete is not empty",
    );
    await cloud.remove(BUCKET, "loose");
    expect(cloud.ids(OBJECT)).toEqual(["kept/a/b"]);
    deleteObject(cloud.view, "kept", "a/b");
    await cloud.remove(BUCKET, "kept");
    expect(cloud.ids(BUCKET)).toEqual([]);
  });

  test("of a versioned bucket the versions stay, and hold it, after its objects are deleted", async () => {
    const cloud = account();
    await cloud.create(BUCKET, { bucket: "kept" });
    await cloud.create(VERSIONING, { bucket: "kept", versioningConfiguration: { status: "Enabled" } });
    putObject(cloud.view, "kept", "db", "1");
    putObject(cloud.view, "kept", "db", "2");
    expect(readObject(cloud.view, "kept", "db")).toBe("2");
    deleteObject(cloud.view, "kept", "db");
    deleteObject(cloud.view, "kept", "never was");
    expect(readObject(cloud.view, "kept", "db")).toBeUndefined();
    expect(await cloud.refusal(cloud.remove(BUCKET, "kept"))).toMatch(/You must delete all versions/);
    expect(cloud.store.ofKind(OBJECT)[0]?.object.properties["versions"]).toBe(2);
  });

  test("a name that somebody else in the world has is refused", async () => {
    const cloud = account();
    const [place, status] = ["999900001111/eu-west-1", "active"] as const;
    const times = { visibleAt: 0, createdAt: 0 };
    cloud.view.put({
      kind: BUCKET,
      id: "x-1",
      place,
      uniqueName: "global:taken",
      status,
      properties: {},
      ...times,
    });
    expect(await cloud.refusal(cloud.create(BUCKET, { bucket: "taken" }))).toMatch(/^BucketAlreadyExists/);
  });

  test("a setting is refused without its bucket, after two minutes, and written twice without complaint", async () => {
    const cloud = account();
    const inputs = { bucket: "late", versioningConfiguration: { status: "Enabled" } };
    expect(await cloud.refusal(cloud.create(VERSIONING, inputs))).toMatch(/^NoSuchBucket/);
    expect(cloud.clock.now()).toBeGreaterThanOrEqual(120);
    await cloud.create(BUCKET, { bucket: "late" });
    await cloud.create(VERSIONING, inputs);
    await cloud.create(VERSIONING, inputs);
    expect(cloud.ids(VERSIONING)).toEqual(["late"]);
    const off = { bucket: "late", versioningConfiguration: { status: "Disabled" } };
    expect(await cloud.refusal(cloud.update(VERSIONING, "late", off))).toMatch(/cannot be updated/);
  });

  test("a policy for everybody is refused while public policies are blocked", async () => {
    const cloud = account();
    await cloud.create(BUCKET, { bucket: "box" });
    await cloud.create("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
      bucket: "box",
      blockPublicPolicy: true,
    });
    const policy = (Effect: string) => ({
      bucket: "box",
      policy: JSON.stringify({ Statement: [{ Effect, Principal: "*", Action: "s3:*", Resource: "*" }] }),
    });
    const type = "aws:s3/bucketPolicy:BucketPolicy";
    expect(await cloud.refusal(cloud.create(type, policy("Allow")))).toMatch(/^AccessDenied/);
    expect((await cloud.create(type, policy("Deny"))).id).toBe("box");
  });

  test("access logs arrive some hours later, and then hold the bucket they go to", async () => {
    const cloud = account();
    for (const bucket of ["data", "logs"]) await cloud.create(BUCKET, { bucket });
    const type = "aws:s3/bucketLogging:BucketLogging";
    expect(
      await cloud.refusal(cloud.create(type, { bucket: "data", targetBucket: "none", targetPrefix: "d/" })),
    ).toMatch(/^InvalidTargetBucketForLogging/);
    await cloud.create(type, { bucket: "data", targetBucket: "logs", targetPrefix: "d/" });
    expect(cloud.ids(OBJECT)).toEqual([]);
    await cloud.clock.sleep(ACCESS_LOG_DELAY + 1);
    expect(cloud.ids(OBJECT)).toEqual(["logs/d/log-1"]);
    expect(await cloud.refusal(cloud.remove(BUCKET, "logs"))).toMatch(/^BucketNotEmpty/);
  });

  test("replication wants versions on both ends", async () => {
    const cloud = account();
    for (const bucket of ["from", "target"]) await cloud.create(BUCKET, { bucket });
    const role = await roleWith(cloud, "copy", "s3.amazonaws.com");
    await cloud.create(VERSIONING, { bucket: "from", versioningConfiguration: { status: "Enabled" } });
    const inputs = {
      bucket: "from",
      role: text(role.properties, "arn"),
      rules: [{ status: "Enabled", destination: { bucket: "arn:aws:s3:::target" } }],
    };
    const type = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
    expect(await cloud.refusal(cloud.create(type, inputs))).toMatch(
      /Versioning must be 'Enabled'.*: target$/,
    );
    await cloud.create(VERSIONING, { bucket: "target", versioningConfiguration: { status: "Enabled" } });
    expect((await cloud.create(type, inputs)).status).toBe("active");
  });
});

describe("keys", () => {
  test("a deleted key only waits for its end; nothing can be encrypted with it any more", async () => {
    const cloud = account();
    const key = await cloud.create(KEY, { deletionWindowInDays: 7 });
    await cloud.remove(KEY, key.id);
    expect(cloud.store.ofKind(PENDING_KEY).map(({ object }) => object.properties)).toMatchObject([
      { keyId: key.id, days: 7 },
    ]);
    await cloud.create(BUCKET, { bucket: "box" });
    const rules = [
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: key.properties["arn"]!,
        },
      },
    ];
    expect(await cloud.refusal(cloud.create(ENCRYPTION, { bucket: "box", rules }))).toMatch(
      /is pending deletion/,
    );
  });

  test("an alias leads to one key, its name is taken once in a region", async () => {
    const cloud = account();
    const key = await cloud.create(KEY, { enableKeyRotation: true });
    const inputs = { name: "alias/data", targetKeyId: key.id };
    const alias = await cloud.create(ALIAS, inputs);
    expect(alias.properties["targetKeyArn"]).toBe(key.properties["arn"]);
    expect(await cloud.refusal(cloud.create(ALIAS, inputs))).toMatch(/^AlreadyExistsException/);
    expect(await cloud.refusal(cloud.create(ALIAS, { name: "alias/x", targetKeyId: "none" }))).toBe(
      "NotFoundException: Key 'none' does not exist",
    );
    await expect(cloud.create(ALIAS, { name: "data", targetKeyId: key.id })).rejects.toThrow(/must begin/);
    await expect(cloud.create(KEY, { deletionWindowInDays: 3 })).rejects.toThrow(/7 to 30 days/);
  });
});

describe("secrets", () => {
  test("a deleted secret keeps its name for its window, longer than the provider tries", async () => {
    const cloud = account();
    const secret = await cloud.create(SECRET, { name: "key" });
    await cloud.create(VERSION, { secretId: secret.id, secretString: "s" });
    await cloud.remove(SECRET, secret.id);
    expect(cloud.ids(VERSION)).toEqual([]);
    const began = cloud.clock.now();
    expect(await cloud.refusal(cloud.create(SECRET, { name: "key" }))).toMatch(
      /already scheduled for deletion/,
    );
    expect(cloud.clock.now() - began).toBeGreaterThanOrEqual(120);
    await cloud.clock.sleep(30 * 86_400);
    expect((await cloud.create(SECRET, { name: "key" })).status).toBe("active");
  });

  test("with a window of no days it is gone at once", async () => {
    const cloud = account();
    const secret = await cloud.create(SECRET, { name: "key", recoveryWindowInDays: 0 });
    await cloud.remove(SECRET, secret.id);
    expect(cloud.ids(SCHEDULED_SECRET)).toEqual([]);
    expect((await cloud.create(SECRET, { name: "key" })).id).not.toBe(secret.id);
    expect(await cloud.refusal(cloud.create(SECRET, { name: "key" }))).toMatch(/^ResourceExistsException/);
    await expect(cloud.create(SECRET, { name: "k", recoveryWindowInDays: 3 })).rejects.toThrow(
      /0, or 7 to 30/,
    );
  });

  test("a value needs its secret", async () => {
    const cloud = account();
    expect(await cloud.refusal(cloud.create(VERSION, { secretId: "none", secretString: "s" }))).toMatch(
      /^ResourceNotFoundException/,
    );
  });
});

describe("repositories", () => {
  const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
  test("one with images does not go unless it may be emptied", async () => {
    const cloud = account();
    await cloud.create(REPOSITORY, { name: "app", imageTagMutability: "IMMUTABLE" });
    const push = (name: string) => pushImage(cloud.store, `${REGISTRY}/${name}:1.0`);
    push("app");
    expect(() => push("app")).toThrow(/ImageTagAlreadyExists/);
    expect(() => push("other")).toThrow(/RepositoryNotFound/);
    expect(await cloud.refusal(cloud.remove(REPOSITORY, "app"))).toMatch(/^RepositoryNotEmptyException/);
    await cloud.create(REPOSITORY, { name: "loose", forceDelete: true });
    push("loose");
    await cloud.remove(REPOSITORY, "loose");
    expect(cloud.ids(REPOSITORY)).toEqual(["app"]);
    expect([...cloud.store.images]).toEqual([`${REGISTRY}/app:1.0`]);
    expect(await cloud.refusal(cloud.create(REPOSITORY, { name: "app" }))).toMatch(/already exists/);
  });
});

describe("logs", () => {
  const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
  async function flowing(action: string) {
    const { cloud, vpcId } = await withNetwork();
    const group = await cloud.create(types.logGroup, { name: "/flows", retentionInDays: 7 });
    const role = await roleWith(cloud, "flows", "vpc-flow-logs.amazonaws.com");
    const statement = { Effect: "Allow", Action: [action], Resource: "*" };
    await cloud.create(types.inline, {
      role: "flows",
      name: "write",
      policy: JSON.stringify({ Statement: [statement] }),
    });
    const inputs = {
      vpcId,
      trafficType: "ALL",
      iamRoleArn: role.properties["arn"]!,
      logDestination: group.properties["arn"]!,
    };
    const log = await cloud.create(FLOW_LOG, inputs);
    return { cloud, log, inputs, role };
  }

  test("flow logs make a group anew that was deleted under them, if their role may", async () => {
    for (const [action, expected] of [
      ["logs:*", ["/flows"]],
      ["logs:PutLogEvents", []],
    ] as const) {
      const { cloud } = await flowing(action);
      await cloud.remove(types.logGroup, "/flows");
      await cloud.clock.sleep(FLOW_LOG_DELAY);
      expect(cloud.ids(types.logGroup)).toEqual(expected);
    }
  });

  test("the same flow log twice is refused, and one whose role the service may not take", async () => {
    const { cloud, inputs } = await flowing("logs:PutLogEvents");
    expect(await cloud.refusal(cloud.create(FLOW_LOG, inputs))).toMatch(/^FlowLogAlreadyExists/);
    const other = await roleWith(cloud, "other", "ec2.amazonaws.com");
    const wrong = { ...inputs, trafficType: "REJECT", iamRoleArn: other.properties["arn"]! };
    expect(await cloud.refusal(cloud.create(FLOW_LOG, wrong))).toMatch(/Unable to assume given IAM role/);
  });
});
