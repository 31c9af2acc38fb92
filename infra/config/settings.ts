import type { ApplicationSettings } from "../../components/application/settings";
import type { CloudName } from "../../components/cmb-cluster";
import type { ImageRole } from "../../components/images";
import type { IngressSize } from "../../components/platform/ingress-values";
import type { KyvernoSize } from "../../components/platform/kyverno-values";
import type { SignInProviderName } from "../../components/sign-in";
import type { SleepSchedule, Weekday } from "../../components/sleep";
import type { StorageIntent } from "../../components/storage-intents";

/**
 * How much a stack is worth: sizes, replicas, protection and retention follow from it (`profiles.ts`), and
 * every single value can be overridden.
 *
 * @requirement P9
 */
export type ProfileName = "dev" | "staging" | "prod";

/** All of {@link ProfileName}, in rising order of care. */
export const profileNames = ["dev", "staging", "prod"] as const satisfies readonly ProfileName[];

/**
 * The configuration of a stack after the check: complete (every default filled in from the profile), plain,
 * and free of secrets, which stay Outputs (`secrets.ts`). `docs/configuration.md` explains every key.
 *
 * @requirement C1
 */
export type Settings = GcpSettings | AwsSettings;

/** A stack on Google Cloud. */
export interface GcpSettings extends CommonSettings {
  readonly cloud: "gcp";
  readonly gcp: GcpBlock;
}

/** A stack on Amazon Web Services. */
export interface AwsSettings extends CommonSettings {
  readonly cloud: "aws";
  readonly aws: AwsBlock;
}

