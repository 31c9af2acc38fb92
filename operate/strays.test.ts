import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exported, onAmazon, onGoogle, resource, urn } from "./fixtures/stack";
import { type Answer, scripted } from "./fixtures/world";
import { main } from "./main";
import type { StraysDocument } from "./strays";

const VPC = "aws:ec2/vpc:Vpc";
const KEY = "aws:kms/key:Key";
const root = mkdtempSync(join(tmpdir(), "strays-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ec2 = (id: string) => `arn:aws:ec2:eu-central-1:123456789012:${id}`;
const tagged = (...things: readonly (readonly [arn: string, tags?: Record<string, string>])[]): Answer => ({
  stdout: JSON.stringify({
    ResourceTagMappingList: things.map(([ResourceARN, tags = {}]) => ({
      ResourceARN,
      Tags: Object.entries({ stack: "s1", ...tags }).map(([Key, Value]) => ({ Key, Value })),
    })),
  }),
});
const create = (type: string, name: string, called?: string) => ({
  op: "create",
  urn: urn(type, name),
  newState: { urn: urn(type, name), type, inputs: called === undefined ? {} : { tags: { Name: called } } },
});

/** The preview of a run that would create these; it writes the file for an import beside it. */
function preview(...steps: readonly ReturnType<typeof create>[]): Answer {
  return (args) => {
    const resources = [
      { type: "cmb:aws:Network", name: "cmb-network", component: true },
      ...steps.map((step) => ({
        type: step.newState.type,
        name: step.urn.split("::").at(-1),
        id: "<PLACEHOLDER>",
      })),
    ];
    const written = steps.length > 0 ? { nameTable: {}, resources } : {};
    writeFileSync(args[args.indexOf("--import-file") + 1]!, JSON.stringify(written));
    return { stdout: JSON.stringify({ steps }) };
  };
}

async function run(answers: Record<string, Answer>, ...flags: string[]) {
  const world = scripted(
    {
      "pulumi stack export": exported([onAmazon, resource(VPC, "cmb-network-vpc", { id: "vpc-1" })]),
      ...answers,
      "aws resourcegroupstaggingapi get-resources --region us-east-1": tagged(),
    },
    { root },
  );
  const code = await main(["strays", "s1", ...flags], world);
  return { code, ...world.texts, lines: world.calls.map(({ line }) => line) };
}
const document = ({ out }: { out: string }) => JSON.parse(out) as StraysDocument;
const HERE = "aws resourcegroupstaggingapi get-resources --region eu-central-1";

test("[O5] what the state knows, what a node group makes and what has a name of its own is no stray", async () => {
  const { code, out, lines } = await run({
    [HERE]: tagged(
      [ec2("vpc/vpc-1")],
      [ec2("instance/i-1"), { "eks:nodegroup-name": "users" }],
      [ec2("instance/i-2"), { "aws:autoscaling:groupName": "users" }],
      ["arn:aws:eks:eu-central-1:123456789012:cluster/cmb-dev"],
    ),
  });
  expect([code, out]).toEqual([0, "nothing with the tags of s1 is unknown to its state\n"]);
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
      create(VPC, "cmb-network-vpc", "cmb-dev"),
      create("aws:ec2/eip:Eip", "cmb-network-nat-address", "cmb-dev-nat"),
      create("aws:ec2/eip:Eip", "other", "other"),
    ),
  };
  const { code, out } = await run(answers);
  expect(code).toBe(1);
  expect(out).toContain("vpc-9  Vpc called cmb-dev\n    would be cmb-network-vpc\n");
  expect(out).toContain("aws ec2 release-address --allocation-id eipalloc-9 --region eu-central-1");
  expect(out).toContain(
    "pulumi import --stack s1 --file .cache/strays-s1.json --protect=false --generate-code=false",
  );
  const { strays } = document(await run(answers, "--json"));
  expect(strays.map(({ id, resource: own }) => [id, own])).toEqual([
    ["vpc-9", "cmb-network-vpc"],
    ["eipalloc-9", "cmb-network-nat-address"],
  ]);
  const file = JSON.parse(readFileSync(join(root, ".cache/strays-s1.json"), "utf8")) as {
    resources: object[];
  };
  expect(file.resources).toEqual([
    { type: "cmb:aws:Network", name: "cmb-network", component: true },
    { type: VPC, name: "cmb-network-vpc", id: "vpc-9" },
    { type: "aws:ec2/eip:Eip", name: "cmb-network-nat-address", id: "eipalloc-9" },
  ]);
});

