import type * as pulumi from "@pulumi/pulumi";

/** What a person signs in with. */
export type SignInProviderName = "google" | "cognito";

/** A Google OAuth web client, made by hand in Google's console: no API makes one. */
export interface GoogleSignIn {
  readonly clientId: pulumi.Input<string>;
  readonly clientSecret: pulumi.Output<string>;
}

/** A Cognito user pool with a confidential client, made by the program or existing. */
export interface CognitoSignIn {
  /** Region of the pool, which on Google Cloud is the only AWS fact of the stack. */
  readonly region: string;
  readonly userPoolId: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  readonly clientSecret: pulumi.Output<string>;
  /** `https://cognito-idp.<region>.amazonaws.com/<pool>`: what tokens are checked against. */
  readonly issuer: pulumi.Output<string>;
  /** Host of the hosted sign-in page; absent for an existing pool whose domain was not given. */
  readonly hostedDomain?: pulumi.Output<string>;
  /** True when the program made the pool. */
  readonly created: boolean;
}

/** The providers a stack is configured with; at least one. */
export interface SignInProviders {
  /** What AUTH_PROVIDER is set to: which provider's tokens today's application takes. */
  readonly active: SignInProviderName;
  readonly google?: GoogleSignIn;
  readonly cognito?: CognitoSignIn;
}

/** What decides who signs people in. */
export interface SignInFacts {
  /** `cmbcluster:auth.provider`; `auto` chooses by the rest. */
  readonly explicit: "auto" | SignInProviderName;
  /** Google client credentials are configured. */
  readonly google: boolean;
  /** A Cognito pool is configured: to be made, or existing. */
  readonly cognito: boolean;
  /** The provider of the stack's cloud when nothing else decides. */
  readonly cloudDefault: SignInProviderName;
}

/**
 * Which provider signs people in: the explicit setting, else what has credentials (Google before Cognito, as the
 * application itself does), else the cloud's default.
 *
 * @requirement A2
 */
export function chooseSignIn(facts: SignInFacts): SignInProviderName {
  if (facts.explicit !== "auto") return facts.explicit;
  if (facts.google) return "google";
  if (facts.cognito) return "cognito";
  return facts.cloudDefault;
}

/** What a person enters in the Google console, to the letter. */
export interface ClientUris {
  readonly origins: readonly string[];
  readonly redirectUris: readonly string[];
  readonly signOutUris: readonly string[];
}

/** The addresses that a sign-in client must allow for a site at `https://<site>`. @requirement A5 */
export function clientUris(site: string, provider: SignInProviderName): ClientUris {
  const origin = `https://${site}`;
  return {
    origins: [origin],
    redirectUris: [`${origin}/api/auth/callback/${provider}`],
    signOutUris: [origin, `${origin}/auth/signin`],
  };
}
