import type { Json } from "../../../preview/engine/values";
import { CloudError, type CloudObject, type CloudView, type Properties, type ResourceModel } from "../model";
import { CLUSTER, noCluster } from "./cluster";
import { IAM_RETRY, ROLE } from "./iam";
import { INSTANCE } from "./instances";
import { arn, need, regionOf, text, uuid } from "./values";

const ADDON = "aws:eks/addon:Addon";

/** Seconds for which the provider waits for an add-on that is DEGRADED: its create timeout. */
export const ADDON_LIMIT = 1200;

interface AddonKind {
  /** A Deployment is in it, which stays pending, and the add-on DEGRADED, until there is a node. */
  readonly needsNodes: boolean;
  /** EKS puts a copy of its own into a new cluster, which the add-on has to take over. */
  readonly selfManaged?: boolean;
  readonly brings?: readonly Json[];
}

const csiDriver = (name: string, spec: Record<string, Json>): Json => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "CSIDriver",
  metadata: { name },
  spec,
});

/**
 * Add-ons that EKS offers (EKS User Guide, "AWS add-ons" and "Community add-ons"). The CSIDriver objects are as in the
 * drivers' own charts: aws-ebs-csi-driver v1.63, mountpoint-s3-csi-driver v2.6.
 */
const KINDS: Readonly<Record<string, AddonKind>> = {
  "vpc-cni": { needsNodes: false, selfManaged: true },
  "kube-proxy": { needsNodes: false, selfManaged: true },
  coredns: { needsNodes: true, selfManaged: true },
  "eks-pod-identity-agent": { needsNodes: false },
  "eks-node-monitoring-agent": { needsNodes: false },
  "metrics-server": { needsNodes: true },
  "aws-ebs-csi-driver": {
    needsNodes: true,
    brings: [csiDriver("ebs.csi.aws.com", { attachRequired: true, podInfoOnMount: false })],
  },
  "aws-mountpoint-s3-csi-driver": {
    needsNodes: true,
    brings: [
      csiDriver("s3.csi.aws.com", { attachRequired: false, podInfoOnMount: true, requiresRepublish: true }),
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "mount-s3" } },
    ],
  },
};

const name = (inputs: Properties) => text(inputs, "addonName");

function acceptAddon(inputs: Properties, cloud: CloudView): void {
  const cluster = cloud.find(CLUSTER, text(inputs, "clusterName"));
  if (cluster?.status !== "active" && cluster?.status !== "updating")
    throw new CloudError(
      "InvalidRequestException",
      `Cluster '${text(inputs, "clusterName")}' is not in ACTIVE status`,
    );
  if (!KINDS[name(inputs)])
    throw new CloudError("InvalidParameterException", `Addon ${name(inputs)} specified is not supported`);
}

const hasNode = (cloud: CloudView, cluster: string) =>
  cloud.list(
    "aws:eks/nodeGroup:NodeGroup",
    ({ properties, status }) =>
      status === "active" &&
      properties["clusterName"] === cluster &&
      cloud.list(
        INSTANCE,
        (one) => text(one.properties, "nodeGroup") === `${cluster}:${text(properties, "nodeGroupName")}`,
      ).length > 0,
  ).length > 0;

async function start({ properties }: CloudObject, cloud: CloudView): Promise<void> {
  const cluster = text(properties, "clusterName");
  const kind = KINDS[name(properties)]!;
  const bootstrapped =
    text(cloud.find(CLUSTER, cluster)?.properties ?? {}, "bootstrapSelfManagedAddons") !== "false";
  if (kind.selfManaged && bootstrapped && text(properties, "resolveConflictsOnCreate") !== "OVERWRITE")
    throw new CloudError(
      "ConfigurationConflict",
      `unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. Conflicts found when trying to apply. Will not ` +
        `continue due to resolve conflicts mode: ${name(properties)}`,
    );
  if (kind.needsNodes)
    await cloud.until(
      () => hasNode(cloud, cluster),
      ADDON_LIMIT - CREATE,
      new CloudError(
        "InsufficientNumberOfReplicas",
        `timeout while waiting for state to become 'ACTIVE' (last state: 'DEGRADED', timeout: 20m0s): The add-on is ` +
          "unhealthy because it doesn't have the desired number of replicas.",
      ),
    );
  if (kind.brings) await cloud.clusters.apply(cluster, kind.brings);
}

const CREATE = 48;

const addon: ResourceModel = {
  type: ADDON,
  durations: {
    create: CREATE,
    update: 40,
    delete: 15,
    source: "published deployment logs: creation 15 s to 7m14s; the rest: estimate",
  },
  id: (inputs) => `${text(inputs, "clusterName")}:${name(inputs)}`,
  uniqueName: (inputs, cloud) => [cloud.place, text(inputs, "clusterName"), name(inputs)].join(":"),
  nameTaken: () => new CloudError("ResourceInUseException", "Addon already exists."),
  needs: (inputs) => [
    ...need(inputs, "clusterName", CLUSTER, noCluster),
    ...need(
      inputs,
      "serviceAccountRoleArn",
      ROLE,
      (address) =>
        new CloudError("InvalidParameterException", `Role with arn: ${address} does not exist`, IAM_RETRY),
    ),
  ],
  check: (inputs, unknown) => {
    const [version, settings] = [text(inputs, "addonVersion"), text(inputs, "configurationValues")];
    const failures = [];
    if (!unknown.has("addonVersion") && version !== "" && !/^v\d+\.\d+\.\d+(-eksbuild\.\d+)?$/.test(version))
      failures.push({ property: "addonVersion", reason: "a version is written v1.2.3-eksbuild.4" });
    if (settings !== "" && !isObject(settings))
      failures.push({ property: "configurationValues", reason: "an object in JSON" });
    return failures;
  },
  accept: acceptAddon,
  outputs: (inputs, cloud) => ({
    arn: arn(
      cloud,
      "eks",
      regionOf(inputs, cloud),
      `addon/${text(inputs, "clusterName")}/${name(inputs)}/${uuid(cloud)}`,
    ),
    createdAt: "2026-01-01T00:00:00Z",
    modifiedAt: "2026-01-01T00:00:00Z",
    addonVersion: text(inputs, "addonVersion") || "v1.0.0-eksbuild.1",
  }),
  created: start,
  updating: (_object, news, cloud) => acceptAddon(news, cloud),
};

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Software that EKS runs in a cluster. */
export const addonModels: readonly ResourceModel[] = [addon];
