import { recorded } from "./fixtures/world";
import { judge } from "./judge";
import { type Plan, readPlan, type Step } from "./plan";

const plan = (name: string): Plan => readPlan(recorded(`preview-${name}`));

/** A plan of one step on a resource of a type and name. */
function one(
  op: string,
  type: string,
  name: string,
  state: Partial<NonNullable<Step["oldState"]>> = {},
): Plan {
  const urn = `urn:pulumi:s::cmbcluster::cmb:a:B$${type}::${name}`;
  const oldState = { urn, type, custom: true, ...state };
  return { steps: [{ op, urn, oldState, newState: oldState }], diagnostics: [], summary: {} };
}

describe("[O5] what the gate refuses in plans of the genuine engine", () => {
  test("a bucket, a VPC and its subnet that would be replaced, each with the property that forces it", () => {
    const { refused } = judge(plan("losses"));
    expect(
      refused.map(({ name, action, protected: kept, holds }) => [name, action, kept, holds.kind]),
    ).toEqual([
      ["cmb-buckets-database", "replaced", true, "data"],
      ["cmb-network-vpc", "replaced", false, "work"],
      ["cmb-network-private-a", "replaced", false, "work"],
    ]);
    expect(refused[0]!.because).toEqual([
      { property: "bucket", before: '"cmb-dev-db-123456789012"', after: '"cmb-other-db-123456789012"' },
    ]);
    expect(refused[2]!.because).toContainEqual({
      property: "vpcId",
      before: expect.stringMatching(/^"vpc-/) as string,
      after: "known after the run",
    });
  });

  test("a bucket that the refresh of this run no longer found: an empty one would take its place", () => {
    const { refused } = judge(plan("gone"));
    expect(refused.map(({ name, action }) => [name, action])).toEqual([["cmb-buckets-database", "gone"]]);
  });

  test("an update in place, and the deletion of what nobody misses, are no losses", () => {
    expect(judge(plan("update"))).toEqual({ refused: [], allowed: [], unused: [] });
    expect(judge(plan("delete")).refused.map(({ name }) => name)).toEqual(["cmb-buckets-database"]);
  });
});

describe("[O5] every kind of thing that holds data or that people work on", () => {
  test.each([
    ["aws:s3/bucket:Bucket", "cmb-buckets-access-logs"],
    ["gcp:storage/bucket:Bucket", "cmb-buckets-database"],
    ["aws:cognito/userPool:UserPool", "sign-in-pool"],
    ["aws:route53/zone:Zone", "cmb-dns-zone"],
    ["gcp:dns/managedZone:ManagedZone", "cmb-dns-zone"],
    ["aws:kms/key:Key", "cmb-buckets-data-key"],
    ["aws:secretsmanager/secret:Secret", "cmb-file-encryption-key-secret"],
    ["gcp:secretmanager/secret:Secret", "cmb-file-encryption-key-secret"],
    ["kubernetes:core/v1:PersistentVolumeClaim", "claim"],
    ["aws:cloudwatch/logGroup:LogGroup", "cmb-cluster-logs"],
    ["random:index/randomPassword:RandomPassword", "application-workspace-keys-file-encryption"],
    ["aws:eks/cluster:Cluster", "cmb-cluster-eks-eksCluster"],
    ["gcp:container/cluster:Cluster", "cmb-cluster-gke"],
    ["aws:eks/nodeGroup:NodeGroup", "cmb-nodes-users"],
    ["gcp:container/nodePool:NodePool", "cmb-pools-users"],
    ["aws:ec2/vpc:Vpc", "cmb-network-vpc"],
    ["gcp:compute/network:Network", "cmb-network-vpc"],
    ["gcp:compute/subnetwork:Subnetwork", "cmb-network-subnet"],
    ["kubernetes:core/v1:Namespace", "application-workspace-namespace"],
    ["kubernetes:helm.sh/v3:Release", "application-release-helm"],
    ["aws:ecr/repository:Repository", "cmb-registry-backend"],
  ])("%s %s: neither deleted nor replaced", (type, name) => {
    for (const op of ["delete", "replace", "delete-replaced"]) {
      expect(judge(one(op, type, name)).refused).toHaveLength(1);
    }
    for (const op of ["create", "update", "same", "import", "refresh"]) {
      expect(judge(one(op, type, name)).refused).toEqual([]);
    }
  });

  test.each([
    ["aws:iam/role:Role", { name: "cmb-dev-workload-sa@cmb.iam.gserviceaccount.com" }],
    ["gcp:serviceaccount/account:Account", { accountId: "cmb-dev-workload-sa" }],
  ])("%s counts by the name that the application computes, others of its type do not", (type, inputs) => {
    expect(judge(one("delete", type, "x", { inputs })).refused).toHaveLength(1);
    expect(
      judge(one("delete", type, "x", { inputs: { name: "cmb-dev-node", accountId: "node" } })).refused,
    ).toEqual([]);
  });

  test.each([
    ["kubernetes:core/v1:Namespace", "platform-ingress-namespace"],
    ["kubernetes:helm.sh/v3:Release", "platform-ingress-release"],
    ["aws:cloudwatch/logGroup:LogGroup", "cmb-network-flows-group"],
    ["random:index/randomPassword:RandomPassword", "application-workspace-keys-session"],
    ["aws:ec2/route:Route", "cmb-network-public-internet"],
  ])("%s %s comes back with the next up, so it may go", (type, name) => {
    expect(judge(one("delete", type, name)).refused).toEqual([]);
  });

  test("whatever the program protects may not go either, whatever it is", () => {
    const [loss] = judge(one("delete", "aws:s3/bucketPolicy:BucketPolicy", "p", { protect: true })).refused;
    expect(loss!.holds).toEqual({ kind: "data", holds: "a part of what is kept whole" });
  });

  test("a retained resource that leaves the program is forgotten, not deleted", () => {
    const bucket = one("delete", "aws:s3/bucket:Bucket", "b", { retainOnDelete: true });
    expect(judge(bucket).refused[0]!.action).toBe("forgotten");
  });
});

describe("[O5] --allow", () => {
  test("lets one loss go by name or URN, and no other", () => {
    const all = judge(plan("losses")).refused;
    const verdict = judge(plan("losses"), ["cmb-network-vpc", all[2]!.urn]);
    expect(verdict.allowed.map(({ name }) => name)).toEqual(["cmb-network-vpc", "cmb-network-private-a"]);
    expect(verdict.refused.map(({ name }) => name)).toEqual(["cmb-buckets-database"]);
  });

  test("lets nothing go that is protected: the engine would stop at it in the middle of the run", () => {
    const { refused, allowed, unused } = judge(plan("losses"), ["cmb-buckets-database"]);
    expect([refused.length, allowed, unused]).toEqual([3, [], []]);
  });

  test("a name that fits nothing is told, since it may be a slip", () => {
    expect(judge(plan("update"), ["cmb-netwrok-vpc"]).unused).toEqual(["cmb-netwrok-vpc"]);
  });
});
