import { readFileSync, rmSync } from "node:fs";
import { exported, onAmazon, onGoogle, resource } from "./fixtures/stack";
import { create, HERE, json, preview, strays, straysOf, straysRoot, tagged } from "./fixtures/strays";

afterAll(() => rmSync(straysRoot, { recursive: true, force: true }));

const KEY = "aws:kms/key:Key";
const keyArn = (id: string, region = "eu-central-1") => `arn:aws:kms:${region}:123456789012:key/${id}`;
const groupArn = (id: string) => `arn:aws:ec2:eu-central-1:123456789012:security-group/${id}`;

test("[O5] a VPC's own group is no stray, whether the state has it or its adoption was told as failed", async () => {
  const own = resource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "group", { id: "sg-1" });
  const groups = { SecurityGroups: [{ GroupId: "sg-2", GroupName: "default" }] };
  const { out, lines } = await strays({
    "pulumi stack export": exported([onAmazon, own]),
    [HERE]: tagged([groupArn("sg-1")], [groupArn("sg-2")], [groupArn("sg-3"), { Name: "cmb-dev-nat" }]),
    "aws ec2 describe-security-groups": json(groups),
    "pulumi preview": preview(
      create("aws:ec2/securityGroup:SecurityGroup", "nat", { tags: { Name: "cmb-dev-nat" } }),
    ),
  });
  expect(out).toContain("not in its state: 1\n  sg-3  SecurityGroup called cmb-dev-nat\n    would be nat\n");
  expect(lines[3]).toContain("Name=group-name,Values=default Name=group-id,Values=sg-2,sg-3");
});

test("[O5] keys are told apart by what they encrypt; one that is being deleted is none", async () => {
  const described =
    (KeyState: string, Description = "") =>
    () => ({
      stdout: JSON.stringify({ KeyMetadata: { KeyState, Description } }),
    });
  const told = await straysOf({
    [HERE]: tagged([keyArn("k-1")], [keyArn("k-2")], [keyArn("k-3")]),
    "aws kms describe-key --key-id k-1": described("Enabled", "data"),
    "aws kms describe-key --key-id k-2": described("Enabled", "secrets"),
    "aws kms describe-key --key-id k-3": described("PendingDeletion", "data"),
    "pulumi preview": preview(
      create(KEY, "secrets-key", { description: "secrets" }),
      create(KEY, "data-key", { description: "data" }),
    ),
  });
  expect(told.strays.map(({ id, called, resource: own }) => [id, called, own])).toEqual([
    ["k-1", "data", "data-key"],
    ["k-2", "secrets", "secrets-key"],
  ]);
});

test("[O5] the region of the data's copy is searched too, once", async () => {
  const provider = { ...resource("pulumi:providers:aws", "copy"), inputs: { region: "eu-west-1" } };
  const { out, lines } = await strays({
    "pulumi stack export": exported([onAmazon, provider]),
    [HERE]: tagged(),
    [HERE.replace("central", "west")]: tagged([keyArn("k-1", "eu-west-1")]),
    "aws kms describe-key --key-id k-1 --region eu-west-1": json({
      KeyMetadata: { KeyState: "Enabled", Description: "copy" },
    }),
    "pulumi preview": preview(create(KEY, "copy-key", { description: "copy" })),
  });
  expect(out).toContain("would be copy-key");
  expect(lines.filter((line) => line.includes("--region eu-west-1 --tag-filters"))).toHaveLength(1);
});

test("zones are looked for where Amazon keeps them, once", async () => {
  const zone = "arn:aws:route53:::hostedzone/Z9";
  const { out, lines } = await strays({
    [`${HERE.replace("eu-central-1", "us-east-1")} --tag-filters`]: tagged([zone]),
    [HERE]: tagged(),
    "pulumi preview": preview(create("aws:route53/zone:Zone", "cmb-dns-zone")),
  });
  expect(out).toContain("Z9  Zone\n    would be cmb-dns-zone\n");
  expect(lines.filter((line) => line.includes("--resource-type-filters route53:hostedzone"))).toHaveLength(1);
});

const pool = resource("aws:cognito/userPool:UserPool", "pool", { id: "eu-central-1_abc" });
const CLIENT = "aws:cognito/userPoolClient:UserPoolClient";
const web = { userPoolId: "eu-central-1_abc", name: "cmb-dev-web" };
const clients = (...names: readonly string[]) =>
  json({ UserPoolClients: names.map((ClientName, index) => ({ ClientId: `c-${index + 1}`, ClientName })) });

test("[O5] a pool's client carries no tags: found in the pool, imported with it, others' clients left alone", async () => {
  const answers = {
    "pulumi stack export": exported([onAmazon, pool]),
    [HERE]: tagged(),
    "aws cognito-idp list-user-pool-clients": clients("cmb-dev-web", "somebody's"),
    "pulumi preview": preview(create(CLIENT, "sign-in-client", web)),
  };
  const told = await straysOf(answers);
  expect(told.strays).toMatchObject([{ id: "c-1", called: "cmb-dev-web", resource: "sign-in-client" }]);
  expect(told.strays[0]!.remove).toContain(
    "delete-user-pool-client --user-pool-id eu-central-1_abc --client-id c-1",
  );
  const file = readFileSync(`${straysRoot}/.cache/strays-s1.json`, "utf8");
  expect(file).toContain(`"id": "eu-central-1_abc/c-1"`);
});

