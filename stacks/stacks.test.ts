import { createCluster } from ".";
import type { CloudName } from "../components/cmb-cluster";
import { computedAws } from "../testing/computed-aws";
import { computedGcp } from "../testing/computed-gcp";
import { record, type Recording, settled } from "../testing/record";
import { authOf, signInCombinations, testSecrets, testSettings } from "../testing/settings";
import { labelValue } from "./tags";

/** Builds a stack's cluster; shows what is asked of the clouds, not that they accept it. */
function build(cloud: CloudName, over: Record<string, unknown> = {}) {
  const computed = (args: Parameters<typeof computedGcp>[0]) =>
    args.type.startsWith("gcp:") ? computedGcp(args) : computedAws(args);
  return record(() => createCluster(testSettings(cloud, over), testSecrets()), {
    computed,
    stack: "Team.Dev",
  });
}

const packages = (recording: Recording) =>
  new Set(
    recording.resources
      .filter((r) => r.custom && !r.type.startsWith("pulumi:"))
      .map((r) => r.type.split(":")[0]!),
  );

describe.each(signInCombinations)(
  "[A1] $cloud, Google $google, Cognito $cognito",
  ({ cloud, google, cognito }) => {
    test("the cluster is of the cloud named, with exactly the providers configured", async () => {
      const { recording, result } = await build(cloud, { auth: authOf(cloud, google, cognito) });
      expect(result.cloud).toBe(cloud);
      expect(result.signIn.active).toBe(google ? "google" : "cognito");
      expect(result.signIn.google !== undefined).toBe(google);
      expect(result.signIn.cognito !== undefined).toBe(cognito);
      expect(recording.ofType("aws:cognito/userPool:UserPool")).toHaveLength(cognito ? 1 : 0);
      expect(recording.ofType("pulumi:providers:aws").map((p) => p.name)).toEqual([
        ...(cloud === "aws" ? ["aws"] : []),
        ...(cognito ? ["sign-in"] : []),
      ]);
      expect(recording.ofType("pulumi:providers:gcp")).toHaveLength(cloud === "gcp" ? 1 : 0);
    });

    test("nothing of the other cloud is made but a Cognito pool, its client and its domain", async () => {
      const { recording } = await build(cloud, { auth: authOf(cloud, google, cognito) });
      if (cloud === "aws") expect(packages(recording)).not.toContain("gcp");
      const foreign = recording.resources.filter((r) => cloud === "gcp" && r.type.startsWith("aws:"));
      expect(foreign.map((r) => r.type.split("/")[0]).filter((type) => type !== "aws:cognito")).toEqual([]);
      expect(foreign).toHaveLength(cloud === "gcp" && cognito ? 3 : 0);
    });
  },
);

test.each([
  ["gcp", "eu-west-1", "210987654321"],
  ["aws", "eu-central-1", "123456789012"],
] as const)(
  "[A3] on %s the pool is made in %s of account %s, and nowhere else",
  async (cloud, region, account) => {
    const { recording } = await build(cloud, { auth: authOf(cloud, false, true) });
    expect(recording.one("sign-in", "pulumi:providers:aws").inputs).toMatchObject({
      region,
      allowedAccountIds: JSON.stringify([account]),
    });
  },
);

test("[A1] the provider that is not active stays configured", async () => {
  const auth = { ...authOf("gcp", true, true), provider: "cognito" };
  const { result } = await build("gcp", { auth });
  expect(result.signIn.active).toBe("cognito");
  expect(result.signIn.google).toBeDefined();
});

test("[A4] an existing pool and client are used as they are: nothing is made in AWS, not even a provider", async () => {
  const cognito = { region: "us-east-1", userPoolId: "us-east-1_AbC", clientId: "7abc", domainPrefix: "lab" };
  const { recording, result } = await build("gcp", { auth: { cognito } });
  expect(packages(recording)).not.toContain("aws");
  expect(recording.ofType("pulumi:providers:aws")).toEqual([]);
  const { issuer, hostedDomain, created } = result.signIn.cognito!;
  expect(await settled(issuer)).toBe("https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbC");
  expect(await settled(hostedDomain!)).toBe("lab.auth.us-east-1.amazoncognito.com");
  expect(created).toBe(false);
});

