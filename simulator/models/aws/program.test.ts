import { Application } from "../../../components/application";
import { Platform } from "../../../components/platform/platform";
import type { AwsSettings } from "../../../infra/config/settings";
import { createAwsCluster } from "../../../stacks/aws";
import { authOf, testSecrets, testSettings } from "../../../testing/settings";
import { currentInputs } from "../../engine/properties";
import { resourceFacts } from "../../facts";
import type { CloudInMemory } from "../fixtures/cloud-in-memory";
import { destroyProgram, programRests, type ProgramRun, runProgram } from "../fixtures/program";
import { ACCOUNT, account, REGION } from "./fixtures/account";

// The genuine program, the SDK's order, the models' refusals. Not here: the engine, its state, Kubernetes, AWS itself.

jest.setTimeout(60_000);

const PROFILES = ["dev", "staging", "prod"] as const;

function settingsOf(profile: string, google = true): AwsSettings {
  const settings = testSettings("aws", {
    profile,
    auth: authOf("aws", google, true),
    aws: {
      accountId: ACCOUNT,
      region: REGION,
      zones: ["a", "b", "c"].map((zone) => `${REGION}${zone}`),
      cluster: { publicAccessCidrs: ["203.0.113.0/24"] },
    },
  });
  // Clones of the outer realm's `structuredClone` are no arrays to the SDK inside the test's realm.
  return JSON.parse(JSON.stringify(settings)) as AwsSettings;
}

async function build(profile: string): Promise<void> {
  const settings = settingsOf(profile);
  const secrets = testSecrets();
  const cluster = await createAwsCluster(settings, secrets);
  const { certificates, ingress: ingressSize, application } = settings;
  const { requestTimeoutSeconds } = application;
  const platform = new Platform("platform", { cluster, certificates, ingressSize, requestTimeoutSeconds });
  new Application("application", {
    cluster,
    platform,
    namespace: settings.namespace,
    settings,
    keys: { session: undefined, nextAuth: undefined, fileEncryption: undefined },
    secretsVersion: settings.secretsVersion,
    images: undefined,
    allowSignOutEverywhere: false,
    protect: settings.protect,
  });
}

describe.each(PROFILES)("profile %s", (profile) => {
  let cloud: CloudInMemory;
  let run: ProgramRun;

  beforeAll(async () => {
    cloud = account(programRests);
    run = await runProgram(cloud, () => build(profile));
  });

  test("the program's order is refused nothing, and every type has facts of its provider", () => {
    expect(run.refused).toEqual([]);
    const types = new Set(run.resources.flatMap(({ made }) => made.map(({ type }) => type)));
    expect(types.size).toBeGreaterThan(40);
    expect([...types].filter((type) => !resourceFacts(type))).toEqual([]);
  });

  test("what the provider calls computed is there", () => {
    const missing = cloud.store
      .all()
      .flatMap(({ object: { kind, properties } }) =>
        (resourceFacts(kind)?.computed ?? [])
          .filter((output) => output !== "tagsAll" && properties[output] === undefined)
          .map((output) => `${kind} ${output}`),
      );
    expect([...new Set(missing)]).toEqual([]);
  });

  test("a read finds every input as it was given", () => {
    const things = cloud.store.all().filter(({ given }) => given !== undefined);
    expect(things.length).toBeGreaterThan(80);
    const drifted = things.flatMap(({ object: { kind, properties }, given }) => {
      const found = currentInputs(given!, properties);
      return Object.keys(given!)
        .filter((key) => JSON.stringify(found[key]) !== JSON.stringify(given![key]))
        .map((key) => `${kind} ${key}`);
    });
    expect([...new Set(drifted)]).toEqual([]);
  });

  test("all of AWS is up in a quarter of an hour", () => {
    expect(run.seconds).toBeGreaterThan(12 * 60);
    expect(run.seconds).toBeLessThan(15 * 60);
  });

  test("the way back is refused nothing either, and leaves what is kept on purpose, whole, and nothing else", async () => {
    const back = await destroyProgram(cloud, run);
    expect(back.refused).toEqual([]);
    expect(back.seconds).toBeLessThan(7 * 60);
    const kept = back.kept.flatMap(({ made }) => made.map(({ type, id }) => `${type} ${id}`));
    const left = cloud.store.all().map(({ object: { kind, id } }) => `${kind} ${id}`);
    expect(kept.filter((thing) => !left.includes(thing) && !/defaultSecurityGroup/.test(thing))).toEqual([]);
    const strays = left.filter((thing) => !kept.includes(thing)).map((thing) => thing.split(" ")[0]!);
    // In prod the cluster stays, and with it all that AWS made for it, its network and its nodes.
    if (profile === "prod") expect(strays).toContain("aws:hidden/instance");
    else expect(strays).toEqual(["aws:hidden/kmsKeyPendingDeletion"]);
    expect(left.filter((thing) => /^aws:(lb|ec2\/flowLog)/.test(thing))).toEqual([]);
    // Minutes later still nothing has come back by itself, but the first access logs.
    await cloud.clock.sleep(7200);
    const later = cloud.store.all().map(({ object: { kind, id } }) => `${kind} ${id}`);
    const news = later.filter((thing) => !left.includes(thing)).map((thing) => thing.split(" ")[0]!);
    // One for each bucket that is logged: with the copy in a second region two.
    const logged = profile === "dev" ? 1 : 2;
    expect(news).toEqual(Array(logged).fill("aws:hidden/s3Object"));
  });
});
