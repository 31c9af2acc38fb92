import { Application } from "../../../components/application";
import { Platform } from "../../../components/platform/platform";
import type { AwsSettings } from "../../../infra/config/settings";
import { createAwsCluster } from "../../../stacks/aws";
import { authOf, testSecrets, testSettings } from "../../../testing/settings";
import { destroyProgram, programRests, runProgram } from "../fixtures/program";
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

test.each(PROFILES)("the program's order is refused nothing, profile %s", async (profile) => {
  const cloud = account(programRests);
  const run = await runProgram(cloud, () => build(profile));
  expect(run.refused).toEqual([]);
  console.log(profile, run.seconds, run.resources.length);
  const back = await destroyProgram(cloud, run);
  console.log(
    back.seconds,
    back.refused,
    cloud.store.all().map(({ object }) => `${object.kind} ${object.id}`),
  );
});
