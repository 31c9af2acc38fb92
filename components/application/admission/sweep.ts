import type { AdmissionFacts } from "./facts";
import { volumeLabels } from "./volumes";

/** Minutes for which an environment that is being created may have secrets, or a volume, and no pod yet. */
const GRACE_MINUTES = 10;

/**
 * Takes away the volumes of environments that are gone: their claim went with the pod, and a volume that is kept
 * (`Retain`: nothing may delete what is in the bucket) stays behind as `Released`. What is in the bucket is not
 * touched. Every minute; while Kyverno's cleanup controller is down they stay, and harm nobody: no claim binds them.
 */
export function volumeSweep({ namespace }: AdmissionFacts) {
  return {
    apiVersion: "policies.kyverno.io/v1",
    kind: "DeletingPolicy",
    metadata: { name: "cmbcluster-user-volumes" },
    spec: {
      schedule: "* * * * *",
      matchConstraints: {
        objectSelector: { matchLabels: volumeLabels(namespace) },
        resourceRules: [
          { apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["persistentvolumes"] },
        ],
      },
      conditions: [
        {
          name: "left-behind",
          expression:
            `object.?status.?phase.orValue("") in ["Released", "Failed"]` +
            ` || (object.?status.?phase.orValue("") == "Available" && ${olderThan("object")})`,
        },
      ],
    },
  };
}

/**
 * Takes away the secrets of creates that failed half-way: the application makes `user-env-…` and `user-files-…` before
 * the pod, and forgets them when the pod is refused (CMBAgents/cmbcluster, backend/pod_manager.py). They hold a user's
 * API keys in the clear. A secret stays while a pod of its env-id exists.
 */
export function secretSweep({ namespace }: AdmissionFacts) {
  // A policy of a namespace sees that namespace alone, and does not name it.
  const environments = `dyn(resource.list("v1", "pods").items).map(p, p.metadata.?labels[?"env-id"].orValue(""))`;
  return {
    apiVersion: "policies.kyverno.io/v1",
    kind: "NamespacedDeletingPolicy",
    metadata: { name: "cmbcluster-user-secrets", namespace },
    spec: {
      schedule: "*/5 * * * *",
      matchConstraints: {
        resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["secrets"] }],
      },
      conditions: [
        {
          name: "of-an-environment",
          expression: `object.metadata.name.matches("^user-(env|files)-.+-[0-9a-f]{8}$")`,
        },
        { name: "old-enough", expression: olderThan("object") },
        {
          name: "without-a-pod",
          expression: `!${environments}.exists(id, id != "" && object.metadata.name.endsWith("-" + id))`,
        },
      ],
    },
  };
}

function olderThan(object: string): string {
  return `time.now() - timestamp(${object}.metadata.creationTimestamp) > duration("${GRACE_MINUTES}m")`;
}
