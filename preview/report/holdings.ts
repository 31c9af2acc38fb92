/**
 * What people lose with a resource, and in what sense: `data` is what no later `up` can make again; `work` is
 * what people are at while it goes, and what comes back empty or after a pause.
 */
export interface Holding {
  readonly kind: "data" | "work";
  /** What is lost with it, as it completes "holds …". */
  readonly holds: string;
}

/** What tells a resource apart. */
export interface Identified {
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Physical name or id of an identity; left out where there is none. */
  readonly identity?: string;
}

/** Types whose deletion loses what no later `up` can make again. */
const DATA: Readonly<Record<string, string>> = {
  "aws:s3/bucket:Bucket": "objects",
  "aws:s3/bucketV2:BucketV2": "objects",
  "aws:cognito/userPool:UserPool": "people's accounts",
  "aws:route53/zone:Zone": "the delegation of the domain",
  "aws:kms/key:Key": "everything encrypted with it",
  "aws:secretsmanager/secret:Secret": "a copy of the key that encrypts users' files",
  "gcp:storage/bucket:Bucket": "objects",
  "gcp:dns/managedZone:ManagedZone": "the delegation of the domain",
  "gcp:kms/cryptoKey:CryptoKey": "everything encrypted with it",
  "gcp:secretmanager/secret:Secret": "a copy of the key that encrypts users' files",
  "kubernetes:core/v1:PersistentVolumeClaim": "a volume",
};

const CLUSTER = "all that runs in the cluster, every user's environment included";
const NETWORK = "the network under the cluster, which goes with it";
// User pods have neither toleration nor node selector: they may be on any node of any pool.
const NODES = "the user environments on its nodes: a bare pod does not come back";
const IMAGES = "pushed images, without which no pod starts on a new node";

/** Types whose deletion or replacement ends what people are at. */
const WORK: Readonly<Record<string, string>> = {
  "aws:eks/cluster:Cluster": CLUSTER,
  "gcp:container/cluster:Cluster": CLUSTER,
  "aws:ec2/vpc:Vpc": NETWORK,
  "aws:ec2/subnet:Subnet": NETWORK,
  "gcp:compute/network:Network": NETWORK,
  "gcp:compute/subnetwork:Subnetwork": NETWORK,
  "aws:eks/nodeGroup:NodeGroup": NODES,
  "gcp:container/nodePool:NodePool": NODES,
  "aws:ecr/repository:Repository": IMAGES,
  "gcp:artifactregistry/repository:Repository": IMAGES,
};

/** Types of clusters. They count as data where a profile keeps them. */
export const CLUSTERS: readonly string[] = ["aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster"];

/** Types of identities, of which one per stack holds something. */
export const IDENTITIES: readonly string[] = ["aws:iam/role:Role", "gcp:serviceaccount/account:Account"];

/**
 * The identity whose name the application computes: user buckets trust its unique id, so one made anew is
 * locked out of them.
 */
const MOUNTING_IDENTITY = /-workload-sa(@.*)?$/;

/** The generated key without which the users' files cannot be read (`cmb:application:Keys`). */
const FILE_KEY = /-file-encryption$/;

/** The group of an EKS control plane's logs (`cmb:aws:Cluster`). */
const AUDIT_LOGS = /-cluster-logs$/;

/** The namespace of the application (`cmb:application:Workspace`), not those of the platform's own services. */
const APPLICATION_NAMESPACE = /-workspace-namespace$/;

/** The application's release (`cmb:application:Release`), whose chart makes the database's claim. */
const APPLICATION_RELEASE = /-release-helm$/;

/** What is lost with a resource; undefined for what the next `up` makes again and nobody misses in between. */
export function holdingOf({ type, name, identity = "" }: Identified): Holding | undefined {
  const data = (holds: string): Holding => ({ kind: "data", holds });
  const work = (holds: string): Holding => ({ kind: "work", holds });
  if (IDENTITIES.includes(type)) {
    return MOUNTING_IDENTITY.test(identity) ? data("access to every user's bucket") : undefined;
  }
  if (type === "random:index/randomPassword:RandomPassword") {
    return FILE_KEY.test(name) ? data("the key that encrypts users' files, in the state") : undefined;
  }
  if (type === "kubernetes:core/v1:Namespace" && APPLICATION_NAMESPACE.test(name)) {
    return work("every user's environment and the application itself");
  }
  if (type === "kubernetes:helm.sh/v3:Release" && APPLICATION_RELEASE.test(name)) {
    return work("the application: nobody gets in until it is back");
  }
  if (type === "aws:cloudwatch/logGroup:LogGroup" && AUDIT_LOGS.test(name)) {
    return data("the control plane's audit logs, each line until its days are over");
  }
  const held = DATA[type];
  if (held !== undefined) return data(held);
  const ends = WORK[type];
  return ends === undefined ? undefined : work(ends);
}
