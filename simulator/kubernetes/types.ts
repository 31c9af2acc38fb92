import type { Json } from "../../preview/engine/values";
import type { NodeTemplate } from "../models/model";

/** Who may use the cluster's API with a token, beside the service accounts. */
export interface TokenUser {
  /** A bearer token, without whitespace and commas. */
  readonly token: string;
  readonly user: string;
  /** `system:masters` may do everything. */
  readonly groups: readonly string[];
}

/** Executables, as `tools/find-tool.ts` finds them. */
export interface ClusterTools {
  /** Path of `kube-control-plane`. */
  readonly controlPlane: string;
  /** Path of `kwok`. */
  readonly kwok: string;
}

/** A volume that a claim asks the cloud for. */
export interface DiskRequest {
  /** Name of the PersistentVolume to be, `pvc-<uid of the claim>`: the same at every try for the same claim. */
  readonly volume: string;
  readonly claim: { readonly namespace: string; readonly name: string };
  readonly storageClass: string;
  /** CSI driver: `pd.csi.storage.gke.io`, `ebs.csi.aws.com`. */
  readonly driver: string;
  /** Parameters of the StorageClass. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** Zone of the node that the pod was put on; absent where the class binds at once. */
  readonly zone?: string;
}

/** A Service that wants a load balancer of the cloud. */
export interface LoadBalancerRequest {
  readonly namespace: string;
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** The address that it asks for (`spec.loadBalancerIP`), where it does. */
  readonly address?: string;
  readonly ports: readonly { readonly port: number; readonly protocol: string; readonly nodePort?: number }[];
}

/** Where a load balancer answers. */
export type LoadBalancerAddress = { readonly ip: string } | { readonly hostname: string };

/**
 * What the cloud answers when its cluster asks. A hook that throws is asked again after a second, and its message is
 * shown where the cloud would show it (an Event's text, a status).
 */
export interface CloudHooks {
  /** Whether a node can pull an image; asked again every second while it cannot. */
  imageExists(image: string): boolean | Promise<boolean>;
  /** Makes the disk, or finds the one it made for the same volume; answers its handle. */
  createDisk(request: DiskRequest): string | Promise<string>;
  /** The volume is gone and its reclaim policy is Delete. */
  deleteDisk(handle: string, driver: string): void | Promise<void>;
  /**
   * Makes or finds the load balancer of a Service; nothing: it has none (yet), and is asked again. Called again
   * when the Service changes. The Service stays until {@link deleteLoadBalancer} has answered.
   */
  loadBalancer(
    request: LoadBalancerRequest,
  ): LoadBalancerAddress | undefined | Promise<LoadBalancerAddress | undefined>;
  deleteLoadBalancer(request: LoadBalancerRequest): void | Promise<void>;
  /**
   * The load balancer controller registers exactly these targets; with none of them when the binding goes. Throws
   * where the target group does not exist.
   */
  bindTargets(binding: TargetBinding): void | Promise<void>;
}

/** A TargetGroupBinding that the load balancer controller sees to. */
export interface TargetBinding {
  readonly namespace: string;
  readonly name: string;
  readonly targetGroupArn: string;
  /** Addresses of the ready pods behind its Service. */
  readonly targets: readonly string[];
}

/** What a control plane is started with. */
export interface ControlPlaneOptions {
  /**
   * Folder of its own for keys, data and logs. One that holds the data of an earlier control plane goes on with
   * them, so a cluster outlives its processes.
   */
  readonly folder: string;
  /** Names under which clients reach it, such as `ABC.gr7.us-east-1.eks.amazonaws.com`; loopback is always there. */
  readonly serverNames: readonly string[];
  readonly tools: ClusterTools;
  readonly hooks: CloudHooks;
  /** People and machines of the cloud. The simulation's own administrator is always there. */
  readonly tokens?: readonly TokenUser[];
  /** Issuer written into the tokens of service accounts. Left out: `https://kubernetes.default.svc`. */
  readonly serviceAccountIssuer?: string;
  /**
   * Folder of a certificate authority (`ca.crt`, `ca.key`), made when it is empty, which several clusters and the
   * chart repositories then share. Left out: one in {@link folder}.
   */
  readonly authority?: string;
}

/** A running control plane, and what its cloud does in it. */
export interface ControlPlane {
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Certificate of the authority that signed the server's. */
  readonly caPem: string;
  /** Path of a kubeconfig for `system:masters` on loopback. */
  readonly adminKubeconfig: string;
  /** Bearer token of the same. */
  readonly adminToken: string;
  /** A client with all rights. */
  readonly api: KubernetesApi;
  /** Makes the group have exactly these nodes; pods on nodes that go, go with them. */
  setNodes(group: string, nodes: NodeTemplate): Promise<void>;
  removeNodes(group: string): Promise<void>;
  /** Something which an add-on or a feature of the cloud brings, by server-side apply; for each object in turn. */
  apply(manifests: readonly Json[]): Promise<void>;
  /** Takes away what {@link apply} brought. What is not there is no fault. */
  remove(manifests: readonly Json[]): Promise<void>;
  /** Ends every process and waits for it. The folder stays. A second call does nothing. */
  stop(): Promise<void>;
}

/** An object of the API, whatever its kind. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly uid: string;
    }[];
  };
  // Each kind has its own; whoever reads one knows which.
  readonly [field: string]: unknown;
}

/** The API server's refusal, or that it cannot be reached (`code` 0). */
export interface ApiFailure extends Error {
  /** HTTP status. */
  readonly code: number;
  /** `AlreadyExists`, `Forbidden`, `Invalid`, ... */
  readonly reason: string;
}

/** Body formats of a PATCH. */
export type PatchKind = "merge" | "strategic" | "json" | "apply";

/** Requests to the API server, by path (`/api/v1/namespaces/default/pods/x`). Throws an {@link ApiFailure}. */
export interface KubernetesApi {
  get<T = KubernetesObject>(path: string): Promise<T>;
  /** The objects of a list, each with the kind and version that lists leave out. */
  list<T = KubernetesObject>(path: string): Promise<T[]>;
  create<T = KubernetesObject>(path: string, body: unknown): Promise<T>;
  replace<T = KubernetesObject>(path: string, body: unknown): Promise<T>;
  patch<T = KubernetesObject>(path: string, body: unknown, kind?: PatchKind): Promise<T>;
  /** Whether there was anything to delete. */
  delete(path: string, options?: { readonly graceSeconds?: number }): Promise<boolean>;
  /** Path of an object, or of its kind's collection where `name` is left out; asks the API which kinds it has. */
  pathOf(object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name?: string; readonly namespace?: string };
  }): Promise<string>;
}
