import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { roleArn, roleName } from "./names";

/** The identity provider of a cluster: what its service accounts' tokens are checked against. */
export interface ClusterIdentity {
  /** Issuer without `https://`: `oidc.eks.<region>.amazonaws.com/id/<hex>`. */
  readonly issuer: pulumi.Output<string>;
  /** The provider registered with IAM. */
  readonly provider: aws.iam.OpenIdConnectProvider;
}

/** A policy document, known while planning wherever no id of another resource is in it. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** One statement of a {@link PolicyDocument}. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A document of these statements. */
export function policyDocument(...statements: PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/** Who may take a role: one service account in one namespace of one cluster. */
export interface ServiceAccountRef {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * Trust of a role for one service account and nothing else: both the subject and the audience must be equal, so
 * neither another account nor a token made for another audience will do (EKS best practices, identity).
 */
function serviceAccountTrust(
  accountId: string,
  issuer: string,
  { namespace, serviceAccount }: ServiceAccountRef,
): PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::${accountId}:oidc-provider/${issuer}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
        [`${issuer}:aud`]: "sts.amazonaws.com",
      },
    },
  });
}

/** The same as a resource's input: the issuer is known only once the cluster exists. */
export function trustFor(
  identity: ClusterIdentity,
  accountId: string,
  account: ServiceAccountRef,
): pulumi.Output<string> {
  // The provider's ARN is computed from its issuer; waiting for it keeps a role from being taken too early.
  return pulumi
    .all([identity.issuer, identity.provider.arn])
    .apply(([issuer]) => JSON.stringify(serviceAccountTrust(accountId, issuer, account)));
}

/** A role for a controller of the cluster. */
export interface ServiceRoleArgs extends ServiceAccountRef {
  readonly cluster: string;
  readonly accountId: string;
  readonly identity: ClusterIdentity;
  /** Last part of the role's name: `<cluster>-<role>`. */
  readonly role: string;
  readonly description: string;
  /** Amazon's own policies, by full ARN. */
  readonly managedPolicies?: readonly string[];
  /** Own permissions, in a policy of the name given. */
  readonly inline?: { readonly name: string; readonly document: pulumi.Input<PolicyDocument> };
}

/** A role and everything that makes it usable. */
export interface ServiceRole {
  /** ARN, known before the role exists. */
  readonly arn: string;
  /** Role, attachments and policy: depend on these before using the role. */
  readonly resources: readonly pulumi.Resource[];
}

/** Makes a role that one service account can take, with its permissions. */
export function serviceRole(
  name: string,
  args: ServiceRoleArgs,
  opts: pulumi.CustomResourceOptions,
): ServiceRole {
  const physicalName = roleName(args.cluster, args.role);
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      name: physicalName,
      description: args.description,
      assumeRolePolicy: trustFor(args.identity, args.accountId, args),
    },
    opts,
  );
  const attachments = (args.managedPolicies ?? []).map(
    (policyArn) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${policyArn.split("/").pop()!}`,
        { role: role.name, policyArn },
        opts,
      ),
  );
  const own = args.inline
    ? [
        new aws.iam.RolePolicy(
          `${name}-policy`,
          {
            name: args.inline.name,
            role: role.name,
            policy: pulumi.output(args.inline.document).apply((document) => JSON.stringify(document)),
          },
          opts,
        ),
      ]
    : [];
  return { arn: roleArn(args.accountId, physicalName), resources: [role, ...attachments, ...own] };
}
