import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartSource, type ChartOverrides } from "../charts";
import type { CmbCluster } from "../cmb-cluster";
import { INGRESS_CONTROLLER, ingressPorts, ingressValues, type IngressSize } from "./ingress-values";
import { restrictedNamespace } from "./namespace";
import { INGRESS_CLASS, INGRESS_NAMESPACE, INGRESS_RELEASE } from "./names";

/** What the ingress controller is made of. */
export interface IngressArgs {
  readonly cluster: CmbCluster;
  readonly size: IngressSize;
  /**
   * Seconds that a request may take to arrive, and an answer or WebSocket may stay silent. An Ingress may set its
   * own silence by annotation (`proxy-read-timeout`). A long time lets a slow client hold a connection that long.
   */
  readonly requestTimeoutSeconds: number;
  readonly charts?: ChartOverrides;
}

/**
 * The one way in: Traefik, which serves Ingresses of class `nginx` with their ingress-nginx annotations.
 *
 * HTTP is redirected to HTTPS. Every host is served under the wildcard certificate, so an Ingress may name a TLS
 * secret that does not exist; until the certificate is issued Traefik answers with one it has signed itself, which
 * browsers refuse. Forwarded headers of clients are overwritten. Metrics are on port 9100 of the pods, which no
 * Service exposes; the dashboard is off.
 *
 * An upgrade of the chart ends open WebSockets, about 50 seconds after their pod was told to go; notebooks
 * reconnect. Helm installs the chart's own CustomResourceDefinitions once and never upgrades them: read the
 * chart's release notes before raising its version (`components/charts.ts`).
 *
 * The controller may read every Secret of the cluster (the chart's ClusterRole): it has to find TLS secrets in
 * namespaces it does not know beforehand.
 *
 * @requirement D1
 * @requirement H7
 */
export class Ingress extends pulumi.ComponentResource {
  /** The namespace, in which the certificate has to be. */
  readonly namespace: k8s.core.v1.Namespace;
  readonly ingressClass: k8s.networking.v1.IngressClass;
  readonly release: k8s.helm.v3.Release;
  /** What leads a load balancer of the program's own to the Service; empty where the Service brings its own. */
  readonly attached: pulumi.Resource[];

  constructor(name: string, args: IngressArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, size, requestTimeoutSeconds } = args;
    super(
      "cmb:platform:Ingress",
      name,
      { serviceType: cluster.ingress.service.type, size, requestTimeoutSeconds },
      pulumi.mergeOptions(opts, { providers: { kubernetes: cluster.kubernetes } }),
    );
    const here: pulumi.CustomResourceOptions = { parent: this, dependsOn: cluster.ready };

    this.namespace = restrictedNamespace(`${name}-namespace`, INGRESS_NAMESPACE, here);
    this.ingressClass = ingressClass(`${name}-class`, here);
    this.release = new k8s.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource("traefik", args.charts),
        name: INGRESS_RELEASE,
        namespace: INGRESS_NAMESPACE,
        values: ingressValues({
          facts: cluster.ingress,
          size,
          tolerations: cluster.systemTolerations,
          requestTimeoutSeconds,
        }),
        // A pod counts as available a minute after it is ready, and a new load balancer takes minutes.
        timeout: 900,
        maxHistory: 5,
      },
      { ...here, dependsOn: [...cluster.ready, this.namespace] },
    );
    this.attached = cluster.ingress.attach(
      `${name}-attachment`,
      { namespace: INGRESS_NAMESPACE, service: INGRESS_RELEASE, ports: ingressPorts },
      // Made after the Service and gone before it.
      { parent: this, dependsOn: [this.release] },
    );
    this.registerOutputs();
  }
}

/** Not the cluster's default: an Ingress without a class is a mistake, and is served by nobody. */
function ingressClass(resourceName: string, opts: pulumi.CustomResourceOptions) {
  return new k8s.networking.v1.IngressClass(
    resourceName,
    {
      metadata: { name: INGRESS_CLASS, labels: { "app.kubernetes.io/part-of": "cmb-platform" } },
      spec: { controller: INGRESS_CONTROLLER },
    },
    opts,
  );
}
