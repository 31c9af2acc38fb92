import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openReferences, withOpenReferences } from "./saved-plan";

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
      goal: { inputDiff: { adds: { serviceRole: role, list: [role, null, 1] } } },
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

test("the file is changed in its place", () => {
  const folder = mkdtempSync(join(tmpdir(), "plan-"));
  const file = join(folder, "plan.json");
  writeFileSync(file, JSON.stringify(plan(reference(""))));
  openReferences(file);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(plan(UNKNOWN));
  rmSync(folder, { recursive: true });
});
