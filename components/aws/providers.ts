import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** What an AWS provider is bound to. */
export interface AwsProviderArgs {
  /** Region of everything made with it. */
  readonly region: string;
  /** The one account it may touch, 12 digits: with another account's credentials the first call fails. */
  readonly accountId: string;
  /** Tags on everything it makes that can carry tags. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The explicit provider of a stack. Credentials come from the usual chain (environment, profile, role) when the
 * engine runs it, never from the program.
 */
export function awsProvider(
  name: string,
  args: AwsProviderArgs,
  opts?: pulumi.ResourceOptions,
): aws.Provider {
  return new aws.Provider(
    name,
    {
      region: args.region as aws.Region,
      allowedAccountIds: [args.accountId],
      defaultTags: { tags: { ...args.tags } },
    },
    opts,
  );
}
