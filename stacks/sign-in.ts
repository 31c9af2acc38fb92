import type { SignInProviders } from "../components/sign-in";
import { type Secrets, unknownSecret } from "../infra/config/secrets";
import type { CommonSettings } from "../infra/config/settings";

/**
 * Who signs people in, on either cloud: Google's client by its id and secret, Cognito's pool by the component that
 * knows how, whose SDK is loaded only then.
 *
 * A client secret that is not there yet is unknown: a preview goes on without it, and an `up` was refused before
 * it came here.
 *
 * @requirement A1
 */
export async function signInProviders(settings: CommonSettings, secrets: Secrets): Promise<SignInProviders> {
  const { active, google, cognito } = settings.auth;
  return {
    active,
    ...(google && {
      google: { clientId: google.clientId, clientSecret: secrets.googleClientSecret ?? unknownSecret() },
    }),
    ...(cognito && { cognito: (await import("./cognito")).cognitoSignIn(settings, cognito, secrets) }),
  };
}
