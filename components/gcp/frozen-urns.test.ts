import * as pulumi from "@pulumi/pulumi";
import { computedGcp } from "../../testing/computed-gcp";
import { record, type RecordedResource, type Recording } from "../../testing/record";
import { someCluster } from "./fixtures/cluster";

/**
 * Type token, parents and name are the identity of a resource in the state. A change of any of these lines makes
 * the next `up` of every stack delete what holds data and make it anew, empty, or be refused by `protect`. Whoever
 * must change one adds an alias of the old identity and leaves the old line here, as a test of the alias.
 */
test("[O5] what holds data has the same identity for ever", async () => {
  const { recording } = await record(
    () => {
      const cluster = someCluster();
      cluster.bindWorkload("users", {
        namespace: "n",
        serviceAccount: "s",
        grants: [{ verb: "mount-user-buckets" }],
      });
      cluster.keepSecret("file-key", { description: "a key", value: pulumi.secret("hush") });
    },
    { computed: computedGcp },
  );
  const holding = recording.resources.filter((r) => r.protect || r.name === "cmb-cluster-gke");
  expect(holding.map((r) => `${qualifiedType(recording, r)}::${r.name}`).sort()).toEqual([
    "cmb:gcp:CmbCluster$cmb:gcp:Buckets$gcp:storage/bucket:Bucket::cmb-buckets-database",
    "cmb:gcp:CmbCluster$cmb:gcp:Buckets$gcp:storage/bucket:Bucket::cmb-buckets-database-logs",
    "cmb:gcp:CmbCluster$cmb:gcp:Buckets$gcp:storage/bucketIAMMember:BucketIAMMember::cmb-buckets-database-logs-writer",
    "cmb:gcp:CmbCluster$cmb:gcp:Cluster$gcp:container/cluster:Cluster::cmb-cluster-gke",
    "cmb:gcp:CmbCluster$cmb:gcp:Dns$gcp:dns/managedZone:ManagedZone::cmb-dns-zone",
    "cmb:gcp:CmbCluster$cmb:gcp:KeptSecret$gcp:secretmanager/secret:Secret::cmb-file-key-secret",
    "cmb:gcp:CmbCluster$cmb:gcp:KeptSecret$gcp:secretmanager/secretVersion:SecretVersion::cmb-file-key-version",
    "cmb:gcp:CmbCluster$cmb:gcp:WorkloadIam$gcp:serviceaccount/account:Account::cmb-users-account",
  ]);
});

/** The type part of the engine's URN: all types from the stack's child down. The mocks' own URNs know one parent. */
function qualifiedType(recording: Recording, resource: RecordedResource): string {
  const parent = recording.resources.find((r) => r.urn === resource.parent);
  if (!parent || parent.type === "pulumi:pulumi:Stack") return resource.type;
  return `${qualifiedType(recording, parent)}$${resource.type}`;
}