test("[O5] a second client beside the one that the state has is named, and not offered", async () => {
  const known = resource(CLIENT, "sign-in-client", { id: "c-2", inputs: web });
  const told = await straysOf({
    "pulumi stack export": exported([onAmazon, pool, known]),
    [HERE]: tagged(),
    "aws cognito-idp list-user-pool-clients": clients("cmb-dev-web", "cmb-dev-web"),
    "pulumi preview": preview(),
  });
  expect(told).toMatchObject({ strays: [{ id: "c-1" }] });
  expect([told.strays[0]!.resource, told.adopt]).toEqual([undefined, undefined]);
});

const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cmb-dev/key-AbCdEf";
const secret = resource("aws:secretsmanager/secret:Secret", "key", { id: secretArn });
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

test("[O5] a secret's value that no state knows is taken over; with one on record nobody asks", async () => {
  const answers = {
    [HERE]: tagged(),
    "aws secretsmanager list-secret-version-ids": json({
      Versions: [
        { VersionId: "v-1", VersionStages: ["AWSPREVIOUS"] },
        { VersionId: "v-2", VersionStages: ["AWSCURRENT"] },
      ],
    }),
    "pulumi preview": preview(create(VERSION, "key-version", { secretId: secretArn })),
  };
  const { out } = await strays({ ...answers, "pulumi stack export": exported([onAmazon, secret]) });
  expect(out).toContain(`${secretArn}|v-2  SecretVersion\n    would be key-version\n`);
  expect(out).toContain("take it away: it goes with what it belongs to");
  expect(out).not.toContain("v-1");
  const version = resource(VERSION, "key-version", { id: `${secretArn}|v-2` });
  const { code, lines } = await strays({
    ...answers,
    "pulumi stack export": exported([onAmazon, secret, version]),
  });
  expect([code, lines.filter((line) => line.includes("secretsmanager"))]).toEqual([0, []]);
});

const CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel";
const BUDGET = "gcp:billing/budget:Budget";
const channel = { displayName: "Budget of cmb-dev, ops@example.org" };
const budget = { displayName: "cmb-dev monthly", billingAccount: "0123AB-4567CD-89EF01" };

test("[O5] on Google budgets, their channels and values of secrets have no name; everything else has", async () => {
  const answers = {
    "pulumi stack export": exported([
      onGoogle,
      resource("gcp:secretmanager/secret:Secret", "key", { id: "projects/science-1/secrets/cmb-key" }),
    ]),
    "gcloud beta monitoring channels list --project science-1": json([
      { name: "projects/science-1/notificationChannels/1", ...channel },
      { name: "projects/science-1/notificationChannels/2", displayName: "somebody's" },
    ]),
    "gcloud billing budgets list --billing-account 0123AB-4567CD-89EF01": json([
      { name: "billingAccounts/0123AB-4567CD-89EF01/budgets/7", displayName: "cmb-dev monthly" },
    ]),
    "gcloud secrets versions list cmb-key": json([{ name: "projects/12/secrets/cmb-key/versions/1" }]),
    "pulumi preview": preview(
      create(CHANNEL, "channel-1", channel),
      create(BUDGET, "monthly", budget),
      create("gcp:secretmanager/secretVersion:SecretVersion", "value", {
        secret: "projects/science-1/secrets/cmb-key",
      }),
    ),
  };
  const { strays: told, adopt } = await straysOf(answers);
  expect(told.map(({ id, resource: own }) => [id, own])).toEqual([
    ["projects/science-1/notificationChannels/1", "channel-1"],
    ["billingAccounts/0123AB-4567CD-89EF01/budgets/7", "monthly"],
    ["projects/12/secrets/cmb-key/versions/1", "value"],
  ]);
  expect(told.map(({ remove }) => remove)).toEqual([
    "gcloud beta monitoring channels delete projects/science-1/notificationChannels/1 --project science-1 --force",
    "gcloud billing budgets delete billingAccounts/0123AB-4567CD-89EF01/budgets/7",
    undefined,
  ]);
  expect(adopt).toContain("pulumi import --stack s1");
});

test("[O5] on Google nobody asks for what the stack does not want, and what it has is known", async () => {
  const none = await strays({ "pulumi stack export": exported([onGoogle]), "pulumi preview": preview() });
  expect([none.code, none.lines.filter((line) => line.startsWith("gcloud"))]).toEqual([0, []]);
  const id = "billingAccounts/0123AB-4567CD-89EF01/budgets/7";
  const second = await straysOf({
    "pulumi stack export": exported([onGoogle, resource(BUDGET, "monthly", { id, inputs: budget })]),
    "gcloud billing budgets list": json([
      { name: id, displayName: "cmb-dev monthly" },
      { name: id.replace("/7", "/8"), displayName: "cmb-dev monthly" },
    ]),
    "pulumi preview": preview(),
  });
  expect(second.strays.map(({ id: found, resource: own }) => [found, own])).toEqual([
    [id.replace("/7", "/8"), undefined],
  ]);
});

test("on Google a log-in that does not hold is no empty list", async () => {
  const { code, err } = await strays({
    "pulumi stack export": exported([onGoogle]),
    "pulumi preview": preview(create(CHANNEL, "channel-1", channel)),
    "gcloud beta monitoring": { code: 1, stderr: "Reauthentication failed" },
  });
  expect([code, err]).toEqual([1, expect.stringContaining("log-in does not hold")]);
});
