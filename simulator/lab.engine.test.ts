import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { criticalPath, unavoidableChain } from "./engine/timeline";
import { configure, type Lab, openLab, type PulumiResult } from "./lab";

/**
 * The real engine on a program of four resources. Shows that the simulator speaks the engine's protocol; nothing
 * here says anything about a real cloud.
 */
const folder = mkdtempSync(join(tmpdir(), "lab-"));
const BUCKET = "aws:s3/bucket:Bucket";
const VPC = "aws:ec2/vpc:Vpc";
let lab: Lab;

const open = () =>
  openLab({
    folder,
    project: join(__dirname, "fixtures/tiny"),
    clouds: { models: join(__dirname, "fixtures/models"), clusters: false },
  });
const up = (...more: string[]) => lab.pulumi(["up", "--yes", "--skip-preview", ...more]);
const kinds = async () => (await lab.cloud.list()).map(({ object }) => object.kind).sort();

/** Number of steps by what was done. */
function changes({ events }: PulumiResult): Readonly<Record<string, number>> {
  const summary = events.map(({ summaryEvent }) => summaryEvent).filter((event) => event !== undefined);
  return summary.at(-1)?.resourceChanges ?? {};
}

beforeAll(async () => {
  lab = await open();
  expect((await lab.pulumi(["stack", "init", "dev"])).code).toBe(0);
});

afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a first up makes everything, in the time that the longest of them takes", async () => {
  const result = await up();
  expect(result).toMatchObject({ code: 0, virtualSeconds: 100 });
  expect(changes(result)["create"]).toBe(6);
  expect(await kinds()).toEqual(["aws:ec2/subnet:Subnet", VPC, BUCKET]);
  const operations = await lab.cloud.operations();
  expect(criticalPath(operations).operations.map(({ type }) => type)).toEqual([BUCKET]);
  expect(unavoidableChain(operations, "create").seconds).toBe(100);
});

test("outputs of a resource reach the next one, and ARNs name account and region", async () => {
  const outputs = JSON.parse((await lab.pulumi(["stack", "output", "--json"])).stdout) as Record<
    string,
    string
  >;
  const [subnet] = await lab.cloud.list("aws:ec2/subnet:Subnet");
  const [vpc] = await lab.cloud.list(VPC);
  expect(subnet!.object.properties["vpcId"]).toBe(vpc!.object.id);
  expect(outputs["vpcArn"]).toBe(`arn:aws:ec2:us-east-1:111122223333:vpc/${vpc!.object.id}`);
  expect(vpc!.object.properties["tagsAll"]).toEqual({ owner: "tests" });
});

test("a secret reaches the cloud and is in no state, log or event in the clear", async () => {
  const shown = JSON.parse((await lab.pulumi(["stack", "output", "--json", "--show-secrets"])).stdout) as {
    passwordText: string;
  };
  const secret = shown.passwordText;
  expect(secret).toMatch(/^[A-Za-z0-9]{20}$/);
  const [subnet] = await lab.cloud.list("aws:ec2/subnet:Subnet");
  expect(subnet!.object.properties["tags"]).toEqual({ secret });
  const state = (await lab.pulumi(["stack", "export"])).stdout;
  expect(state).not.toContain(secret);
  expect(readFileSync(join(folder, "events.jsonl"), { encoding: "utf8", flag: "a+" })).not.toContain(secret);
});

test("another up changes nothing, and a refresh finds nothing", async () => {
  const again = await lab.pulumi(["up", "--yes"]);
  expect(changes(again)).toEqual({ same: 6 });
  const refreshed = await lab.pulumi(["refresh", "--yes"]);
  expect(changes(refreshed)).toEqual({ same: 6 });
});

test("what was changed behind the engine's back is found by a refresh and put right by an up", async () => {
  const [vpc] = await lab.cloud.list(VPC);
  await lab.cloud.set(
    { kind: VPC, id: vpc!.object.id },
    { tags: { stranger: "yes" }, enableDnsSupport: false },
  );
  const refreshed = await lab.pulumi(["refresh", "--yes"]);
  expect(changes(refreshed)["update"]).toBe(1);
  expect(changes(await up())["update"]).toBe(1);
  const [after] = await lab.cloud.list(VPC);
  expect(after!.object.properties).toMatchObject({ enableDnsSupport: true });
  expect(after!.object.properties["tags"]).toBeUndefined();
});

test("what was deleted behind the engine's back is made again", async () => {
  await lab.cloud.delete({ kind: BUCKET, id: "tiny-bucket" });
  expect(changes(await lab.pulumi(["refresh", "--yes"]))["delete"]).toBe(1);
  expect(changes(await up())["create"]).toBe(1);
  expect(await kinds()).toContain(BUCKET);
});

test("the provider's default tags change every resource in place", async () => {
  configure(lab, "dev", { "tiny:owner": "others" });
  const result = await up();
  // The provider itself counts as one more.
  expect(changes(result)["update"]).toBe(4);
  const [bucket] = await lab.cloud.list(BUCKET);
  expect(bucket!.object.properties["tagsAll"]).toEqual({ owner: "others" });
});

test("a replaced network: the new one first, then the old one, which waits for its subnet to go", async () => {
  configure(lab, "dev", { "tiny:cidr": "10.1.0.0/16" });
  const result = await up();
  expect(result.code).toBe(0);
  expect(changes(result)["replace"]).toBe(2);
  expect(await kinds()).toEqual(["aws:ec2/subnet:Subnet", VPC, BUCKET]);
});

test("a bucket whose name belongs to somebody else is refused in the cloud's words", async () => {
  await lab.cloud.put({ kind: BUCKET, id: "theirs", uniqueName: "global:theirs" });
  configure(lab, "dev", { "tiny:bucket": "theirs" });
  const result = await up();
  expect(result.code).not.toBe(0);
  expect(result.stdout).toContain("BucketAlreadyExists: the bucket name theirs is taken");
  configure(lab, "dev", { "tiny:bucket": "tiny-bucket" });
  await lab.cloud.delete({ kind: BUCKET, id: "theirs" });
  expect((await up()).code).toBe(0);
});

test("with expired credentials nothing is taken for gone", async () => {
  await lab.cloud.credentials(false);
  const result = await lab.pulumi(["refresh", "--yes"]);
  expect(result.code).not.toBe(0);
  expect(result.stdout).toContain("ExpiredToken");
  await lab.cloud.credentials(true);
  expect(changes(await lab.pulumi(["up", "--yes"]))).toEqual({ same: 6 });
});

test("the clouds outlive the process that holds them", async () => {
  const before = await lab.cloud.list();
  await lab.close();
  lab = await open();
  expect(await lab.cloud.list()).toEqual(before);
  expect(changes(await lab.pulumi(["up", "--yes"]))).toEqual({ same: 6 });
});

test("a destroy leaves nothing", async () => {
  const result = await lab.pulumi(["destroy", "--yes"]);
  expect(result.code).toBe(0);
  expect(await lab.cloud.list()).toEqual([]);
});
