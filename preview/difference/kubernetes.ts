/**
 * Which changes of a Kubernetes object replace it, by kind: paths of its inputs.
 *
 * Source: pulumi-kubernetes v4, provider/pkg/provider/force_new.go (`forceNew`, `metadataForceNewProperties`) and
 * helm_release.go (`forceNewFields`). Bare Pods are left out: the program makes none.
 */
const BY_KIND: Readonly<Record<string, readonly string[]>> = {
  "apps/v1:DaemonSet": ["spec.selector"],
  "apps/v1:Deployment": ["spec.selector"],
  "apps/v1:StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1:Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "core/v1:ConfigMap": ["binaryData", "data"],
  "core/v1:PersistentVolume": ["spec.csi", "spec.hostPath", "spec.local", "spec.nfs"],
  "core/v1:PersistentVolumeClaim": [
    "spec.accessModes",
    "spec.selector",
    "spec.storageClassName",
    "spec.volumeName",
  ],
  "core/v1:ResourceQuota": ["spec.scopes"],
  // Unless the provider is told otherwise (`enableSecretMutable`): by default Secret and ConfigMap count as immutable.
  "core/v1:Secret": ["type", "stringData", "data"],
  "core/v1:Service": ["spec.clusterIP"],
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1:RoleBinding": ["roleRef"],
  "storage.k8s.io/v1:StorageClass": ["parameters", "provisioner"],
};

/** Inputs of which any change replaces the object of this type (`kubernetes:core/v1:Secret`). */
export function kubernetesReplaceOn(type: string): readonly string[] {
  if (type === "kubernetes:helm.sh/v3:Release") return ["name", "namespace"];
  const kind = type.slice(type.indexOf(":") + 1);
  return ["metadata.name", "metadata.namespace", ...(BY_KIND[kind] ?? [])];
}
