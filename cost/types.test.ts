import { join } from "node:path";
import { previewStack } from "../preview/engine";
import { Query } from "../preview/report/query";
import { isCounted } from "../preview/report/sections";
import type { Setting } from "../preview/stack-file";
import { authOf, signInCombinations } from "../testing/settings";
import { estimate, ruleTypes } from "./estimate";

jest.setTimeout(120_000);
const root = join(__dirname, "..");

test("[O11] a type has one rule: priced, by use, or free", () => {
  const types = Object.values(ruleTypes).flat();
  expect(types.filter((type, i) => types.indexOf(type) !== i)).toEqual([]);
});

test("[O11] a type that no list has is shown, not passed over", () => {
  const urn = "urn:pulumi:dev::p::aws:new/thing:Thing::t";
  const thing = { urn, type: "aws:new/thing:Thing", name: "t", custom: true, inputs: {} };
  const told = estimate([thing] as unknown as Parameters<typeof estimate>[0]);
  expect([told.unknownTypes, told.lines, told.free]).toEqual([["aws:new/thing:Thing"], [], []]);
});

/** Every profile with every way to sign in, on both clouds, with the application and without it. */
const plans = signInCombinations.flatMap(({ cloud, google, cognito }) =>
  (["dev", "staging", "prod"] as const).map((profile) => ({ cloud, google, cognito, profile })),
);

test.each(plans)(
  "[O11] every type of $cloud, $profile, google $google, cognito $cognito has a rule, and every part a price",
  async ({ cloud, google, cognito, profile }) => {
    const overrides = {
      "cmbcluster:profile": profile,
      "cmbcluster:images.tag": "v1",
      "cmbcluster:auth": authOf(cloud, google, cognito) as Setting,
    };
    const recording = await previewStack({ root, stack: `${cloud}-dev`, overrides });
    expect([recording.exit, recording.error]).toEqual(["ok", undefined]);
    const bill = estimate(recording.resources);
    expect(bill.unknownTypes).toEqual([]);
    expect(bill.unpriced).toEqual([]);
    // Nothing is counted free and priced at once, and nothing is missed: every resource is in a line or free.
    const told = new Set([...bill.free.map(({ type }) => type), ...ruleTypes.priced, ...ruleTypes.usage]);
    const query = Query.of(recording);
    expect(query.resources.filter(isCounted).filter(({ type }) => !told.has(type))).toEqual([]);
    expect(bill.lines.some(({ what }) => what.startsWith("volume of the database"))).toBe(true);
    expect(bill.lines.filter(({ group }) => group === "way in").length).toBeGreaterThan(0);
  },
);

test.each(["aws", "gcp"])(
  "[O11] a budget and a schedule for sleep on %s have their rules too",
  async (cloud) => {
    const overrides = {
      "cmbcluster:budget": { monthly: 900, alertEmails: ["ops@univ.edu"] },
      "cmbcluster:sleep": { schedule: { sleep: "20:00", wake: "07:00", timezone: "Europe/Berlin" } },
      ...(cloud === "gcp" && { "cmbcluster:gcp.billingAccount": "0123AB-4567CD-89EF01" }),
    };
    const recording = await previewStack({ root, stack: `${cloud}-dev`, overrides });
    expect([recording.exit, recording.error]).toEqual(["ok", undefined]);
    const bill = estimate(recording.resources);
    expect([bill.unknownTypes, bill.unpriced]).toEqual([[], []]);
    const budget = cloud === "gcp" ? "gcp:billing/budget:Budget" : "aws:budgets/budget:Budget";
    expect(bill.free.map(({ type }) => type)).toContain(budget);
    const [made] = recording.resources.filter(({ type }) => type === budget);
    expect(JSON.stringify(made!.inputs)).toContain('"900"');
    const jobs = recording.resources.filter(
      ({ type }) => /scheduler/.test(type) && /Job$|Schedule$/.test(type),
    );
    expect(jobs.length).toBeGreaterThan(0);
    const priced = bill.lines.filter(({ group }) => group === "budget and schedule");
    expect(priced.map(({ quantity }) => quantity)).toEqual(cloud === "gcp" ? [jobs.length] : []);
  },
);

test("[O11] on Google a budget without a billing account is held against the plan only: nothing is made for it", async () => {
  const overrides = { "cmbcluster:budget": { monthly: 900, alertEmails: ["ops@univ.edu"] } };
  const recording = await previewStack({ root, stack: "gcp-dev", overrides });
  expect(recording.exit).toBe("ok");
  const watching = /billing|notificationChannel|billingbudgets/;
  expect(recording.resources.filter(({ urn }) => watching.test(urn))).toEqual([]);
});
