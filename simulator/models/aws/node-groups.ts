import { CloudError, type CloudObject, type CloudView, type Properties, type ResourceModel } from "../model";
import { ENTRY, eksEntry } from "./access";
import { CLUSTER, noCluster } from "./cluster";
import { ROLE } from "./iam";
import { instanceType } from "./instance-types";
import { capacityOf, hasAll, hasRoom, nodesOf, scale, SCALING_GROUP, terminateAll } from "./instances";
import { TEMPLATE, templateOf } from "./launch-templates";
import { overProcessorQuota } from "./quotas";
import { whyNotReady } from "./readiness";
import { arn, at, hidden, need, needEach, number, regionOf, text, texts, uuid } from "./values";

const GROUP = "aws:eks/nodeGroup:NodeGroup";
const SCALING_GROUP_TAG = "aws:autoscaling/tag:Tag";

/** Seconds after which EKS gives up on nodes that do not join (observed in public issue reports: 20 to 30 min). */
export const JOIN_LIMIT = 25 * 60;
/** Seconds to replace one node in a rolling update: launch, drain, terminate. Estimate. */
const ROLL_ONE = 150;

const source =
  "published deployment logs: creation 1m28s to 5m33s; deletion and rolling: estimate, some minutes";

const badParameter = (message: string) => new CloudError("InvalidParameterException", message);

function acceptScaling(inputs: Properties): void {
  const [min, max, desired] = ["minSize", "maxSize", "desiredSize"].map((key) =>
    number(inputs, `scalingConfig.${key}`),
  ) as [number, number, number];
  if (min > desired)
    throw badParameter(`Minimum capacity ${min} can't be greater than desired size ${desired}`);
  if (max < desired) throw badParameter(`desired capacity ${desired} can't be greater than max size ${max}`);
  if (max < 1) throw badParameter("Maximum capacity must be at least 1");
}

function acceptGroup(inputs: Properties, cloud: CloudView): void {
  acceptScaling(inputs);
  const cluster = cloud.find(CLUSTER, text(inputs, "clusterName"));
  if (cluster?.status !== "active" && cluster?.status !== "updating")
    throw new CloudError(
      "InvalidRequestException",
      `Cluster '${text(inputs, "clusterName")}' is not in ACTIVE status`,
    );
  for (const type of texts(inputs, "instanceTypes"))
    if (!instanceType(type))
      throw badParameter(`The following supplied instance types do not exist: [${type}]`);
  if (at(inputs, "launchTemplate") !== undefined && at(inputs, "diskSize") !== undefined)
    throw badParameter("Disk size must be specified within the launch template.");
  templateOf(cloud, inputs);
}

/** Names of what EKS makes for a group. */
function madeFor(inputs: Properties, cloud: CloudView) {
  const id = uuid(cloud);
  return { id, scalingGroup: `eks-${text(inputs, "nodeGroupName")}-${id}` };
}

async function start(object: CloudObject, cloud: CloudView): Promise<void> {
  const { properties } = object;
  const [cluster, roleArn] = [text(properties, "clusterName"), text(properties, "nodeRoleArn")];
  const made = text(properties, "resources.0.autoscalingGroups.0.name");
  cloud.put(hidden(cloud, SCALING_GROUP, made, { name: made, nodeGroup: object.id, tags: {} }));
  // An entry that is there already is left as it is, even one of a role that was deleted since.
  if (!cloud.find(ENTRY, `${cluster}:${roleArn}`)) cloud.put(eksEntry(cloud, cluster, roleArn, "EC2_LINUX"));
  scale(cloud, object);
  // Looked at here alone: what a condition looks at counts as awaited.
  const lacks = !hasAll(cloud, object);
  if (number(properties, "scalingConfig.desiredSize") > 0) {
    let why: string[] = [];
    const joined = () => {
      why = whyNotReady(cloud, properties);
      return why.length === 0 && (!lacks || hasRoom(cloud, object));
    };
    const failure = () =>
      why.length > 0 || !lacks
        ? new CloudError(
            "NodeCreationFailure",
            `Instances failed to join the kubernetes cluster (${why.join("; ")})`,
          )
        : overProcessorQuota(cloud, capacityOf(properties));
    await cloud.until(joined, JOIN_LIMIT, failure()).catch(async () => {
      properties["status"] = "CREATE_FAILED";
      if (why.length === 0) await cloud.clusters.setNodes(cluster, object.id, nodesOf(cloud, object));
      throw failure();
    });
    // The group goes on launching for as long as EKS waits: a quota that was raised is in time.
    if (lacks) scale(cloud, object);
  }
  await cloud.clusters.setNodes(cluster, object.id, nodesOf(cloud, object));
  properties["status"] = "ACTIVE";
}

