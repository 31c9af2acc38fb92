import { createHash } from "node:crypto";
import { defined, type Known, mapOf } from "./args";
import type { AddChild } from "./component";
import type { SecurityGroups } from "./eks-security-groups";
import { isMap, Reference, UNKNOWN, type Value, type ValueMap } from "../values";

/** Version of @pulumi/kubernetes inside the plugin of @pulumi/eks 4.3.0. */
export const KUBERNETES_VERSION = "4.19.0";

/** The control plane's own role. Returns the role first, then the attachment of its one policy. */
export function addServiceRole(add: AddChild, name: string, args: ValueMap, known: Known): string[] {
  const service = "eks.amazonaws.com";
  const component = add({
    type: "eks:index:ServiceRole",
    name: `${name}-eksRole`,
    custom: false,
    inputs: defined({
      service,
      description: "Allows EKS to manage clusters on your behalf.",
      tags: args["tags"],
    }),
    version: "",
  });
  const role = add({
    type: "aws:iam/role:Role",
    name: `${name}-eksRole-role`,
    parent: component,
    inputs: defined({
      description: "Allows EKS to manage clusters on your behalf.",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Action: ["sts:AssumeRole", "sts:TagSession"],
            Effect: "Allow",
            Principal: { Service: [service] },
          },
        ],
      }),
      tags: args["tags"],
    }),
  });
  const policyArn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
  const attachment = add({
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: `${name}-eksRole-${createHash("sha1").update(policyArn).digest("hex").slice(0, 8)}`,
    parent: component,
    inputs: { policyArn, role: known.reference(role) },
    dependencies: [role],
  });
  return [role, attachment];
}

export function clusterInputs(
  name: string,
  args: ValueMap,
  groups: SecurityGroups,
  roleArn: Value,
  known: Known,
): ValueMap {
  const subnets = ["publicSubnetIds", "privateSubnetIds"].map((key) => args[key] ?? []);
  const subnetIds = args["subnetIds"] ?? (subnets.every(Array.isArray) ? subnets.flat() : UNKNOWN);
  const network = {
    serviceIpv4Cidr: args["kubernetesServiceIpAddressRange"],
    ipFamily: args["ipFamily"] ?? "ipv4",
  };
  const keyArn = args["encryptionConfigKeyArn"];
  const mode = args["authenticationMode"];
  return defined({
    name: args["name"],
    roleArn,
    version: args["version"],
    bootstrapSelfManagedAddons: args["bootstrapSelfManagedAddons"] ?? true,
    vpcConfig: defined({
      securityGroupIds: groups.cluster
        ? [known.id(groups.cluster)]
        : args["clusterSecurityGroup"] && [idOf(args["clusterSecurityGroup"])],
      subnetIds,
      endpointPrivateAccess: args["endpointPrivateAccess"],
      endpointPublicAccess: args["endpointPublicAccess"],
      publicAccessCidrs: args["publicAccessCidrs"],
    }),
    kubernetesNetworkConfig:
      args["kubernetesServiceIpAddressRange"] || args["ipFamily"] ? defined(network) : undefined,
    accessConfig: mode && { authenticationMode: mode, bootstrapClusterCreatorAdminPermissions: true },
    encryptionConfig: keyArn && { provider: { keyArn }, resources: ["secrets"] },
    enabledClusterLogTypes: args["enabledClusterLogTypes"],
    upgradePolicy: args["upgradePolicy"],
    deletionProtection: args["deletionProtection"],
    tags: { Name: `${name}-eksCluster`, ...mapOf(args["clusterTags"]), ...mapOf(args["tags"]) },
  });
}

function idOf(value: Value): Value {
  return (value instanceof Reference ? value.id : undefined) ?? UNKNOWN;
}

export function addonInputs(
  addonName: string,
  clusterName: Value,
  args: ValueMap,
  options: ValueMap,
): ValueMap {
  const configuration = options["configurationValues"];
  return defined({
    addonName,
    clusterName,
    // Without a version the plugin asks AWS for the newest one.
    addonVersion: options["version"] ?? options["addonVersion"] ?? UNKNOWN,
    preserve: true,
    resolveConflictsOnCreate: options["resolveConflictsOnCreate"] ?? "OVERWRITE",
    resolveConflictsOnUpdate: options["resolveConflictsOnUpdate"] ?? "OVERWRITE",
    configurationValues: isMap(configuration) ? JSON.stringify(configuration) : configuration,
    tags: args["tags"],
  });
}

/** Access entries, their policies, and the old ConfigMap where the mode still has it. Returns what others wait for. */
export function addAccess(
  add: AddChild,
  name: string,
  args: ValueMap,
  clusterName: Value,
  /** The cluster, and what the entries' principals come from. */
  behind: readonly string[],
  kubernetes: string,
): string[] {
  const mode = args["authenticationMode"];
  const waitFor: string[] = [];
  if (mode === undefined || mode === "CONFIG_MAP" || mode === "API_AND_CONFIG_MAP") {
    const metadata = {
      name: "aws-auth",
      namespace: "kube-system",
      annotations: { "pulumi.com/patchForce": "true" },
    };
    waitFor.push(
      add({
        type: "kubernetes:core/v1:ConfigMap",
        name: `${name}-nodeAccess`,
        inputs: { apiVersion: "v1", kind: "ConfigMap", immutable: false, metadata, data: UNKNOWN },
        provider: { urn: kubernetes },
        version: KUBERNETES_VERSION,
      }),
    );
  }
  for (const [key, entry] of Object.entries(mapOf(args["accessEntries"]))) {
    const { principalArn, username, kubernetesGroups, type, tags, accessPolicies } = mapOf(entry);
    const entryUrn = add({
      type: "aws:eks/accessEntry:AccessEntry",
      name: `${name}-${key}`,
      inputs: defined({ clusterName, principalArn, userName: username, kubernetesGroups, type, tags }),
      dependencies: behind,
    });
    waitFor.push(entryUrn);
    for (const [policyKey, policy] of Object.entries(mapOf(accessPolicies))) {
      const { policyArn, accessScope } = mapOf(policy);
      add({
        type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        name: `${name}-${key}-${policyKey}`,
        parent: entryUrn,
        inputs: defined({ clusterName, principalArn, policyArn, accessScope }),
        dependencies: [entryUrn, ...behind],
      });
    }
  }
  return waitFor;
}
