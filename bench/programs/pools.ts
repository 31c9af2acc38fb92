import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import "./used";

/** As many node pools as `cmbcluster:count` says, each as the program makes one: a launch template and a group. */
for (let i = 0; i < new pulumi.Config().requireNumber("count"); i++) {
  const template = new aws.ec2.LaunchTemplate(`pool-${i}-template`, {
    namePrefix: `pool-${i}-`,
    metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 100, encrypted: "true" } }],
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({
      resourceType,
      tags: { pool: `${i}` },
    })),
  });
  new aws.eks.NodeGroup(
    `pool-${i}`,
    {
      clusterName: "bench",
      nodeRoleArn: "arn:aws:iam::000000000000:role/bench",
      subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      scalingConfig: { minSize: 0, maxSize: 10, desiredSize: 0 },
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      labels: { pool: `${i}` },
    },
    { ignoreChanges: ["scalingConfig.desiredSize"] },
  );
}
