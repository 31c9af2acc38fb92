import type { Json } from "../../preview/engine/values";

/** Properties as a cloud's API holds them: plain JSON, secrets included, nothing unknown. */
export type Properties = { readonly [key: string]: Json };

/** Where a name must be unique, or a thing is looked for. */
export type Scope = "global" | "account" | "region" | "zone" | { readonly within: string };

/**
 * One thing that exists in the simulated cloud. Most are made by a resource of the program; some come with
 * another (the network interfaces of a node, the disk behind a volume claim, a log group that a service makes).
 */
export interface CloudObject {
  /** Type token of the resource (`aws:ec2/vpc:Vpc`), or `aws:hidden/networkInterface` for what no program makes. */
  readonly kind: string;
  /** The provider's id. */
  readonly id: string;
  /** Account and region, or project and location, in which it lies: `111122223333/us-east-1`. */
  readonly place: string;
  /** Key of the name in the scope where it must be unique; absent where names may repeat. */
  readonly uniqueName?: string;
  /** `creating` and `deleting` while the operation lasts; `failed` after one that broke in the middle. */
  status: "creating" | "active" | "updating" | "deleting" | "failed";
  /** What a read answers: inputs as they are now, and outputs. */
  properties: Record<string, Json>;
  /** Virtual second from which others see it: eventual consistency. */
  visibleAt: number;
  /** Virtual second of its creation. */
  readonly createdAt: number;
}

/** Thrown by a model: an answer of the cloud, in the cloud's own words where they are known. */
export class CloudError extends Error {
  constructor(
    /** `DependencyViolation`, `alreadyExists`, `ResourceInUseException`, ... */
    readonly code: string,
    message: string,
    /** Seconds during which the genuine provider tries again by itself before it gives up; 0: it fails at once. */
    readonly retriedFor = 0,
  ) {
    super(`${code}: ${message}`);
  }
}

/** A fault of the inputs, as a provider's check answers it. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** What a model sees of its cloud while one operation lasts. Sleeping costs virtual time only. */
export interface CloudView {
  /** Account id, region: from the configuration of the provider in use. Empty where the cloud has no such thing. */
  readonly account: string;
  readonly region: string;
  /** Google's project; empty on AWS. */
  readonly project: string;
  /** `account/region` or `project/region`, the default place of a thing. */
  readonly place: string;
  /** Virtual seconds since the simulation began. */
  now(): number;
  /** Lets virtual time pass. */
  sleep(seconds: number): Promise<void>;
  /**
   * Waits until `done` answers true, looking again whenever anything changes; throws `timeout` as a CloudError
   * when `seconds` of virtual time have passed. */
  until(done: () => boolean, seconds: number, timeout: CloudError): Promise<void>;
  /** A thing that exists and is visible, by kind and id (or any of its other addresses: ARN, name, self link). */
  find(kind: string, address: string): CloudObject | undefined;
  /** All things of a kind, those being deleted included. */
  list(kind: string, where?: (object: CloudObject) => boolean): CloudObject[];
  /** Adds a thing which comes with another, or replaces it by the same id. */
  put(object: CloudObject): void;
  remove(kind: string, id: string): void;
  /** Addresses of the images that were pushed and are still there. */
  readonly images: Set<string>;
  /** Something happens by itself after some seconds, whatever becomes of the operation (interfaces that linger). */
  later(seconds: number, what: (cloud: CloudView) => void | Promise<void>): void;
  /** Deterministic hexadecimal digits, different at every call: for ids. */
  hex(digits: number): string;
  /** The Kubernetes cluster behind a cluster resource; see simulator/kubernetes. */
  readonly clusters: ClusterHands;
}

/** What a managed Kubernetes service does to its cluster. Implemented on a genuine control plane, or not at all. */
export interface ClusterHands {
  /** Starts a control plane that answers under the name; gives what the cloud's API shows of it. */
  create(clusterId: string, serverName: string): Promise<{ readonly caPem: string }>;
  remove(clusterId: string): Promise<void>;
  /** Makes the group have exactly these nodes. */
  setNodes(clusterId: string, group: string, nodes: NodeTemplate): Promise<void>;
  removeNodes(clusterId: string, group: string): Promise<void>;
  /** Something which a cloud's add-on or feature brings: CSI drivers, classes. Idempotent. */
  apply(clusterId: string, manifests: readonly Json[]): Promise<void>;
}

