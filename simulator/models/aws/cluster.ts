import type { Json } from "../../../preview/engine/values";
import { CloudError, type CloudObject, type CloudView, type Properties, type ResourceModel } from "../model";
import { eksEntry } from "./access";
import { carries, IAM_RETRY, ROLE, trusts } from "./iam";
import { addInterface, interfaces, removeInterfaces } from "./interfaces";
import { keyNeeds } from "./kms";
import { writeLogs } from "./logs";
import { vpcOf } from "./addresses";
import { GROUP, noGroup } from "./security-groups";
import { arn, at, flag, hidden, map, need, needEach, regional, regionOf, text, texts } from "./values";

/** Type of EKS clusters. */
export const CLUSTER = "aws:eks/cluster:Cluster";

/** Seconds after its deletion for which a control plane still writes logs, and makes their group anew. Estimate. */
export const LAST_LOGS = 60;
const DELETE = 180;

/** What EKS answers for a cluster that is not there. */
export const noCluster = (name: string) =>
  new CloudError("ResourceNotFoundException", `No cluster found for name: ${name}.`);

/** Who makes the cluster in the simulation; EKS gives them an access entry. */
export const deployer = (account: string) => `arn:aws:iam::${account}:user/deployer`;

const name = (inputs: Properties) => text(inputs, "name");
const mode = (inputs: Properties) => text(inputs, "accessConfig.authenticationMode") || "CONFIG_MAP";

/** The group that EKS makes for control plane and nodes. */
export const clusterGroup = (properties: Properties) => text(properties, "vpcConfig.clusterSecurityGroupId");

function acceptCluster(inputs: Properties, cloud: CloudView): void {
  const role = cloud.find(ROLE, text(inputs, "roleArn"));
  if (!trusts(role, "eks.amazonaws.com")) throw badRole(text(inputs, "roleArn"));
  const subnets = texts(inputs, "vpcConfig.subnetIds").map((id) => cloud.find("aws:ec2/subnet:Subnet", id));
  const zones = new Set(subnets.map((one) => one?.properties["availabilityZone"]));
  if (zones.size < 2)
    throw new CloudError(
      "InvalidParameterException",
      "Subnets specified must be in at least two different AZs",
    );
  if (zones.has("us-east-1e"))
    throw new CloudError(
      "UnsupportedAvailabilityZoneException",
      `Cannot create cluster '${name(inputs)}' because us-east-1e, the targeted availability zone, does not ` +
        "currently have sufficient capacity to support the cluster.",
    );
  if (new Set(subnets.map((one) => one?.properties["vpcId"])).size > 1)
    throw new CloudError("InvalidParameterException", "Subnets specified must belong to the same VPC");
}

const badRole = (address: string) =>
  new CloudError(
    "InvalidParameterException",
    `Role with arn: ${address}, could not be assumed because it does not exist or the trusted entity is not correct`,
    IAM_RETRY,
  );

