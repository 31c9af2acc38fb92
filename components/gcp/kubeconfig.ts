/** What a kubeconfig says. */
export interface KubeconfigArgs {
  /** Name for the cluster, user and context in it. */
  readonly name: string;
  /** DNS endpoint of the control plane, without scheme. */
  readonly endpoint: string;
}

/**
 * A kubeconfig for the DNS endpoint, in which `gke-gcloud-auth-plugin` fetches a short-lived token at each use.
 *
 * It names no certificate authority: that endpoint has a publicly trusted certificate, and the cluster's own
 * authority in its place makes TLS fail (gcloud leaves it out as well).
 *
 * @requirement W1
 */
export function kubeconfig({ name, endpoint }: KubeconfigArgs): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: `https://${endpoint}` } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "gke-gcloud-auth-plugin",
            installHint: "gcloud components install gke-gcloud-auth-plugin",
            interactiveMode: "Never",
            provideClusterInfo: true,
          },
        },
      },
    ],
  });
}
