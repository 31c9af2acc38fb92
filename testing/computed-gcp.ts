import type { MockResourceArgs } from "@pulumi/pulumi/runtime";

type Inputs = Record<string, unknown>;

/** What Google computes, by type; only what the program reads. */
const computed: Record<string, (inputs: Inputs, name: string) => Inputs> = {
  "gcp:container/cluster:Cluster": (inputs) => ({
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: {
        allowExternalTraffic: true,
        endpoint: `gke-0123456789abcdef-123456789012.${String(inputs.location).replace(/-[a-z]$/, "")}.gke.goog`,
      },
    },
    selfLink: `https://container.googleapis.com/v1/projects/p/locations/l/clusters/${String(inputs.name)}`,
  }),
  "gcp:compute/address:Address": (inputs) => ({
    address: "203.0.113.10",
    selfLink: `https://www.googleapis.com/compute/v1/addresses/${String(inputs.name)}`,
  }),
  "gcp:dns/managedZone:ManagedZone": () => ({
    nameServers: ["ns-cloud-a1.googledomains.com.", "ns-cloud-a2.googledomains.com."],
  }),
  "gcp:artifactregistry/repository:Repository": (inputs) => ({ name: inputs.repositoryId }),
  "gcp:secretmanager/secretVersion:SecretVersion": (_inputs, name) => ({
    name: `projects/p/secrets/${name}/versions/1`,
  }),
};

/** Outputs that Google Cloud would compute, for `record`: made-up values of the right shape. */
export function computedGcp(args: MockResourceArgs): Record<string, unknown> {
  return computed[args.type]?.(args.inputs as Inputs, args.name) ?? {};
}
