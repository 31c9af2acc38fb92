import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Toleration } from "../cmb-cluster";
import { childOptions, shaped, type ChildOptions, type Transform } from "./child";

/** Label on every node that tells whose pods it is for: `system` or `users`. */
export const POOL_LABEL = "cmb.dev/pool";

/**
 * Keeps from closed nodes what does not tolerate it, user environments above all. GKE's own pods in kube-system
 * tolerate this taint (GKE, "Isolate your workloads in dedicated node pools"); those of the platform are told to.
 */
const CLOSED = { key: "components.gke.io/gke-managed-components", value: "true" } as const;

/** Whether user environments are kept off the system nodes: these go without asking who works there. */
function isClosed({ closed, spot }: Pick<NodePoolsArgs["system"], "closed" | "spot">): boolean {
  return spot === true || closed === true;
}

/** What pods of the platform have to tolerate on system nodes. */
export function systemTolerations(system: Pick<NodePoolsArgs["system"], "closed" | "spot">): Toleration[] {
  return isClosed(system) ? [{ ...CLOSED, operator: "Equal", effect: "NoSchedule" }] : [];
}

/** Name of a pool in the cluster. Spot is part of it, because it replaces the pool, and the new one comes first. */
export function poolName(pool: "system" | "users" | "warm", spot = false): string {
  return spot ? `${pool}-spot` : pool;
}

/** Size of one node pool. */
export interface NodePoolSize {
  /** x86 only: the user images are built for it. */
  readonly machineType: string;
  /** Nodes at least and at most, summed over all zones. */
  readonly min: number;
  readonly max: number;
  /** Boot disk of each node in GiB; images of user environments are several GiB each. */
  readonly diskGb: number;
  /** Pods a node may run; each node takes twice as many addresses of the pod range. A change replaces the pool. */
  readonly maxPods: number;
}

/** The pools and what they run as. */
export interface NodePoolsArgs {
  readonly cluster: string;
  readonly project: string;
  /** The cluster's location: a zone, or a region. */
  readonly location: pulumi.Input<string>;
  /** The cluster to join: its id, or its name. */
  readonly clusterId: pulumi.Input<string>;
  readonly zones: readonly string[];
  /** Address of the nodes' service account. */
  readonly serviceAccount: pulumi.Input<string>;
  /** Network tag of the nodes, which firewall rules aim at. */
  readonly nodeTag: string;
  /**
   * Nodes for the platform and the application; `spot` ones may be taken back by Google at any time, at half a
   * minute's notice, and are tainted, so that no user environment lands on one. `closed` taints nodes on demand as
   * well; default false.
   */
  readonly system: NodePoolSize & { readonly spot?: boolean; readonly closed?: boolean };
  /**
   * No nodes, and no autoscaler that brings any, until this is false again: what a sleeping cluster has, so that an
   * update leaves it asleep. Default false.
   */
  readonly asleep?: boolean;
  /**
   * Nodes for user environments, never spot: a bare pod that is taken away does not come back.
   *
   * `dedicated` taints them (`cmb.dev/pool=users:NoSchedule`); default false. The application gives its pods
   * neither tolerations nor a node selector, so with the taint every environment lands on system nodes until an
   * admission policy adds both. Switching it later rolls the nodes and replaces nothing.
   */
  readonly users: NodePoolSize & { readonly dedicated?: boolean };
  /**
   * Small nodes for user environments that are always there, so that the first to come finds one: a pool of a size
   * that nothing changes, in the first of the zones. Default none. To take it away ends the environments on it.
   */
  readonly warm?: Omit<NodePoolSize, "min" | "max"> & { readonly count: number };
  /** Labels of the instances and disks; the provider's default labels do not reach these. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly transform?: {
    readonly system?: Transform<gcp.container.NodePoolArgs>;
    readonly users?: Transform<gcp.container.NodePoolArgs>;
    readonly warm?: Transform<gcp.container.NodePoolArgs>;
  };
}

/**
 * The node pools of a cluster: private, shielded, autoscaled, with a service account that can do nothing but
 * what a node must. Bare user pods are never evicted by the autoscaler, so a node leaves when its last one ends.
 *
 * Costs the machines, their disks, and nothing beyond.
 *
 * @requirement N3
 */
export class NodePools extends pulumi.ComponentResource {
  readonly system: gcp.container.NodePool;
  readonly users: gcp.container.NodePool;
  readonly warm?: gcp.container.NodePool;

