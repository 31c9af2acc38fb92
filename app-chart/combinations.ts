import type { CloudName, StorageFacts } from "../components/cmb-cluster";
import { buildChartValues } from "../components/application/chart-values";
import type { ApplicationSettings } from "../components/application/settings";
import type { ChartValues } from "../components/application/values";
import { mirrorReferences } from "../components/mirrors";
import { PROJECT_ID_ON_AWS } from "../components/naming";
import type { CognitoSignIn, GoogleSignIn, SignInProviders } from "../components/sign-in";
import { profiles } from "../infra/config/profiles";
import { ingressController, networks } from "./networks";
import { profileNames, type ProfileName } from "../infra/config/settings";

/** The clouds' coordinates, as their `CmbCluster.environment` gives them. */
const clouds: Readonly<Record<CloudName, Readonly<Record<string, string>>>> = {
  gcp: {
    CLOUD_PROVIDER: "gcp",
    PROJECT_ID: "science-project",
    REGION: "europe-west4",
    ZONE: "europe-west4-a",
  },
  aws: {
    CLOUD_PROVIDER: "aws",
    PROJECT_ID: PROJECT_ID_ON_AWS,
    AWS_ACCOUNT_ID: "123456789012",
    AWS_REGION: "eu-central-1",
    EKS_CLUSTER_NAME: "cmb-test",
  },
};

/** Drivers of the clouds, as their `CmbCluster.storage` gives them. */
const storages: Readonly<Record<CloudName, StorageFacts>> = {
  gcp: {
    block: { provisioner: "pd.csi.storage.gke.io", parameters: {} },
    bucketDriver: "gcsfuse.csi.storage.gke.io",
    classes: {} as never,
  },
  aws: {
    block: { provisioner: "ebs.csi.aws.com", parameters: {} },
    bucketDriver: "s3.csi.aws.com",
    classes: {} as never,
  },
};

/** Stands for an Output: the values are built as in the program, then read as plain data. */
const plain = <T>(value: string) => value as unknown as T;

const google = { clientId: "google-client", clientSecret: plain("unused") } as GoogleSignIn;
const cognito = (region: string, created: boolean): CognitoSignIn => ({
  region,
  created,
  userPoolId: plain(`${region}_pool`),
  clientId: plain("cognito-client"),
  clientSecret: plain("unused"),
  issuer: plain(`https://cognito-idp.${region}.amazonaws.com/${region}_pool`),
});

/** The six ways to sign in, each on either cloud. */
export const signIns: Readonly<Record<string, SignInProviders>> = {
  "google alone": { active: "google", google },
  "a Cognito pool of its own": { active: "cognito", cognito: cognito("eu-central-1", true) },
  "an existing Cognito pool elsewhere": { active: "cognito", cognito: cognito("us-west-2", false) },
  "both, google first": { active: "google", google, cognito: cognito("eu-central-1", true) },
  "both, cognito by choice": { active: "cognito", google, cognito: cognito("eu-central-1", true) },
  "both, with an existing pool": { active: "google", google, cognito: cognito("us-west-2", false) },
};

/** One set of values with where it comes from. */
export interface Combination {
  readonly cloud: CloudName;
  readonly signIn: string;
  readonly providers: SignInProviders;
  readonly profile: ProfileName;
  readonly values: ChartValues;
}

const places = {
  gcp: { account: "science-project", region: "europe-west4", zones: ["europe-west4-a"] },
  aws: { account: "123456789012", region: "eu-central-1", zones: ["eu-central-1a"] },
};
const databaseUrls = { gcp: "gs://cmb-test-db", aws: "s3://cmb-test-db" };

/** Namespace and domain of every combination. */
export const namespace = "science";
export const domain = "cmb.example.org";

/** Settings of a profile, as the configuration resolves them. */
export function settingsOf(profile: ProfileName): ApplicationSettings {
  const { frontend, backend, environments, database } = profiles[profile];
  return {
    application: {
      adminEmails: ["admin@example.org", "second@example.org"],
      firstUserIsAdmin: false,
      trustedDomains: [],
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
    frontend: { ...frontend, targetCpuPercent: 70 },
    backend: { ...backend, replicas: 1 },
    environments,
    database,
  };
}

/** The values the program would give the chart, all plain. */
export function valuesOf(cloud: CloudName, providers: SignInProviders, profile: ProfileName): ChartValues {
  const image = (role: string) => `registry.example.org/cmb-test-${role}:v1.2.3`;
  const clients = [
    ...(providers.google ? ["GOOGLE_CLIENT_SECRET"] : []),
    ...(providers.cognito ? ["COGNITO_CLIENT_SECRET"] : []),
  ];
  return buildChartValues({
    cluster: {
      name: "cmb-test",
      dns: { domain } as never,
      environment: clouds[cloud],
      registry: {
        prefix: "registry.example.org",
        repositories: {} as never,
        mirrors: mirrorReferences("registry.example.org", "cmb-test"),
        loginCommand: "",
      },
      signIn: providers,
      storage: storages[cloud],
      network: networks[cloud],
      place: places[cloud],
      buckets: { database: { name: "cmb-test-db", url: databaseUrls[cloud], resources: [] } },
      systemTolerations: [],
    },
    platform: {
      clusterIssuer: "letsencrypt-production",
      storageClass: "cmb-block-retained",
      ingressController,
    },
    namespace,
    settings: settingsOf(profile),
    images: {
      backend: image("backend"),
      frontend: image("frontend"),
      "user-environment": image("user-environment"),
    },
    secretsVersion: 1,
    alsoNeeded: [],
    secretVariables: {
      backend: ["SECRET_KEY", "FILE_ENCRYPTION_KEY", ...clients],
      frontend: ["NEXTAUTH_SECRET", ...clients],
    },
    bindings: {
      backend: { annotations: plain({ "identity.example/of": "backend" } as never) },
      drill: { annotations: plain({ "identity.example/of": "drill" } as never) },
      users: { annotations: plain({} as never) },
    },
  }) as ChartValues;
}

/** 2 clouds × 6 ways to sign in × 3 profiles. */
export const combinations: readonly Combination[] = (Object.keys(clouds) as CloudName[]).flatMap((cloud) =>
  Object.entries(signIns).flatMap(([signIn, providers]) =>
    profileNames.map((profile) => ({
      cloud,
      signIn,
      providers,
      profile,
      values: valuesOf(cloud, providers, profile),
    })),
  ),
);

/** A combination's name in a test's title. */
export const titleOf = ({ cloud, signIn, profile }: Combination) => `${cloud}, ${signIn}, ${profile}`;
