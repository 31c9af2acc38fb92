import * as pulumi from "@pulumi/pulumi";
import type { CloudName } from "../components/cmb-cluster";
import { checkConfig } from "../infra/config/check";
import type { Secrets } from "../infra/config/secrets";
import type { Settings } from "../infra/config/settings";

/** A client secret that must show up nowhere in the clear. */
export const googleSecret = "canary-google-secret";

const cloudBlocks = {
  gcp: { gcp: { project: "science-1", region: "europe-west4" } },
  aws: {
    aws: {
      accountId: "123456789012",
      region: "eu-central-1",
      zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
      cluster: { publicAccessCidrs: ["203.0.113.0/24"] },
    },
  },
};

/** The six ways of signing in: by cloud, which providers are configured. */
export const signInCombinations = (["gcp", "aws"] as const).flatMap((cloud) =>
  [
    { google: true, cognito: false },
    { google: false, cognito: true },
    { google: true, cognito: true },
  ].map((providers) => ({ cloud, ...providers })),
);

/** The `auth` block for a combination. An AWS stack makes its pool in its own account. */
export function authOf(cloud: CloudName, google: boolean, cognito: boolean): Record<string, unknown> {
  const pool = cloud === "gcp" ? { region: "eu-west-1", accountId: "210987654321" } : {};
  return {
    ...(google && { google: { clientId: "1-x.apps.googleusercontent.com" } }),
    ...(cognito && { cognito: pool }),
  };
}

/** Settings of a small sound stack, through the genuine check; throws what the check finds. */
export function testSettings(cloud: CloudName, over: Record<string, unknown> = {}): Settings {
  const config: Record<string, unknown> = {
    cloud,
    clusterName: "cmb-test",
    domain: "cmb.example.org",
    certificates: { email: "ops@example.org" },
    application: { adminEmails: ["admin@example.org"] },
    auth: authOf(cloud, true, false),
    ...cloudBlocks[cloud],
    ...over,
  };
  const raw = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      `cmbcluster:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const { settings, faults } = checkConfig(raw, []);
  if (!settings)
    throw new Error(faults.map((fault) => `${fault.code} ${fault.key} ${fault.cause}`).join("\n"));
  return settings;
}

/** Secrets with the Google client's in them. */
export function testSecrets(): Secrets {
  return { googleClientSecret: pulumi.secret(googleSecret) };
}