  constructor(name: string, args: NodePoolsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, zones, system, users, warm } = args;
    super("cmb:gcp:NodePools", name, { cluster, zones, system, users, ...(warm && { warm }) }, opts);
    const child = childOptions(this, opts);
    const spot = args.system.spot ?? false;
    this.system = this.makePool(name, "system", args, child, {
      spot,
      ...(isClosed(args.system) && { taints: [{ ...CLOSED, effect: "NO_SCHEDULE" }] }),
    });
    const ofUsers = {
      spot: false,
      taints: args.users.dedicated ? [{ key: POOL_LABEL, value: "users", effect: "NO_SCHEDULE" }] : [],
    };
    this.users = this.makePool(name, "users", args, child, ofUsers);
    if (warm && warm.count > 0) this.warm = this.makePool(name, "warm", args, child, ofUsers);
    this.registerOutputs({ system: this.system.id, users: this.users.id });
  }

  private makePool(
    name: string,
    pool: "system" | "users" | "warm",
    args: NodePoolsArgs,
    opts: ChildOptions,
    kind: { readonly spot: boolean; readonly taints?: gcp.types.input.container.NodePoolNodeConfigTaint[] },
  ) {
    const size = args[pool]!;
    return new gcp.container.NodePool(
      `${name}-${pool}`,
      ...shaped(
        args.transform?.[pool],
        {
          name: poolName(pool, kind.spot),
          project: args.project,
          cluster: args.clusterId,
          location: args.location,
          ...sizeOf(pool, size, args),
          maxPodsPerNode: size.maxPods,
          management: { autoRepair: true, autoUpgrade: true },
          // A new node first, then the old one is drained: never less room than before.
          upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
          networkConfig: { enablePrivateNodes: true },
          nodeConfig: {
            machineType: size.machineType,
            imageType: "COS_CONTAINERD",
            diskType: "pd-balanced",
            diskSizeGb: size.diskGb,
            serviceAccount: args.serviceAccount,
            // IAM alone decides what the account may do; scopes are the older, coarser wall.
            oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
            labels: { [POOL_LABEL]: pool === "system" ? "system" : "users" },
            resourceLabels: { ...args.labels },
            tags: [args.nodeTag],
            metadata: { "disable-legacy-endpoints": "true" },
            workloadMetadataConfig: { mode: "GKE_METADATA" },
            shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
            kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
            gvnic: { enabled: true },
            ...kind,
          },
        },
        { ...opts, ignoreChanges: ["initialNodeCount"] },
      ),
    );
  }
}

/**
 * Where the nodes are and how many, at first and later. Of a pool that sleeps nobody brings any. The warm one lies in
 * one zone and has an autoscaler that may not change it, so that sleep takes it away and gives it back as any other.
 */
function sizeOf(
  pool: "system" | "users" | "warm",
  size: NodePoolSize | NonNullable<NodePoolsArgs["warm"]>,
  { asleep, zones: all }: Pick<NodePoolsArgs, "asleep" | "zones">,
): Pick<gcp.container.NodePoolArgs, "nodeLocations" | "initialNodeCount" | "nodeCount" | "autoscaling"> {
  const fixed = "count" in size;
  const { min, max } = fixed ? { min: size.count, max: size.count } : size;
  const zones = fixed ? all.slice(0, 1) : [...all];
  // Per zone. Only used at creation; a later change would replace the pool, hence ignored.
  const where = { nodeLocations: zones, initialNodeCount: asleep ? 0 : Math.ceil(min / zones.length) };
  if (asleep) return { ...where, nodeCount: 0 };
  const locationPolicy = pool === "system" ? "BALANCED" : "ANY";
  return { ...where, autoscaling: { totalMinNodeCount: min, totalMaxNodeCount: max, locationPolicy } };
}
