import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Toleration } from "../cmb-cluster";
import { InvalidArgsError } from "../errors";
import { nodeGroupName, roleArn, roleName } from "./names";
import { transformed, type Transform } from "./transform";

/**
 * Bounds of a node group. EKS refuses bounds that the present size is outside of, and so the update or replacement
 * of a group whose minimum rises above it (`Minimum capacity 1 can't be greater than desired size 0`) or whose
 * maximum falls below it. Nothing is lost: docs/troubleshooting.md has the command.
 */
export interface NodeGroupSize {
  /** Nodes that are there, and paid for, even when nobody works. A new group begins with them. */
  readonly min: number;
  /** One at least: EKS refuses a group that can never have a node. */
  readonly max: number;
}

/** One kind of nodes. */
export interface NodeKind {
  /** x86-64, on Nitro: pods take addresses by prefixes of 16. A change makes new nodes and drains the old. */
  readonly instanceType: string;
  /** Root volume of each node in GiB (gp3, encrypted): container images and what pods write outside volumes. */
  readonly diskGb: number;
}

/** What the nodes of a cluster are made of. */
export interface NodeGroupsArgs {
  readonly cluster: string;
  readonly accountId: string;
  /**
   * Kubernetes version of the nodes: the control plane's, or up to three minors below it, never above. A change
   * replaces all nodes one by one, and ends the user environments on them: a bare pod does not come back.
   */
  readonly version: string;
  readonly zones: readonly string[];
  /** Private subnets in the order of the zones. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Nodes for the platform's own pods: a group in each zone, sizes in the order of the zones. */
  readonly system: NodeKind & {
    readonly sizes: readonly NodeGroupSize[];
    /** About 60 % cheaper nodes that may go at two minutes' notice, and with them the backend for a while. */
    readonly spot: boolean;
    /** Take no user environment, as spot nodes never do; default false. A change taints or frees the nodes in place. */
    readonly closed?: boolean;
  };
  /**
   * No nodes, nor a wish for any, until this is false again: what a sleeping cluster has, so that an update leaves it
   * asleep. Default false.
   */
  readonly asleep?: boolean;
  /** Nodes for user environments: one group over all zones. On demand: a bare pod does not come back. */
  readonly users: NodeKind & NodeGroupSize;
  /**
   * Small nodes for user environments that are always there, so that the first to come finds one: a group of a size
   * that nothing changes. Default none. To take it away ends the environments on it.
   */
  readonly warm?: NodeKind & { readonly count: number };
  /** Tags of instances, volumes and interfaces, which a provider's default tags do not reach. */
  readonly tags: Readonly<Record<string, string>>;
  /** What a node needs to become ready: the network add-on, the way out, the control plane. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** Ways out, one a child. */
  readonly transform?: {
    readonly role?: Transform<aws.iam.RoleArgs>;
    readonly launchTemplate?: Transform<aws.ec2.LaunchTemplateArgs>;
    readonly system?: Transform<aws.eks.NodeGroupArgs>;
    readonly users?: Transform<aws.eks.NodeGroupArgs>;
    readonly warm?: Transform<aws.eks.NodeGroupArgs>;
  };
}

/**
 * Keeps from closed nodes what does not tolerate it, user environments above all. EKS's own cluster DNS and the volume
 * driver's controller tolerate this taint as they come; the others of the platform are told to.
 */
const CLOSED = { key: "CriticalAddonsOnly", value: "true" } as const;

/** Whether user environments are kept off the system nodes: these go without asking who works there. */
function isClosed({ closed, spot }: Pick<NodeGroupsArgs["system"], "closed" | "spot">): boolean {
  return spot || closed === true;
}

/** What pods of the platform have to tolerate on system nodes. */
export function systemTolerations(system: Pick<NodeGroupsArgs["system"], "closed" | "spot">): Toleration[] {
  return isClosed(system) ? [{ ...CLOSED, operator: "Equal", effect: "NoSchedule" }] : [];
}

/**
 * Families of instances that have the same processors' number and memory at the same size, x86-64 on Nitro. A change of
 * the list replaces spot groups under a name that is taken: it has to change the name as well (`nodeGroupName`).
 */
const INTERCHANGEABLE = ["t3a", "t3", "m6a", "m6i", "m5"] as const;

