import type { IngressSize } from "../../components/platform/ingress-values";
import type { KyvernoSize } from "../../components/platform/kyverno-values";
import type { EnvironmentSettings, ProfileName, SystemNodes, UserNodes, WarmNodes } from "./settings";

/**
 * What a profile decides. One table a profile below: to change a size for one stack set the key of the same
 * path in the stack file (`pulumi config set --path cmbcluster:aws.nodes.users.max 8`), to change it for every
 * stack of a profile edit the table. None of these values replaces a cluster, a volume or a bucket that runs,
 * but for four that the clouds fix at creation and that a change of profile therefore leaves to the stack file:
 * `gcp.zones` (zonal or regional), `gcp.databaseLocation`, `gcp.nodes.*.maxPods` (node pools are replaced), and
 * `aws.copyRegion` on the way down to dev, which would drop a protected copy.
 *
 * Sizes keep two promises (O11), which tests hold them to: dev costs 100 to 150 US$ a month and prod 250 to 500, the
 * clouds within a fifth of each other; and the system nodes at their minimum carry everything that runs, after the
 * loss the profile has to survive (`capacity/`). docs/profiles.md has the sums, and what each choice gives up.
 *
 * @requirement P9
 */
export interface Profile {
  readonly frontend: { readonly minReplicas: number; readonly maxReplicas: number };
  readonly backend: { readonly cpu: string; readonly memory: string };
  readonly ingress: IngressSize;
  readonly admission: KyvernoSize;
  readonly environments: EnvironmentSettings;
  readonly database: {
    readonly volumeGb: number;
    readonly snapshotMinutes: number;
    readonly acceptEpoch: number;
  };
  readonly retention: {
    readonly databaseVersionsDays: number;
    readonly logsDays: number;
    readonly flowLogsDays: number;
    readonly imagesKeep: number;
  };
  readonly protect: { readonly data: boolean; readonly cluster: boolean };
  readonly gcp: {
    /** How many zones of the region: one makes a zonal cluster, whose fee the free tier covers. */
    readonly zoneCount: 1 | 3;
    /** The database bucket lies in the multi-region around the region, where there is one. */
    readonly multiRegion: boolean;
    readonly releaseChannel: "REGULAR" | "STABLE";
    readonly nodes: {
      readonly system: SystemNodes & { readonly machineType: string; readonly maxPods: number };
      readonly users: UserNodes & { readonly machineType: string; readonly maxPods: number };
      readonly warm: WarmNodes & { readonly machineType: string; readonly maxPods: number };
    };
  };
  readonly aws: {
    readonly natGateways: "instance" | "one" | "per-zone";
    /** The database bucket has a copy in a second region, where one can be chosen (`copyRegionOf`). */
    readonly secondRegion: boolean;
    /** Zones in which the load balancer has an address. */
    readonly loadBalancerZones: 1 | 2 | 3;
    readonly nodes: {
      readonly system: SystemNodes & { readonly instanceType: string };
      readonly users: UserNodes & { readonly instanceType: string };
      readonly warm: WarmNodes & { readonly instanceType: string };
    };
  };
}

/**
 * To try things out: the smallest that works. One node, which the cloud may take back (spot), one way in and one way
 * out: any of them lost is an outage of minutes. No user environment runs on that node; data is kept all the same.
 */
const dev: Profile = {
  // On one node a second pod of a kind protects from nothing but a roll-out, which brings its own.
  frontend: { minReplicas: 1, maxReplicas: 10 },
  backend: { cpu: "250m", memory: "1Gi" },
  ingress: { replicas: 1, cpu: "100m", memory: "256Mi" },
  admission: { replicas: 1 },
  environments: {
    maxPods: 10,
    maxCpu: 20,
    maxMemoryGi: 60,
    largest: { cpu: 2, memoryGi: 8 },
    // Nothing is promised: the first environment waits for its machine.
    spare: { least: 0, percent: 13 },
  },
  database: { volumeGb: 10, snapshotMinutes: 360, acceptEpoch: 0 },
  retention: { databaseVersionsDays: 7, logsDays: 7, flowLogsDays: 7, imagesKeep: 10 },
  protect: { data: true, cluster: false },
  gcp: {
    zoneCount: 1,
    multiRegion: false,
    releaseChannel: "REGULAR",
    nodes: {
      // GKE system node pool
      system: { machineType: "e2-standard-2", min: 1, max: 3, diskGb: 30, spot: true, maxPods: 110 },
      // GKE user node pool: no node until the first environment starts, which then takes minutes
      users: { machineType: "e2-standard-4", min: 0, max: 5, diskGb: 100, maxPods: 64 },
      warm: { machineType: "e2-standard-2", count: 0, diskGb: 30, maxPods: 64 },
    },
  },
  aws: {
    // A gateway is a quarter of the whole promise.
    natGateways: "instance",
    secondRegion: false,
    loadBalancerZones: 1,
    nodes: {
      // EKS system node groups, one a zone
      system: { instanceType: "t3a.large", min: 1, max: 3, diskGb: 30, spot: true },
      // EKS user node group: no node until the first environment starts, which then takes minutes
      users: { instanceType: "m6a.xlarge", min: 0, max: 5, diskGb: 100 },
      warm: { instanceType: "t3a.medium", count: 0, diskGb: 30 },
    },
  },
};

