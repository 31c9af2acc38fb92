import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Toleration } from "../cmb-cluster";
import { type AddonName, addonVersion } from "./addon-versions";
import { type ClusterIdentity, serviceRole } from "./irsa";
import { transformed, type Transform } from "./transform";

/** Ways out, one an add-on. */
export type AddonTransforms = Readonly<Partial<Record<AddonName, Transform<aws.eks.AddonArgs>>>>;

interface CommonArgs {
  readonly cluster: string;
  readonly accountId: string;
  /** Kubernetes version, which decides the add-ons' versions (`addon-versions.ts`). */
  readonly version: string;
  readonly identity: ClusterIdentity;
  /** The control plane, or the nodes that the add-ons run on. */
  readonly dependsOn: readonly pulumi.Resource[];
  readonly transform?: AddonTransforms;
}

/** What the add-ons are made of that nodes need to become ready. */
export interface NodeAddonsArgs extends CommonArgs {
  /** The control plane: with it they go. */
  readonly controlPlane: pulumi.Resource;
}

/** What the add-ons are made of that need nodes to become ready. */
export interface WorkloadAddonsArgs extends CommonArgs {
  /** The role that mounts user buckets, and what makes it usable (`mount-identity.ts`). */
  readonly mountRole: { readonly arn: string; readonly resources: readonly pulumi.Resource[] };
  /** What the platform's nodes ask to be tolerated. */
  readonly tolerations: readonly Toleration[];
}

/**
 * The network add-ons, before the nodes: a node without them never becomes ready. The CNI enforces
 * NetworkPolicies, and gives nodes addresses by prefixes of 16, so that a node holds the 110 pods that EKS
 * computes for it instead of 35 or 58: each user environment needs a second pod for its mount.
 *
 * @requirement N4
 */
export class NodeAddons extends pulumi.ComponentResource {
  readonly addons: aws.eks.Addon[];

  constructor(name: string, args: NodeAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:aws:NodeAddons", name, { cluster: args.cluster, version: args.version }, opts);
    const cni = serviceRole(
      `${name}-vpc-cni`,
      {
        ...args,
        role: "vpc-cni",
        namespace: "kube-system",
        serviceAccount: "aws-node",
        description: `Gives pods of ${args.cluster} their addresses`,
        managedPolicies: ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
      },
      { parent: this },
    );
    // Once the nodes are gone EKS takes both with the cluster. Deleted one by one they would hold it up by half a minute.
    const { controlPlane: deletedWith } = args;
    this.addons = [
      addon(this, name, "vpc-cni", args, {
        role: cni,
        deletedWith,
        configuration: {
          enableNetworkPolicy: "true",
          env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
        },
      }),
      addon(this, name, "kube-proxy", args, { deletedWith }),
    ];
    this.registerOutputs();
  }
}

/**
 * The add-ons that run on nodes: cluster DNS, volumes, bucket mounts, metrics. Made after the nodes, because EKS
 * waits twenty minutes for an add-on that finds no node.
 *
 * Nodes answer metadata requests within one hop only, so the EBS driver's pods on the nodes do not reach them: they
 * wait a few seconds for it at their start and then take instance id, type and zone from the Kubernetes API. That
 * cannot tell how many network interfaces and volumes an instance has, and the driver reckons with one of each (its
 * docs/install.md, v1.63.1): a node may be offered a few volumes more than it can attach. The platform has one
 * volume. `node.hostNetwork` would cure it; the driver's chart knows it, whether the add-on's schema does could not
 * be verified, and EKS refuses the whole add-on for a key it does not know.
 *
 * @requirement N4
 */
export class WorkloadAddons extends pulumi.ComponentResource {
  readonly addons: aws.eks.Addon[];

  constructor(name: string, args: WorkloadAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:aws:WorkloadAddons", name, { cluster: args.cluster, version: args.version }, opts);
    const ebs = serviceRole(
      `${name}-ebs-csi`,
      {
        ...args,
        role: "ebs-csi",
        namespace: "kube-system",
        serviceAccount: "ebs-csi-controller-sa",
        description: `Makes and attaches the volumes of ${args.cluster}`,
        managedPolicies: ["arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2"],
      },
      { parent: this },
    );
    const { tolerations } = args;
    // Cluster DNS and the volume driver tolerate the taint of the platform's nodes by themselves. Keys as in the
    // schemas of the add-ons (aws/containers-roadmap#2785 for the bucket driver, whose schema is closed).
    const onSystemNodes = tolerations.length > 0;
    this.addons = [
      addon(this, name, "coredns", args),
      addon(this, name, "aws-ebs-csi-driver", args, {
        role: ebs,
        // The platform makes the default storage class itself, the same on either cloud.
        configuration: { defaultStorageClass: { enabled: false } },
      }),
      addon(this, name, "aws-mountpoint-s3-csi-driver", args, {
        role: args.mountRole,
        ...(onSystemNodes && { configuration: { controller: { tolerations } } }),
      }),
      addon(this, name, "metrics-server", args, onSystemNodes ? { configuration: { tolerations } } : {}),
    ];
    this.registerOutputs();
  }
}

function addon(
  parent: pulumi.Resource,
  name: string,
  addonName: AddonName,
  args: CommonArgs,
  how: {
    readonly role?: { readonly arn: string; readonly resources: readonly pulumi.Resource[] };
    readonly configuration?: Readonly<Record<string, unknown>>;
    readonly deletedWith?: pulumi.Resource;
  } = {},
): aws.eks.Addon {
  return new aws.eks.Addon(
    `${name}-${addonName}`,
    transformed<aws.eks.AddonArgs>(args.transform?.[addonName], {
      clusterName: args.cluster,
      addonName,
      addonVersion: addonVersion(args.version, addonName),
      // EKS puts its own copies of the network add-ons into a new cluster: these take them over.
      resolveConflictsOnCreate: "OVERWRITE",
      // What somebody changed in the cluster by hand goes back to what is written here.
      resolveConflictsOnUpdate: "OVERWRITE",
      serviceAccountRoleArn: how.role?.arn,
      configurationValues: how.configuration && JSON.stringify(how.configuration),
    }),
    {
      parent,
      dependsOn: [...args.dependsOn, ...(how.role?.resources ?? [])],
      ...(how.deletedWith && { deletedWith: how.deletedWith }),
    },
  );
}
