import { checkConfig } from "./check";
import { asMap, change, sound } from "./fixtures/configs";
import { profileNames, spreadOverZones, type Settings } from "./settings";
import { awsRegions, copyRegionOf, gcpRegions, gcpZones, multiRegionOf } from "./places";

const settingsOf = (cloud: "gcp" | "aws", changes: Record<string, unknown> = {}): Settings => {
  const { settings, faults } = checkConfig(asMap(change(sound[cloud], changes)), []);
  expect(faults).toEqual([]);
  return settings!;
};

const google = { clientId: "1-a.apps.googleusercontent.com" };
const place = { region: "us-east-1", accountId: "111122223333" };

test.each<["gcp" | "aws", Record<string, unknown>, string, string[]]>([
  ["gcp", { auth: { google } }, "google", ["google"]],
  ["aws", { auth: undefined }, "cognito", ["cognito"]],
  ["gcp", { auth: { cognito: place } }, "cognito", ["cognito"]],
  ["aws", { auth: { google } }, "google", ["google"]],
  ["gcp", { auth: { google, cognito: place } }, "google", ["google", "cognito"]],
  ["aws", { auth: { google, cognito: {} } }, "google", ["google", "cognito"]],
  ["aws", { auth: { google, cognito: {}, provider: "cognito" } }, "cognito", ["google", "cognito"]],
  ["aws", { auth: { google, provider: "cognito" } }, "cognito", ["google", "cognito"]],
])("[A1] [A2] on %s with %j people sign in with %s", (cloud, changes, active, present) => {
  const { auth } = settingsOf(cloud, changes);
  expect(auth.active).toBe(active);
  expect(Object.keys(auth).filter((key) => key !== "active")).toEqual(present);
});

test("[A4] a Google stack makes its pool in the account named; an AWS stack in its own", () => {
  expect(settingsOf("gcp", { auth: { cognito: place } }).auth.cognito).toEqual({
    ...{ kind: "create", ...place, mfa: "optional", selfSignUp: false, allowSignOutEverywhere: false },
  });
  const own = settingsOf("aws", { "auth.cognito": { mfa: "required", domainPrefix: "cmb" } }).auth.cognito;
  expect(own).toMatchObject({
    region: "eu-central-1",
    accountId: "123456789012",
    mfa: "required",
    domainPrefix: "cmb",
  });
});

test("[A4] an existing pool says its region by its id", () => {
  const cognito = { userPoolId: "eu-west-1_Ab", clientId: "abc" };
  expect(settingsOf("gcp", { auth: { cognito } }).auth.cognito).toEqual({
    ...{ kind: "existing", region: "eu-west-1", ...cognito, allowSignOutEverywhere: false },
  });
  expect(settingsOf("aws", { auth: { cognito } }).auth.cognito).toMatchObject({ accountId: "123456789012" });
});

test("[P9] sizes, replicas, protection and retention differ by profile, and every profile is sound on both clouds", () => {
  const of = (cloud: "gcp" | "aws") => profileNames.map((profile) => settingsOf(cloud, { profile }));
  for (const cloud of ["gcp", "aws"] as const) {
    const all = of(cloud);
    for (const key of ["environments", "retention", "database", "backend"] as const) {
      expect(new Set(all.map((settings) => JSON.stringify(settings[key]))).size).toBe(3);
    }
    expect(all.map(({ protect }) => protect)).toEqual([
      { data: true, cluster: false },
      { data: true, cluster: false },
      { data: true, cluster: true },
    ]);
  }
});

test("[P9] the ingress has a third pod in prod and more room above dev, and each of its sizes can be set alone", () => {
  for (const cloud of ["gcp", "aws"] as const) {
    expect(profileNames.map((profile) => settingsOf(cloud, { profile }).ingress)).toEqual([
      { replicas: 1, cpu: "100m", memory: "256Mi" },
      { replicas: 2, cpu: "250m", memory: "512Mi" },
      { replicas: 3, cpu: "250m", memory: "512Mi" },
    ]);
  }
  const one = settingsOf("gcp", { profile: "prod", "ingress.replicas": 6 }).ingress;
  expect(one).toEqual({ replicas: 6, cpu: "250m", memory: "512Mi" });
});

test("[P9] an override beats the profile and leaves its neighbours alone", () => {
  const settings = settingsOf("aws", { "aws.nodes.users.max": 8, "environments.largest.cpu": 1 });
  expect(settings).toMatchObject({
    environments: { maxPods: 10, largest: { cpu: 1, memoryGi: 8 } },
    aws: { nodes: { users: { max: 8, min: 0, instanceType: "m6a.xlarge" } } },
  });
});

test("[O11] nothing sleeps by itself; a schedule is of working days unless others are named", () => {
  expect(settingsOf("gcp", {}).sleep).toEqual({ now: false });
  const schedule = { timezone: "Europe/Berlin", sleep: "20:00", wake: "07:00" };
  expect(settingsOf("aws", { "sleep.schedule": schedule }).sleep).toEqual({
    now: false,
    schedule: { ...schedule, days: ["MO", "TU", "WE", "TH", "FR"] },
  });
  expect(
    settingsOf("aws", { "sleep.now": true, "sleep.schedule": { ...schedule, days: ["SU"] } }).sleep,
  ).toEqual({
    now: true,
    schedule: { ...schedule, days: ["SU"] },
  });
});

test("[N1] the way out: an instance in dev, one NAT gateway in staging, one per zone in prod", () => {
  const nat = profileNames
    .map((profile) => settingsOf("aws", { profile }))
    .map((s) => s.cloud === "aws" && s.aws.network.natGateways);
  expect(nat).toEqual(["instance", "one", "per-zone"]);
});

