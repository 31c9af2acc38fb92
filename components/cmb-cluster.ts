import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./grants";
import type { ImageRegistry } from "./images";
import type { NetworkFacts } from "./network-facts";
import type { SignInProviders } from "./sign-in";
import type { StorageIntent } from "./storage-intents";
import type { UserPlacement, UserVolumes } from "./user-volumes";

/**
 * The clouds a stack can name. A third one is a new folder under `components/`, one line in
 * `stacks/index.ts`, one block in the configuration schema, and this name.
 */
export type CloudName = "gcp" | "aws";

/** The clouds in the order in which messages and documents list them. */
export const cloudNames = ["gcp", "aws"] as const satisfies readonly CloudName[];

/**
 * A Kubernetes cluster with everything around it that the platform and an application need, on one cloud.
 *
 * The interface offers values and verbs, never cloud resources: what is built on it cannot tell which cloud
 * it is on, and the contract suite (`components/cmb-cluster.contract.ts`) runs over every implementation
 * through this interface alone. Only outputs and messages may read {@link cloud}.
 *
 * @requirement P2
 */
export interface CmbCluster {
  /** Which cloud this is: for outputs and messages only, never for a decision. */
  readonly cloud: CloudName;
  /** The cluster's name, unique in its cloud account, at most 18 characters (`naming.ts`). */
  readonly name: string;
  /** Where the cluster runs and who pays. */
  readonly place: CloudPlace;
  /**
   * The provider for everything inside the cluster. Resources made with it wait for the API server, not for
   * nodes: see {@link ready}.
   */
  readonly kubernetes: k8s.Provider;
  /**
   * A kubeconfig that asks the cloud's own command-line tool for a short-lived token at each use. Secret,
   * although no credential is in it: it tells where the API server is.
   */
  readonly kubeconfig: pulumi.Output<string>;
  /**
   * What the cluster itself is to the cloud. With it goes everything inside, so that a destroy need not take away by
   * hand (`deletedWith`) what has nothing outside the cluster to clear up.
   */
  readonly apiServer: pulumi.Resource;
  /**
   * What must exist before a pod can be placed and become ready: node pools and the add-ons they need, and nothing
   * that can come up beside the platform, since a first `up` waits for each of these.
   *
   * @requirement Q1
   */
  readonly ready: pulumi.Resource[];
  /**
   * What the platform's and the application's own pods have to tolerate so that the platform's nodes take them;
   * empty where those nodes take every pod. User environments tolerate none of it: they stay off nodes that the
   * cloud may take back.
   */
  readonly systemTolerations: readonly Toleration[];
  /** The nodes that user environments run on, and nothing of the platform has to. */
  readonly userPlacement: UserPlacement;
  /** How a user's bucket gets into the pod of an environment. */
  readonly userVolumes: UserVolumes;
  /** Where the images of the application are pushed to and pulled from. */
  readonly registry: ImageRegistry;
  /** The buckets the program makes, by role. The application makes its users' buckets itself. */
  readonly buckets: { readonly database: BucketFacts };
  /** The public DNS zone of the domain, with the three names that lead to the ingress. */
  readonly dns: DnsFacts;
  /** What rules between pods have to know of the network around them. */
  readonly network: NetworkFacts;
  /** How traffic from the internet reaches the ingress controller. */
  readonly ingress: IngressFacts;
  /** Storage inside the cluster. */
  readonly storage: StorageFacts;
  /** Who may sign in, and with which client. */
  readonly signIn: SignInProviders;
  /**
   * The coordinates of the cloud that an application reads from its environment, by variable name. Plain
   * values, nothing secret.
   */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Gives one Kubernetes service account, in one namespace, exactly the grants named, and nothing to any
   * other. The annotations come back once the permission exists, so a pod that carries them can use it at
   * its first start.
   *
   * @param name names the binding in the state: two words at most, unique in the stack, never changed later
   */
  bindWorkload(name: string, args: WorkloadArgs): WorkloadBinding;
  /**
   * Puts a value into the cloud's secret store, where it outlives the stack's state: what is encrypted with a
   * lost key is lost. Protected and retained, so no plan deletes it. Costs about 0.06 (Google) to 0.40
   * (Amazon) US$ a month.
   *
   * @param name names the secret in the state and, after the cluster's name, in the cloud
   */
  keepSecret(name: string, args: KeptSecretArgs): KeptSecret;
}

/** A taint that a pod puts up with, as Kubernetes writes it. */
export interface Toleration {
  readonly key: string;
  readonly operator: "Equal" | "Exists";
  readonly value?: string;
  readonly effect: "NoSchedule";
}

