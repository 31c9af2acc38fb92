/** What a kubeconfig for an EKS cluster is made of. */
export interface KubeconfigFacts {
  readonly cluster: string;
  readonly region: string;
  /** `https://…`. */
  readonly endpoint: string;
  /** Base64 of the cluster's certificate authority. */
  readonly certificateAuthority: string;
}

/**
 * A kubeconfig as JSON, which is YAML too. At each use kubectl and the Kubernetes provider ask `aws eks get-token`
 * for a token of 15 minutes with whatever credentials the user has: nothing in it outlives the day.
 */
export function kubeconfig(facts: KubeconfigFacts): string {
  const { cluster, region, endpoint, certificateAuthority } = facts;
  const command = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["--region", region, "eks", "get-token", "--cluster-name", cluster, "--output", "json"],
    interactiveMode: "IfAvailable",
    provideClusterInfo: false,
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: cluster, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } },
    ],
    contexts: [{ name: cluster, context: { cluster, user: cluster } }],
    "current-context": cluster,
    users: [{ name: cluster, user: { exec: command } }],
  });
}
