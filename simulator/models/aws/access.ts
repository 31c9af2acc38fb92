import { CloudError, type CloudObject, type CloudView, type Properties, type ResourceModel } from "../model";
import { CLUSTER, noCluster } from "./cluster";
import { IAM_RETRY, ROLE } from "./iam";
import { arn, hidden, map, need, regionOf, text, uuid } from "./values";

/** Type of access entries. */
export const ENTRY = "aws:eks/accessEntry:AccessEntry";
const POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const source = "published deployment logs: 1 to 2 s";

const entryName = (cluster: string, principal: string) => `${cluster}:${principal}`;

/** Refuses what a cluster without the access API cannot have. */
function assertApi(inputs: Properties, cloud: CloudView): void {
  const cluster = cloud.find(CLUSTER, text(inputs, "clusterName"));
  const mode = text(cluster?.properties ?? {}, "accessConfig.authenticationMode");
  if (cluster && !mode.includes("API"))
    throw new CloudError(
      "InvalidRequestException",
      "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    );
}

/** The unique id of a role, which an entry keeps: of a role made anew under the old name EKS takes no token. */
const uniqueIdOf = (cloud: CloudView, principal: string) =>
  text(cloud.find(ROLE, principal)?.properties ?? {}, "uniqueId");

/**
 * Principals are not looked up: they may be users and roles of the account that no simulation knows. What is no user
 * or role is refused.
 */
const entry: ResourceModel = {
  type: ENTRY,
  durations: { create: 1, delete: 1, source },
  id: (inputs) => entryName(text(inputs, "clusterName"), text(inputs, "principalArn")),
  uniqueName: (inputs, cloud) =>
    `${cloud.place}:${entryName(text(inputs, "clusterName"), text(inputs, "principalArn"))}`,
  nameTaken: () =>
    new CloudError(
      "ResourceInUseException",
      "The specified access entry resource is already in use on this cluster.",
    ),
  needs: (inputs) => need(inputs, "clusterName", CLUSTER, noCluster),
  accept: (inputs, cloud) => {
    assertApi(inputs, cloud);
    if (!/^arn:aws:iam::\d{12}:(role|user)\/.+/.test(text(inputs, "principalArn")))
      throw new CloudError(
        "InvalidParameterException",
        "The specified principalArn is invalid: invalid principal",
        IAM_RETRY,
      );
  },
  outputs: (inputs, cloud) => entryOutputs(inputs, cloud),
};

function entryOutputs(inputs: Properties, cloud: CloudView): Properties {
  const principal = text(inputs, "principalArn");
  const [kind = "role", ...rest] = principal.slice(principal.lastIndexOf(":") + 1).split("/");
  const cluster = text(inputs, "clusterName");
  return {
    accessEntryArn: arn(
      cloud,
      "eks",
      regionOf(inputs, cloud),
      `access-entry/${cluster}/${kind}/${cloud.account}/${rest.at(-1) ?? ""}/${uuid(cloud)}`,
    ),
    createdAt: "2026-01-01T00:00:00Z",
    modifiedAt: "2026-01-01T00:00:00Z",
    userName: text(inputs, "userName") || principal,
    kubernetesGroups: inputs["kubernetesGroups"] ?? [],
    principalUniqueId: uniqueIdOf(cloud, principal),
  };
}

/** The entry that EKS makes by itself: for who made the cluster, for the role of a managed node group. */
export function eksEntry(
  cloud: CloudView,
  cluster: string,
  principalArn: string,
  type = "STANDARD",
): CloudObject {
  const inputs = { clusterName: cluster, principalArn, type };
  const id = entryName(cluster, principalArn);
  return hidden(cloud, ENTRY, id, { ...inputs, ...entryOutputs(inputs, cloud) }, `${cloud.place}:${id}`);
}

/** Whether nodes of a role may join: its entry must be of the role as it is now, not of one of that name before. */
export function mayJoin(cloud: CloudView, cluster: string, roleArn: string): boolean {
  const found = cloud.find(ENTRY, entryName(cluster, roleArn));
  return found !== undefined && text(found.properties, "principalUniqueId") === uniqueIdOf(cloud, roleArn);
}

/** Access policies that EKS offers (EKS User Guide, "Review access policy permissions"). */
const ACCESS_POLICIES: ReadonlySet<string> = new Set([
  "AmazonEKSClusterAdminPolicy",
  "AmazonEKSAdminPolicy",
  "AmazonEKSAdminViewPolicy",
  "AmazonEKSEditPolicy",
  "AmazonEKSViewPolicy",
]);

const policyAssociation: ResourceModel = {
  type: POLICY,
  durations: { create: 1, delete: 1, source },
  id: (inputs) => ["clusterName", "principalArn", "policyArn"].map((key) => text(inputs, key)).join("#"),
  // Associating twice associates once.
  adopts: () => true,
  needs: (inputs) => [
    ...need(inputs, "clusterName", CLUSTER, noCluster),
    {
      property: "principalArn",
      kind: ENTRY,
      address: entryName(text(inputs, "clusterName"), text(inputs, "principalArn")),
      error: new CloudError(
        "ResourceNotFoundException",
        "The specified principalArn could not be found. You can view your available access entries with " +
          "'list-access-entries'.",
        IAM_RETRY,
      ),
    },
  ],
  accept: (inputs) => {
    const address = text(inputs, "policyArn");
    if (!ACCESS_POLICIES.has(address.replace("arn:aws:eks::aws:cluster-access-policy/", "")))
      throw new CloudError(
        "InvalidParameterException",
        `The policyArn parameter format is not valid: ${address}`,
      );
  },
  check: (inputs) => {
    const { type, namespaces } = map(inputs, "accessScope");
    return type === "namespace" && !Array.isArray(namespaces)
      ? [{ property: "accessScope.namespaces", reason: "a scope of type namespace names namespaces" }]
      : [];
  },
  outputs: () => ({ associatedAt: "2026-01-01T00:00:00Z", modifiedAt: "2026-01-01T00:00:00Z" }),
};

const podIdentity: ResourceModel = {
  type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
  durations: { create: 2, delete: 1, source },
  id: (_inputs, cloud) => `a-${cloud.hex(17)}`,
  uniqueName: (inputs, cloud) =>
    [cloud.place, ...["clusterName", "namespace", "serviceAccount"].map((key) => text(inputs, key))].join(
      ":",
    ),
  nameTaken: () =>
    new CloudError("ResourceInUseException", "Association already exists for this service account"),
  needs: (inputs) => [
    ...need(inputs, "clusterName", CLUSTER, noCluster),
    ...need(
      inputs,
      "roleArn",
      ROLE,
      () =>
        new CloudError(
          "InvalidParameterException",
          "Role provided in the request does not exist.",
          IAM_RETRY,
        ),
    ),
  ],
  outputs: (inputs, cloud, id) => ({
    associationId: id,
    associationArn: arn(
      cloud,
      "eks",
      regionOf(inputs, cloud),
      `podidentityassociation/${text(inputs, "clusterName")}/${id}`,
    ),
    externalId: "",
  }),
};

/** Who may use a cluster. */
export const accessModels: readonly ResourceModel[] = [entry, policyAssociation, podIdentity];
