import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import "./used";

/** As many buckets as `cmbcluster:count` says, each closed, versioned and encrypted. */
for (let i = 0; i < new pulumi.Config().requireNumber("count"); i++) {
  const { bucket } = new aws.s3.Bucket(`bucket-${i}`, { bucket: `bench-${i}` }, { protect: true });
  new aws.s3.BucketPublicAccessBlock(`bucket-${i}-access`, {
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketVersioning(`bucket-${i}-versions`, {
    bucket,
    versioningConfiguration: { status: "Enabled" },
  });
}
