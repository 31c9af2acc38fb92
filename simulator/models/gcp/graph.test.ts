import type { RecordedResource } from "../../../preview/engine";
import type { Overrides } from "../../../preview/stack-file";
import { currentInputs, toPlain } from "../../engine/properties";
import { resourceFacts } from "../../facts";
import { gcpModels, HIDDEN } from ".";
import {
  destroy,
  googleResources,
  unmodelled,
  up,
  upAsSoonAsPossible,
  upWithoutOrder,
} from "./fixtures/graph";
import { World } from "./fixtures/world";
import { CLUSTER } from "./cluster";

// What no test here shows: that Google itself takes the configuration.

/** The shipped stack in each profile, and with everything that Google would be asked for only when wanted. */
const SETTINGS: Readonly<Record<string, Overrides>> = {
  dev: { "cmbcluster:profile": "dev" },
  staging: { "cmbcluster:profile": "staging" },
  prod: { "cmbcluster:profile": "prod" },
  full: {
    "cmbcluster:profile": "staging",
    "cmbcluster:gcp.zones": ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
    "cmbcluster:gcp.billingAccount": "0123AB-4567CD-89EF01",
    "cmbcluster:sleep": { schedule: { timezone: "Europe/Berlin", sleep: "20:00", wake: "07:00" } },
    "cmbcluster:budget": { monthly: 5000, alertEmails: ["ops@example.org"] },
  },
};
const PROFILES = Object.keys(SETTINGS);
const recorded = new Map<string, RecordedResource[]>();
const of = (profile: string) => recorded.get(profile)!;

beforeAll(async () => {
  for (const profile of PROFILES) recorded.set(profile, await googleResources(SETTINGS[profile]));
}, 60_000);

test.each(PROFILES)(
  "every Google resource of profile %s has a model and facts of its provider",
  (profile) => {
    expect(of(profile).length).toBeGreaterThan(40);
    expect(unmodelled(of(profile))).toEqual([]);
    expect(of(profile).filter(({ type }) => !resourceFacts(type))).toEqual([]);
  },
);

test("everything that Google can be asked for is asked for, but for what only other people's grants need", () => {
  const types = new Set(of("full").map(({ type }) => type));
  expect(Object.keys(gcpModels).filter((type) => !types.has(type))).toEqual([
    "gcp:secretmanager/secretIamMember:SecretIamMember",
  ]);
});

test("every model has facts, and what those call computed is an output", async () => {
  const run = await up(new World(), of("prod"));
  // The bridge calls it `pulumiLabels`.
  const missing = of("prod").flatMap(({ urn, type }) =>
    (resourceFacts(type)?.computed ?? [])
      .filter((output) => output !== "terraformLabels")
      .filter((output) => run.made.get(urn)?.properties[output] === undefined)
      .map((output) => `${type} ${output}`),
  );
  expect(missing).toEqual([]);
  expect(Object.keys(gcpModels).filter((type) => !resourceFacts(type))).toEqual([]);
});

test.each(PROFILES)("the program's own order is refused nothing, profile %s", async (profile) => {
  const run = await up(new World(), of(profile));
  expect(run.refused).toEqual([]);
  expect(run.made.size).toBe(of(profile).length);
});

test.each(PROFILES)("a read finds every input as it was given, profile %s", async (profile) => {
  const run = await up(new World(), of(profile));
  const drifted = of(profile).flatMap(({ urn, type, inputs }) => {
    const known = Object.entries(inputs).filter(([, value]) => !JSON.stringify(value).includes("[unknown]"));
    const given = toPlain(Object.fromEntries(known)).properties;
    const found = currentInputs(given, run.made.get(urn)!.properties);
    return Object.keys(given)
      .filter((key) => JSON.stringify(found[key]) !== JSON.stringify(given[key]))
      .map((key) => `${type} ${key}`);
  });
  expect(drifted).toEqual([]);
});

test("the way back is refused nothing either, and leaves what is kept on purpose and what Google remembers", async () => {
  const world = new World();
  const resources = of("dev");
  const run = await destroy(world, resources, await up(world, resources));
  expect(run.refused).toEqual([]);
  const left = new Set(world.store.all().map(({ object }) => object.kind));
  const kept = resources.filter(({ retainOnDelete }) => retainOnDelete).map(({ type }) => type);
  const abandoned = "gcp:logging/projectBucketConfig:ProjectBucketConfig";
  const remembered = ["accountNumber", "enabledApi", "identityPool", "secretCounter", "tombstone"];
  expect([...left].sort()).toEqual(
    [...new Set([...kept, abandoned, ...remembered.map((what) => `gcp:hidden/${what}`)])].sort(),
  );
});

test("after a destroy roles, log stores and the mounting account are taken over; data that was kept is in the way", async () => {
  const world = new World();
  const resources = of("dev");
  await destroy(world, resources, await up(world, resources));
  const again = await up(world, resources);
  expect([...new Set(again.refused.map(({ type }) => type))].sort()).toEqual([
    "gcp:dns/managedZone:ManagedZone",
    "gcp:secretmanager/secret:Secret",
    "gcp:secretmanager/secretVersion:SecretVersion",
    "gcp:storage/bucket:Bucket",
  ]);
});

test("without any order nearly everything is refused", async () => {
  const run = await upWithoutOrder(new World(), [...of("dev")].reverse());
  expect(run.refused.length).toBeGreaterThan(of("dev").length / 2);
});

test("a cluster with protection ends a destroy, and holds what it stands on", async () => {
  const world = new World();
  const resources = of("prod");
  const run = await destroy(world, resources, await up(world, resources));
  const refused = run.refused.map(({ type }) => type);
  expect(refused).toContain(CLUSTER);
  expect(refused).toContain("gcp:compute/network:Network");
  expect(world.ids(HIDDEN.instance)).toEqual([]);
});

test.each(PROFILES)(
  "the program's order costs at most a tenth more than the least, profile %s",
  async (profile) => {
    const [own, least] = [new World(), new World()];
    const ordered = await up(own, of(profile));
    const fastest = await upAsSoonAsPossible(least, of(profile));
    expect(fastest.refused).toEqual([]);
    expect(ordered.seconds).toBeLessThanOrEqual(1.1 * fastest.seconds);
  },
);
