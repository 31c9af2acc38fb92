import { join } from "node:path";
import type { StraysDocument } from "../../operate/strays";
import { begin, changes, errorsOf, type StackLife } from "./stack-life";

/**
 * Creations that succeeded and were told as failed, of things without unique names, which the next run would make a
 * second time: found by nothing but what the cloud shows of them, their tags. Clusters are records here.
 */
const LOST = [
  "cmb-network-vpc",
  "cmb-dns-zone",
  "cmb-cluster-secrets-key",
  "cmb-buckets-data-key",
  "sign-in-pool",
];

let life: StackLife;
let told: StraysDocument;
beforeAll(async () => {
  life = await begin("aws-dev", { clusters: false, instant: true });
  await life.lab.cloud.faults(LOST.map((name) => ({ fault: "after", urn: `*::${name}` })));
  expect((await life.up("--continue-on-error")).code).not.toBe(0);
});
afterAll(() => life.close());

test("[O5] each is found by its tags and named; two keys without a name cannot be told apart", async () => {
  const { code, out, err } = await life.npmRun("strays", life.stack, "--json");
  expect([code, err]).toEqual([1, ""]);
  told = JSON.parse(out) as StraysDocument;
  const lost = (await life.lab.cloud.happened()).map(({ urn }) => urn.split("::").at(-1));
  expect(lost.sort()).toEqual([...LOST].sort());
  expect(told.strays.map(({ type }) => type.split(":").at(-1)).sort()).toEqual(
    ["Key", "Key", "UserPool", "Vpc", "Zone"].sort(),
  );
  expect(told.strays.flatMap(({ resource }) => resource ?? []).sort()).toEqual(
    ["cmb-dns-zone", "cmb-network-vpc", "sign-in-pool"].sort(),
  );
});

test("[O5] the command that is shown takes over what would be a resource: nothing is made twice", async () => {
  const words = told.adopt!.split(" ").slice(1);
  const result = await life.lab.pulumi([...words, "--yes", "--skip-preview"]);
  expect(errorsOf(result)).toBe("");
  expect(words).toContain(join(".cache", `strays-${life.stack}.json`));
  expect(errorsOf(await life.up())).toBe("");
  for (const kind of ["aws:ec2/vpc:Vpc", "aws:route53/zone:Zone", "aws:cognito/userPool:UserPool"])
    expect([kind, await life.lab.cloud.list(kind)]).toEqual([kind, [expect.anything()]]);
});

test("[O5] after that only the second keys are left, to be taken away by the command shown; no data is in them", async () => {
  const left = JSON.parse((await life.npmRun("strays", life.stack, "--json")).out) as StraysDocument;
  expect(left.strays.map(({ type }) => type)).toEqual(["aws:kms/key:Key", "aws:kms/key:Key"]);
  expect(left.adopt).toBeUndefined();
  for (const { remove, id } of left.strays) expect(remove).toContain(`schedule-key-deletion --key-id ${id}`);
  const again = await life.up();
  expect([errorsOf(again), changes(again)]).toEqual(["", {}]);
});
