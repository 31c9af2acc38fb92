/** What a reader may notice: who can reach what, what is kept, what a right covers, what it costs. */
export type Aspect = "reach" | "kept" | "rights" | "cost";

export const aspectTitles: Readonly<Record<Aspect, string>> = {
  reach: "Who can reach what",
  kept: "What a destroy keeps",
  rights: "What a right covers",
  cost: "What it costs a month",
};

/** Items of the two clouds' reports that are about the same thing. */
export interface Subject {
  readonly aspect: Aspect;
  /** The thing, in words that fit both. */
  readonly subject: string;
  /** Tells what belongs here: of a way in its name, of data its name and what it holds, of a right who has it. */
  readonly matches: RegExp;
  /** Why the two clouds differ in it. */
  readonly why: string;
}

const of = (aspect: Aspect, subject: string, matches: RegExp, why: string): Subject => ({
  aspect,
  subject,
  matches,
  why,
});

/**
 * Every item of a report belongs to the first subject that fits. One that fits none stands by itself, without a
 * reason: a test fails then. So does it for a subject to which nothing belongs any more.
 */
export const subjects: readonly Subject[] = [
  of(
    "reach",
    "the Kubernetes API",
    /\b(EKS|GKE) API\b/,
    "GKE's DNS endpoint has no list of address ranges: rights of IAM alone decide, from anywhere. EKS answers on addresses, which are limited to ranges, and inside the network",
  ),
  of(
    "reach",
    "the site and the users' environments",
    /\b(NLB|load balancer)\b/,
    "open on either; the program names the ports of its own load balancer on Amazon, the cluster makes Google's for the ingress",
  ),
  of(
    "reach",
    "the sign-in page",
    /\bsign-in page\b/,
    "Cognito's page belongs to the stack; Google's is Google's own, and no part of it",
  ),
  of("reach", "the zone's records", /\bDNS zone\b/, "the same: a public zone answers everybody"),
  of(
    "kept",
    "copies of the database",
    /^objects .*(database|copy-bucket)$/,
    "protected, and retained where that is taken away; from staging on Google's bucket lies in several regions, and Amazon's has a copy in a second one",
  ),
  of("kept", "the database's volume", /^the database, a volume /, "the same: the storage class retains it"),
  of("kept", "access logs of the buckets", /^objects .*logs$/, "the same"),
  of(
    "kept",
    "the key of the data",
    /^everything encrypted with it .*(data|copy)-key$/,
    "one a region on Amazon; Google encrypts buckets with keys of its own: there is none to lose",
  ),
  of(
    "kept",
    "the key of the cluster's secrets",
    /^everything encrypted with it .*secrets-key$/,
    "it goes with the cluster, which alone reads with it; GKE's is Google's own",
  ),
  of(
    "kept",
    "people's accounts",
    /^people's accounts /,
    "with Google sign-in nobody has an account here: there is none to lose",
  ),
  of("kept", "the delegation of the domain", /^the delegation of the domain /, "the same"),
  of(
    "kept",
    "access to every user's bucket",
    /^access to every user's bucket /,
    "the same end: users' buckets trust this one identity, and one made anew would be locked out of them",
  ),
  of(
    "kept",
    "the key of users' files, in the state",
    /^the key that encrypts users' files, in the state/,
    "the same",
  ),
  of(
    "kept",
    "the key of users' files, its copy",
    /^a copy of the key that encrypts users' files/,
    "the same",
  ),
  of(
    "kept",
    "the control plane's audit logs",
    /^the control plane's audit logs/,
    "EKS writes into a log group that the stack owns; Google's audit logs lie in the project, which a destroy leaves alone",
  ),
  of("kept", "what runs in the cluster", /^what runs in it /, "the same: kept in prod only"),
  of(
    "rights",
    "the backend",
    /\/cmbcluster-ksa$/,
    "Google has no narrower place than the project for creating and listing buckets; copies of the database are written and read on either, never overwritten or deleted",
  ),
  of(
    "rights",
    "the restore drill",
    /\/cmbcluster-restore-drill$/,
    "the same: it reads copies of the database",
  ),
  of(
    "rights",
    "what copies to a second region",
    /^s3\.amazonaws\.com /,
    "S3 copies with a role of the stack's; Google keeps a bucket in several regions by itself",
  ),
  of(
    "rights",
    "what mounts users' buckets",
    /mountpoint|s3-csi|cmbcluster-user-sa$/,
    "on Amazon the driver alone has the role and users' pods have none; on Google the service account has no right of its own until the application grants it a bucket, and code of users can obtain its token (row W2)",
  ),
  of(
    "rights",
    "certificates",
    /^cert-manager\//,
    "Route 53 limits a right to TXT records of one name; Cloud DNS knows the zone only",
  ),
  of(
    "rights",
    "the autoscaler",
    /cluster-autoscaler/,
    "GKE resizes its pools by itself; on EKS it is a pod with rights on groups that carry the cluster's tag",
  ),
  of(
    "rights",
    "the load balancer's controller",
    /load-balancer-controller/,
    "GKE's is part of the cluster; on EKS it is a pod, and may only bind targets of the stack's own groups",
  ),
  of("rights", "the network's driver", /vpc-cni/, "on GKE part of the cluster"),
  of("rights", "the disks' driver", /ebs-csi/, "on GKE part of the cluster"),
  of(
    "rights",
    "the nodes",
    /^ec2\.amazonaws\.com .*-node\)$|-nodes@/,
    "Amazon's own policies, of which the pulling one is account-wide; on Google roles for logs and metrics, and reading of the one registry",
  ),
  of(
    "rights",
    "the control plane",
    /^eks\.amazonaws\.com /,
    "GKE's acts as an agent of Google's that every project has",
  ),
  of(
    "rights",
    "flow logs",
    /^vpc-flow-logs\.amazonaws\.com /,
    "Google's network writes its logs without an identity of the stack's",
  ),
  of(
    "rights",
    "what sends the nodes to sleep",
    /^scheduler\.amazonaws\.com |-sleep@/,
    "on Amazon one action on single node groups; on Google the permission is the cluster's, on the condition that it is this one",
  ),
  of(
    "rights",
    "the buckets' access logs",
    /cloud-storage-analytics/,
    "on Amazon the log bucket's policy lets the service in, which is no identity of the stack's",
  ),
];
