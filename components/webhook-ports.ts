/**
 * Ports at which pods answer the API server's questions: admission and cleanup controllers of Kyverno (kyverno v1.19.1,
 * charts/kyverno/values.yaml, `webhookServer.port` and `server.port`). A network in which the control plane reaches
 * nodes at a few ports alone opens these as well. cert-manager answers at 10250, which is open everywhere.
 */
export const webhookPodPorts: readonly number[] = [9443];
