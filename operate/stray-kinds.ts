import type { Place } from "./state";

/** A kind of thing of Amazon's that has no name of its own: a run that knows nothing of one makes a second. */
export interface NamelessKind {
  readonly type: string;
  /** Its ARN, with the id as the only group (service authorization reference of each service). */
  readonly arn: RegExp;
  /** Command that takes it away. */
  readonly remove: (id: string, place: Place) => readonly string[];
}

const ec2 = (type: string, resource: string, operation: string, option: string): NamelessKind => ({
  type: `aws:ec2/${type[0]!.toLowerCase()}${type.slice(1)}:${type}`,
  arn: new RegExp(`^arn:aws[\\w-]*:ec2:[^:]*:\\d*:${resource}/([\\w-]+)$`),
  remove: (id, { region }) => ["aws", "ec2", operation, option, id, "--region", region],
});

/**
 * Everything of these is told. Whatever else the program makes on Amazon has a name that must be unique, so that the
 * next run ends with "already exists" and the name, or is a setting that is written again; except for a user pool's client,
 * which carries no tags: a second one lets nobody in who would not be, and goes with its pool.
 */
export const NAMELESS: readonly NamelessKind[] = [
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
    type: "aws:kms/key:Key",
    arn: /^arn:aws[\w-]*:kms:[^:]*:\d*:key\/([\w-]+)$/,
    remove: (id, { region }) => [
      ...["aws", "kms", "schedule-key-deletion", "--key-id", id],
      ...["--pending-window-in-days", "7", "--region", region],
    ],
  },
  {
    type: "aws:route53/zone:Zone",
    arn: /^arn:aws[\w-]*:route53:::hostedzone\/(\w+)$/,
    remove: (id) => ["aws", "route53", "delete-hosted-zone", "--id", id],
  },
  {
    type: "aws:cognito/userPool:UserPool",
    arn: /^arn:aws[\w-]*:cognito-idp:[^:]*:\d*:userpool\/([\w-]+)$/,
    remove: (id, { region }) => [
      "aws",
      "cognito-idp",
      "delete-user-pool",
      "--user-pool-id",
      id,
      "--region",
      region,
    ],
  },
];

/** Tags of what EKS makes for a node group: it comes and goes with the group. */
const OF_A_GROUP = ["aws:autoscaling:groupName", "eks:nodegroup-name"];

/** Whether tags say that something was made by a group of instances, and by no resource of the program. */
export function madeByGroup(tags: Readonly<Record<string, string>>): boolean {
  return OF_A_GROUP.some((key) => key in tags);
}
