import { defined, flag, Known } from "./args";
import {
  type AddChild,
  type ChildModel,
  childUrn,
  type ComponentExpansion,
  type ComponentRequest,
} from "./component";
import { addAccess, addonInputs, addServiceRole, clusterInputs, KUBERNETES_VERSION } from "./eks-children";
import { securityGroups, type SecurityGroups } from "./eks-security-groups";
import { core, eksKubeconfig, jsonOf } from "./eks-outputs";
import { isMap, Reference, Secret, Unknown, UNKNOWN, type Value, type ValueMap } from "../values";

/** Version of @pulumi/aws inside the plugin of @pulumi/eks 4.3.0 (pulumi-eks v4.3.0, nodejs/eks/package.json). */
export const AWS_VERSION = "7.25.0";

/** Arguments whose children this model does not describe; the program never uses them. */
const NOT_MODELLED = [
  ...[
    "autoMode",
    "createInstanceRole",
    "creationRoleProvider",
    "fargate",
    "instanceProfileName",
    "instanceRole",
  ],
  ...["instanceRoles", "storageClasses"],
] as const;

/**
 * The children of `eks.Cluster`, which its plugin registers out of the program's sight, and the component's
 * outputs on a first preview. The plugin is not run: it needs the `aws` command and, for `createOidcProvider`,
 * a connection, even in a preview.
 *
 * Covered: everything without the default node group, Auto Mode, Fargate, storage classes, and instance roles.
 * Source: pulumi-eks v4.3.0, nodejs/eks/cluster/cluster.ts, cluster/authenticationMode.ts,
 * nodes/securitygroup.ts, servicerole.ts.
 *
 * @throws where the arguments ask for a child that is not described here
 */
export function expandEksCluster(request: ComponentRequest): ComponentExpansion {
  const { urn, name, args, states } = request;
  assertCovered(args);
  /** What the arguments behind a child come from: the plugin's Outputs carry it on to the child. */
  const behind = (wanted: (key: string) => boolean): string[] => [
    ...new Set(
      Object.entries(request.inputDependencies ?? {}).flatMap(([key, urns]) => (wanted(key) ? urns : [])),
    ),
  ];
  const known = new Known(states);
  const children: ChildModel[] = [];
  const add: AddChild = (child) => {
    const parent = child.parent ?? urn;
    const childsUrn = childUrn(parent, child.type, child.name);
    children.push({
      urn: childsUrn,
      parent,
      custom: true,
      inputs: {},
      dependencies: [],
      provider: child.type.startsWith("aws:") ? { package: "aws" } : undefined,
      ignoreChanges: [],
      version: AWS_VERSION,
      ...child,
    });
    return childsUrn;
  };

  const roleUrns = args["serviceRole"] === undefined ? addServiceRole(add, name, args, known) : undefined;
  const groups = securityGroups(name, args, add, known);
  const givenRole = args["serviceRole"];
  const roleArn =
    givenRole instanceof Reference
      ? known.output(givenRole.urn, "arn")
      : isMap(givenRole)
        ? (givenRole["arn"] ?? UNKNOWN)
        : known.output(roleUrns?.[0], "arn");
  const cluster = add({
    type: "aws:eks/cluster:Cluster",
    name: `${name}-eksCluster`,
    inputs: clusterInputs(name, args, groups, roleArn, known),
    dependencies: [
      ...(roleUrns ?? []),
      ...(groups.cluster ? [groups.cluster] : []),
      ...behind((key) => key !== "accessEntries"),
    ],
    ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
  });
  const clusterName = args["name"] ?? known.output(cluster, "name");
  const kubeconfig = eksKubeconfig(known, cluster);
  const addon = (
    addonName: string,
    options: Value | undefined,
    parent = urn,
    dependsOn: string[] = [],
  ): string =>
    add({
      type: "aws:eks/addon:Addon",
      name: `${name}-${addonName}`,
      parent,
      inputs: addonInputs(addonName, clusterName, args, isMap(options) ? options : {}),
      dependencies: [cluster, ...dependsOn],
    });

  if (flag(args, "kubeProxyAddonOptions.enabled") ?? true) addon("kube-proxy", args["kubeProxyAddonOptions"]);
  const kubernetes = add({
    type: "pulumi:providers:kubernetes",
    name: `${name}-eks-k8s`,
    inputs: defined({
      kubeconfig: jsonOf(kubeconfig),
      enableConfigMapMutable: args["enableConfigMapMutable"],
    }),
    dependencies: [cluster],
    version: KUBERNETES_VERSION,
  });
  const principals = behind((key) => key === "accessEntries");
  const access = addAccess(add, name, args, clusterName, [cluster, ...principals], kubernetes);
  if (!(flag(args, "useDefaultVpcCni") ?? false)) {
    const component = add({
      type: "eks:index:VpcCniAddon",
      name: `${name}-vpc-cni`,
      custom: false,
      inputs: { ...(isMap(args["vpcCniOptions"]) ? args["vpcCniOptions"] : {}), clusterName },
      dependencies: [cluster, ...access],
      version: "",
    });
    // The plugin turns vpcCniOptions into a JSON text of the add-on's settings: not reproduced here.
    addon(
      "vpc-cni",
      { ...(isMap(args["vpcCniOptions"]) ? args["vpcCniOptions"] : {}), configurationValues: UNKNOWN },
      component,
    );
  }
  const coredns = isMap(args["corednsAddonOptions"]) ? args["corednsAddonOptions"] : {};
  if (flag(args, "corednsAddonOptions.enabled") || coredns["configurationValues"] !== undefined)
    addon("coredns", coredns);
  const oidc = flag(args, "createOidcProvider")
    ? add({
        type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        name: `${name}-oidcProvider`,
        inputs: {
          clientIdLists: ["sts.amazonaws.com"],
          url: known.output(cluster, ISSUER),
          // Taken from the endpoint's certificate, which nothing here can ask.
          thumbprintLists: [states ? "0".repeat(40) : UNKNOWN],
        },
        dependencies: [cluster],
      })
    : undefined;
  groups.addNodeGroup(cluster, clusterName);

  const made: Made = { cluster, kubernetes, oidc, role: roleUrns?.[0], groups };
  return { children, ...outputs(made, args, known, kubeconfig) };
}