/**
 * The type named and, for spot, its like of other families: with one type alone a zone has often none to give.
 * EKS takes the pool with the most to spare among the cheapest (price-capacity-optimized).
 */
function instanceTypes(type: string, spot: boolean): string[] {
  const [family, size] = type.split(".");
  const others = (INTERCHANGEABLE as readonly string[]).filter((other) => other !== family);
  const alike = spot && others.length < INTERCHANGEABLE.length && !/^(nano|micro|small|medium)$/.test(size!);
  return alike ? [type, ...others.map((other) => `${other}.${size!}`)] : [type];
}

/** Label that tells the pools apart: `system` or `users`. */
export const POOL_LABEL = "cmb.dev/pool";

/** Nodes pull images and join; what pods may do hangs on their service accounts, not on the node. */
const NODE_POLICIES = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"] as const;

/**
 * The managed node groups: one for the platform in every zone, because a volume pins the backend to its zone and
 * only a group of that zone can bring a node there; one for user environments over all zones. Each group has a
 * launch template from its first day, since adding one later replaces the group.
 *
 * The group of user nodes carries no taint: admission gives the pods of environments its label as a selector
 * (`user-volumes.ts`), and a pod of the platform that finds no other node is welcome. System nodes carry one when they are spot nodes, or go by a schedule: a user environment that lands on one would
 * be lost with it.
 * GKE pools follow the same rules.
 *
 * The Cluster Autoscaler moves the sizes between `min` and `max`, and no diff sets them back. But EKS takes all three
 * numbers in one call, in which Pulumi sends the size on record (pulumi-aws#2524): the project file makes every run
 * refresh it first. A run with `--refresh=false` that changes `min` or `max` puts the group back to the size of
 * the last run, and ends user environments.
 *
 * @requirement N3
 */
export class NodeGroups extends pulumi.ComponentResource {
  /** Every group: depend on these before placing a pod. */
  readonly groups: aws.eks.NodeGroup[];
  /** ARN of the role of every node. */
  readonly roleArn: string;

  constructor(
    private readonly name: string,
    private readonly args: NodeGroupsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cmb:aws:NodeGroups", name, plainInputs(args), opts);
    if (args.system.sizes.length !== args.zones.length) {
      throw new InvalidArgsError(
        "system.sizes",
        args.system.sizes,
        `one size a zone is needed, for ${args.zones.length} zones`,
        "Spread the total over the zones.",
      );
    }

    this.roleArn = roleArn(args.accountId, roleName(args.cluster, "node"));
    const ready = this.makeRole();
    const system = this.makeTemplate("system", args.system);
    this.groups = [
      ...args.zones.map((zone, i) => this.makeSystemGroup(zone, i, system, ready)),
      this.makeUserGroup("users", args.users, args.users, ready),
    ];
    const { warm } = args;
    if (warm && warm.count > 0) {
      const size = { min: warm.count, max: warm.count };
      this.groups.push(this.makeUserGroup("warm", warm, size, ready));
    }

    this.registerOutputs({ roleArn: this.roleArn });
  }

