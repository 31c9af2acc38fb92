import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { fakeCluster, type FakeClusterArgs } from "../../testing/fake-cluster";
import { record } from "../../testing/record";
import type { SignInProviders } from "../sign-in";
import { Application, type ApplicationArgs } from "./application";
import type { ApplicationImages, ApplicationSettings } from "./settings";

/** Values for the tests of this folder. */
export const settings: ApplicationSettings = {
  application: {
    adminEmails: ["admin@example.org"],
    firstUserIsAdmin: false,
    trustedDomains: ["docs.example.org"],
    tokenExpireHours: 8,
    autoShutdownCheckMinutes: 5,
    tls: true,
    secureCookies: true,
    debug: false,
    devMode: false,
    maxUploadMb: 100,
    requestTimeoutSeconds: 3600,
    rateLimitPerMinute: 600,
  },
  frontend: { minReplicas: 2, maxReplicas: 10, targetCpuPercent: 70 },
  backend: { replicas: 1, cpu: "250m", memory: "1Gi" },
  environments: {
    maxPods: 10,
    maxCpu: 20,
    maxMemoryGi: 60,
    largest: { cpu: 2, memoryGi: 8 },
    spare: { least: 0, percent: 15 },
  },
  database: { volumeGb: 10, snapshotMinutes: 60, acceptEpoch: 0 },
};

export const images: ApplicationImages = {
  backend: "registry.example.org/cmb-fake/backend:v1",
  frontend: "registry.example.org/cmb-fake/frontend:v1",
  "user-environment": "registry.example.org/cmb-fake/user-environment:v1",
};

/** Secrets that must never be recorded in the clear. */
export const canaries = {
  google: "canary-google-secret",
  cognito: "canary-cognito-secret",
  session: "canary-session-key",
  nextAuth: "canary-next-auth-secret",
  fileEncryption: "canary-file-key",
  generated: "canary-generated-",
};

export const google = {
  clientId: "google-client",
  clientSecret: pulumi.secret(canaries.google),
};

export const cognito = {
  region: "eu-central-1",
  userPoolId: pulumi.output("eu-central-1_pool"),
  clientId: pulumi.output("cognito-client"),
  clientSecret: pulumi.secret(canaries.cognito),
  issuer: pulumi.output("https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_pool"),
  created: true,
};

export const both: SignInProviders = { active: "google", google, cognito };

/** Deploys onto a fake cluster; what a test does not say is a first `up` that has its images. */
export async function deploy(change: Partial<ApplicationArgs> = {}, onto: FakeClusterArgs = {}) {
  const { recording, result } = await record(
    () => {
      // The chart's list of variables is closed, as the application's is: the fake's own region is not in it.
      const environment = { CLOUD_PROVIDER: "gcp", REGION: "fake-region1" };
      const fake = fakeCluster({ signIn: both, domain: "cmb.example.org", ...onto });
      // Whoever copies the database knows two kinds of buckets, neither of them the fake's.
      const database = { ...fake.buckets.database, url: "gs://cmb-fake-db" };
      const cluster = { ...fake, environment, buckets: { database } };
      const standIn = new random.RandomId("fake-platform", { byteLength: 1 });
      const platform = {
        clusterIssuer: "letsencrypt-staging",
        storageClass: "block",
        ingressController: { namespace: "doors", labels: { role: "door" } },
        admission: [new random.RandomId("fake-kyverno", { byteLength: 1 })],
        ready: [standIn],
      };
      const application = new Application("application", {
        ...{ cluster, platform, settings, images, namespace: "science", secretsVersion: 1 },
        protect: { data: true, cluster: false },
        ...change,
      });
      return { cluster, application };
    },
    {
      computed: ({ type, name }) =>
        type.endsWith(":RandomPassword") ? { result: `${canaries.generated}${name}` } : { hex: "aa" },
    },
  );
  return { recording, ...result };
}
