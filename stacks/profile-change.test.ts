import { join } from "node:path";
import { previewStack, type Recording } from "../preview/engine";
import type { Setting } from "../preview/stack-file";
import { factsOf } from "../simulator/facts";

jest.setTimeout(60_000);
const root = join(__dirname, "..");

/** What the guides tell to leave to the stack file, and a stack that has its application. */
const fixed: Readonly<Record<string, Readonly<Record<string, Setting>>>> = {
  aws: {},
  gcp: {
    "cmbcluster:gcp.zones": ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
    "cmbcluster:gcp.databaseLocation": "europe-west4",
  },
};
const plans = new Map<string, Promise<Recording>>();

/** A shipped stack under a profile, planned once. */
function planned(cloud: string, profile: string): Promise<Recording> {
  const key = `${cloud} ${profile}`;
  if (!plans.has(key)) plans.set(key, plan(cloud, profile));
  return plans.get(key)!;
}

async function plan(cloud: string, profile: string): Promise<Recording> {
  const overrides = { ...fixed[cloud], "cmbcluster:images.tag": "v1", "cmbcluster:profile": profile };
  const recording = await previewStack({ root, stack: `${cloud}-dev`, overrides });
  expect([recording.exit, recording.error]).toEqual(["ok", undefined]);
  return recording;
}

/** Values at a dotted path, through lists. */
function at(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => at(item, [key, ...rest]));
  return at((value as Record<string, unknown>)[key], rest);
}

/** Logical names of what changes an input that replaces it (facts of the providers). */
function replaced(before: Recording, after: Recording): string[] {
  const byUrn = new Map(after.resources.map((resource) => [resource.urn, resource]));
  return before.resources
    .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))
    .filter(({ inputs, type, urn }) => {
      const then = byUrn.get(urn);
      const facts = factsOf(type.split(":")[0]!)[type];
      // The rules by which ECR cleans up are such: replacing them is writing them anew.
      if (facts?.deleteBeforeReplace) return false;
      const paths = facts?.replaceOn ?? [];
      const differs = (path: string) =>
        JSON.stringify(at(inputs, path.split("."))) !== JSON.stringify(at(then!.inputs, path.split(".")));
      return then !== undefined && paths.some(differs);
    })
    .map(({ name }) => name)
    .sort();
}

// Conditions that are not of one input alone (replaceWhen) are left out, but for the load balancer's below.
test.each([
  ["aws", "dev", "prod", ["system-us-east-1a", "system-us-east-1b", "system-us-east-1c", "users"]],
  ["aws", "staging", "prod", ["system-us-east-1a", "system-us-east-1b", "system-us-east-1c", "users"]],
  ["aws", "prod", "dev", ["system-us-east-1a", "system-us-east-1b", "system-us-east-1c", "users"]],
  ["gcp", "dev", "prod", ["system"]],
  ["gcp", "staging", "prod", []],
] as const)(
  "[P9] on %s a change from %s to %s replaces node pools at most: %j; each finds its name free",
  async (cloud, from, to, pools) => {
    const [before, after] = [await planned(cloud, from), await planned(cloud, to)];
    const prefix = cloud === "aws" ? "cmb-nodes-" : "cmb-pools-";
    expect(replaced(before, after)).toEqual(pools.map((pool) => `${prefix}${pool}`));
    const nameIn = (recording: Recording, name: string) => {
      const { inputs } = recording.resources.find((resource) => resource.name === name)!;
      return inputs.nodeGroupName ?? inputs.name;
    };
    for (const name of replaced(before, after)) expect(nameIn(after, name)).not.toBe(nameIn(before, name));
  },
);

test("[P9] the load balancer of AWS grows in place and is replaced when it leaves a zone, under the name it has", async () => {
  const balancer = async (profile: string) => {
    const { resources } = await planned("aws", profile);
    return resources.find(({ type }) => type === "aws:lb/loadBalancer:LoadBalancer")!;
  };
  const subnets = async (profile: string) =>
    (await balancer(profile)).propertyDependencies["subnets"]!.length;
  expect([await subnets("dev"), await subnets("staging"), await subnets("prod")]).toEqual([1, 2, 3]);
  expect((await balancer("dev")).deleteBeforeReplace).toBe(true);
});