test("[N2] a dev cluster is zonal with its bucket in the region, a prod one regional with it in the multi-region", () => {
  expect(settingsOf("gcp")).toMatchObject({
    gcp: { zones: ["europe-west4-a"], databaseLocation: "europe-west4" },
  });
  expect(settingsOf("gcp", { profile: "prod" })).toMatchObject({
    gcp: { zones: ["europe-west4-a", "europe-west4-b", "europe-west4-c"], databaseLocation: "EU" },
  });
  expect(settingsOf("gcp", { profile: "prod", "gcp.region": "europe-west6" })).toMatchObject({
    gcp: { databaseLocation: "europe-west6" },
  });
});

test("[N2] in a region that is not on the list three zones are assumed, and the bucket stays in the region", () => {
  expect(settingsOf("gcp", { profile: "prod", "gcp.region": "europe-west99" })).toMatchObject({
    gcp: {
      zones: ["europe-west99-a", "europe-west99-b", "europe-west99-c"],
      databaseLocation: "europe-west99",
    },
  });
  const chosen = { "gcp.region": "europe-west99", "gcp.databaseLocation": "EU" };
  expect(settingsOf("gcp", chosen)).toMatchObject({ gcp: { databaseLocation: "EU" } });
});

test("[N2] a pinned GKE version and user nodes' spot: false arrive as they should", () => {
  const settings = settingsOf("gcp", { "gcp.cluster.version": 1.35, "gcp.nodes.users.spot": false });
  expect(settings).toMatchObject({ gcp: { cluster: { version: "1.35" } } });
  expect(settings.cloud === "gcp" && settings.gcp.nodes.users).not.toHaveProperty("spot");
});

test("[O1] a tag names three images of the own registry, a reference takes one of them over", () => {
  expect(settingsOf("gcp").images).toBeUndefined();
  expect(settingsOf("gcp", { images: { tag: "1.0", frontend: "a/f:2" } }).images).toEqual({
    backend: { source: "own", tag: "1.0" },
    frontend: { source: "reference", reference: "a/f:2" },
    "user-environment": { source: "own", tag: "1.0" },
  });
});

test("[O11] a budget is held against what stands there, refuses what has no price, and is absent unless set", () => {
  const budget = (changes: Record<string, unknown>) => settingsOf("aws", changes).budget;
  expect(budget({})).toBeUndefined();
  expect(budget({ "budget.monthly": 150 })).toEqual({
    monthly: 150,
    against: "fixed",
    alertEmails: [],
    unknownPrices: "refuse",
  });
  const all = {
    monthly: 900,
    against: "maximum",
    alertEmails: ["ops@univ.edu"],
    unknownPrices: "accept",
  };
  expect(budget({ budget: all })).toEqual(all);
});

test("the namespace is the cluster's name unless set", () => {
  expect(settingsOf("gcp").namespace).toBe("cmb-dev");
  expect(settingsOf("gcp", { namespace: "lab" }).namespace).toBe("lab");
});

test("[N3] a total is spread over zones, the first getting the rest", () => {
  expect([spreadOverZones(1, 3), spreadOverZones(4, 3), spreadOverZones(6, 3)]).toEqual([
    [1, 0, 0],
    [2, 1, 1],
    [2, 2, 2],
  ]);
});

test("every region of Google has three zones or more, and only EU, US and ASIA surround one", () => {
  for (const region of gcpRegions) expect(gcpZones(region).length).toBeGreaterThanOrEqual(3);
  expect(
    ["us-east1", "europe-west1", "asia-east1", "europe-west2", "africa-south1"].map(multiRegionOf),
  ).toEqual([...["US", "EU", "ASIA", undefined, undefined]]);
});

test("[O9] staging and prod copy to a second region of the same country or union; dev and `none` do not", () => {
  const copyOf = (changes: Record<string, unknown>) => {
    const settings = settingsOf("aws", changes);
    return settings.cloud === "aws" ? settings.aws.copyRegion : "not on aws";
  };
  expect(["dev", "staging", "prod"].map((profile) => copyOf({ profile }))).toEqual([
    undefined,
    "eu-west-1",
    "eu-west-1",
  ]);
  expect(copyOf({ profile: "dev", "aws.copyRegion": "eu-west-3" })).toBe("eu-west-3");
  expect(copyOf({ profile: "prod", "aws.copyRegion": "none" })).toBeUndefined();
});

test("[O9] no region is its own second one, and none leads where an account has to be switched on", () => {
  // Off until switched on (AWS Account Management, "Enable or disable Regions").
  const optIn = /^(af-|ap-east|ap-south-2|ap-southeast-[3-7]|ca-west|eu-south|eu-central-2|il-|me-|mx-)/;
  const area = (region: string) => region.replace(/^(us|eu|ca)-.*/, "$1").replace(/^(ap-\w+)-\d$/, "$1");
  for (const region of awsRegions) {
    const copy = copyRegionOf(region);
    if (copy === undefined) continue;
    expect(awsRegions).toContain(copy);
    expect([region, copy === region, optIn.test(copy), area(copy)]).toEqual([
      region,
      false,
      false,
      area(region),
    ]);
  }
  expect(copyRegionOf("sa-east-1")).toBeUndefined();
  expect(copyRegionOf("nowhere")).toBeUndefined();
});

test("[S1] the longest names the schema admits fit a bucket's 63 characters", () => {
  const names = { clusterName: "a".repeat(18), "gcp.project": "p".repeat(30) };
  expect(settingsOf("gcp", names).clusterName.length + 30 + "--db".length).toBeLessThanOrEqual(63);
});
