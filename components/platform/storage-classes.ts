import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CmbCluster } from "../cmb-cluster";
import { DEFAULT_STORAGE_CLASS, RETAINED_STORAGE_CLASS } from "./names";

/** What the block storage classes are made of. */
export interface StorageClassesArgs {
  readonly cluster: CmbCluster;
}

/**
 * Block storage inside the cluster: the same two names on every cloud, over the cloud's own CSI driver.
 *
 * - `cmb-block`, the default: the disk goes with its claim. For what can be made again.
 * - `cmb-block-retained`: the disk stays when claim, namespace or release go. For data. A disk that was left
 *   costs money until a person deletes it or binds it to a new claim.
 *
 * Volumes are placed where the pod is (a disk belongs to one zone), and can be grown but never shrunk.
 *
 * Clusters may bring a default class of their own (`standard-rwo` on GKE, `gp2` on EKS up to 1.29). It is left
 * alone: the cloud would put it back. With two defaults a claim without a class gets the younger one, ours
 * (Kubernetes 1.26 and later, "Change the default StorageClass"), and everything this program installs names
 * its class.
 *
 * @requirement N4
 */
export class StorageClasses extends pulumi.ComponentResource {
  /** For what can be made again; the cluster's default. */
  readonly defaultClass: k8s.storage.v1.StorageClass;
  /** For data. */
  readonly retainedClass: k8s.storage.v1.StorageClass;

  constructor(name: string, { cluster }: StorageClassesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "cmb:platform:StorageClasses",
      name,
      { provisioner: cluster.storage.block.provisioner },
      pulumi.mergeOptions(opts, { providers: { kubernetes: cluster.kubernetes } }),
    );

    this.defaultClass = this.storageClass(`${name}-default`, cluster, DEFAULT_STORAGE_CLASS, "Delete", {
      "storageclass.kubernetes.io/is-default-class": "true",
    });
    this.retainedClass = this.storageClass(`${name}-retained`, cluster, RETAINED_STORAGE_CLASS, "Retain");
    this.registerOutputs();
  }

  private storageClass(
    resourceName: string,
    { storage: { block }, ready }: CmbCluster,
    className: string,
    reclaimPolicy: "Delete" | "Retain",
    annotations?: Record<string, string>,
  ): k8s.storage.v1.StorageClass {
    return new k8s.storage.v1.StorageClass(
      resourceName,
      {
        metadata: {
          name: className,
          // None rather than an empty map: with a cluster at hand the provider drops an empty one, without it does
          // not, and the engine then refuses the plan of a new stack that was saved before there was a cluster.
          ...(annotations && { annotations }),
          labels: { "app.kubernetes.io/part-of": "cmb-platform" },
        },
        provisioner: block.provisioner,
        parameters: { ...block.parameters },
        reclaimPolicy,
        allowVolumeExpansion: true,
        volumeBindingMode: "WaitForFirstConsumer",
      },
      { parent: this, dependsOn: ready },
    );
  }
}
