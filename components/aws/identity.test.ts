import * as pulumi from "@pulumi/pulumi";
import { clientSecret } from "../../testing/computed-aws";
import { settled } from "../../testing/record";
import { children, recordAws, withProvider } from "./fixtures/recorded";
import { Identity, type NewIdentityArgs } from "./identity";

const args: NewIdentityArgs = {
  kind: "create",
  cluster: "cmb-aws",
  accountId: "123456789012",
  region: "eu-central-1",
  site: "cmb.example.org",
  mfa: "optional",
  selfSignUp: false,
  protect: true,
};
const make = (changes: Partial<NewIdentityArgs> = {}) =>
  recordAws(() => new Identity("id", { ...args, ...changes }, withProvider()));

test("[A3] a new sign-in is a pool, its client and its domain, all kept", async () => {
  const { recording } = await make();
  expect(children(recording)).toEqual([
    "UserPool id-pool",
    "UserPoolClient id-client",
    "UserPoolDomain id-domain",
    "cmb:aws:Identity id",
  ]);
  for (const name of ["id-pool", "id-client", "id-domain"]) {
    expect([name, recording.one(name).protect, recording.one(name).retainOnDelete]).toEqual([
      name,
      true,
      true,
    ]);
  }
});

test("[A3] people sign in with a verified e-mail address, and administrators make their accounts", async () => {
  const { recording } = await make();
  expect(recording.one("id-pool").inputs).toEqual({
    name: "cmb-aws-users",
    userPoolTier: "ESSENTIALS",
    usernameAttributes: ["email"],
    usernameConfiguration: { caseSensitive: false },
    autoVerifiedAttributes: ["email"],
    userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
    accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
    adminCreateUserConfig: { allowAdminCreateUserOnly: true },
    passwordPolicy: {
      minimumLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: true,
      temporaryPasswordValidityDays: 7,
    },
    mfaConfiguration: "OPTIONAL",
    softwareTokenMfaConfiguration: { enabled: true },
    deletionProtection: "ACTIVE",
  });
});

test("[A3] the client is confidential, speaks the code flow and leads back to this site only", async () => {
  const { recording } = await make();
  expect(recording.one("id-client").inputs).toMatchObject({
    userPoolId: "id-pool-id",
    generateSecret: true,
    allowedOauthFlowsUserPoolClient: true,
    allowedOauthFlows: ["code"],
    allowedOauthScopes: ["openid", "email", "profile"],
    callbackUrls: ["https://cmb.example.org/api/auth/callback/cognito"],
    logoutUrls: ["https://cmb.example.org", "https://cmb.example.org/auth/signin"],
    preventUserExistenceErrors: "ENABLED",
    enableTokenRevocation: true,
  });
});

test("[A3] the hosted page's prefix is free of the words that Cognito refuses, or is the one asked for", async () => {
  const derived = await make();
  expect(derived.recording.one("id-domain").inputs.domain).toMatch(/^cmb-[0-9a-f]{8}$/);
  const given = await make({ domainPrefix: "science" });
  expect(given.recording.one("id-domain").inputs.domain).toBe("science");
  expect(await settled(given.result.signIn.hostedDomain!)).toBe(
    "science.auth.eu-central-1.amazoncognito.com",
  );
  await expect(make({ domainPrefix: "my-cognito" })).rejects.toThrow("Cognito refuses");
});

test.each([
  ["off", "OFF", undefined],
  ["optional", "OPTIONAL", { enabled: true }],
  ["required", "ON", { enabled: true }],
] as const)(
  "[A3] a second factor that is %s",
  async (mfa, mfaConfiguration, softwareTokenMfaConfiguration) => {
    const { recording } = await make({ mfa });
    const { inputs } = recording.one("id-pool");
    expect([inputs.mfaConfiguration, inputs.softwareTokenMfaConfiguration]).toEqual([
      mfaConfiguration,
      softwareTokenMfaConfiguration,
    ]);
  },
);

test("self sign-up and deletion are open only where asked", async () => {
  const { recording } = await make({ selfSignUp: true, protect: false });
  expect(recording.one("id-pool").inputs).toMatchObject({
    adminCreateUserConfig: { allowAdminCreateUserOnly: false },
    deletionProtection: "INACTIVE",
  });
  expect(recording.one("id-pool").protect).toBe(false);
});

test("[C3] it says how to sign in, the client's secret as a secret", async () => {
  const { result } = await make();
  const { signIn } = result;
  expect(await pulumi.isSecret(signIn.clientSecret)).toBe(true);
  expect(await settled(signIn.clientSecret)).toBe(clientSecret);
  expect(await settled(signIn.issuer)).toBe("https://cognito-idp.eu-central-1.amazonaws.com/id-pool-id");
  expect([await settled(signIn.userPoolId), await settled(signIn.clientId)]).toEqual([
    "id-pool-id",
    "id-client-id",
  ]);
  expect([signIn.created, signIn.region]).toEqual([true, "eu-central-1"]);
});

test("[A4] an existing pool makes nothing, needs no provider, and keeps its secret out of the state's plain text", async () => {
  const { recording, result } = await recordAws(
    () =>
      new Identity("id", {
        kind: "existing",
        region: "us-east-1",
        userPoolId: "us-east-1_aB3dE5fG7",
        clientId: "client",
        clientSecret: pulumi.output("existing-secret"),
        domainPrefix: "science",
      }),
  );
  expect(children(recording)).toEqual(["cmb:aws:Identity id"]);
  expect(JSON.stringify(recording.resources)).not.toContain("existing-secret");
  expect(await pulumi.isSecret(result.signIn.clientSecret)).toBe(true);
  expect(await settled(result.signIn.issuer)).toBe(
    "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_aB3dE5fG7",
  );
  expect(await settled(result.signIn.hostedDomain!)).toBe("science.auth.us-east-1.amazoncognito.com");
  expect(await settled(result.signIn.userPoolId)).toBe("us-east-1_aB3dE5fG7");
  expect(await settled(result.signIn.clientId)).toBe("client");
  expect(result.signIn.created).toBe(false);
});

test("[A4] an existing pool without a known hosted page has none", async () => {
  const { result } = await recordAws(
    () =>
      new Identity("id", {
        kind: "existing",
        region: "us-east-1",
        userPoolId: "us-east-1_aB3dE5fG7",
        clientId: "client",
        clientSecret: pulumi.secret("existing-secret"),
      }),
  );
  expect(result.signIn.hostedDomain).toBeUndefined();
});

test("[A4] a stack on another cloud loads it alone: neither the cluster nor the EKS package comes with it", async () => {
  const loaded: string[] = [];
  await jest.isolateModulesAsync(async () => {
    for (const name of ["@pulumi/eks/cluster", "@pulumi/kubernetes"]) {
      jest.doMock(name, () => {
        loaded.push(name);
        return {};
      });
    }
    const module = await import("./identity");
    expect(module.Identity).toBeDefined();
  });
  expect(loaded).toEqual([]);
});