describe("[P9] sizes come from the settings", () => {
  test("EKS system nodes are spread over one group a zone, and every group may have a node", async () => {
    const { recording } = await build("aws", { profile: "dev" });
    const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
    const names = [...zones.map((zone) => `system-${zone}`), "users"];
    expect(recording.ofType("aws:eks/nodeGroup:NodeGroup")).toHaveLength(names.length);
    const groups = names.map((name) => recording.one(`cmb-nodes-${name}`).inputs.scalingConfig);
    expect(groups).toEqual([
      expect.objectContaining({ minSize: 1, maxSize: 1 }),
      expect.objectContaining({ minSize: 0, maxSize: 1 }),
      expect.objectContaining({ minSize: 0, maxSize: 1 }),
      expect.objectContaining({ minSize: 0, maxSize: 5 }),
    ]);
  });

  test.each([
    ["aws", "aws:eks/nodeGroup:NodeGroup", "aws:scheduler/schedule:Schedule"],
    ["gcp", "gcp:container/nodePool:NodePool", "gcp:cloudscheduler/job:Job"],
  ] as const)(
    "[O11] on %s a schedule is the cloud's own and closes system nodes; by hand an up leaves everything asleep",
    async (cloud, pools, schedules) => {
      const system = cloud === "aws" ? "cmb-nodes-system-eu-central-1a" : "cmb-pools-system";
      const nodes = { nodes: { system: { spot: false } } };
      const place = cloud === "aws" ? ownAws : { project: "science-1", region: "europe-west4" };
      const made = async (sleep: object) =>
        (await build(cloud, { sleep, [cloud]: { ...place, ...nodes } })).recording;
      const awake = await made({});
      expect(awake.ofType(schedules)).toEqual([]);
      expect(JSON.stringify(awake.one(system).inputs)).not.toContain("NO_SCHEDULE");
      const times = { timezone: "Europe/Berlin", sleep: "20:00", wake: "07:00" };
      const scheduled = await made({ schedule: times });
      expect(scheduled.ofType(schedules).length).toBeGreaterThan(0);
      expect(JSON.stringify(scheduled.one(system).inputs)).toContain("NO_SCHEDULE");
      const asleep = await made({ now: true });
      for (const { inputs } of asleep.ofType(pools)) {
        expect(JSON.stringify(inputs)).toMatch(/"(minSize|nodeCount)":0\b/);
        expect(JSON.stringify(inputs)).not.toMatch(/"(minSize|totalMinNodeCount)":[1-9]/);
      }
    },
  );

  test("a single value of a profile can be overridden, and nothing beside it changes", async () => {
    const pool = async (over: object) => {
      const gcp = { project: "science-1", region: "europe-west4", ...over };
      const { recording } = await build("gcp", { gcp });
      return ["system", "users"].map((name) => JSON.stringify(recording.one(`cmb-pools-${name}`).inputs));
    };
    const [plainSystem, plainUsers] = await pool({});
    const [system, users] = await pool({ nodes: { users: { max: 7 } } });
    expect(system).toBe(plainSystem);
    expect(users).not.toBe(plainUsers);
    expect(users).toContain('"totalMaxNodeCount":7');
  });
});

const ownAws = {
  accountId: "123456789012",
  region: "eu-central-1",
  zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
  cluster: { publicAccessCidrs: ["203.0.113.0/24"] },
};

describe("what an earlier stack of the same name left behind", () => {
  const aws = ownAws;

  test("the mounting role on AWS is taken over when the stack file says so, and never by itself", async () => {
    const ignored = async (over: object) => {
      const { recording } = await build("aws", { aws: { ...aws, ...over } });
      return recording.one("cmb-mount-identity-role").ignoreChanges;
    };
    expect(await ignored({})).toEqual([]);
    expect(await ignored({ adoptMountRole: true })).toContain("assumeRolePolicy");
  });

  test("role ids that Google still keeps are stepped over by the revision in the stack file", async () => {
    const roles = "gcp:projects/iAMCustomRole:IAMCustomRole";
    const ids = async (over: object) => {
      const gcp = { project: "science-1", region: "europe-west4", ...over };
      const { recording } = await record(
        async () => {
          const cluster = await createCluster(testSettings("gcp", { gcp }), testSecrets());
          const place = { namespace: "cmb", serviceAccount: "backend" };
          return cluster.bindWorkload("backend", { ...place, grants: [{ verb: "manage-user-buckets" }] });
        },
        { computed: computedGcp },
      );
      return recording.ofType(roles).map((role) => role.inputs.roleId as string);
    };
    const first = await ids({});
    expect(first.length).toBeGreaterThan(0);
    expect(await ids({ roleRevision: 3 })).toEqual(first.map((id) => `${id}.r3`));
  });
});

test("what an organisation may forbid on Google can be switched off: its log writer, replication anywhere", async () => {
  const gcp = { project: "science-1", region: "europe-west4" };
  const strict = await build("gcp", {
    gcp: { ...gcp, accessLogs: false, secretLocations: ["europe-west4"] },
  });
  expect(JSON.stringify(strict.recording.resources)).not.toContain("cloud-storage-analytics");
  const open = await build("gcp", { gcp });
  expect(JSON.stringify(open.recording.resources)).toContain("cloud-storage-analytics");
});

describe("tags", () => {
  test("everything carries whose it is, and a person's tag cannot take the program's off", async () => {
    const { recording } = await build("gcp", { tags: { team: "cosmology", stack: "mine" } });
    const labels = JSON.parse(recording.one("gcp").inputs.defaultLabels as string) as Record<string, string>;
    expect(labels).toEqual({
      team: "cosmology",
      stack: "team-dev",
      project: "cmbcluster",
      cluster: "cmb-test",
      profile: "dev",
      "managed-by": "pulumi",
    });
  });

  test("a stack's name becomes a legal label at 63 characters and one past it", () => {
    expect(labelValue("a".repeat(63))).toHaveLength(63);
    expect(labelValue(`${"A".repeat(63)}b`)).toBe("a".repeat(63));
    expect(labelValue("Org/Dev.1")).toBe("org-dev-1");
  });
});