/** Nodes of one node group or pool. */
export interface NodeTemplate {
  readonly count: number;
  /** Nodes are spread over them in turn. */
  readonly zones: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  readonly cpu: number;
  readonly memoryGi: number;
  readonly maxPods: number;
}

/** One reference of an input to a thing that must exist. */
export interface ReferenceNeed {
  readonly property: string;
  readonly kind: string;
  readonly address: string;
  /** What the cloud answers when it is missing; a generic text otherwise. */
  readonly error?: CloudError;
}

/** Seconds of virtual time. */
export interface Durations {
  readonly create: number;
  /** Left out: 2 s. */
  readonly update?: number;
  readonly delete: number;
  /** Where the figures come from: published deployment logs, documentation, or `estimate`. */
  readonly source: string;
}

/**
 * One resource type of a cloud: what it asks for, what it answers, what it refuses. The generic part (required
 * inputs, replacement, defaults, uniqueness, references, time) is done by the engine of the simulator from
 * these declarations and from {@link ../facts}; functions stand only for what is particular.
 */
export interface ResourceModel {
  readonly type: string;
  readonly durations: Durations;
  /** Id of a thing with these inputs; called once per creation. */
  id(inputs: Properties, cloud: CloudView): string;
  /** Key that no other thing of this kind may have, with its scope written out (`global:NAME`, `123/us-east-1:NAME`). */
  uniqueName?(inputs: Properties, cloud: CloudView): string | undefined;
  /** What the cloud says when that name is taken. Left out: a generic text. */
  nameTaken?(inputs: Properties): CloudError;
  /** Things that must exist (and be visible) before the creation is accepted. */
  needs?(inputs: Properties, cloud: CloudView): readonly ReferenceNeed[];
  /**
   * Refuses the creation, by throwing, before anything is made: a quota, a thing in the wrong state, two inputs that
   * do not go together in this account. Called after {@link needs} found everything; `retriedFor` holds here too.
   */
  accept?(inputs: Properties, cloud: CloudView): void | Promise<void>;
  /** Outputs beside the inputs: ARNs, self links, endpoints, what is filled when unset. */
  outputs?(inputs: Properties, cloud: CloudView, id: string): Properties | Promise<Properties>;
  /** Faults of inputs beyond the facts; unknown values are absent from `inputs` and named in `unknown`. */
  check?(inputs: Properties, unknown: ReadonlySet<string>): readonly CheckFailure[];
  /** For a property with a condition: does this change replace? Properties in `replaceOn` need no mention. */
  readonly replaceWhen?: Readonly<
    Record<
      string,
      (before: Json | undefined, after: Json | undefined, olds: Properties, news: Properties) => boolean
    >
  >;
  /** Outputs that change with these inputs, unknown until an update has run (a launch template's version). */
  readonly changesWith?: Readonly<Record<string, readonly string[]>>;
  /**
   * True: a creation takes over this thing of the same id, which nobody's state may hold any more, instead of being
   * refused.
   */
  adopts?(inputs: Properties, existing: CloudObject): boolean;
  /** True: a deletion only forgets the thing (`deletionPolicy: ABANDON`); nothing is asked of the cloud. */
  forgets?(object: CloudObject): boolean;
  /** Why the cloud refuses to delete the thing now; the first is thrown. */
  blockers?(object: CloudObject, cloud: CloudView): readonly CloudError[];
  /**
   * Beyond waiting: called after the thing exists as `creating`, before it is `active`. What the creation needs without
   * being refused for the lack of it, it waits for here with {@link CloudView.until}, which takes note of what ended it.
   */
  created?(object: CloudObject, cloud: CloudView): Promise<void> | void;
  /** Refuses or does what an update means; properties are written afterwards. */
  updating?(object: CloudObject, news: Properties, cloud: CloudView): Promise<void> | void;
  /** After the blockers passed, before the thing is gone. What stays behind is put here. */
  deleting?(object: CloudObject, cloud: CloudView): Promise<void> | void;
  /** Seconds after the creation until others see it (IAM). Left out: 0. */
  readonly visibleAfter?: number;
  /** False: a thing that needs no place of its own and is only a setting of another (a bucket's versioning). */
  readonly settingOf?: (inputs: Properties) => { readonly kind: string; readonly address: string };
  /** Id under which `pulumi import` finds an existing thing, if other than its id. */
  importId?(object: CloudObject): string;
}

/** Answers a provider's function. `cloud` is absent in the offline preview: then only what needs none is answered. */
export type InvokeModel = (
  args: Properties,
  cloud: CloudView | undefined,
) => Properties | Promise<Properties>;
