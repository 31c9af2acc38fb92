import { type Api, isConflict, isMissing } from "../api";
import type { CloudHooks, KubernetesObject } from "../types";
import { bytesOf } from "../quantity";
import { Watched } from "../watch";

interface Claim extends KubernetesObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
}

interface Volume extends KubernetesObject {
  readonly spec: {
    readonly persistentVolumeReclaimPolicy?: string;
    readonly csi?: { readonly driver: string; readonly volumeHandle: string };
  };
  readonly status?: { readonly phase?: string };
}

interface StorageClass extends KubernetesObject {
  readonly provisioner: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly mountOptions?: readonly string[];
}

/** Set by the scheduler on a claim whose class waits for the pod. */
const SELECTED_NODE = "volume.kubernetes.io/selected-node";
/** Written by every provisioner; says whose volume it is to delete. */
const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
const FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";

/**
 * What the disk drivers of the clouds do: makes a disk for each claim of a class whose driver is installed
 * (a CSIDriver object of that name exists), and deletes it with its volume where the reclaim policy says so.
 */
export class Volumes {
  private readonly claims: Watched;
  private readonly volumes: Watched;

  constructor(
    private readonly api: Api,
    private readonly hooks: CloudHooks,
  ) {
    this.claims = new Watched(api, "/api/v1/persistentvolumeclaims", (claim) =>
      this.provision(claim as Claim),
    );
    this.volumes = new Watched(api, "/api/v1/persistentvolumes", (volume) => this.reclaim(volume as Volume));
  }

  async start(): Promise<void> {
    await Promise.all([this.claims.start(), this.volumes.start()]);
  }

  async stop(): Promise<void> {
    await Promise.all([this.claims.stop(), this.volumes.stop()]);
  }

  private async provision(claim: Claim): Promise<number | void> {
    const { spec, metadata } = claim;
    if (spec.volumeName || !spec.storageClassName || metadata.deletionTimestamp) return;
    const storageClass = await this.find<StorageClass>(
      `/apis/storage.k8s.io/v1/storageclasses/${spec.storageClassName}`,
    );
    if (!storageClass || storageClass.provisioner === "kubernetes.io/no-provisioner")
      return storageClass ? undefined : 1000;
    if (!(await this.find(`/apis/storage.k8s.io/v1/csidrivers/${storageClass.provisioner}`))) return 1000;
    const waits = storageClass.volumeBindingMode === "WaitForFirstConsumer";
    const nodeName = metadata.annotations?.[SELECTED_NODE];
    // The claim is seen again when the scheduler has chosen.
    if (waits && !nodeName) return;
    const zone = nodeName ? await this.zoneOf(nodeName) : undefined;
    const bytes = bytesOf(spec.resources?.requests?.storage ?? "0");
    const volume = `pvc-${metadata.uid}`;
    const handle = await this.hooks.createDisk({
      volume,
      claim: { namespace: metadata.namespace ?? "", name: metadata.name },
      storageClass: spec.storageClassName,
      driver: storageClass.provisioner,
      parameters: storageClass.parameters ?? {},
      bytes,
      zone,
    });
    try {
      await this.api.create(
        "/api/v1/persistentvolumes",
        persistentVolume({ volume, claim, storageClass, handle, zone }),
      );
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }

  private async reclaim(volume: Volume): Promise<number | void> {
    const { metadata, spec, status } = volume;
    if (!metadata.finalizers?.includes(FINALIZER) || !spec.csi) return;
    const policy = spec.persistentVolumeReclaimPolicy;
    // A volume that is deleted by hand while its policy is Retain leaves its disk, as with the genuine drivers.
    if (policy === "Delete" && (status?.phase === "Released" || status?.phase === "Failed")) {
      await this.api.delete(`/api/v1/persistentvolumes/${metadata.name}`);
    }
    if (!metadata.deletionTimestamp || metadata.finalizers.includes("kubernetes.io/pv-protection")) return;
    if (policy === "Delete") await this.hooks.deleteDisk(spec.csi.volumeHandle, spec.csi.driver);
    await this.api.patch(`/api/v1/persistentvolumes/${metadata.name}`, {
      metadata: {
        resourceVersion: metadata.resourceVersion,
        finalizers: metadata.finalizers.filter((each) => each !== FINALIZER),
      },
    });
  }

  private async zoneOf(nodeName: string): Promise<string | undefined> {
    const node = await this.api.get(`/api/v1/nodes/${nodeName}`);
    return node.metadata.labels?.["topology.kubernetes.io/zone"];
  }

  private async find<T = KubernetesObject>(path: string): Promise<T | undefined> {
    try {
      return await this.api.get<T>(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

interface VolumeParts {
  readonly volume: string;
  readonly claim: Claim;
  readonly storageClass: StorageClass;
  readonly handle: string;
  readonly zone?: string;
}

function persistentVolume({ volume, claim, storageClass, handle, zone }: VolumeParts) {
  const { metadata, spec } = claim;
  const inZone = [{ key: "topology.kubernetes.io/zone", operator: "In", values: [zone] }];
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name: volume,
      annotations: { [PROVISIONED_BY]: storageClass.provisioner },
      finalizers: [FINALIZER],
    },
    spec: {
      accessModes: spec.accessModes,
      capacity: { storage: spec.resources?.requests?.storage },
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
        resourceVersion: metadata.resourceVersion,
      },
      csi: { driver: storageClass.provisioner, volumeHandle: handle },
      mountOptions: storageClass.mountOptions,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      storageClassName: spec.storageClassName,
      volumeMode: spec.volumeMode ?? "Filesystem",
      nodeAffinity: zone ? { required: { nodeSelectorTerms: [{ matchExpressions: inZone }] } } : undefined,
    },
  };
}
