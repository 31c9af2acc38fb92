import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type PolicyDocument } from "./irsa";
import { assertRetention } from "./log-retention";
import { roleName } from "./names";
import { transformed, type Transform } from "./transform";

/** What the flow logs of a VPC are made of. */
export interface FlowLogsArgs {
  readonly cluster: string;
  readonly accountId: string;
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  /** Days they are kept, one of those CloudWatch knows; ingestion costs about 0.50 US$ a GB. */
  readonly days: number;
  /** Ways out, one a child. */
  readonly transform?: {
    readonly flowLog?: Transform<aws.ec2.FlowLogArgs>;
    readonly flowLogGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  };
}

/**
 * Who talked to whom in a VPC, in a log group of its own. CloudWatch encrypts it with its own key: one of ours
 * would cost more than the logs and guard nothing but addresses.
 *
 * @requirement N1
 */
export class FlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { accountId, cluster, region } = args;
    super("cmb:aws:FlowLogs", name, { cluster, days: args.days }, opts);
    assertRetention("flowLogsDays", args.days);
    const groupName = `/cmb/${cluster}/flow-logs`;
    const group = new aws.cloudwatch.LogGroup(
      `${name}-group`,
      transformed(args.transform?.flowLogGroup, { name: groupName, retentionInDays: args.days }),
      { parent: this },
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: roleName(cluster, "flow-logs"),
        description: `Writes the flow logs of ${cluster}`,
        assumeRolePolicy: JSON.stringify(trust(accountId)),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        name: "write-flow-logs",
        role: role.name,
        policy: JSON.stringify(writeTo(`arn:aws:logs:${region}:${accountId}:log-group`, groupName)),
      },
      { parent: this },
    );
    new aws.ec2.FlowLog(
      `${name}-log`,
      transformed(args.transform?.flowLog, {
        vpcId: args.vpcId,
        trafficType: "ALL",
        // Ten minutes: one minute costs several times the log volume and helps nobody who reads it next day.
        maxAggregationInterval: 600,
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        tags: { Name: cluster },
      }),
      { parent: this, dependsOn: [policy] },
    );
    this.registerOutputs();
  }
}

/** Only the flow-log service, and only for this account, may take the role. */
function trust(accountId: string): PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Principal: { Service: "vpc-flow-logs.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "aws:SourceAccount": accountId } },
  });
}

/** What the service does with a group that exists (VPC guide, "IAM role for publishing to CloudWatch Logs"). */
function writeTo(groups: string, name: string): PolicyDocument {
  return policyDocument(
    {
      Sid: "Write",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      Resource: [`${groups}:${name}`, `${groups}:${name}:*`],
    },
    // CloudWatch knows no narrower resource for it.
    { Sid: "Find", Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: "*" },
  );
}
