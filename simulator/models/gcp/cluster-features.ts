import type { Json } from "../../../preview/engine/values";
import type { Properties } from "../model";
import { block } from "./common";

/** A class of disks as GKE makes it; claims wait for their pod, since a disk lies in one zone. */
function storageClass(name: string, type: string, isDefault: boolean): Json {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name,
      labels: { "addonmanager.kubernetes.io/mode": "EnsureExists" },
      annotations: isDefault ? { "storageclass.kubernetes.io/is-default-class": "true" } : {},
    },
    provisioner: "pd.csi.storage.gke.io",
    parameters: { type },
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  };
}

/** What the driver for persistent disks brings: itself, and three classes of which one is the default. */
const disks: readonly Json[] = [
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSIDriver",
    metadata: { name: "pd.csi.storage.gke.io" },
    spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: "ReadWriteOnceWithFSType" },
  },
  storageClass("standard", "pd-standard", false),
  storageClass("standard-rwo", "pd-balanced", true),
  storageClass("premium-rwo", "pd-ssd", false),
];

/** GoogleCloudPlatform/gcs-fuse-csi-driver, deploy/base/setup/csi_driver.yaml. */
const buckets: readonly Json[] = [
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSIDriver",
    metadata: { name: "gcsfuse.csi.storage.gke.io" },
    spec: {
      attachRequired: false,
      podInfoOnMount: true,
      fsGroupPolicy: "ReadWriteOnceWithFSType",
      volumeLifecycleModes: ["Persistent", "Ephemeral"],
      requiresRepublish: true,
      tokenRequests: [{ audience: "" }],
    },
  },
];

/** Objects that a cluster's add-ons bring. The disk driver is on unless switched off; that for buckets is not. */
export function featureManifests(inputs: Properties): readonly Json[] {
  const addons = block(inputs, "addonsConfig");
  const on = (addon: string, usual: boolean) => {
    const enabled = block(addons, addon)["enabled"];
    return typeof enabled === "boolean" ? enabled : usual;
  };
  return [
    ...(on("gcePersistentDiskCsiDriverConfig", true) ? disks : []),
    ...(on("gcsFuseCsiDriverConfig", false) ? buckets : []),
  ];
}