/** As prod is built, at half its size and with one NAT gateway: what works here works there. */
const staging: Profile = {
  frontend: { minReplicas: 2, maxReplicas: 10 },
  backend: { cpu: "500m", memory: "2Gi" },
  ingress: { replicas: 2, cpu: "250m", memory: "512Mi" },
  admission: { replicas: 2 },
  environments: {
    maxPods: 40,
    maxCpu: 80,
    maxMemoryGi: 240,
    largest: { cpu: 3, memoryGi: 10 },
    spare: { least: 0, percent: 13 },
  },
  database: { volumeGb: 20, snapshotMinutes: 60, acceptEpoch: 0 },
  retention: { databaseVersionsDays: 30, logsDays: 30, flowLogsDays: 14, imagesKeep: 20 },
  protect: { data: true, cluster: false },
  gcp: {
    zoneCount: 3,
    multiRegion: true,
    releaseChannel: "REGULAR",
    nodes: {
      // GKE system node pool
      system: { machineType: "e2-standard-2", min: 3, max: 6, diskGb: 50, spot: false, maxPods: 110 },
      // GKE user node pool: no node until the first environment starts, which then takes minutes
      users: { machineType: "e2-standard-4", min: 0, max: 12, diskGb: 100, maxPods: 64 },
      warm: { machineType: "e2-standard-2", count: 0, diskGb: 30, maxPods: 64 },
    },
  },
  aws: {
    natGateways: "one",
    secondRegion: true,
    loadBalancerZones: 2,
    nodes: {
      // EKS system node groups, one a zone; gp3 is as fast at any size, pd-balanced is not
      system: { instanceType: "t3a.large", min: 3, max: 6, diskGb: 30, spot: false },
      // EKS user node group: no node until the first environment starts, which then takes minutes
      users: { instanceType: "m6a.xlarge", min: 0, max: 12, diskGb: 100 },
      warm: { instanceType: "t3a.medium", count: 0, diskGb: 30 },
    },
  },
};

/** For people's work: survives a zone, and refuses to lose its data or its cluster. */
const prod: Profile = {
  frontend: { minReplicas: 3, maxReplicas: 10 },
  backend: { cpu: "1", memory: "4Gi" },
  ingress: { replicas: 3, cpu: "250m", memory: "512Mi" },
  admission: { replicas: 3 },
  environments: {
    maxPods: 600,
    maxCpu: 480,
    maxMemoryGi: 1800,
    largest: { cpu: 7, memoryGi: 24 },
    // Ready within a minute: docs/profiles.md says for how many who come at once.
    spare: { least: 1, percent: 13 },
  },
  database: { volumeGb: 50, snapshotMinutes: 60, acceptEpoch: 0 },
  retention: { databaseVersionsDays: 90, logsDays: 90, flowLogsDays: 30, imagesKeep: 30 },
  protect: { data: true, cluster: true },
  gcp: {
    zoneCount: 3,
    multiRegion: true,
    // What is new arrives after REGULAR clusters have run it.
    releaseChannel: "STABLE",
    nodes: {
      // GKE system node pool: GKE's own pods fill a third of a smaller machine
      system: { machineType: "e2-standard-4", min: 3, max: 9, diskGb: 50, spot: false, maxPods: 110 },
      // GKE user node pool: the first environments run on the warm one; these come as people do
      users: { machineType: "e2-standard-8", min: 0, max: 60, diskGb: 200, maxPods: 64 },
      // GKE pool that is always there: room for one environment, so that the first waits for no machine
      warm: { machineType: "e2-standard-2", count: 1, diskGb: 30, maxPods: 64 },
    },
  },
  aws: {
    natGateways: "per-zone",
    secondRegion: true,
    loadBalancerZones: 3,
    nodes: {
      // EKS system node groups, one a zone
      system: { instanceType: "m6a.large", min: 3, max: 9, diskGb: 30, spot: false },
      // EKS user node group: the first environments run on the warm one; these come as people do
      users: { instanceType: "m6a.2xlarge", min: 0, max: 60, diskGb: 200 },
      // EKS node group that is always there: room for one environment, as on GKE
      warm: { instanceType: "t3a.medium", count: 1, diskGb: 30 },
    },
  },
};

/** The tables by name. */
export const profiles: Readonly<Record<ProfileName, Profile>> = { dev, staging, prod };
