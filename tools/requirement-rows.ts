/** One thing the system must do, on both clouds. */
export interface RequirementRow {
  readonly id: string;
  readonly text: string;
  /** What is still missing, or red, in a row that has tests already. */
  readonly open?: string;
}

/**
 * Everything CMBCluster's infrastructure must do. A row stays until it works on both clouds;
 * `docs/requirements.md` is generated from it, the `@requirement` tags of the code and the titles of the tests.
 */
export const requirementRows: readonly RequirementRow[] = [
  {
    id: "P1",
    text: "`pulumi up` on any stack deploys everything: network, cluster, registry, buckets, identity, permissions, cluster services, chart",
  },
  {
    id: "P2",
    text: "One config key chooses the cloud; nothing above `components/<cloud>/` can tell which one it is on",
  },
  { id: "P3", text: "The same `app-chart` on both clouds, without a branch on the cloud" },
  {
    id: "P4",
    text: "Reusable ComponentResources for cluster, network, registry, buckets, Cognito pool and workload IAM",
  },
  { id: "P5", text: "@pulumi/pulumi, aws, eks, gcp, kubernetes, random, zod, jest" },
  {
    id: "P6",
    text: "Top level: `infra`, `components`, `stacks`, `app-chart`, stack files, `package.json`, `tsconfig.json`",
  },
  {
    id: "P7",
    text: "Switching clouds is changing stack config; on a running stack the change is refused before anything is registered, and nothing that holds data is deleted by it",
  },
  { id: "P8", text: "CI previews every pull request without credentials, and with them where they exist" },
  { id: "P9", text: "Profiles dev, staging, prod; every value can be overridden" },
  {
    id: "C1",
    text: "One typed schema; all faults at once, with code, key, value, cause and fix, as text and JSON",
  },
  {
    id: "C2",
    text: "Checked at least: cloud, accounts, regions, zones, names, domain, storage class, sign-in, key lengths, production switches",
  },
  {
    id: "C3",
    text: "Secrets come as Pulumi secrets or are generated and stable; never printed, never in plain outputs or chart values",
  },
  {
    id: "C4",
    text: "A published JSON Schema for stack files; the reference of all keys from the same source",
  },
  { id: "N1", text: "Network: VPC, subnets or secondary ranges, NAT, flow logs, S3 gateway endpoint" },
  {
    id: "N2",
    text: "Private GKE with Dataplane V2 and DNS endpoint; EKS through @pulumi/eks with restricted endpoint, access entries, encryption, logs",
  },
  { id: "N3", text: "System and user node pools, autoscaled, with their own least-privilege identity" },
  { id: "N4", text: "Storage drivers and cluster add-ons" },
  {
    id: "N5",
    text: "A check that every driver and class the application needs exists before it is installed",
  },
  {
    id: "S1",
    text: "Database bucket: named, versioned, encrypted, private, TLS only, access logs, lifecycle",
  },
  { id: "S2", text: "Storage classes by intent; one that a mount cannot read is refused" },
  { id: "S3", text: "The backend may create and manage its users' buckets, and no other" },
  { id: "S4", text: "User pods mount their bucket by GCS FUSE or Mountpoint S3" },
  {
    id: "S5",
    text: "The SQLite database survives pod, node and zone loss and can be restored elsewhere",
    open: "copied within a second and restored in drills; never in a real cluster",
  },
  { id: "A1", text: "Google OAuth or Cognito, or both, on either cloud: six combinations" },
  { id: "A2", text: "Choice: explicit, else what has credentials (Google first), else the cloud's default" },
  {
    id: "A3",
    text: "Cognito pool, confidential client, domain, callbacks, password policy, MFA, revocation, deletion protection",
  },
  {
    id: "A4",
    text: "An existing pool or client instead of a new one; a GCP stack may create the pool in AWS",
  },
  { id: "A5", text: "The exact redirect URIs and origins for the Google client are printed" },
  { id: "W1", text: "No long-lived cloud key anywhere" },
  {
    id: "W2",
    text: "Backend and user pods are different identities; no user pod reads another's bucket",
    open: "red on GKE until there is an identity per user: user code can obtain the shared workload account's token",
  },
  {
    id: "W3",
    text: "Trust is bound to the real namespace and service account; permissions to buckets or name patterns",
  },
  {
    id: "H1",
    text: "Backend, front end, accounts, RBAC, services, ingress, config, secrets; every variable reaches its pod",
  },
  { id: "H2", text: "RBAC: exactly the verbs the application uses, in one namespace" },
  { id: "H3", text: "Closed values schema; impossible combinations fail at render" },
  { id: "H4", text: "Front end autoscales; disruption budgets; quota and limits; one backend replica" },
  {
    id: "H5",
    text: "NetworkPolicies isolate user pods; Pod Security Standard enforced",
    open: "What the policies allow is evaluated, never enforced, in a test; on GKE an environment reaches the GKE metadata server",
  },
  { id: "H6", text: "A user environment is ready within 60 s" },
  { id: "H7", text: "Rate limits, upload sizes and timeouts at the ingress" },
  { id: "D1", text: "Zone (created or existing), records for site, API and environments" },
  { id: "D2", text: "cert-manager, Let's Encrypt, one wildcard certificate by DNS-01" },
  {
    id: "O1",
    text: "The first `up` needs no images; registries; a build-and-push path",
    open: "registries and commands; the skipping build path comes later",
  },
  { id: "O2", text: "Preflight before spending" },
  { id: "O3", text: "Verify after: 20 or more checks" },
  { id: "O4", text: "Status after deploy: addresses, redirect URIs, next steps" },
  { id: "O5", text: "Destroy ends by itself and keeps data whole" },
  { id: "O6", text: "Metrics, dashboards, SLOs, alert rules" },
  { id: "O7", text: "Logs and traces" },
  { id: "O8", text: "Alert channels" },
  { id: "O9", text: "Backups, cross-region copy, restore drill" },
  { id: "O10", text: "External Secrets" },
  { id: "O11", text: "Cost estimate, budgets, usage by user" },
  { id: "O12", text: "CIS benchmark, image scanning, runtime detection, admission policies" },
  { id: "O13", text: "Chaos experiments and load tests" },
  { id: "O14", text: "Deployment without downtime, automatic rollback" },
  { id: "O15", text: "Moving to the other cloud" },
  { id: "O16", text: "State: where it lives, lock, secrets provider, set-up, recovery" },
  {
    id: "O17",
    text: "Upgrades under people's running pods",
    open: "surge settings and release channel only",
  },
  { id: "O18", text: "People: who gets into the cluster, removing a user" },
  {
    id: "Q1",
    text: "A full deployment in under 30 (AWS) and 25 (GCP) minutes",
    open: "the first `up`, without images, by published durations on simulated clouds: under 18 and 11; the later one is not measured",
  },
  { id: "Q2", text: "Test coverage over 80 %, provider abstractions 100 %" },
  { id: "Q3", text: "Guides, parity matrix generated from the code" },
  { id: "G1", text: "A second application of another shape without a change to `components/`" },
];
