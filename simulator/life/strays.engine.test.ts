import { join } from "node:path";
import type { StraysDocument } from "../../operate/strays";
import { begin, changes, errorsOf, type StackLife } from "./stack-life";

/** The command's answer, read. */
async function straysOf(life: StackLife): Promise<StraysDocument> {
  const { out, err } = await life.npmRun("strays", life.stack, "--json");
  expect(err).toBe("");
  return JSON.parse(out) as StraysDocument;
}

/** Runs the command that was shown, by its words. */
async function adopt(life: StackLife, { adopt: shown = "" }: StraysDocument): Promise<void> {
  const words = shown.split(" ").slice(1);
  expect(words).toContain(join(".cache", `strays-${life.stack}.json`));
  expect(errorsOf(await life.lab.pulumi([...words, "--yes", "--skip-preview"]))).toBe("");
}

const kindsOf = ({ strays }: StraysDocument) => strays.map(({ type }) => type.split(":").at(-1)).sort();
const ownersOf = ({ strays }: StraysDocument) => strays.flatMap(({ resource }) => resource ?? []).sort();

describe("on Amazon", () => {
  /**
   * Creations that succeeded and were told as failed, of things without unique names, which the next run would make a
   * second time: found by nothing but what the cloud shows of them. Clusters are records here.
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

  test("[O5] each is found by its tags and named as what it would be, two keys by what they encrypt", async () => {
    told = await straysOf(life);
    const lost = (await life.lab.cloud.happened()).map(({ urn }) => urn.split("::").at(-1));
    expect(lost.sort()).toEqual([...LOST].sort());
    expect(kindsOf(told)).toEqual(["Key", "Key", "UserPool", "Vpc", "Zone"]);
    expect(ownersOf(told)).toEqual([...LOST].sort());
  });

  test("[O5] the command that is shown takes them over; of what they hold the same holds, and nothing is made twice", async () => {
    await adopt(life, told);
    // Only now these can be made: an entry of the pool without tags, the VPC's own group, one of many alike.
    const later = ["sign-in-client", "cmb-network-default-group", "cmb-network-nat-group"];
    await life.lab.cloud.faults(later.map((name) => ({ fault: "after", urn: `*::${name}` })));
    expect((await life.up("--continue-on-error")).code).not.toBe(0);
    const more = await straysOf(life);
    expect(ownersOf(more)).toEqual(["cmb-network-nat-group", "sign-in-client"]);
    await adopt(life, more);
    expect(errorsOf(await life.up())).toBe("");
    for (const [kind, count] of [
      ["aws:ec2/vpc:Vpc", 1],
      ["aws:route53/zone:Zone", 1],
      ["aws:cognito/userPool:UserPool", 1],
      ["aws:cognito/userPoolClient:UserPoolClient", 1],
      ["aws:kms/key:Key", 2],
    ] as const)
      expect([kind, (await life.lab.cloud.list(kind)).length]).toEqual([kind, count]);
  });

  test("[O5] in a whole stack there is none, the VPC's own group and the cluster's among what is there", async () => {
    expect(await straysOf(life)).toEqual({ stack: life.stack, strays: [] });
    const again = await life.up();
    expect([errorsOf(again), changes(again)]).toEqual(["", {}]);
  });
});

describe("on Google", () => {
  const LOST = ["cmb-budget-channel-1", "cmb-file-encryption-key-version"];
  let life: StackLife;
  beforeAll(async () => {
    const settings = {
      "cmbcluster:gcp": { billingAccount: "0123AB-4567CD-89EF01" },
      "cmbcluster:budget": { monthly: 5000, alertEmails: ["ops@example.org"] },
    };
    life = await begin("gcp-dev", { clusters: false, instant: true }, settings);
  });
  afterAll(() => life.close());

  test("[O5] a budget, who is told of it and a secret's value are all that can come twice, and are taken over", async () => {
    for (const lost of [LOST, ["cmb-budget-monthly"]]) {
      await life.lab.cloud.faults(lost.map((name) => ({ fault: "after", urn: `*::${name}` })));
      expect((await life.up("--continue-on-error")).code).not.toBe(0);
      const told = await straysOf(life);
      expect(ownersOf(told)).toEqual(lost);
      await adopt(life, told);
    }
    expect(errorsOf(await life.up())).toBe("");
    expect(await straysOf(life)).toEqual({ stack: life.stack, strays: [] });
    for (const kind of [
      "gcp:billing/budget:Budget",
      "gcp:monitoring/notificationChannel:NotificationChannel",
      "gcp:secretmanager/secretVersion:SecretVersion",
    ])
      expect([kind, (await life.lab.cloud.list(kind)).length]).toEqual([kind, 1]);
  });
});
