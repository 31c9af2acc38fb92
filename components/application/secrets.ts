import * as pulumi from "@pulumi/pulumi";
import type { SignInProviders } from "../sign-in";
import type { ApplicationKeys } from "./keys";

/** Secret variables of a container: present only when their value exists. */
export type SecretVariables = Record<string, pulumi.Output<string>>;

/**
 * The backend's secret variables. The secret of a provider that is not configured is absent, never empty.
 */
export function backendSecrets(keys: ApplicationKeys, signIn: SignInProviders): SecretVariables {
  return {
    SECRET_KEY: keys.session,
    FILE_ENCRYPTION_KEY: keys.fileEncryption,
    ...clientSecrets(signIn),
  };
}

/** The front end's secret variables. */
export function frontendSecrets(keys: ApplicationKeys, signIn: SignInProviders): SecretVariables {
  return { NEXTAUTH_SECRET: keys.nextAuth, ...clientSecrets(signIn) };
}

function clientSecrets({ google, cognito }: SignInProviders): SecretVariables {
  return {
    ...(google && { GOOGLE_CLIENT_SECRET: pulumi.secret(google.clientSecret) }),
    ...(cognito && { COGNITO_CLIENT_SECRET: pulumi.secret(cognito.clientSecret) }),
  };
}
