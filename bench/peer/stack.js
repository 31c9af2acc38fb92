/**
 * The peer: CDK EKS Blueprints, with the add-ons of the AWS stack that it has too, synthesised into a folder. Plain
 * JavaScript, so nothing is compiled or type-checked on the way. What it leaves out of what our stack has (Traefik,
 * Kyverno, the driver that mounts S3, the application, its buckets, sign-in, certificates' rights, a registry) makes
 * it the smaller of the two.
 */
const { App } = require("aws-cdk-lib");
const { InstanceType } = require("aws-cdk-lib/aws-ec2");
const { KubernetesVersion } = require("aws-cdk-lib/aws-eks");
const blueprints = require("@aws-quickstart/eks-blueprints");

const app = new App({ outdir: process.argv[2] });
blueprints.utils.userLog.settings.minLevel = 6;
blueprints.HelmAddOn.validateHelmVersions = false;

const nodes = (id, minSize, maxSize) => ({
  id,
  instanceTypes: [new InstanceType("m6a.large")],
  minSize,
  maxSize,
  desiredSize: minSize,
});

blueprints.EksBlueprint.builder()
  .account("000000000000")
  .region("us-east-1")
  .version(KubernetesVersion.V1_32)
  .clusterProvider(
    new blueprints.GenericClusterProvider({
      version: KubernetesVersion.V1_32,
      managedNodeGroups: [nodes("system", 3, 6), nodes("users", 0, 10)],
    }),
  )
  .addOns(
    // Versions are written, as ours are: else it asks the cloud for them and waits.
    new blueprints.addons.VpcCniAddOn({ version: "v1.19.2-eksbuild.1" }),
    new blueprints.addons.CoreDnsAddOn("v1.11.4-eksbuild.2"),
    new blueprints.addons.KubeProxyAddOn("v1.32.0-eksbuild.2"),
    new blueprints.addons.EbsCsiDriverAddOn({ version: "v1.38.1-eksbuild.1" }),
    new blueprints.addons.MetricsServerAddOn(),
    new blueprints.addons.ClusterAutoScalerAddOn(),
    new blueprints.addons.AwsLoadBalancerControllerAddOn(),
    new blueprints.addons.CertManagerAddOn(),
  )
  .buildAsync(app, "peer")
  .then(() => app.synth())
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
