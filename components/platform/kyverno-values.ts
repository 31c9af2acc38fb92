import type { Toleration } from "../cmb-cluster";

/** How many admission controllers answer the API server. */
export interface KyvernoSize {
  /**
   * Pods. With one, no environment starts while it restarts or moves (a minute or two); running ones notice nothing.
   */
  readonly replicas: number;
}

/**
 * What one pod of each controller asks for. Resident in the drill of admission, with the program's own policies and some
 * seventy requests: 150 MiB the admission controller, 140 the background and 110 the cleanup controller. What a cluster
 * with hundreds of pods adds was not measured.
 */
export const kyvernoRequests = {
  admission: { cpu: "100m", memory: "256Mi" },
  background: { cpu: "50m", memory: "160Mi" },
  cleanup: { cpu: "20m", memory: "128Mi" },
} as const;

/** What the values are made of. */
export interface KyvernoValuesArgs {
  readonly size: KyvernoSize;
  readonly tolerations: readonly Toleration[];
}

/**
 * Values for the Kyverno chart: keys as in its values.yaml (kyverno v1.19.1, charts/kyverno), rendered by a test from
 * the chart itself, which lies in Kyverno's Go module.
 *
 * Reports, background scans, exceptions and generated admission policies are off: nothing here reads or uses them, and
 * each costs a controller or rights. The controllers' rights are the chart's, without its wish to write roles, network
 * policies and quotas everywhere; what the program's policies need beside it is granted where they are made
 * (`components/application/admission`), but for volumes, which lie in no namespace.
 */
export function kyvernoValues({ size, tolerations }: KyvernoValuesArgs) {
  const off = { enabled: false };
  const volumes = (verbs: readonly string[]) => [
    { apiGroups: [""], resources: ["persistentvolumes"], verbs: ["get", "list", "watch", ...verbs] },
  ];
  return {
    global: { tolerations: [...tolerations] },
    features: {
      admissionReports: off,
      aggregateReports: off,
      policyReports: off,
      validatingAdmissionPolicyReports: off,
      backgroundScan: off,
      generateValidatingAdmissionPolicy: off,
      policyExceptions: off,
    },
    reportsController: off,
    admissionController: {
      replicas: size.replicas,
      podDisruptionBudget: { enabled: size.replicas > 1, minAvailable: 1 },
      container: { resources: { requests: kyvernoRequests.admission, limits: { memory: "768Mi" } } },
    },
    backgroundController: {
      replicas: 1,
      resources: { requests: kyvernoRequests.background, limits: { memory: "384Mi" } },
      rbac: {
        coreClusterRole: { extraResources: [] },
        clusterRole: { extraResources: volumes(["create", "update"]) },
      },
    },
    cleanupController: {
      replicas: 1,
      resources: { requests: kyvernoRequests.cleanup, limits: { memory: "384Mi" } },
      rbac: { clusterRole: { extraResources: volumes(["delete"]) } },
    },
    // The job would need a node and an image before the release could go. Left-over webhooks concern the backend's
    // pods alone, and refuse them, as they should while the policies are there and Kyverno is not.
    webhooksCleanup: off,
  };
}
