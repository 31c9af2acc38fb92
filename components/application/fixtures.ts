import * as pulumi from "@pulumi/pulumi";
import type { SignInProviders } from "../sign-in";
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
