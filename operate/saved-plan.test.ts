import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPlan, withOpenObjects, withOpenReferences } from "./saved-plan";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const reference = (id: string) => ({
  [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e",
  id,
  urn: "urn:x",
  packageVersion: "",
});

// Recorded in the plan of a new stack on Amazon, pulumi v3.259.0.
const plan = (role: unknown) => ({
  resourcePlans: {
    "urn:eks": {
      goal: { type: "eks:index:Cluster", inputDiff: { adds: { serviceRole: role, list: [role, null, 1] } } },
      steps: ["create"],
    },
  },
});

test("[O5] a reference to what is yet to be made is unknown, in lists too; one to what is there stays", () => {
  expect(withOpenReferences(plan(reference("")))).toEqual(plan(UNKNOWN));
  expect(withOpenReferences(plan(reference("cmb-dev-cluster")))).toEqual(plan(reference("cmb-dev-cluster")));
});

test("[C3] a secret in a plan is no reference and stays as it is", () => {
  const secret = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x", id: "" };
  expect(withOpenReferences(plan(secret))).toEqual(plan(secret));
});

// Recorded in the plan of a new stack likewise; with a cluster at hand the provider's id is known.
const object = (type: string, providerId: string, adds: object) => ({
  resourcePlans: {
    "urn:object": {
      goal: { type, provider: `urn:provider::${providerId}`, protect: false, inputDiff: { adds } },
      steps: ["create"],
    },
  },
});

test("[O5] what goes into a cluster that is yet to be made may be completed and trimmed; that it is made stays", () => {
  const release = "kubernetes:helm.sh/v3:Release";
  const open = withOpenObjects(object(release, UNKNOWN, { chart: "traefik", compat: "true" }));
  const { goal, steps } = open.resourcePlans["urn:object"];
  expect(goal.inputDiff.adds).toMatchObject({ chart: UNKNOWN, compat: UNKNOWN, allowNullValues: UNKNOWN });
  expect([goal.type, goal.protect, steps]).toEqual([release, false, ["create"]]);
  const secret = object("kubernetes:core/v1:Secret", UNKNOWN, { stringData: {} });
  expect(withOpenObjects(secret).resourcePlans["urn:object"].goal.inputDiff.adds).toEqual({
    stringData: UNKNOWN,
    data: UNKNOWN,
  });
  const namespace = "kubernetes:core/v1:Namespace";
  expect(withOpenObjects(object(namespace, UNKNOWN, { metadata: { name: "a" } }))).toEqual(
    object(namespace, UNKNOWN, { metadata: UNKNOWN }),
  );
});

test("[O5] in a cluster that is there, and outside of clusters, every value stays in the plan", () => {
  const there = object("kubernetes:core/v1:Namespace", "3f2504e0", { metadata: { name: "a" } });
  expect(withOpenObjects(there)).toEqual(there);
  const cloud = object("aws:ec2/vpc:Vpc", UNKNOWN, { cidrBlock: "10.0.0.0/16" });
  expect(withOpenObjects(cloud)).toEqual(cloud);
});

test("the file is changed in its place", () => {
  const folder = mkdtempSync(join(tmpdir(), "plan-"));
  const file = join(folder, "plan.json");
  writeFileSync(file, JSON.stringify(plan(reference(""))));
  openPlan(file);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(plan(UNKNOWN));
  rmSync(folder, { recursive: true });
});