/** URNs of what was registered. */
export interface Made {
  cluster: string;
  kubernetes: string;
  oidc: string | undefined;
  role: string | undefined;
  groups: SecurityGroups;
}

/** Path of the issuer of service account tokens, on the cluster. */
const ISSUER = "identities.0.oidcs.0.issuer";

function outputs(
  { cluster, kubernetes, oidc, role, groups }: Made,
  args: ValueMap,
  known: Known,
  kubeconfig: Value,
): Pick<ComponentExpansion, "outputs" | "outputDependencies"> {
  const refTo = (urn: string | undefined) => (urn === undefined ? undefined : known.reference(urn));
  const present = (urns: (string | undefined)[]): string[] => urns.filter((urn) => urn !== undefined);
  const issuer = known.output(cluster, ISSUER);
  const ownGroup = known.output(cluster, "vpcConfig.clusterSecurityGroupId");
  return {
    outputs: defined({
      eksCluster: refTo(cluster),
      kubeconfig,
      kubeconfigJson: jsonOf(kubeconfig),
      core:
        kubeconfig === UNKNOWN
          ? UNKNOWN
          : core({ cluster, kubernetes, oidc, role, groups }, args, known, kubeconfig),
      clusterSecurityGroup: refTo(groups.cluster),
      nodeSecurityGroup: refTo(groups.node),
      eksClusterIngressRule: refTo(groups.clusterIngressRule),
      clusterSecurityGroupId: groups.cluster ? known.id(groups.cluster) : ownGroup,
      nodeSecurityGroupId: groups.node ? known.id(groups.node) : ownGroup,
      clusterIngressRuleId: groups.clusterIngressRule ? known.id(groups.clusterIngressRule) : "",
      oidcProviderArn: oidc ? known.output(oidc, "arn") : "",
      oidcProviderUrl: issuer,
      oidcIssuer: typeof issuer === "string" ? issuer.replace(/^https:\/\//, "") : UNKNOWN,
      instanceRoles: [],
      defaultNodeGroupAsgName: "",
      fargateProfileId: "",
      fargateProfileStatus: "",
      autoModeNodeRoleName: "",
    }),
    outputDependencies: {
      ...Object.fromEntries(
        ["eksCluster", "kubeconfig", "kubeconfigJson", "oidcProviderUrl", "oidcIssuer"].map((key) => [
          key,
          [cluster],
        ]),
      ),
      oidcProviderArn: present([oidc]),
      clusterSecurityGroupId: [groups.cluster ?? cluster],
      nodeSecurityGroupId: [groups.node ?? cluster],
      core: present([role, cluster, kubernetes, oidc, groups.cluster, groups.node]),
    },
  };
}

function assertCovered(args: ValueMap): void {
  const refuse = (what: string): never => {
    throw new Error(`the offline model of eks:index:Cluster does not cover ${what}`);
  };
  for (const key of NOT_MODELLED) {
    const value = args[key];
    if (value !== undefined && value !== false && !(isMap(value) && value["enabled"] === false)) refuse(key);
  }
  if (flag(args, "skipDefaultNodeGroup") !== true) refuse("the default node group: set skipDefaultNodeGroup");
  if (args["vpcId"] === undefined) refuse("the account's default VPC: set vpcId");
  for (const key of ["accessEntries", "tags", "clusterTags"]) {
    if (args[key] instanceof Unknown || args[key] instanceof Secret)
      refuse(`${key} that are not known while planning`);
  }
}
