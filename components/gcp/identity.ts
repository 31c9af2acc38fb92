import * as pulumi from "@pulumi/pulumi";
import { InvalidArgsError } from "../errors";
import {
  clientUris,
  type ClientUris,
  type CognitoSignIn,
  type GoogleSignIn,
  type SignInProviderName,
  type SignInProviders,
} from "../sign-in";

/** Who may sign in, and with what. */
export interface IdentityArgs {
  /** Host name of the site. */
  readonly site: string;
  /** Whose tokens the application takes. */
  readonly active: SignInProviderName;
  /** The OAuth web client a person made in Google's console. */
  readonly google?: GoogleSignIn;
  /** A Cognito pool, made by the component of another cloud or existing. */
  readonly cognito?: CognitoSignIn;
}

/**
 * Who signs people in on Google Cloud. It makes nothing: Google has no API for an OAuth web client (the IAP ones
 * were shut down in March 2026, and `iam.OauthClient` is for workforce pools), so a person makes it and enters
 * {@link googleUris} there; a Cognito pool is made with an AWS provider by the component that knows how.
 *
 * @requirement A1
 * @requirement A5
 */
export class Identity extends pulumi.ComponentResource implements SignInProviders {
  readonly active: SignInProviderName;
  readonly google?: GoogleSignIn;
  readonly cognito?: CognitoSignIn;
  /** What to enter at Google, to the letter; absent when Google signs nobody in. */
  readonly googleUris?: ClientUris;

  constructor(name: string, args: IdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    if (!args[args.active]) {
      throw new InvalidArgsError(
        "signIn.active",
        args.active,
        "this provider is not configured",
        `Give ${args.active} its client, or choose the other provider.`,
      );
    }
    const googleUris = args.google && clientUris(args.site, "google");
    super("cmb:gcp:Identity", name, { active: args.active, googleUris }, opts);
    this.active = args.active;
    this.google = args.google;
    this.cognito = args.cognito;
    this.googleUris = googleUris;
    this.registerOutputs({});
  }
}