/** What is configured in the same way on either cloud; the application's own part as the application takes it. */
export interface CommonSettings extends ApplicationSettings {
  readonly cloud: CloudName;
  readonly profile: ProfileName;
  /** Name of the cluster, 18 characters at most; goes into nearly every physical name, so it never changes. */
  readonly clusterName: string;
  /** Kubernetes namespace of the application. */
  readonly namespace: string;
  /** Host name of the site, without a final dot. */
  readonly domain: string;
  readonly dns: {
    /** Cloud DNS zone name or Route 53 zone id; absent: the program makes the zone. */
    readonly existingZone?: string;
  };
  readonly certificates: {
    /** Contact of the account at Let's Encrypt, which sends no mails about expiry (ended in June 2025). */
    readonly email: string;
    readonly issuer: "production" | "staging";
  };
  readonly auth: AuthSettings;
  /** Raised by one after a secret was changed: restarts the pods that read secrets. */
  readonly secretsVersion: number;
  /** The three images, or undefined while they are not named: everything but the application is then built. */
  readonly images?: Readonly<Record<ImageRole, ImageChoice>>;
  /** Size of the ingress controller, through which every request and WebSocket goes. */
  readonly ingress: IngressSize;
  /** Size of the admission controller, without which no environment starts. */
  readonly admission: KyvernoSize;
  readonly storage: {
    /** Class of the noncurrent versions in the database bucket. */
    readonly class: StorageIntent;
  };
  readonly retention: {
    /** Days a replaced or deleted object of the database bucket is kept. */
    readonly databaseVersionsDays: number;
    /** Days control-plane and access logs are kept. */
    readonly logsDays: number;
    /** Days network flow logs are kept. */
    readonly flowLogsDays: number;
    /** Images kept in each repository before older ones are cleaned up. */
    readonly imagesKeep: number;
  };
  readonly protect: {
    /** Data (buckets, zone, pool, keys) is neither deleted by `destroy` nor by an edit of this program. */
    readonly data: boolean;
    /** The cluster refuses to be deleted until this is set to false and applied. */
    readonly cluster: boolean;
  };
  /** When nodes are not there. */
  readonly sleep: SleepSettings;
  /** What the stack may cost; absent: anything, and nobody is told. */
  readonly budget?: BudgetSettings;
  /** Tags (AWS) or labels (Google) on everything that can carry them, besides the program's own. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Nodes that are not paid for while nobody works. */
export interface SleepSettings {
  /** Asleep by hand: no `up` wakes them. */
  readonly now: boolean;
  /** Times of the cloud's own scheduler; absent: nodes go by nobody but the one who says so. */
  readonly schedule?: SleepSchedule;
}

/** A limit on the bill: held against the plan before anything is made, and watched by the cloud afterwards. */
export interface BudgetSettings {
  /** Whole US$ a month. */
  readonly monthly: number;
  /** What of the estimate is held against it: what stands there, or that with every pool at its maximum. */
  readonly against: "fixed" | "maximum";
  /** Who gets the cloud's alerts. */
  readonly alertEmails: readonly string[];
  /** A plan with parts that no price is known for: refused, or held to what is known. */
  readonly unknownPrices: "refuse" | "accept";
}

/** Who signs people in, decided by `chooseSignIn`. At least one provider is present, the active one always. */
export interface AuthSettings {
  /** Whose tokens the application takes. */
  readonly active: SignInProviderName;
  readonly google?: { readonly clientId: string };
  readonly cognito?: CognitoSettings;
}

/** A Cognito pool: made by the program, or one that is there. */
export type CognitoSettings = NewCognito | ExistingCognito;

interface CognitoFacts {
  /** AWS region of the pool. */
  readonly region: string;
  /** Give the backend the right to sign a user out everywhere; today's application never does. */
  readonly allowSignOutEverywhere: boolean;
}

/** A pool the program makes, in this stack's AWS account or, from Google Cloud, in the account named. */
export interface NewCognito extends CognitoFacts {
  readonly kind: "create";
  /** 12 digits. */
  readonly accountId: string;
  /** First label of the hosted page's host name; absent: derived from cluster and account. */
  readonly domainPrefix?: string;
  readonly mfa: "off" | "optional" | "required";
  /** True lets anyone on the internet make themselves an account. */
  readonly selfSignUp: boolean;
}

/** A pool and client that exist; the client's secret comes as `cognitoClientSecret`. */
export interface ExistingCognito extends CognitoFacts {
  readonly kind: "existing";
  readonly userPoolId: string;
  readonly clientId: string;
  /** Prefix of the pool's hosted page, where it has one. */
  readonly domainPrefix?: string;
  /** Account of the pool where known; needed only for the right to sign users out. */
  readonly accountId?: string;
}

/** One image: a tag in the stack's own registry, or a full reference into any registry. */
export type ImageChoice =
  | { readonly source: "own"; readonly tag: string }
  | { readonly source: "reference"; readonly reference: string };

/** Bounds on all user environments together and on each. */
export type EnvironmentSettings = ApplicationSettings["environments"];

/** Node pool or node group of the platform's own pods. */
export interface SystemNodes {
  /** Nodes at least and at most, summed over all zones. */
  readonly min: number;
  readonly max: number;
  /** Boot disk of each node in GiB. */
  readonly diskGb: number;
  /** Cheaper nodes that the cloud may take back at any time. */
  readonly spot: boolean;
}

/** Node pool or node group of user environments: never spot, because a bare pod does not come back. */
export interface UserNodes {
  /** Nodes at least and at most, summed over all zones. */
  readonly min: number;
  readonly max: number;
  /** Boot disk of each node in GiB. */
  readonly diskGb: number;
}

/** Small nodes for user environments that are always there: for the first to come. */
export interface WarmNodes {
  /** How many; 0: no such pool. */
  readonly count: number;
  /** Boot disk of each node in GiB. */
  readonly diskGb: number;
}

/** The `gcp` block, complete. */
export interface GcpBlock {
  readonly project: string;
  readonly region: string;
  /** One zone: zonal cluster. More: regional cluster with nodes in these zones. */
  readonly zones: readonly string[];
  readonly network: {
    readonly nodesCidr: string;
    readonly podsCidr: string;
    readonly servicesCidr: string;
    /** A /28 outside the other three, set at creation for good. */
    readonly controlPlaneCidr: string;
    /** Source ports a node holds at Cloud NAT at least and at most; powers of two. */
    readonly natMinPortsPerVm: number;
    readonly natMaxPortsPerVm: number;
  };
  readonly cluster: {
    /** Minor version to pin; absent: the release channel's default. */
    readonly version?: string;
    readonly releaseChannel: "RAPID" | "REGULAR" | "STABLE" | "EXTENDED";
    readonly maintenance: MaintenanceWindow;
    /** Ranges let in to the IP endpoint; empty: that endpoint is off, and only the DNS endpoint is there. */
    readonly authorizedNetworks: readonly string[];
  };
  readonly nodes: {
    readonly system: SystemNodes & { readonly machineType: string; readonly maxPods: number };
    readonly users: UserNodes & { readonly machineType: string; readonly maxPods: number };
    readonly warm: WarmNodes & { readonly machineType: string; readonly maxPods: number };
  };
  /** Where the database bucket lies: a region, or a multi-region. Can never be changed. */
  readonly databaseLocation: string;
  /** Log who reads and writes the database bucket, into a bucket beside it. */
  readonly accessLogs: boolean;
  /** Regions that kept secrets stay in; empty: wherever Google chooses. Fixed at creation. */
  readonly secretLocations: readonly string[];
  /** Number in the ids of the custom roles, see `WorkloadIamArgs.roleRevision`. */
  readonly roleRevision: number;
  /** Billing account that the budget is made in; absent: Google watches none. */
  readonly billingAccount?: string;
}

/** When the cloud may upgrade the cluster, weekly, in UTC. */
export interface MaintenanceWindow {
  /** `HH:MM`. */
  readonly start: string;
  readonly hours: number;
  readonly days: readonly Weekday[];
}

/** The `aws` block, complete. */
export interface AwsBlock {
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /** Three zones of the region. */
  readonly zones: readonly string[];
  readonly network: {
    readonly cidr: string;
    /** Kubernetes service range, outside the VPC's; set at creation for good. */
    readonly servicesCidr: string;
    /** What nodes leave by: gateways, or a small machine of one's own. */
    readonly natGateways: "instance" | "one" | "per-zone";
    /** In how many of the zones the load balancer has an address. */
    readonly loadBalancerZones: number;
  };
  readonly cluster: {
    /** Minor version, in EKS standard support. */
    readonly version: string;
    /** Ranges let in to the public API endpoint; empty exactly when {@link privateOnly}. */
    readonly publicAccessCidrs: readonly string[];
    /** The API has no public endpoint at all. */
    readonly privateOnly: boolean;
    /** ARNs of IAM roles and users with cluster administration, besides the one who deploys. */
    readonly admins: readonly string[];
  };
  readonly nodes: {
    /** Spread over one node group a zone, see `spreadOverZones`. */
    readonly system: SystemNodes & { readonly instanceType: string };
    /** One node group over all zones. */
    readonly users: UserNodes & { readonly instanceType: string };
    /** One node group over all zones, of a size that nothing changes. */
    readonly warm: WarmNodes & { readonly instanceType: string };
  };
  /** Region of the database bucket's copy; absent: there is none. Can never be changed. */
  readonly copyRegion?: string;
  /** Take over the mounting role an earlier stack of this name left, for one `up`; see `MountIdentityArgs.adopt`. */
  readonly adoptMountRole: boolean;
}

/**
 * Spreads a total over zones as evenly as it goes, the first zones getting the rest: 4 over 3 zones is 2, 1, 1.
 * EKS system nodes are one group a zone, because a volume pins the backend to its zone.
 */
export function spreadOverZones(total: number, zones: number): number[] {
  return Array.from({ length: zones }, (_, i) => Math.floor(total / zones) + (i < total % zones ? 1 : 0));
}
