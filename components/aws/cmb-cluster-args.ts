import type { ChartOverrides } from "../charts";
import type { SignInProviders } from "../sign-in";
import type { SleepSchedule } from "../sleep";
import type { SleepScheduleArgs } from "./sleep-schedule";
import type { StorageIntent } from "../storage-intents";
import type { AddonTransforms } from "./addons";
import type { BudgetArgs } from "./budget";
import type { BucketsArgs } from "./buckets";
import type { ClusterArgs } from "./cluster";
import type { ControllersArgs } from "./controllers";
import type { DnsArgs } from "./dns";
import type { LoadBalancerArgs } from "./load-balancer";
import type { NetworkArgs } from "./network";
import type { NodeGroupsArgs, NodeGroupSize, NodeKind } from "./node-groups";
import type { RegistryArgs } from "./registry";

/** What a cluster on AWS is made of; all plain, but for what sign-in brings. */
export interface AwsCmbClusterArgs {
  /** Name of the cluster, 18 characters at most, unique in the account. Never changes. */
  readonly name: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** Three zones of the region. Neither they nor their order ever change: see `NetworkArgs.zones`. */
  readonly zones: readonly string[];
  /** Tags of what a provider's default tags do not reach: instances, their volumes and interfaces. */
  readonly tags: Readonly<Record<string, string>>;
  readonly network: Pick<NetworkArgs, "cidr" | "natGateways" | "flowLogsDays"> & {
    /**
     * In how many of the zones, the first ones, the load balancer has an address, 3.65 US$ a month each; default
     * all. With one, that zone's loss takes the site off the internet. More can be added to a live load balancer;
     * fewer replace it, and with it its address (some minutes, the records follow).
     */
    readonly loadBalancerZones?: number;
  };
  readonly cluster: Pick<
    ClusterArgs,
    "version" | "servicesCidr" | "publicAccessCidrs" | "admins" | "logsDays"
  >;
  readonly nodes: {
    /**
     * Kubernetes minor of the nodes; default: the control plane's (`cluster.version`). Set it to the present one to
     * raise the control plane first and the nodes in a quiet hour: with the nodes' version all of them are
     * replaced, and user environments end. It may be up to three minors below the control plane's (Kubernetes
     * version skew policy), never above. Add-ons follow the control plane.
     */
    readonly version?: string;
    /** Sizes in the order of the zones. */
    readonly system: NodeGroupsArgs["system"];
    readonly users: NodeKind & NodeGroupSize;
    readonly warm?: NodeGroupsArgs["warm"];
    /** See `NodeGroupsArgs.asleep`. */
    readonly asleep?: boolean;
  };
  /** When the cloud itself sends the nodes away and brings them back; default: never. */
  readonly sleep?: SleepSchedule;
  readonly registry: Pick<RegistryArgs, "imagesKeep">;
  readonly database: {
    /** Days a replaced or deleted object can be brought back. */
    readonly versionsDays: number;
    /** Class of old versions. */
    readonly versionsClass: StorageIntent;
    /** Days access logs are kept. */
    readonly logsDays: number;
    /** Region of the copy that S3 keeps of the database bucket; default: none. See `BucketsArgs.copyRegion`. */
    readonly copyRegion?: string;
  };
  readonly dns: Pick<DnsArgs, "domain" | "existingZone">;
  /** Who signs people in: made by `Identity`, existing, or Google's, which is nothing of AWS. */
  readonly signIn: SignInProviders;
  readonly protect: {
    /** Buckets, keys and zone outlive the stack. */
    readonly data: boolean;
    /** The cluster refuses deletion, and its image repositories do while they hold images. */
    readonly cluster: boolean;
  };
  /** Watches what the cluster costs; default: nothing does. */
  readonly budget?: Pick<BudgetArgs, "monthly" | "emails">;
  /** Take over the mounting role that an earlier stack of this name left: see `MountIdentityArgs.adopt`. */
  readonly adoptMountRole?: boolean;
  /** Ports of the ingress controller's pods; default `ingressPodPorts` (`components/ingress-ports.ts`). */
  readonly ingressPodPorts?: LoadBalancerArgs["podPorts"];
  /** Charts from other places than their projects', by name. */
  readonly charts?: ChartOverrides;
  /** Ways out: the transforms of every part. */
  readonly transform?: {
    readonly network?: NetworkArgs["transform"];
    readonly cluster?: ClusterArgs["transform"];
    readonly nodes?: NodeGroupsArgs["transform"];
    readonly addons?: AddonTransforms;
    readonly controllers?: ControllersArgs["transform"];
    readonly loadBalancer?: LoadBalancerArgs["transform"];
    readonly sleep?: SleepScheduleArgs["transform"];
    readonly registry?: RegistryArgs["transform"];
    readonly buckets?: BucketsArgs["transform"];
    readonly dns?: DnsArgs["transform"];
    readonly budget?: BudgetArgs["transform"];
  };
}
