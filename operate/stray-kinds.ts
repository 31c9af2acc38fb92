import type { Place } from "./state";

/** What a resource is given, as a state or a plan has it. */
export type Inputs = Readonly<Record<string, unknown>>;

/** A kind of thing that has no name of its own: a run that knows nothing of one makes a second. */
export interface NamelessKind {
  readonly type: string;
  /** What tells one of several from the others, in the inputs of its resource; undefined where nothing does. */
  readonly mark: (inputs: Inputs) => string | undefined;
  /** Command that takes it away; `within` is what it belongs to. Left out: it goes with that. */
  readonly remove?: (id: string, place: Place, within: string) => readonly string[];
}

/** One that is found by its tags. */
export interface TaggedKind extends NamelessKind {
  /** Its ARN, with the id as the only group (service authorization reference of each service). */
  readonly arn: RegExp;
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined);
const nameTag = (inputs: Inputs) => text((inputs["tags"] as Inputs | undefined)?.["Name"]);
const nothing = () => undefined;

const ec2 = (type: string, resource: string, operation: string, option: string): TaggedKind => ({
  type: `aws:ec2/${type[0]!.toLowerCase()}${type.slice(1)}:${type}`,
  arn: new RegExp(`^arn:aws[\\w-]*:ec2:[^:]*:\\d*:${resource}/([\\w-]+)$`),
  mark: nameTag,
  remove: (id, { region }) => ["aws", "ec2", operation, option, id, "--region", region],
});

/** Type of security groups. */
export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
/** Type of keys: two that are made at the same time are told apart by what they say that they encrypt. */
export const KEY = "aws:kms/key:Key";
/** Type of user pools. */
export const POOL = "aws:cognito/userPool:UserPool";

/**
 * What is found by its tags. Whatever else the program makes on Amazon is found where it belongs ({@link CLIENT},
 * {@link AWS_VERSION}), has a name that must be unique, so that the next run ends with "already exists" and the name,
 * or is a setting that is written again. Groups have names; they are here because their ids have to be looked up.
 */
export const TAGGED: readonly TaggedKind[] = [
  ec2("Vpc", "vpc", "delete-vpc", "--vpc-id"),
  ec2("Subnet", "subnet", "delete-subnet", "--subnet-id"),
  ec2("InternetGateway", "internet-gateway", "delete-internet-gateway", "--internet-gateway-id"),
  ec2("NatGateway", "natgateway", "delete-nat-gateway", "--nat-gateway-id"),
  ec2("Eip", "elastic-ip", "release-address", "--allocation-id"),
  ec2("Instance", "instance", "terminate-instances", "--instance-ids"),
  ec2("RouteTable", "route-table", "delete-route-table", "--route-table-id"),
  ec2("VpcEndpoint", "vpc-endpoint", "delete-vpc-endpoints", "--vpc-endpoint-ids"),
  ec2("FlowLog", "vpc-flow-log", "delete-flow-logs", "--flow-log-ids"),
  ec2("SecurityGroup", "security-group", "delete-security-group", "--group-id"),
  {
    type: KEY,
    arn: /^arn:aws[\w-]*:kms:[^:]*:\d*:key\/([\w-]+)$/,
    mark: ({ description }) => text(description),
    remove: (id, { region }) => [
      ...["aws", "kms", "schedule-key-deletion", "--key-id", id],
      ...["--pending-window-in-days", "7", "--region", region],
    ],
  },
  {
    type: "aws:route53/zone:Zone",
    arn: /^arn:aws[\w-]*:route53:::hostedzone\/(\w+)$/,
    mark: nameTag,
    remove: (id) => ["aws", "route53", "delete-hosted-zone", "--id", id],
  },
  {
    type: POOL,
    arn: /^arn:aws[\w-]*:cognito-idp:[^:]*:\d*:userpool\/([\w-]+)$/,
    mark: nothing,
    remove: (id, { region }) => [
      ...["aws", "cognito-idp", "delete-user-pool", "--user-pool-id", id],
      ...["--region", region],
    ],
  },
];

/** The application's entry in a user pool: without tags, and with a name that others may have. */
export const CLIENT: NamelessKind = {
  type: "aws:cognito/userPoolClient:UserPoolClient",
  mark: ({ userPoolId, name }) => `${text(userPoolId)}/${text(name)}`,
  remove: (id, { region }, pool) => [
    ...["aws", "cognito-idp", "delete-user-pool-client", "--user-pool-id", pool, "--client-id", id],
    ...["--region", region],
  ],
};

/** Value of a secret. A second one takes the place of the first and goes with the secret. */
export const AWS_VERSION: NamelessKind = {
  type: "aws:secretsmanager/secretVersion:SecretVersion",
  mark: ({ secretId }) => text(secretId),
};

/** The same on Google. */
export const GCP_VERSION: NamelessKind = {
  type: "gcp:secretmanager/secretVersion:SecretVersion",
  mark: ({ secret }) => text(secret)?.split("/").at(-1),
};

/** Who is told of a budget. Its labels are its address: it takes none that would say whose it is. */
export const CHANNEL: NamelessKind = {
  type: "gcp:monitoring/notificationChannel:NotificationChannel",
  mark: ({ displayName }) => text(displayName),
  remove: (id, { account }) => [
    ...["gcloud", "beta", "monitoring", "channels", "delete", id],
    ...["--project", account, "--force"],
  ],
};

/** Belongs to the billing account, and not to the project. */
export const BUDGET: NamelessKind = {
  type: "gcp:billing/budget:Budget",
  mark: ({ displayName }) => text(displayName),
  remove: (id) => ["gcloud", "billing", "budgets", "delete", id],
};

/** Every kind of which a run that knows nothing of one makes a second. */
export const NAMELESS: readonly NamelessKind[] = [
  ...TAGGED,
  ...[CLIENT, AWS_VERSION, GCP_VERSION, CHANNEL, BUDGET],
];

/** Tags of what EKS makes: for a node group, with which it comes and goes, or for a cluster (EKS User Guide). */
const OF_EKS = ["aws:autoscaling:groupName", "eks:nodegroup-name", "aws:eks:cluster-name"];

/** Whether tags say that a service made something by itself, and no resource of the program. */
export function madeByService(tags: Readonly<Record<string, string>>): boolean {
  return OF_EKS.some((key) => key in tags);
}
