import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

/** Where a stack's resources go and how they are labelled. */
export interface GcpProviderArgs {
  /** Google project id. */
  readonly project: string;
  /** Region: `europe-west4`. */
  readonly region: string;
  /** Labels on everything that can carry them: lower-case letters, digits, `_` and `-`, 63 characters at most. */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The explicit provider of a stack on Google Cloud. Nothing comes from the environment but the credentials, so a
 * forgotten `CLOUDSDK_CORE_PROJECT` cannot send a stack into another project. Calls are charged to, and limited
 * by, the project itself rather than the project of whoever deploys.
 */
export function gcpProvider(
  name: string,
  args: GcpProviderArgs,
  opts?: pulumi.ResourceOptions,
): gcp.Provider {
  return new gcp.Provider(
    name,
    {
      project: args.project,
      region: args.region,
      billingProject: args.project,
      userProjectOverride: true,
      defaultLabels: { ...args.labels },
    },
    opts,
  );
}
