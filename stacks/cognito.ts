import type * as pulumi from "@pulumi/pulumi";
import { Identity } from "../components/aws/identity";
import { awsProvider } from "../components/aws/providers";
import type { CognitoSignIn } from "../components/sign-in";
import { type Secrets, unknownSecret } from "../infra/config/secrets";
import type { CognitoSettings, CommonSettings } from "../infra/config/settings";
import { stackTags } from "./tags";

/**
 * The Cognito pool of a stack on either cloud: made in the AWS account and region that the settings name, or one
 * that exists, about which nothing is made or asked.
 *
 * The pool's logical names do not depend on the cloud, and it has a provider of its own: nothing else of a stack
 * on Google Cloud needs Amazon, and nothing else of it could reach there.
 *
 * @requirement A3
 * @requirement A4
 */
export function cognitoSignIn(
  settings: CommonSettings,
  cognito: CognitoSettings,
  secrets: Secrets,
): CognitoSignIn {
  if (cognito.kind === "existing") {
    const { region, userPoolId, clientId, domainPrefix } = cognito;
    const clientSecret = secrets.cognitoClientSecret ?? unknownSecret();
    return identity({ kind: "existing", region, userPoolId, clientId, clientSecret, domainPrefix }).signIn;
  }
  const { region, accountId, domainPrefix, mfa, selfSignUp } = cognito;
  const provider = awsProvider("sign-in", { region, accountId, tags: stackTags(settings) });
  return identity(
    {
      kind: "create",
      cluster: settings.clusterName,
      site: settings.domain,
      region,
      accountId,
      domainPrefix,
      mfa,
      selfSignUp,
      protect: settings.protect.data,
    },
    { provider },
  ).signIn;
}

const identity = (args: ConstructorParameters<typeof Identity>[1], opts?: pulumi.ComponentResourceOptions) =>
  new Identity("sign-in", args, opts);