test("[O5] a second one of what the state has is not offered for adoption, nor is one of several without a name", async () => {
  const key = "arn:aws:kms:eu-central-1:123456789012:key/k-9";
  const told = document(
    await run(
      {
        [HERE]: tagged([ec2("vpc/vpc-2"), { Name: "cmb-dev" }], [key]),
        "pulumi preview": preview(create(KEY, "one"), create(KEY, "another")),
      },
      "--json",
    ),
  );
  expect(told.strays.map(({ resource: own }) => own)).toEqual([undefined, undefined]);
  expect(told.adopt).toBeUndefined();
  expect(told.strays[1]!.remove).toContain("schedule-key-deletion --key-id k-9 --pending-window-in-days 7");
});

test("[O5] where nothing would be created every stray is a second one", async () => {
  const { strays } = document(
    await run(
      { [HERE]: tagged([ec2("vpc/vpc-2"), { Name: "cmb-dev" }]), "pulumi preview": preview() },
      "--json",
    ),
  );
  expect(strays.map(({ id, resource: own }) => [id, own])).toEqual([["vpc-2", undefined]]);
});

test("creations that a killed run left open are to be forgotten first", async () => {
  const open = {
    stdout: JSON.stringify({ deployment: { resources: [onAmazon], pending_operations: [{}] } }),
  };
  const { out } = await run({
    "pulumi stack export": open,
    [HERE]: tagged([ec2("vpc/vpc-9"), { Name: "cmb-dev" }]),
    "pulumi preview": preview(create(VPC, "cmb-network-vpc", "cmb-dev")),
  });
  expect(out).toContain("first: pulumi refresh --stack s1 --yes --skip-preview --clear-pending-creates");
});

test("zones are looked for where Amazon keeps them, once", async () => {
  const zone = "arn:aws:route53:::hostedzone/Z9";
  const { out, lines } = await run({
    [`${HERE.replace("eu-central-1", "us-east-1")} --tag-filters`]: tagged([zone]),
    [HERE]: tagged(),
    "pulumi preview": preview(create("aws:route53/zone:Zone", "cmb-dns-zone")),
  });
  expect(out).toContain("Z9  Zone\n    would be cmb-dns-zone\n");
  expect(lines.filter((line) => line.includes("--resource-type-filters route53:hostedzone"))).toHaveLength(1);
});

test("an expired log-in, a refused question and a preview that fails are said, and are no empty list", async () => {
  const expired = await run({ [HERE]: { code: 254, stderr: "(ExpiredToken) x" } });
  expect([expired.code, /log-in does not hold/.test(expired.err)]).toEqual([1, true]);
  const refused = await run({ [HERE]: { code: 254, stderr: "AccessDenied: tag:GetResources" } });
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("AccessDenied")]);
  const failed = await run({
    [HERE]: tagged([ec2("vpc/vpc-9")]),
    "pulumi preview": { code: 255, stderr: "error: passphrase" },
  });
  expect([failed.code, failed.err]).toEqual([1, expect.stringContaining("passphrase")]);
});

test("on Google nothing is looked for, and why is said; without a place nobody can tell", async () => {
  const google = await run({ "pulumi stack export": exported([onGoogle]) }, "--json");
  expect([google.code, document(google).strays]).toEqual([0, []]);
  expect(google.err).toContain("everything but a budget");
  const nowhere = await run({ "pulumi stack export": exported([]) });
  expect(nowhere.code).toBe(1);
});
