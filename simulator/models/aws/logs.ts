import { CloudError, type CloudView, type ResourceModel } from "../model";
import { allowsInline, IAM_RETRY, ROLE, trusts } from "./iam";
import { keyNeeds } from "./kms";
import { noVpc } from "./network";
import { arn, hidden, need, regional, regionOf, text } from "./values";

/** Type of log groups, those included that a service makes by itself. */
export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const FLOW_LOG = "aws:ec2/flowLog:FlowLog";

/** Seconds until flow logs first deliver: one aggregation interval and some processing (VPC User Guide). */
export const FLOW_LOG_DELAY = 600;

const nameOf = (group: string, cloud: CloudView) => `${cloud.account}/${cloud.region}:${group}`;

const logGroup: ResourceModel = {
  type: LOG_GROUP,
  durations: { create: 1, delete: 1, source: "published deployment logs: seconds" },
  id: (inputs) => text(inputs, "name"),
  uniqueName: (inputs, cloud) => regional(inputs, cloud, text(inputs, "name")),
  nameTaken: () => new CloudError("ResourceAlreadyExistsException", "The specified log group already exists"),
  needs: (inputs, cloud) => keyNeeds(text(inputs, "kmsKeyId"), "kmsKeyId", cloud),
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "logs", regionOf(inputs, cloud), `log-group:${id}`),
    logGroupClass: text(inputs, "logGroupClass") || "STANDARD",
    deletionProtectionEnabled: false,
  }),
};

/** A service writes to a log group and makes it when it is not there: without retention, tags or key. */
export function writeLogs(cloud: CloudView, group: string): void {
  if (cloud.list(LOG_GROUP, ({ id }) => id === group).length > 0) return;
  const properties = {
    name: group,
    arn: arn(cloud, "logs", cloud.region, `log-group:${group}`),
    retentionInDays: 0,
    logGroupClass: "STANDARD",
    skipDestroy: false,
    deletionProtectionEnabled: false,
  };
  cloud.put(hidden(cloud, LOG_GROUP, group, properties, nameOf(group, cloud)));
}

/** Delivers to its log group for as long as it is there, and makes the group anew where its role may. */
const flowLog: ResourceModel = {
  type: FLOW_LOG,
  durations: { create: 2, delete: 2, source: "published deployment logs: seconds" },
  id: (_inputs, cloud) => `fl-${cloud.hex(17)}`,
  uniqueName: (inputs) =>
    ["vpcId", "subnetId", "eniId", "trafficType", "logDestination"].map((key) => text(inputs, key)).join(" "),
  nameTaken: () =>
    new CloudError(
      "FlowLogAlreadyExists",
      "There is an existing Flow Log with the same configuration and log destination.",
    ),
  needs: (inputs) => [
    ...need(inputs, "vpcId", "aws:ec2/vpc:Vpc", noVpc),
    ...need(inputs, "iamRoleArn", ROLE, unassumable),
  ],
  accept: (inputs, cloud) => {
    const address = text(inputs, "iamRoleArn");
    if (address !== "" && !trusts(cloud.find(ROLE, address), "vpc-flow-logs.amazonaws.com"))
      throw unassumable(address);
  },
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "ec2", regionOf(inputs, cloud), `vpc-flow-log/${id}`),
    logFormat:
      "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} " +
      "${bytes} ${start} ${end} ${action} ${log-status}",
  }),
  created: ({ id }, cloud) => cloud.later(FLOW_LOG_DELAY, (then) => deliver(then, id)),
};

const unassumable = (address: string) =>
  new CloudError("InvalidParameterValue", `Unable to assume given IAM role: ${address}`, IAM_RETRY);

function deliver(cloud: CloudView, id: string): void {
  const log = cloud.find(FLOW_LOG, id);
  if (!log) return;
  const destination = text(log.properties, "logDestination");
  const group = destination
    .slice(destination.indexOf(":log-group:") + ":log-group:".length)
    .replace(/:\*$/, "");
  const role = cloud.find(ROLE, text(log.properties, "iamRoleArn"));
  if (destination.includes(":log-group:") && role && allowsInline(cloud, role.id, "logs:CreateLogGroup"))
    writeLogs(cloud, group);
}

/** Log groups, and what writes to them from a VPC. */
export const logModels: readonly ResourceModel[] = [logGroup, flowLog];
