import type { SignInProviders } from "../sign-in";
import type { SleepSchedule } from "../sleep";
import type { SleepScheduleArgs } from "./sleep-schedule";
import type { BudgetArgs } from "./budget";
import type { BucketsArgs } from "./buckets";
import type { ClusterArgs } from "./cluster";
import type { DnsArgs } from "./dns";
import type { IngressAddressArgs } from "./ingress-address";
import type { KeptSecretArgs } from "./kept-secret";
import type { LogStoreArgs } from "./log-store";
import type { NetworkArgs } from "./network";
import type { NodeIdentityArgs } from "./node-identity";
import type { NodePoolsArgs } from "./node-pools";
import type { RegistryArgs } from "./registry";
import type { ServicesArgs } from "./services";
import type { WorkloadIamArgs } from "./workload-iam";

/** What {@link GcpCmbCluster} fills in by itself. */
type Filled = "cluster" | "project" | "region" | "zones" | "labels" | "transform";

/**
 * A CMBCluster on Google Cloud, in plain values known at plan time; only `signIn` carries Outputs. Keys that are
 * left out take the default of the component they are for.
 */
export interface GcpCmbClusterArgs {
  /** Name of the cluster, unique in the project, 18 characters at most. Never changed: names of data follow it. */
  readonly name: string;
  /** Google project id. */
  readonly project: string;
  /** Region: `europe-west4`. */
  readonly region: string;
  /** Zones of the region for nodes. One: a zonal cluster. More: a regional one, 73 US$ a month. */
  readonly zones: readonly string[];
  /** Host name of the site, without a final dot. */
  readonly domain: string;
  /** Managed zone of the project that serves the domain already; default: one is made. */
  readonly existingZone?: string;
  /** Ranges and egress. */
  readonly network: Omit<NetworkArgs, Filled>;
  /** Control plane; default: the REGULAR channel, upgraded at any time, reached by its DNS name only. */
  readonly controlPlane?: Pick<
    ClusterArgs,
    "version" | "releaseChannel" | "maintenance" | "authorizedNetworks" | "logging" | "managedPrometheus"
  >;
  /** Sizes of the two node pools. */
  readonly nodes: Pick<NodePoolsArgs, "system" | "users" | "warm" | "asleep">;
  /** When the cloud itself sends the nodes away and brings them back; default: never. */
  readonly sleep?: SleepSchedule;
  /** Images; default: ten of each kept, scanned on push. */
  readonly registry?: Pick<RegistryArgs, "keep" | "untaggedDays" | "scan">;
  /** The database bucket. Its location can never be changed. */
  readonly database: Omit<BucketsArgs, Filled | "protect">;
  /** Days for which logs of the network and of the cluster with its pods are kept; default 30 each. */
  readonly logs?: { readonly flowDays?: number; readonly clusterDays?: number };
  /** What refuses to be deleted; default: data and cluster. */
  readonly protect?: {
    /** Buckets, zone and the mounting identity. */
    readonly data?: boolean;
    /** The control plane. */
    readonly cluster?: boolean;
  };
  /** Who signs people in; at least the active provider has to be there. */
  readonly signIn: SignInProviders;
  /** Watches what the cluster costs; default: nothing does. */
  readonly budget?: Pick<BudgetArgs, "billingAccount" | "monthly" | "emails">;
  /** Labels of instances and disks, which the provider's default labels do not reach. Give it the same ones. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Regions that kept secrets stay in; default: wherever Google chooses. Fixed at creation. */
  readonly secretLocations?: readonly string[];
  /** See `WorkloadIamArgs.roleRevision`. */
  readonly roleRevision?: number;
  /** Escape hatches, by component. */
  readonly transform?: {
    readonly services?: ServicesArgs["transform"];
    readonly network?: NetworkArgs["transform"];
    readonly logs?: LogStoreArgs["transform"];
    readonly nodeIdentity?: NodeIdentityArgs["transform"];
    readonly cluster?: ClusterArgs["transform"];
    readonly nodePools?: NodePoolsArgs["transform"];
    readonly sleep?: SleepScheduleArgs["transform"];
    readonly registry?: RegistryArgs["transform"];
    readonly buckets?: BucketsArgs["transform"];
    readonly ingress?: IngressAddressArgs["transform"];
    readonly dns?: DnsArgs["transform"];
    readonly budget?: BudgetArgs["transform"];
    readonly workloads?: WorkloadIamArgs["transform"];
    readonly secrets?: KeptSecretArgs["transform"];
  };
}
