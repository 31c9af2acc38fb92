import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartSource, type ChartOverrides } from "../charts";
import type { CmbCluster } from "../cmb-cluster";
import { kyvernoValues, type KyvernoSize } from "./kyverno-values";
import { restrictedNamespace } from "./namespace";
import { KYVERNO_NAMESPACE, KYVERNO_RELEASE } from "./names";

/** What the admission controller is made of. */
export interface KyvernoArgs {
  readonly cluster: CmbCluster;
  readonly size: KyvernoSize;
  readonly charts?: ChartOverrides;
}

/**
 * Kyverno, which mends the pods of environments as they are made and makes their volumes. It has no policy of its
 * own here: they come with the application (`components/application/admission`), go before this release, and name one
 * namespace and one requester. While it is down no environment starts; no other pod of the cluster is asked about.
 *
 * What it costs: one to three pods of 100m CPU and 256Mi, and two small ones.
 *
 * Its webhooks are written by itself and in no plan. They stay when the release goes, and refuse the backend's pods
 * until somebody deletes them or the cluster goes: a wall that opens when its keeper is removed is none.
 *
 * @requirement O12
 */
export class Kyverno extends pulumi.ComponentResource {
  readonly release: k8s.helm.v3.Release;

  constructor(name: string, args: KyvernoArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, size, charts } = args;
    super(
      "cmb:platform:Kyverno",
      name,
      { size },
      pulumi.mergeOptions(opts, { providers: { kubernetes: cluster.kubernetes } }),
    );
    // A destroy does not uninstall it: its cluster roles are aggregated, and the controller that aggregates makes them anew
    // while Helm deletes them (seen on Kubernetes 1.35), for which Helm then waits until its time is up. It has nothing
    // outside the cluster.
    const namespace = restrictedNamespace(`${name}-namespace`, KYVERNO_NAMESPACE, {
      parent: this,
      dependsOn: cluster.ready,
      deletedWith: cluster.apiServer,
    });
    this.release = new k8s.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource("kyverno", charts),
        name: KYVERNO_RELEASE,
        namespace: KYVERNO_NAMESPACE,
        values: kyvernoValues({ size, tolerations: cluster.systemTolerations }),
        timeout: 600,
        maxHistory: 5,
      },
      { parent: this, dependsOn: [...cluster.ready, namespace], deletedWith: cluster.apiServer },
    );
    this.registerOutputs();
  }
}
