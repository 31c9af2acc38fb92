import type * as pulumi from "@pulumi/pulumi";
import type { ImageRole } from "../images";
import type { SpareRoomSettings } from "./spare-room";

/** What a stack decides about its application: plain, free of secrets, complete. */
export interface ApplicationSettings {
  readonly application: {
    /** Mail addresses that become administrators at their first sign-in; at least one. */
    readonly adminEmails: readonly string[];
    /** True makes whoever signs in first an administrator. */
    readonly firstUserIsAdmin: boolean;
    /**
     * Further host names whose pages may call the API from a browser (CORS), each allowed with and without
     * `www.`. They do not decide who may sign in: the sign-in provider does.
     */
    readonly trustedDomains: readonly string[];
    /** Hours until a session ends. */
    readonly tokenExpireHours: number;
    /** Minutes between two looks for environments whose time is over. */
    readonly autoShutdownCheckMinutes: number;
    /** HTTPS at the ingress. Off only with {@link devMode}. */
    readonly tls: boolean;
    /** Session cookies over HTTPS only. Off only with {@link devMode}. */
    readonly secureCookies: boolean;
    /** Verbose errors. On only with {@link devMode}. */
    readonly debug: boolean;
    /** The application's development mode, which accepts all of the above. Never for real users. */
    readonly devMode: boolean;
    /** Largest upload in MiB the ingress lets through. */
    readonly maxUploadMb: number;
    /** Seconds the ingress waits for a silent request. */
    readonly requestTimeoutSeconds: number;
    /** Requests a minute from one address to site and API before the ingress answers 429. */
    readonly rateLimitPerMinute: number;
  };
  readonly frontend: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    /** Per cent of the requested CPU above which a replica is added. */
    readonly targetCpuPercent: number;
  };
  readonly backend: {
    /** One, while the database is SQLite: the chart refuses more. */
    readonly replicas: number;
    /** CPU requested, a Kubernetes quantity; the limit is four times as much. */
    readonly cpu: string;
    /** Memory requested and at most, a Kubernetes quantity. */
    readonly memory: string;
  };
  readonly environments: {
    /** User environments that run at the same time, all users together. */
    readonly maxPods: number;
    /** CPU cores all environments may request together. */
    readonly maxCpu: number;
    /** GiB of memory all environments may request together. */
    readonly maxMemoryGi: number;
    /** The most a single environment may ask for. */
    readonly largest: { readonly cpu: number; readonly memoryGi: number };
    /**
     * Registries, repositories or images that environments may run beside the stack's own registry and the image that
     * is named for them, written out in full (`docker.io/library/ubuntu`). Whoever may name an application in the site
     * chooses among these.
     */
    readonly allowedImages?: readonly string[];
    /** Room kept free for environments to come. */
    readonly spare: SpareRoomSettings;
  };
  readonly database: {
    /** Size of the database's block volume in GiB. It grows in place and never shrinks. */
    readonly volumeGb: number;
    /** Minutes between two full copies of the database. A restore reads one, and every change since. */
    readonly snapshotMinutes: number;
    /**
     * Epoch of a volume that is to be used although a later one wrote elsewhere, which is then given up; 0 refuses
     * such a volume.
     */
    readonly acceptEpoch: number;
  };
}

/** Keys a stack brings along; each is generated, and kept stable, where it is absent. All secret. */
export interface SuppliedKeys {
  /** Signs the sessions of the API; 32 characters or more. */
  readonly session?: pulumi.Output<string>;
  /** Signs the sessions of the site; 32 characters or more. */
  readonly nextAuth?: pulumi.Output<string>;
  /**
   * Encrypts the users' files. Given when a stack is restored or moved. Another key than the one the files
   * were written with makes every one of them unreadable, in silence.
   */
  readonly fileEncryption?: pulumi.Output<string>;
}

/** Full references of the three images, each with an immutable tag or a digest, by role. */
export type ApplicationImages = Readonly<Record<ImageRole, string>>;

/** What the application finds in the cluster. */
export interface PlatformFacts {
  /** ClusterIssuer the application writes into the annotations of environments (nothing acts on it). */
  readonly clusterIssuer: string;
  /** StorageClass of the database's volume: block storage, never a mounted bucket. */
  readonly storageClass: string;
  /** The pods that requests come from: namespace and labels, which no other pods there carry. */
  readonly ingressController: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  /** What the application's admission policies need: their kinds, and who keeps them. */
  readonly admission: readonly pulumi.Resource[];
  /** What must run before the application: ingress controller, storage class. */
  readonly ready: readonly pulumi.Resource[];
}