/** Where a cluster runs and which account it belongs to. */
export interface CloudPlace {
  /** Google project id or AWS account id (12 digits). */
  readonly account: string;
  /** Region, as the cloud writes it: `europe-west4`, `eu-central-1`. */
  readonly region: string;
  /** Zones the nodes may run in, at least one. */
  readonly zones: readonly string[];
}

/** A bucket by name and address, both known before it exists. */
export interface BucketFacts {
  readonly name: string;
  /** `gs://name` or `s3://name`. */
  readonly url: string;
  /** The bucket with its versioning, policy and keys: depend on these before writing to it. */
  readonly resources: readonly pulumi.Resource[];
}

/** The domain's zone and what proves, for a certificate, that the domain is ours. */
export interface DnsFacts {
  /** The domain of the site, without a final dot: the API is `api.<domain>`, environments `*.<domain>`. */
  readonly domain: string;
  /** True when the program made the zone: the domain then has to be delegated to {@link nameServers} once. */
  readonly zoneCreated: boolean;
  /** The zone's name servers. */
  readonly nameServers: pulumi.Output<string[]>;
  /**
   * The provider block of a cert-manager DNS-01 solver for this zone. It works for a service account that was
   * bound with the `answer-dns-challenge` grant.
   */
  readonly challengeSolver: pulumi.Output<Record<string, unknown>>;
}

/** What the ingress controller's Service must look like, and the address under which the world finds it. */
export interface IngressFacts {
  /** The public address: an IP address or, where the cloud gives none, a host name. */
  readonly address: pulumi.Output<string>;
  /** Type, annotations and further spec fields of the ingress controller's Service. */
  readonly service: {
    readonly type: "LoadBalancer" | "ClusterIP";
    readonly annotations: pulumi.Output<Record<string, string>>;
    /** Field by field, so that a plan shows what is known before the address is. */
    readonly spec: Readonly<Record<string, pulumi.Input<string>>>;
  };
  /**
   * True when the load balancer speaks the PROXY protocol (version 2) to the ingress controller: the
   * controller must then expect it from {@link trustedCidrs}, and from nobody else.
   */
  readonly proxyProtocol: boolean;
  /** Where connections from the load balancer come from; empty when it keeps the client's address. */
  readonly trustedCidrs: readonly string[];
  /**
   * Leads the load balancer to a Service that has been made as {@link service} says. Where the cluster does
   * that by itself nothing is made and the list is empty.
   */
  attach(name: string, args: IngressAttachment, opts: pulumi.CustomResourceOptions): pulumi.Resource[];
}

/** A Service of the ingress controller and its ports. */
export interface IngressAttachment {
  readonly namespace: string;
  readonly service: string;
  /** Service ports by what they carry. */
  readonly ports: { readonly http: number; readonly https: number };
}

/** Storage facts that the platform and the chart need by name. */
export interface StorageFacts {
  /** How the default block storage class is made. */
  readonly block: {
    readonly provisioner: string;
    readonly parameters: Readonly<Record<string, string>>;
  };
  /** Name of the CSI driver that mounts a user's bucket into a pod. */
  readonly bucketDriver: string;
  /** The cloud's storage class for each intent, for buckets. */
  readonly classes: Readonly<Record<StorageIntent, string>>;
}

/** Who gets the permission, and which. */
export interface WorkloadArgs {
  /** The Kubernetes namespace the service account really lives in: the trust is bound to it. */
  readonly namespace: string;
  /** The Kubernetes service account: no other account of the namespace gets anything. */
  readonly serviceAccount: string;
  /** What it may do; empty means an identity with no rights, which is refused. */
  readonly grants: readonly Grant[];
}

/** What a chart needs of a binding. */
export interface WorkloadBinding {
  /**
   * Annotations for the service account. They resolve only once identity, trust and every grant exist; they
   * may be empty where the cloud gives the right to somebody else (the CSI driver on EKS).
   */
  readonly annotations: pulumi.Output<Record<string, string>>;
}

/** A secret to keep. */
export interface KeptSecretArgs {
  /** What it is, for whoever finds it in the cloud's console. */
  readonly description: string;
  /** The value; must be secret. */
  readonly value: pulumi.Output<string>;
}

/** Where a kept secret lies. */
export interface KeptSecret {
  /** The cloud's own name for it, to be used with the cloud's command-line tool. */
  readonly id: pulumi.Output<string>;
}
