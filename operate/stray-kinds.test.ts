import { join } from "node:path";
import { previewStack } from "../preview/engine";
import type { Overrides } from "../preview/stack-file";
import type { CloudView } from "../simulator/models/model";
import { models } from "../simulator/models";
import { NAMELESS } from "./stray-kinds";

const ROOT = join(__dirname, "..");
const ALL_WISHES: Overrides = {
  "cmbcluster:sleep": { schedule: { timezone: "Europe/Berlin", sleep: "20:00", wake: "07:00" } },
  "cmbcluster:budget": { monthly: 5000, alertEmails: ["ops@example.org"] },
};
const BILLING = { "cmbcluster:gcp.billingAccount": "0123AB-4567CD-89EF01" };

/** Types of a cloud's resources in the shipped stacks, in every profile and with everything that can be wished for. */
async function typesOfGraph(): Promise<Set<string>> {
  const types = new Set<string>();
  for (const stack of ["gcp-dev", "aws-dev"])
    for (const profile of ["dev", "staging", "prod"]) {
      const billing = stack === "gcp-dev" ? BILLING : {};
      const overrides = { "cmbcluster:profile": profile, ...ALL_WISHES, ...billing };
      const recording = await previewStack({ root: ROOT, stack, overrides });
      if (recording.exit !== "ok") throw new Error(recording.error);
      for (const { type } of recording.resources) if (/^(aws|gcp):/.test(type)) types.add(type);
    }
  return types;
}

/**
 * Whether a second one can be made: no name has to be unique, nothing is taken over, it is no setting of something,
 * and its cloud makes up its id, which shows in the model's asking for digits.
 */
function canComeTwice(type: string): boolean {
  const model = models[type];
  if (!model) throw new Error(`no model of ${type}`);
  if (model.uniqueName || model.settingOf || model.adopts) return false;
  let madeUp = false;
  const cloud = {
    ...{ account: "123456789012", region: "us-east-1", project: "p", place: "p/us-east-1" },
    now: () => 0,
    find: () => undefined,
    list: () => [],
    put: () => undefined,
    // Google counts the values of a secret; the numbers make no second one impossible.
    hex: (digits: number) => ((madeUp = true), "a".repeat(digits)),
  } as unknown as CloudView;
  model.id({}, cloud);
  return madeUp || type.endsWith(":SecretVersion");
}

let types: Set<string>;
beforeAll(async () => {
  types = await typesOfGraph();
}, 120_000);

test("[O5] every type of which a run can make a second one is among those that npm run strays looks for", () => {
  expect(types.size).toBeGreaterThan(70);
  const looked = new Set(NAMELESS.map(({ type }) => type));
  expect([...types].filter((type) => canComeTwice(type) && !looked.has(type))).toEqual([]);
});

test("[O5] nothing is looked for that the program never makes", () => {
  expect(NAMELESS.map(({ type }) => type).filter((type) => !types.has(type))).toEqual([]);
});

test("a type with a name of its own, a setting and what is taken over cannot come twice; a VPC can", () => {
  const twice = [
    "aws:eks/cluster:Cluster",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:iam/rolePolicy:RolePolicy",
  ];
  expect(twice.filter(canComeTwice)).toEqual([]);
  expect(canComeTwice("aws:ec2/vpc:Vpc")).toBe(true);
});
