import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { exported, onAmazon } from "./fixtures/stack";
import { create, HERE, json, preview, strays, straysOf, straysRoot, tagged } from "./fixtures/strays";

const VPC = "aws:ec2/vpc:Vpc";
const EIP = "aws:ec2/eip:Eip";
const KEY = "aws:kms/key:Key";
afterAll(() => rmSync(straysRoot, { recursive: true, force: true }));

const ec2 = (id: string) => `arn:aws:ec2:eu-central-1:123456789012:${id}`;
const called = (Name: string) => ({ tags: { Name } });

test("[O5] what the state knows, what EKS makes and what has a name of its own is no stray", async () => {
  const { code, out, lines } = await strays({
    [HERE]: tagged(
      [ec2("vpc/vpc-1")],
      [ec2("instance/i-1"), { "eks:nodegroup-name": "users" }],
      [ec2("instance/i-2"), { "aws:autoscaling:groupName": "users" }],
      [ec2("security-group/sg-1"), { "aws:eks:cluster-name": "cmb-dev" }],
      ["arn:aws:eks:eu-central-1:123456789012:cluster/cmb-dev"],
    ),
  });
  expect([code, out]).toEqual([0, "nothing that s1 would make a second time is unknown to its state\n"]);
  expect(lines.filter((line) => line.startsWith("pulumi preview"))).toEqual([]);
  expect(lines[1]).toContain("--tag-filters Key=stack,Values=s1 Key=cluster,Values=cmb-dev");
});

test("[O5] a stray is named, with the resource that it would be, and how it is taken over or away", async () => {
  const answers = {
    "pulumi stack export": exported([onAmazon]),
    [HERE]: tagged(
      [ec2("vpc/vpc-9"), { Name: "cmb-dev" }],
      [ec2("elastic-ip/eipalloc-9"), { Name: "cmb-dev-nat" }],
    ),
    "pulumi preview": preview(
      create(VPC, "cmb-network-vpc", called("cmb-dev")),
      create(EIP, "cmb-network-nat-address", called("cmb-dev-nat")),
      create(EIP, "other", called("other")),
    ),
  };
  const { code, out } = await strays(answers);
  expect(code).toBe(1);
  expect(out).toContain("vpc-9  Vpc called cmb-dev\n    would be cmb-network-vpc\n");
  expect(out).toContain("aws ec2 release-address --allocation-id eipalloc-9 --region eu-central-1");
  expect(out).toContain(
    "pulumi import --stack s1 --file .cache/strays-s1.json --protect=false --generate-code=false",
  );
  expect((await straysOf(answers)).strays.map(({ id, resource: own }) => [id, own])).toEqual([
    ["vpc-9", "cmb-network-vpc"],
    ["eipalloc-9", "cmb-network-nat-address"],
  ]);
  const file = JSON.parse(readFileSync(join(straysRoot, ".cache/strays-s1.json"), "utf8")) as {
    resources: object[];
  };
  expect(file.resources).toEqual([
    { type: "cmb:aws:Network", name: "cmb-network", component: true },
    { type: VPC, name: "cmb-network-vpc", id: "vpc-9" },
    { type: EIP, name: "cmb-network-nat-address", id: "eipalloc-9" },
  ]);
});

test("[O5] a second one of what the state has is not offered for adoption, nor is one of several that are marked alike", async () => {
  const told = await straysOf({
    [HERE]: tagged(
      [ec2("vpc/vpc-2"), { Name: "cmb-dev" }],
      ["arn:aws:kms:eu-central-1:123456789012:key/k-9"],
    ),
    "aws kms describe-key": json({ KeyMetadata: { KeyState: "Enabled", Description: "Encrypts" } }),
    "pulumi preview": preview(
      create(KEY, "one", { description: "Encrypts" }),
      create(KEY, "another", { description: "Encrypts" }),
    ),
  });
  expect(told.strays.map(({ resource: own }) => own)).toEqual([undefined, undefined]);
  expect(told.adopt).toBeUndefined();
  expect(told.strays[1]!.remove).toContain("schedule-key-deletion --key-id k-9 --pending-window-in-days 7");
});

test("[O5] two with one mark: one of them is taken over, the other is a second one", async () => {
  const { strays: told } = await straysOf({
    [HERE]: tagged(
      [ec2("elastic-ip/eipalloc-1"), { Name: "cmb-dev-nat" }],
      [ec2("elastic-ip/eipalloc-2"), { Name: "cmb-dev-nat" }],
    ),
    "pulumi preview": preview(create(EIP, "cmb-network-nat-address", called("cmb-dev-nat"))),
  });
  expect(told.map(({ id, resource: own }) => [id, own])).toEqual([
    ["eipalloc-1", "cmb-network-nat-address"],
    ["eipalloc-2", undefined],
  ]);
});

test("[O5] where nothing would be created every stray is a second one", async () => {
  const { strays: told } = await straysOf({
    [HERE]: tagged([ec2("vpc/vpc-2"), { Name: "cmb-dev" }]),
    "pulumi preview": preview(),
  });
  expect(told.map(({ id, resource: own }) => [id, own])).toEqual([["vpc-2", undefined]]);
});

test("creations that a killed run left open are to be forgotten first, which is said before the import", async () => {
  const answers = {
    "pulumi stack export": json({ deployment: { resources: [onAmazon], pending_operations: [{}] } }),
    [HERE]: tagged([ec2("vpc/vpc-9"), { Name: "cmb-dev" }]),
    "pulumi preview": preview(create(VPC, "cmb-network-vpc", called("cmb-dev"))),
  };
  const first = "pulumi refresh --stack s1 --yes --skip-preview --clear-pending-creates";
  expect((await strays(answers)).out).toMatch(new RegExp(`first: ${first}\\n.*pulumi import`));
  expect((await straysOf(answers)).first).toBe(first);
});

test("an expired log-in, a refused question and a preview that fails are said, and are no empty list", async () => {
  const expired = await strays({ [HERE]: { code: 254, stderr: "(ExpiredToken) x" } });
  expect([expired.code, /log-in does not hold/.test(expired.err)]).toEqual([1, true]);
  const refused = await strays({ [HERE]: { code: 254, stderr: "AccessDenied: tag:GetResources" } });
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("AccessDenied")]);
  const failed = await strays({
    [HERE]: tagged([ec2("vpc/vpc-9")]),
    "pulumi preview": { code: 255, stderr: "error: passphrase" },
  });
  expect([failed.code, failed.err]).toEqual([1, expect.stringContaining("passphrase")]);
});

test("without a place nobody can tell", async () => {
  const nowhere = await strays({ "pulumi stack export": exported([]) });
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining("nobody can tell where it was")]);
});