/** A made-up control plane: where it answers, who signs its tokens. */
function identity(inputs: Properties, cloud: CloudView): Properties {
  const region = regionOf(inputs, cloud);
  const hex = cloud.hex(32).toUpperCase();
  return {
    endpoint: `https://${hex}.gr7.${region}.eks.amazonaws.com`,
    identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${hex}` }] }],
  };
}

async function start(object: CloudObject, cloud: CloudView): Promise<void> {
  const { id, properties } = object;
  const group = clusterGroup(properties);
  const subnets = texts(properties, "vpcConfig.subnetIds");
  cloud.put(
    hidden(cloud, GROUP, group, {
      name: `eks-cluster-sg-${id}-${cloud.hex(10)}`,
      description:
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes",
      vpcId: vpcOf(cloud, subnets[0] ?? ""),
      ownedBy: id,
      ownerId: cloud.account,
      arn: arn(cloud, "ec2", cloud.region, `security-group/${group}`),
      tags: { "aws:eks:cluster-name": id, [`kubernetes.io/cluster/${id}`]: "owned" },
    }),
  );
  // EKS puts two to four interfaces into the subnets it was given (EKS User Guide, "VPC and subnet considerations").
  for (const subnetId of subnets.slice(0, 2))
    addInterface(cloud, {
      subnetId,
      groups: [group, ...texts(properties, "vpcConfig.securityGroupIds")],
      owner: id,
      description: `Amazon EKS ${id}`,
    });
  if (texts(properties, "enabledClusterLogTypes").length > 0) writeLogs(cloud, logsOf(id));
  const host = text(properties, "endpoint").replace("https://", "");
  const { caPem } = await cloud.clusters.create(id, host);
  properties["certificateAuthority"] = { data: Buffer.from(caPem).toString("base64") };
  properties["status"] = "ACTIVE";
  await cloud.clusters.apply(id, [gp2()]);
  if (at(properties, "accessConfig.bootstrapClusterCreatorAdminPermissions") !== false)
    cloud.put(eksEntry(cloud, id, deployer(cloud.account)));
}

/** Name of the log group of a cluster's control plane. */
export const logsOf = (cluster: string) => `/aws/eks/${cluster}/cluster`;

/** The one storage class that EKS puts into every cluster; not the default since 1.30 (EKS platform notes). */
function gp2(): Json {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "gp2" },
    parameters: { type: "gp2", fsType: "ext4" },
    provisioner: "kubernetes.io/aws-ebs",
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
  };
}

/** Types of what lives in a cluster and goes with it. */
const TENANTS = [
  "aws:eks/addon:Addon",
  "aws:eks/accessEntry:AccessEntry",
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  "aws:eks/podIdentityAssociation:PodIdentityAssociation",
] as const;

async function stop({ id, properties }: CloudObject, cloud: CloudView): Promise<void> {
  await cloud.clusters.remove(id);
  removeInterfaces(cloud, id, DELETE);
  const role = cloud.find(ROLE, text(properties, "roleArn"));
  // Without its role's policy EKS cannot clean up after itself (terraform-provider-aws, docs of aws_eks_cluster).
  const cleansUp = role !== undefined && carries(cloud, role.id, "AmazonEKSClusterPolicy");
  for (const kind of TENANTS)
    for (const one of cloud.list(kind, (tenant) => tenant.properties["clusterName"] === id))
      cloud.remove(kind, one.id);
  cloud.later(DELETE, (then) => {
    const group = clusterGroup(properties);
    if (cleansUp && interfaces(then, { group }).length === 0) then.remove(GROUP, group);
  });
  if (texts(properties, "enabledClusterLogTypes").length > 0)
    cloud.later(DELETE + LAST_LOGS, (then) => writeLogs(then, logsOf(id)));
}

const MODES = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];

/** Refuses what EKS refuses of an update; a version takes minutes, other settings less. */
async function change({ properties }: CloudObject, news: Properties, cloud: CloudView): Promise<void> {
  const minor = (of: Properties) => Number(text(of, "version").split(".")[1] ?? 0);
  const step = text(news, "version") === "" ? 0 : minor(news) - minor(properties);
  if (step < 0 || step > 1)
    throw new CloudError(
      "InvalidParameterException",
      `Unsupported Kubernetes minor version update from ${text(properties, "version")} to ${text(news, "version")}`,
    );
  if (MODES.indexOf(mode(news)) < MODES.indexOf(mode(properties)))
    throw new CloudError(
      "InvalidParameterException",
      `Unsupported authentication mode update from ${mode(properties)} to ${mode(news)}`,
    );
  acceptCluster({ ...properties, ...news }, cloud);
  const changed = (path: string) =>
    JSON.stringify(at(properties, path) ?? null) !== JSON.stringify(at(news, path) ?? null);
  if (step === 1) {
    await cloud.sleep(540);
    properties["platformVersion"] = "eks.1";
  }
  if (["vpcConfig.publicAccessCidrs", "vpcConfig.endpointPublicAccess", "vpcConfig.subnetIds"].some(changed))
    await cloud.sleep(180);
  if (changed("enabledClusterLogTypes")) await cloud.sleep(60);
  // What EKS filled in stays beside what the program says.
  (news as Record<string, Json>)["vpcConfig"] = {
    ...map(properties, "vpcConfig"),
    ...map(news, "vpcConfig"),
  };
}

const cluster: ResourceModel = {
  type: CLUSTER,
  durations: {
    create: 600,
    update: 5,
    delete: DELETE,
    source: "published deployment logs: creation 8m20s to 16m; deletion and updates: estimate",
  },
  id: name,
  uniqueName: (inputs, cloud) => regional(inputs, cloud, name(inputs)),
  nameTaken: (inputs) =>
    new CloudError("ResourceInUseException", `Cluster already exists with name: ${name(inputs)}`),
  check: (inputs) =>
    /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name(inputs) || "x")
      ? []
      : [{ property: "name", reason: "letters, digits, hyphens and underscores, 100 at most" }],
  needs: (inputs, cloud) => [
    ...need(inputs, "roleArn", ROLE, badRole),
    ...needEach(
      inputs,
      "vpcConfig.subnetIds",
      "aws:ec2/subnet:Subnet",
      (id) => new CloudError("InvalidParameterException", `The subnet ID '${id}' does not exist`),
    ),
    ...needEach(inputs, "vpcConfig.securityGroupIds", GROUP, noGroup),
    ...keyNeeds(text(inputs, "encryptionConfig.provider.keyArn"), "encryptionConfig", cloud),
  ],
  accept: acceptCluster,
  outputs: (inputs, cloud, id) => ({
    ...identity(inputs, cloud),
    arn: arn(cloud, "eks", regionOf(inputs, cloud), `cluster/${id}`),
    createdAt: "2026-01-01T00:00:00Z",
    platformVersion: "eks.1",
    clusterId: "",
    status: "CREATING",
    version: text(inputs, "version") || "1.35",
    deletionProtection: flag(inputs, "deletionProtection"),
    vpcConfig: {
      endpointPrivateAccess: false,
      endpointPublicAccess: true,
      publicAccessCidrs: ["0.0.0.0/0"],
      ...map(inputs, "vpcConfig"),
      vpcId: vpcOf(cloud, texts(inputs, "vpcConfig.subnetIds")[0] ?? ""),
      clusterSecurityGroupId: `sg-${cloud.hex(17)}`,
    },
  }),
  changesWith: { version: ["platformVersion"] },
  replaceWhen: {
    encryptionConfig: (_before, after) => after === undefined,
    "computeConfig.nodeRoleArn": (before, after, _olds, news) =>
      before !== undefined && !(after === undefined && !flag(news, "computeConfig.enabled")),
    "vpcConfig.controlPlaneEgressMode": (before, after) =>
      before === "CUSTOMER_ROUTED" && after === "AWS_MANAGED",
  },
  created: start,
  updating: change,
  blockers: ({ id, properties }, cloud) => {
    if (
      cloud.list("aws:eks/nodeGroup:NodeGroup", (group) => group.properties["clusterName"] === id).length > 0
    )
      return [new CloudError("ResourceInUseException", "Cluster has nodegroups attached")];
    return flag(properties, "deletionProtection")
      ? [
          new CloudError(
            "InvalidRequestException",
            "The cluster is currently configured with deletionProtection enabled. Disable it to delete the cluster.",
          ),
        ]
      : [];
  },
  deleting: stop,
};

/** Control planes. */
export const clusterModels: readonly ResourceModel[] = [cluster];