  private makeRole(): pulumi.Resource[] {
    const role = new aws.iam.Role(
      `${this.name}-role`,
      transformed<aws.iam.RoleArgs>(this.args.transform?.role, {
        name: roleName(this.args.cluster, "node"),
        description: `Nodes of ${this.args.cluster}`,
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
          ],
        }),
      }),
      { parent: this },
    );
    const attachments = NODE_POLICIES.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${this.name}-${policy}`,
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          { parent: this },
        ),
    );
    return [role, ...attachments];
  }

  private makeTemplate(pool: string, kind: NodeKind): aws.ec2.LaunchTemplate {
    const tags = { ...this.args.tags, Name: `${this.args.cluster}-${pool}` };
    return new aws.ec2.LaunchTemplate(
      `${this.name}-${pool}-template`,
      transformed<aws.ec2.LaunchTemplateArgs>(this.args.transform?.launchTemplate, {
        name: `${this.args.cluster}-${pool}`,
        description: `Nodes of ${this.args.cluster} for ${pool}`,
        updateDefaultVersion: true,
        // One hop: a pod with a network of its own cannot reach the node's credentials.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: {
              volumeSize: kind.diskGb,
              volumeType: "gp3",
              encrypted: "true",
              deleteOnTermination: "true",
            },
          },
        ],
        tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
          resourceType,
          tags,
        })),
        tags: { Name: tags.Name },
      }),
      { parent: this },
    );
  }

  private makeSystemGroup(
    zone: string,
    index: number,
    template: aws.ec2.LaunchTemplate,
    ready: pulumi.Resource[],
  ): aws.eks.NodeGroup {
    const { system, subnetIds, transform } = this.args;
    const group = this.makeGroup(
      `system-${zone}`,
      transform?.system,
      {
        name: nodeGroupName(`system-${zone}`, system.instanceType, system.spot),
        pool: "system",
        kind: system,
        spot: system.spot,
        closed: isClosed(system),
        size: system.sizes[index]!,
        subnetIds: [subnetIds[index]!],
        template,
      },
      ready,
    );
    // While the group is empty the autoscaler has no node to learn the zone from, and would not believe that a
    // new one could attach the database's volume.
    new aws.autoscaling.Tag(
      `${this.name}-system-${zone}-volume-zone`,
      {
        autoscalingGroupName: group.resources.apply((made) => made[0]!.autoscalingGroups[0]!.name),
        tag: {
          key: "k8s.io/cluster-autoscaler/node-template/label/topology.ebs.csi.aws.com/zone",
          value: zone,
          propagateAtLaunch: false,
        },
      },
      { parent: this },
    );
    return group;
  }

  private makeUserGroup(
    group: "users" | "warm",
    kind: NodeKind,
    size: NodeGroupSize,
    ready: pulumi.Resource[],
  ): aws.eks.NodeGroup {
    const { subnetIds, transform } = this.args;
    return this.makeGroup(
      group,
      transform?.[group],
      {
        name: nodeGroupName(group, kind.instanceType, false),
        pool: "users",
        kind,
        spot: false,
        closed: false,
        size,
        subnetIds: [...subnetIds],
        template: this.makeTemplate(group, kind),
      },
      ready,
    );
  }

  private makeGroup(
    suffix: string,
    transform: Transform<aws.eks.NodeGroupArgs> | undefined,
    group: {
      name: string;
      pool: string;
      kind: NodeKind;
      spot: boolean;
      closed: boolean;
      size: NodeGroupSize;
      subnetIds: pulumi.Input<string>[];
      template: aws.ec2.LaunchTemplate;
    },
    ready: pulumi.Resource[],
  ): aws.eks.NodeGroup {
    const { min, max } = group.size;
    if (max < 1 || min > max || min < 0) {
      throw new InvalidArgsError(
        `${suffix}.size`,
        { min, max },
        "EKS needs a maximum of one at least, not below the minimum",
        "Raise the maximum.",
      );
    }
    const least = this.args.asleep ? 0 : min;
    return new aws.eks.NodeGroup(
      `${this.name}-${suffix}`,
      transformed<aws.eks.NodeGroupArgs>(transform, {
        clusterName: this.args.cluster,
        nodeGroupName: group.name,
        nodeRoleArn: this.roleArn,
        subnetIds: group.subnetIds,
        version: this.args.version,
        amiType: "AL2023_x86_64_STANDARD",
        capacityType: group.spot ? "SPOT" : "ON_DEMAND",
        instanceTypes: instanceTypes(group.kind.instanceType, group.spot),
        ...(group.closed && { taints: [{ ...CLOSED, effect: "NO_SCHEDULE" }] }),
        scalingConfig: { minSize: least, maxSize: max, desiredSize: least },
        launchTemplate: { id: group.template.id, version: group.template.latestVersion.apply(String) },
        labels: { [POOL_LABEL]: group.pool },
        updateConfig: { maxUnavailable: 1 },
        tags: { Name: `${this.args.cluster}-${suffix}` },
      }),
      {
        parent: this,
        dependsOn: [...ready, ...this.args.dependsOn],
        ignoreChanges: ["scalingConfig.desiredSize"],
        // Its name changes with what replaces it, so the new group can stand beside the old one.
        deleteBeforeReplace: false,
      },
    );
  }
}

function plainInputs(args: NodeGroupsArgs): pulumi.Inputs {
  const { cluster, version, zones, system, users, warm } = args;
  return { cluster, version, zones, system, users, ...(warm && { warm }) };
}