async function change(object: CloudObject, news: Properties, cloud: CloudView): Promise<void> {
  acceptGroup(news, cloud);
  const { properties } = object;
  const rolls = ["version", "releaseVersion", "launchTemplate.version"].some(
    (path) => text(news, path) !== "" && text(news, path) !== text(properties, path),
  );
  const after = { ...object, properties: { ...properties, ...news } };
  const count = number(news, "scalingConfig.desiredSize");
  if (rolls) {
    const atOnce = Math.max(1, number(news, "updateConfig.maxUnavailable", 1));
    await cloud.sleep(ROLL_ONE * Math.ceil(count / atOnce));
    terminateAll(cloud, object.id);
    await cloud.clusters.removeNodes(text(properties, "clusterName"), object.id);
  }
  // Instances beyond a quota are missing in silence: the update ends all the same.
  scale(cloud, after);
  await cloud.clusters.setNodes(text(properties, "clusterName"), object.id, nodesOf(cloud, after));
}

async function stop({ id, properties }: CloudObject, cloud: CloudView): Promise<void> {
  const role = cloud.find(ROLE, text(properties, "nodeRoleArn"));
  if (!role) {
    properties["status"] = "DELETE_FAILED";
    throw new CloudError(
      "IamNodeRoleNotFound",
      `unexpected state 'DELETE_FAILED', wanted target ''. The role ${text(properties, "nodeRoleArn")} is gone`,
    );
  }
  await cloud.clusters.removeNodes(text(properties, "clusterName"), id);
  terminateAll(cloud, id);
  const made = text(properties, "resources.0.autoscalingGroups.0.name");
  cloud.remove(SCALING_GROUP, made);
  for (const { id: tag } of cloud.list(SCALING_GROUP_TAG, (one) => one.id.startsWith(`${made},`)))
    cloud.remove(SCALING_GROUP_TAG, tag);
}

const nodeGroup: ResourceModel = {
  type: GROUP,
  durations: { create: 120, update: 15, delete: 180, source },
  id: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "nodeGroupName")}`,
  uniqueName: (inputs, cloud) =>
    [cloud.place, text(inputs, "clusterName"), text(inputs, "nodeGroupName")].join(":"),
  nameTaken: (inputs) =>
    new CloudError(
      "ResourceInUseException",
      `NodeGroup already exists with name ${text(inputs, "nodeGroupName")} and cluster name ` +
        text(inputs, "clusterName"),
    ),
  check: (inputs) =>
    /^[0-9A-Za-z][A-Za-z0-9_-]{0,62}$/.test(text(inputs, "nodeGroupName") || "x")
      ? []
      : [{ property: "nodeGroupName", reason: "letters, digits, hyphens and underscores, 63 at most" }],
  needs: (inputs) => [
    ...need(inputs, "clusterName", CLUSTER, noCluster),
    // The provider does not try again here, however new the role is.
    ...need(inputs, "nodeRoleArn", ROLE, (address) =>
      badParameter(`The role with name ${address} cannot be found.`),
    ),
    ...needEach(inputs, "subnetIds", "aws:ec2/subnet:Subnet", (id) =>
      badParameter(`The subnet ID '${id}' does not exist`),
    ),
    ...need(inputs, "launchTemplate.id", TEMPLATE, (id) =>
      badParameter(`The specified launch template, with template ID ${id}, does not exist.`),
    ),
  ],
  accept: acceptGroup,
  outputs: (inputs, cloud) => {
    const made = madeFor(inputs, cloud);
    const [cluster, group] = [text(inputs, "clusterName"), text(inputs, "nodeGroupName")];
    return {
      arn: arn(cloud, "eks", regionOf(inputs, cloud), `nodegroup/${cluster}/${group}/${made.id}`),
      resources: [{ autoscalingGroups: [{ name: made.scalingGroup }], remoteAccessSecurityGroupId: "" }],
      status: "CREATING",
      version: text(inputs, "version") || text(cloud.find(CLUSTER, cluster)?.properties ?? {}, "version"),
      releaseVersion: text(inputs, "releaseVersion") || "1.35.3-20261014",
      amiType: text(inputs, "amiType") || "AL2023_x86_64_STANDARD",
      capacityType: text(inputs, "capacityType") || "ON_DEMAND",
    };
  },
  created: start,
  updating: change,
  deleting: stop,
};

/** Adds a tag to the group of instances behind a node group. */
const scalingGroupTag: ResourceModel = {
  type: SCALING_GROUP_TAG,
  durations: { create: 1, update: 1, delete: 1, source: "published deployment logs: seconds" },
  id: (inputs) => `${text(inputs, "autoscalingGroupName")},${text(inputs, "tag.key")}`,
  // Writing one again overwrites it.
  adopts: () => true,
  needs: (inputs) =>
    need(
      inputs,
      "autoscalingGroupName",
      SCALING_GROUP,
      (name) => new CloudError("ValidationError", `Group ${name} not found`),
    ),
  settingOf: (inputs) => ({ kind: SCALING_GROUP, address: text(inputs, "autoscalingGroupName") }),
};

/** Managed node groups. */
export const nodeGroupModels: readonly ResourceModel[] = [nodeGroup, scalingGroupTag];
