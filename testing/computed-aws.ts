import type { MockResourceArgs } from "@pulumi/pulumi/runtime";

/** The account, region and zones of tests on AWS. */
export const awsPlace = {
  accountId: "123456789012",
  region: "eu-central-1",
  zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
} as const;

/** Issuer of the cluster's identity tokens, without `https://`. */
export const oidcIssuer = "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";

/** Secret of a Cognito client, for tests that look for it where it must not be. */
export const clientSecret = "canary-0f3b9c-client-secret";

type Computed = Record<string, unknown>;
type Requested = { readonly name: string; readonly inputs: Computed };

/** Shapes of computed properties by type (terraform-provider-aws v6.58.0: id and ARN formats). */
const byType: Readonly<Record<string, (resource: Requested) => Computed>> = {
  // The component is remote: its plugin does not run here, so its outputs are made up.
  "eks:index:Cluster": ({ inputs }) => ({
    eksCluster: {
      name: inputs.name,
      endpoint: "https://0123456789ABCDEF.gr7.eu-central-1.eks.amazonaws.com",
      certificateAuthority: { data: "Y2VydGlmaWNhdGU=" },
      identities: [{ oidcs: [{ issuer: `https://${oidcIssuer}` }] }],
      vpcConfig: { clusterSecurityGroupId: "sg-0123456789abcdef0" },
    },
  }),
  "aws:iam/role:Role": ({ inputs }) => ({
    arn: `arn:aws:iam::${awsPlace.accountId}:role/${String(inputs.name)}`,
  }),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": () => ({
    arn: `arn:aws:iam::${awsPlace.accountId}:oidc-provider/${oidcIssuer}`,
  }),
  "aws:kms/key:Key": ({ name }) => ({
    keyId: `${name}-key-id`,
    arn: `arn:aws:kms:${awsPlace.region}:${awsPlace.accountId}:key/${name}`,
  }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
  "aws:ec2/instance:Instance": () => ({ primaryNetworkInterfaceId: "eni-0123456789abcdef0" }),
  "aws:eks/nodeGroup:NodeGroup": ({ inputs }) => ({
    resources: [{ autoscalingGroups: [{ name: `eks-${String(inputs.nodeGroupName)}-0123` }] }],
  }),
  "aws:cloudwatch/logGroup:LogGroup": ({ inputs }) => ({
    arn: `arn:aws:logs:${awsPlace.region}:${awsPlace.accountId}:log-group:${String(inputs.name)}`,
  }),
  "aws:lb/loadBalancer:LoadBalancer": ({ inputs }) => ({
    arn: `${elb}:loadbalancer/net/${String(inputs.name)}/0123456789abcdef`,
    dnsName: `${String(inputs.name)}-0123456789abcdef.elb.eu-central-1.amazonaws.com`,
    zoneId: "Z3F0SRJ5LGBH90",
  }),
  "aws:lb/targetGroup:TargetGroup": ({ inputs }) => ({
    arn: `${elb}:targetgroup/${String(inputs.name)}/0123456789abcdef`,
  }),
  "aws:route53/zone:Zone": () => ({
    zoneId: "Z0123456789ABCDEFGHIJ",
    nameServers: ["ns-1.awsdns-01.org", "ns-2.awsdns-02.com", "ns-3.awsdns-03.net", "ns-4.awsdns-04.co.uk"],
  }),
  "aws:cognito/userPoolClient:UserPoolClient": () => ({ clientSecret }),
  "aws:secretsmanager/secret:Secret": ({ inputs }) => ({
    arn: `arn:aws:secretsmanager:${awsPlace.region}:${awsPlace.accountId}:secret:${String(inputs.name)}-a1B2c3`,
  }),
};

const elb = `arn:aws:elasticloadbalancing:${awsPlace.region}:${awsPlace.accountId}`;

/** What AWS would compute for a resource, over its inputs. */
export function computedAws(args: MockResourceArgs): Computed {
  return byType[args.type]?.(args) ?? {};
}
