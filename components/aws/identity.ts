import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { clientUris, type CognitoSignIn } from "../sign-in";
import { assertDomainPrefix, domainPrefix } from "./names";
import { shown } from "../shown-inputs";
import { transformed, type Transform } from "./transform";

/** A pool to make, or one that is there. */
export type IdentityArgs = NewIdentityArgs | ExistingIdentityArgs;

/** What a new user pool is made of. */
export interface NewIdentityArgs {
  readonly kind: "create";
  /** Name of the cluster whose users these are. */
  readonly cluster: string;
  /** Account the pool is made in, 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** Host name of the site: redirect and sign-out addresses follow from it. */
  readonly site: string;
  /** First label of the hosted page; derived from cluster and account when omitted. */
  readonly domainPrefix?: string;
  /** Second factor from an authenticator app. */
  readonly mfa: "off" | "optional" | "required";
  /** True lets anyone on the internet make an account; false: administrators do. */
  readonly selfSignUp: boolean;
  /** The pool refuses deletion, by Pulumi and by Cognito, and stays when the stack goes: accounts cannot be restored. */
  readonly protect: boolean;
  /** Ways out, one a child. */
  readonly transform?: {
    readonly userPool?: Transform<aws.cognito.UserPoolArgs>;
    readonly client?: Transform<aws.cognito.UserPoolClientArgs>;
    readonly domain?: Transform<aws.cognito.UserPoolDomainArgs>;
  };
}

/** A pool and client that somebody else keeps. Its client must allow the addresses that the stack prints. */
export interface ExistingIdentityArgs {
  readonly kind: "existing";
  readonly region: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly clientSecret: pulumi.Output<string>;
  /** Prefix of the pool's hosted page, where it has one. */
  readonly domainPrefix?: string;
}

/**
 * Sign-in with Amazon Cognito: a user pool with e-mail addresses as verified user names, a hosted page, and one
 * confidential client for the authorization code flow. It needs an AWS provider and nothing else of this folder's
 * cluster, so a stack on another cloud can use it; an existing pool needs not even that.
 *
 * The pool is of the tier ESSENTIALS, which carries the current hosted page (10,000 users a month free, then
 * 0.015 US$ each).
 *
 * @requirement A3
 * @requirement A4
 */
export class Identity extends pulumi.ComponentResource {
  readonly signIn: CognitoSignIn;

  constructor(
    private readonly name: string,
    args: IdentityArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cmb:aws:Identity", name, plainInputs(args), opts);
    this.signIn = args.kind === "create" ? this.makePool(args) : existingPool(args);
    this.registerOutputs();
  }

  private makePool(args: NewIdentityArgs): CognitoSignIn {
    const kept = { parent: this, protect: args.protect, retainOnDelete: args.protect };
    const prefix = args.domainPrefix ?? domainPrefix(args.cluster, args.accountId);
    assertDomainPrefix(prefix);
    const pool = new aws.cognito.UserPool(
      `${this.name}-pool`,
      transformed<aws.cognito.UserPoolArgs>(args.transform?.userPool, userPool(args)),
      kept,
    );
    const uris = clientUris(args.site, "cognito");
    const client = new aws.cognito.UserPoolClient(
      `${this.name}-client`,
      transformed<aws.cognito.UserPoolClientArgs>(args.transform?.client, {
        name: `${args.cluster}-web`,
        userPoolId: pool.id,
        generateSecret: true,
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["code"],
        allowedOauthScopes: ["openid", "email", "profile"],
        supportedIdentityProviders: ["COGNITO"],
        callbackUrls: [...uris.redirectUris],
        logoutUrls: [...uris.signOutUris],
        explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
        preventUserExistenceErrors: "ENABLED",
        enableTokenRevocation: true,
        accessTokenValidity: 60,
        idTokenValidity: 60,
        refreshTokenValidity: 30,
        tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
      }),
      { ...kept, additionalSecretOutputs: ["clientSecret"] },
    );
    new aws.cognito.UserPoolDomain(
      `${this.name}-domain`,
      transformed<aws.cognito.UserPoolDomainArgs>(args.transform?.domain, {
        domain: prefix,
        userPoolId: pool.id,
        managedLoginVersion: 1,
      }),
      kept,
    );
    return {
      region: args.region,
      userPoolId: pool.id,
      clientId: client.id,
      clientSecret: pulumi.secret(client.clientSecret),
      issuer: pool.id.apply((id) => issuer(args.region, id)),
      hostedDomain: pulumi.output(hostedDomain(prefix, args.region)),
      created: true,
    };
  }
}

function existingPool(args: ExistingIdentityArgs): CognitoSignIn {
  return {
    region: args.region,
    userPoolId: pulumi.output(args.userPoolId),
    clientId: pulumi.output(args.clientId),
    clientSecret: pulumi.secret(args.clientSecret),
    issuer: pulumi.output(issuer(args.region, args.userPoolId)),
    hostedDomain:
      args.domainPrefix === undefined
        ? undefined
        : pulumi.output(hostedDomain(args.domainPrefix, args.region)),
    created: false,
  };
}

function userPool(args: NewIdentityArgs): aws.cognito.UserPoolArgs {
  return {
    name: `${args.cluster}-users`,
    userPoolTier: "ESSENTIALS",
    usernameAttributes: ["email"],
    usernameConfiguration: { caseSensitive: false },
    autoVerifiedAttributes: ["email"],
    // The old address stays in force until the new one is verified: nobody takes over another's by typing it.
    userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
    accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
    adminCreateUserConfig: { allowAdminCreateUserOnly: !args.selfSignUp },
    passwordPolicy: {
      minimumLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: true,
      temporaryPasswordValidityDays: 7,
    },
    mfaConfiguration: { off: "OFF", optional: "OPTIONAL", required: "ON" }[args.mfa],
    softwareTokenMfaConfiguration: args.mfa === "off" ? undefined : { enabled: true },
    deletionProtection: args.protect ? "ACTIVE" : "INACTIVE",
  };
}

function issuer(region: string, userPoolId: string): string {
  return `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`;
}

function hostedDomain(prefix: string, region: string): string {
  return `${prefix}.auth.${region}.amazoncognito.com`;
}

/** What a preview may show: never the client's secret. */
function plainInputs(args: IdentityArgs): pulumi.Inputs {
  if (args.kind === "existing") {
    const { kind, region, userPoolId, clientId } = args;
    return { kind, region, userPoolId, clientId };
  }
  return shown(args);
}
