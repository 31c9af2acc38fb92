import * as pulumi from "@pulumi/pulumi";
import { computedAws } from "../../testing/computed-aws";
import { canary, describeContract } from "../cmb-cluster.contract";
import { clusterArgs, makeCluster } from "./fixtures/make-cluster";

describeContract("AwsCmbCluster", {
  make: (name, domain) =>
    makeCluster({
      name,
      dns: { domain },
      // Spot nodes, which ask for a toleration.
      nodes: { ...clusterArgs.nodes, system: { ...clusterArgs.nodes.system, spot: true } },
      signIn: {
        active: "google",
        google: { clientId: "client", clientSecret: pulumi.secret(pulumi.output(canary)) },
      },
    }),
  computed: computedAws,
  dataTypes: [
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketLogging:BucketLogging",
    "aws:route53/zone:Zone",
    "aws:secretsmanager/secret:Secret",
    "aws:secretsmanager/secretVersion:SecretVersion",
  ],
});
