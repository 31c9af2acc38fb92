import { join } from "node:path";
import { previewStack } from "../preview/engine";
import { findData } from "../preview/report/data";
import { Query } from "../preview/report/query";

const root = join(__dirname, "..");

/**
 * What the engine knows data by: parents' types and name, without stack and project. A changed one is a deletion
 * and a creation to the engine. Whoever has to change a line here adds an alias, and a test that the alias works;
 * the line of `eks.Cluster` can never change, since its aliases are lost on the way to its plugin (pulumi#18801).
 */
const frozen: Record<string, string[]> = {
  "gcp-dev": [
    "cmb:application:Application$cmb:application:Release$kubernetes:helm.sh/v3:Release application-release-helm",
    "cmb:application:Application$cmb:application:Workspace$cmb:application:Keys$random:index/randomPassword:RandomPassword application-workspace-keys-file-encryption",
    "cmb:application:Application$cmb:application:Workspace$kubernetes:core/v1:Namespace application-workspace-namespace",
    "cmb:aws:Identity$aws:cognito/userPool:UserPool sign-in-pool",
    "cmb:aws:Identity$aws:cognito/userPoolClient:UserPoolClient sign-in-client",
    "cmb:aws:Identity$aws:cognito/userPoolDomain:UserPoolDomain sign-in-domain",
    "cmb:gcp:CmbCluster$cmb:gcp:Buckets$gcp:storage/bucket:Bucket cmb-buckets-database",
    "cmb:gcp:CmbCluster$cmb:gcp:Buckets$gcp:storage/bucket:Bucket cmb-buckets-database-logs",
    "cmb:gcp:CmbCluster$cmb:gcp:Buckets$gcp:storage/bucketIAMMember:BucketIAMMember cmb-buckets-database-logs-writer",
    "cmb:gcp:CmbCluster$cmb:gcp:Cluster$gcp:container/cluster:Cluster cmb-cluster-gke",
    "cmb:gcp:CmbCluster$cmb:gcp:Dns$gcp:dns/managedZone:ManagedZone cmb-dns-zone",
    "cmb:gcp:CmbCluster$cmb:gcp:KeptSecret$gcp:secretmanager/secret:Secret cmb-file-encryption-key-secret",
    "cmb:gcp:CmbCluster$cmb:gcp:KeptSecret$gcp:secretmanager/secretVersion:SecretVersion cmb-file-encryption-key-version",
    "cmb:gcp:CmbCluster$cmb:gcp:WorkloadIam$gcp:serviceaccount/account:Account cmb-users-account",
  ],
  "aws-dev": [
    "cmb:application:Application$cmb:application:Release$kubernetes:helm.sh/v3:Release application-release-helm",
    "cmb:application:Application$cmb:application:Workspace$cmb:application:Keys$random:index/randomPassword:RandomPassword application-workspace-keys-file-encryption",
    "cmb:application:Application$cmb:application:Workspace$kubernetes:core/v1:Namespace application-workspace-namespace",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:kms/alias:Alias cmb-buckets-data-key-alias",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:kms/key:Key cmb-buckets-data-key",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucket:Bucket cmb-buckets-access-logs",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucket:Bucket cmb-buckets-database",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration cmb-buckets-access-logs-lifecycle",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration cmb-buckets-database-lifecycle",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketLogging:BucketLogging cmb-buckets-database-logging",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketOwnershipControls:BucketOwnershipControls cmb-buckets-access-logs-ownership",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketOwnershipControls:BucketOwnershipControls cmb-buckets-database-ownership",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketPolicy:BucketPolicy cmb-buckets-access-logs-policy",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketPolicy:BucketPolicy cmb-buckets-database-policy",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock cmb-buckets-access-logs-private",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock cmb-buckets-database-private",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration cmb-buckets-access-logs-encryption",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration cmb-buckets-database-encryption",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketVersioning:BucketVersioning cmb-buckets-access-logs-versioning",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$aws:s3/bucketVersioning:BucketVersioning cmb-buckets-database-versioning",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:iam/role:Role cmb-buckets-copy-role",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:iam/rolePolicy:RolePolicy cmb-buckets-copy-policy",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:kms/alias:Alias cmb-buckets-copy-key-alias",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:kms/key:Key cmb-buckets-copy-key",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucket:Bucket cmb-buckets-copy-bucket",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucket:Bucket cmb-buckets-copy-logs",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration cmb-buckets-copy-bucket-lifecycle",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration cmb-buckets-copy-logs-lifecycle",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketLogging:BucketLogging cmb-buckets-copy-logging",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketOwnershipControls:BucketOwnershipControls cmb-buckets-copy-bucket-ownership",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketOwnershipControls:BucketOwnershipControls cmb-buckets-copy-logs-ownership",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketPolicy:BucketPolicy cmb-buckets-copy-bucket-policy",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketPolicy:BucketPolicy cmb-buckets-copy-logs-policy",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock cmb-buckets-copy-bucket-private",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock cmb-buckets-copy-logs-private",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketReplicationConfig:BucketReplicationConfig cmb-buckets-copy-replication",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration cmb-buckets-copy-bucket-encryption",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration cmb-buckets-copy-logs-encryption",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketVersioning:BucketVersioning cmb-buckets-copy-bucket-versioning",
    "cmb:aws:CmbCluster$cmb:aws:Buckets$cmb:aws:BucketCopy$aws:s3/bucketVersioning:BucketVersioning cmb-buckets-copy-logs-versioning",
    "cmb:aws:CmbCluster$cmb:aws:Cluster$aws:cloudwatch/logGroup:LogGroup cmb-cluster-logs",
    "cmb:aws:CmbCluster$cmb:aws:Cluster$aws:kms/key:Key cmb-cluster-secrets-key",
    "cmb:aws:CmbCluster$cmb:aws:Cluster$eks:index:Cluster cmb-cluster-eks",
    "cmb:aws:CmbCluster$cmb:aws:Cluster$eks:index:Cluster$aws:eks/cluster:Cluster cmb-cluster-eks-eksCluster",
    "cmb:aws:CmbCluster$cmb:aws:Cluster$eks:index:Cluster$pulumi:providers:kubernetes cmb-cluster-eks-eks-k8s",
    "cmb:aws:CmbCluster$cmb:aws:Dns$aws:route53/zone:Zone cmb-dns-zone",
    "cmb:aws:CmbCluster$cmb:aws:KeptSecret$aws:secretsmanager/secret:Secret cmb-file-encryption-key-secret",
    "cmb:aws:CmbCluster$cmb:aws:KeptSecret$aws:secretsmanager/secretVersion:SecretVersion cmb-file-encryption-key-version",
    "cmb:aws:CmbCluster$cmb:aws:MountIdentity$aws:iam/role:Role cmb-mount-identity-role",
    "cmb:aws:CmbCluster$cmb:aws:MountIdentity$aws:iam/rolePolicy:RolePolicy cmb-mount-identity-policy",
    "cmb:aws:Identity$aws:cognito/userPool:UserPool sign-in-pool",
    "cmb:aws:Identity$aws:cognito/userPoolClient:UserPoolClient sign-in-client",
    "cmb:aws:Identity$aws:cognito/userPoolDomain:UserPoolDomain sign-in-domain",
  ],
};

test.each(Object.keys(frozen))(
  "what holds data in %s has the identity it always had",
  async (stack) => {
    const overrides = {
      "cmbcluster:profile": "prod",
      "cmbcluster:images.tag": "v1",
      ...(stack === "gcp-dev" && {
        "cmbcluster:auth.cognito": { region: "us-east-1", accountId: "123456789012" },
      }),
    };
    const recording = await previewStack({ root, stack, overrides });
    expect([recording.exit, recording.error]).toEqual(["ok", undefined]);
    const data = findData(Query.of(recording)).map(({ urn }) => urn);
    const guarded = recording.resources.filter((r) => r.custom && (r.protect || r.retainOnDelete));
    const eks = recording.resources.filter((r) => r.type === "eks:index:Cluster");
    const identities = [...data, ...[...guarded, ...eks].map(({ urn }) => urn)].map((urn) =>
      urn.split("::").slice(2).join(" "),
    );
    expect([...new Set(identities)].sort()).toEqual(frozen[stack]);
  },
  60_000,
);
