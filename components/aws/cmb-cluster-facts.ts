import type * as pulumi from "@pulumi/pulumi";
import type { StorageFacts } from "../cmb-cluster";
import { PROJECT_ID_ON_AWS } from "../naming";
import type { AwsCmbClusterArgs } from "./cmb-cluster-args";
import { storageClasses } from "./storage-classes";
import { MOUNTPOINT } from "./user-volumes";

/** APPLICATION environment: required on AWS, then what the application's tables name and its code ignores. */
export function environmentVariables(
  { accountId, name, region }: Pick<AwsCmbClusterArgs, "accountId" | "name" | "region">,
  registry: string,
  databaseBucket: string,
): Record<string, string> {
  return {
    CLOUD_PROVIDER: "aws",
    PROJECT_ID: PROJECT_ID_ON_AWS,
    AWS_ACCOUNT_ID: accountId,
    AWS_REGION: region,
    EKS_CLUSTER_NAME: name,
    ECR_REGISTRY_URL: registry,
    S3_DATABASE_BUCKET: databaseBucket,
  };
}

/** Volumes are gp3 and encrypted with Amazon's key for EBS; buckets are mounted by Mountpoint. */
export const storageFacts: StorageFacts = {
  block: { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3", encrypted: "true" } },
  bucketDriver: MOUNTPOINT,
  classes: storageClasses,
};

/** What a reader of the preview wants to see of the whole; nothing of sign-in, which carries a secret. */
export function plainInputs(args: AwsCmbClusterArgs): pulumi.Inputs {
  const { name, accountId, region, zones, nodes, dns, protect } = args;
  return { name, accountId, region, zones, nodes, domain: dns.domain, protect };
}
