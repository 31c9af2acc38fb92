import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A namespace that admits only pods of the Pod Security Standard `restricted`: no root, no added capability, no
 * host access, seccomp on. Both cluster services meet it with their charts' own defaults (traefik-helm-chart
 * v41.3.0 and cert-manager v1.21.1, values.yaml: securityContext), so a chart that stops meeting it fails to start
 * instead of gaining rights unnoticed.
 */
export function restrictedNamespace(
  resourceName: string,
  namespace: string,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Namespace {
  const standard = Object.fromEntries(
    ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
  );
  return new k8s.core.v1.Namespace(
    resourceName,
    { metadata: { name: namespace, labels: { "app.kubernetes.io/part-of": "cmb-platform", ...standard } } },
    opts,
  );
}
