import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeEmptyAttributes } from "./state-folder";
import type { FaultRule } from "./engine/faults";
import { type Lab, openLab } from "./lab";

/** What each kind of fault does to a run of the real engine, and that the next run finds its way. */
const folder = mkdtempSync(join(tmpdir(), "lab-"));
const BUCKET = "aws:s3/bucket:Bucket";
const VPC = "aws:ec2/vpc:Vpc";
let lab: Lab;

const up = () => lab.pulumi(["up", "--yes", "--skip-preview"]);
const kinds = async () => (await lab.cloud.list()).map(({ object }) => object.kind).sort();
const ALL = ["aws:ec2/subnet:Subnet", VPC, BUCKET];

beforeAll(async () => {
  lab = await openLab({
    folder,
    project: join(__dirname, "fixtures/tiny"),
    clouds: { models: join(__dirname, "fixtures/models"), clusters: false, instant: true },
  });
});

/** A new stack and empty clouds for each: what a fault left in the state would meet the next test. */
let stack = 0;
beforeEach(async () => {
  await lab.cloud.faults([]);
  await lab.cloud.credentials(true);
  for (const { object } of await lab.cloud.list()) await lab.cloud.delete(object);
  expect((await lab.pulumi(["stack", "init", `s${++stack}`])).code).toBe(0);
});

afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

async function failing(rule: FaultRule) {
  await lab.cloud.faults([rule]);
  const result = await up();
  expect(await lab.cloud.happened()).toContainEqual(expect.objectContaining({ fault: rule.fault }));
  return result;
}

test("refused before anything was made: the next run makes it", async () => {
  const result = await failing({ fault: "before", urn: BUCKET });
  expect(result.code).not.toBe(0);
  expect(await kinds()).not.toContain(BUCKET);
  expect((await up()).code).toBe(0);
  expect(await kinds()).toEqual(ALL);
});

test("failed after it succeeded: the thing is there and the engine does not know it, so the next run collides", async () => {
  expect((await failing({ fault: "after", urn: BUCKET })).code).not.toBe(0);
  expect(await kinds()).toContain(BUCKET);
  const next = await up();
  expect(next.code).not.toBe(0);
  expect(next.stdout).toContain("BucketAlreadyExists");
});

test("failed after it succeeded, without a unique name: the next run makes a second one", async () => {
  await failing({ fault: "after", urn: VPC });
  expect((await up()).code).toBe(0);
  expect(await lab.cloud.list(VPC)).toHaveLength(2);
});

test("made in part: the engine knows the thing, and the next run completes it", async () => {
  expect((await failing({ fault: "partial", urn: VPC })).code).not.toBe(0);
  expect((await up()).code).toBe(0);
  expect(await kinds()).toEqual(ALL);
});

test("the process dies in the middle: the cloud goes on, and the next run names what it does not know of", async () => {
  const result = await failing({ fault: "kill", urn: BUCKET });
  expect(result.code).toBeUndefined();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await kinds()).toContain(BUCKET);
  removeEmptyAttributes(folder);
  await lab.pulumi(["cancel", "--yes"]);
  const next = await up();
  expect(next.stdout).toMatch(/pending|interrupted/i);
});

test("the process dies before it hears of what succeeded: the cloud has it, and the next run names what it does not know of", async () => {
  const result = await failing({ fault: "kill-after", urn: BUCKET });
  expect(result.code).toBeUndefined();
  expect(await kinds()).toContain(BUCKET);
  removeEmptyAttributes(folder);
  await lab.pulumi(["cancel", "--yes"]);
  expect((await up()).stdout).toMatch(/pending|interrupted/i);
});

test("no answer ever comes: the run stands still until somebody ends it, and nothing was made", async () => {
  // The run would never end by itself: its last creation ends it.
  const SUBNET = "aws:ec2/subnet:Subnet";
  await lab.cloud.faults([
    { fault: "hang", urn: BUCKET },
    { fault: "kill", urn: SUBNET },
  ]);
  const result = await up();
  expect(result.code).toBeUndefined();
  expect((await lab.cloud.happened()).slice(-2).map(({ fault }) => fault)).toEqual(
    expect.arrayContaining(["hang", "kill"]),
  );
  const [hanging] = (await lab.cloud.operations()).filter(
    ({ urn, type }) => type === BUCKET && urn.includes(`:s${stack}::`),
  );
  expect([hanging?.kind, hanging?.end]).toEqual(["create", undefined]);
  expect(await kinds()).not.toContain(BUCKET);
  removeEmptyAttributes(folder);
  await lab.pulumi(["cancel", "--yes"]);
  expect((await up()).stdout).toMatch(/pending|interrupted/i);
});

test("throttled: the provider itself tries again, and the run succeeds", async () => {
  expect((await failing({ fault: "throttle", urn: BUCKET })).code).toBe(0);
});

test("credentials that expire in the middle end the run; with new ones the next run completes it", async () => {
  expect((await failing({ fault: "expire", urn: VPC })).code).not.toBe(0);
  await lab.cloud.credentials(true);
  expect((await up()).code).toBe(0);
  expect(await kinds()).toEqual(ALL);
});

test("every creation fails once: as many runs as there are levels, then all is there", async () => {
  await lab.cloud.faults([{ fault: "before", each: true }]);
  let runs = 0;
  while ((await lab.pulumi(["up", "--yes", "--skip-preview", "--continue-on-error"])).code !== 0) runs++;
  expect(runs).toBe(2);
  const happened = (await lab.cloud.happened()).filter(({ urn }) => urn.includes(`:s${stack}::`));
  expect(happened).toHaveLength(3);
  expect(await kinds()).toEqual(ALL);
});
