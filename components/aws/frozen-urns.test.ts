import * as pulumi from "@pulumi/pulumi";
import { Identity } from "./identity";
import { clusterArgs, makeCluster } from "./fixtures/make-cluster";
import { identityOf, recordAws, withProvider } from "./fixtures/recorded";

/**
 * What these URNs name is data, or the EKS cluster, whose component loses aliases (pulumi/pulumi#18801). A changed
 * type, name or parent makes the engine delete the one and create another. If this test fails, change the code
 * back; where that is impossible, give every resource an alias and move the cluster with `pulumi state`.
 */
test("[O5] what holds data, and the cluster, keep their identity in the state for ever", async () => {
  const { recording } = await recordAws(() => {
    const cluster = makeCluster({
      protect: { data: true, cluster: true },
      database: { ...clusterArgs.database, copyRegion: "eu-west-1" },
    });
    cluster.keepSecret("file-key", { description: "a key", value: pulumi.secret(pulumi.output("k")) });
    new Identity(
      "cmb-identity",
      {
        kind: "create",
        cluster: "cmb-test",
        accountId: "123456789012",
        region: "eu-central-1",
        site: "cmb.example.org",
        mfa: "off",
        selfSignUp: false,
        protect: true,
      },
      withProvider(),
    );
  });
  const kept = recording.resources
    .filter((resource) => resource.protect || resource.retainOnDelete)
    .map((resource) => identityOf(recording, resource))
    .sort();
  const bucket = (name: string, within = "cmb:aws:Buckets") => {
    const at = `cmb:aws:CmbCluster$${within}$aws:s3`;
    return [
      `${at}/bucket:Bucket::cmb-buckets-${name}`,
      `${at}/bucketLifecycleConfiguration:BucketLifecycleConfiguration::cmb-buckets-${name}-lifecycle`,
      `${at}/bucketOwnershipControls:BucketOwnershipControls::cmb-buckets-${name}-ownership`,
      `${at}/bucketPolicy:BucketPolicy::cmb-buckets-${name}-policy`,
      `${at}/bucketPublicAccessBlock:BucketPublicAccessBlock::cmb-buckets-${name}-private`,
      `${at}/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration::cmb-buckets-${name}-encryption`,
      `${at}/bucketVersioning:BucketVersioning::cmb-buckets-${name}-versioning`,
    ];
  };
  expect(kept).toEqual(
    [
      ...bucket("database"),
      ...bucket("access-logs"),
      ...bucket("copy-bucket", "cmb:aws:Buckets$cmb:aws:BucketCopy"),
      ...bucket("copy-logs", "cmb:aws:Buckets$cmb:aws:BucketCopy"),
      ...[
        "iam/role:Role::cmb-buckets-copy-role",
        "iam/rolePolicy:RolePolicy::cmb-buckets-copy-policy",
        "kms/alias:Alias::cmb-buckets-copy-key-alias",
        "kms/key:Key::cmb-buckets-copy-key",
        "s3/bucketLogging:BucketLogging::cmb-buckets-copy-logging",
        "s3/bucketReplicationConfig:BucketReplicationConfig::cmb-buckets-copy-replication",
      ].map((rest) => `cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:${rest}`),
      "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketLogging:BucketLogging::cmb-buckets-database-logging",
      "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:kms/key:Key::cmb-buckets-data-key",
      "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:kms/alias:Alias::cmb-buckets-data-key-alias",
      "cmb:aws:CmbCluster$cmb:aws:Cluster$aws:cloudwatch/logGroup:LogGroup::cmb-cluster-logs",
      "cmb:aws:CmbCluster$cmb:aws:Cluster$aws:kms/key:Key::cmb-cluster-secrets-key",
      "cmb:aws:CmbCluster$cmb:aws:Cluster$eks:index:Cluster::cmb-cluster-eks",
      "cmb:aws:CmbCluster$cmb:aws:Dns$aws:route53/zone:Zone::cmb-dns-zone",
      "cmb:aws:CmbCluster$cmb:aws:KeptSecret$aws:secretsmanager/secret:Secret::cmb-file-key-secret",
      "cmb:aws:CmbCluster$cmb:aws:KeptSecret$aws:secretsmanager/secretVersion:SecretVersion::cmb-file-key-version",
      "cmb:aws:CmbCluster$cmb:aws:MountIdentity$aws:iam/role:Role::cmb-mount-identity-role",
      "cmb:aws:CmbCluster$cmb:aws:MountIdentity$aws:iam/rolePolicy:RolePolicy::cmb-mount-identity-policy",
      "cmb:aws:Identity$aws:cognito/userPool:UserPool::cmb-identity-pool",
      "cmb:aws:Identity$aws:cognito/userPoolClient:UserPoolClient::cmb-identity-client",
      "cmb:aws:Identity$aws:cognito/userPoolDomain:UserPoolDomain::cmb-identity-domain",
    ].sort(),
  );
});
