import * as pulumi from "@pulumi/pulumi";
import type { ChartOverrides } from "../charts";
import type { CmbCluster } from "../cmb-cluster";
import { Certificates, issuerName, type CertificateIssuer } from "./certificates";
import { Ingress } from "./ingress";
import type { IngressSize } from "./ingress-values";
import { Kyverno } from "./kyverno";
import type { KyvernoSize } from "./kyverno-values";
import { INGRESS_CLASS, INGRESS_NAMESPACE, INGRESS_RELEASE, RETAINED_STORAGE_CLASS } from "./names";
import { StorageClasses } from "./storage-classes";

/** Two small pods: enough for some hundred environments, and a node may be drained. */
export const defaultIngressSize: IngressSize = { replicas: 2, cpu: "100m", memory: "256Mi" };

/** One pod: enough where nobody is kept from work by a minute without new environments. */
const defaultAdmissionSize: KyvernoSize = { replicas: 1 };

/** What a stack decides about its cluster services. */
export interface PlatformArgs {
  readonly cluster: CmbCluster;
  readonly certificates: {
    /** Whose certificate is served. `staging` for stacks that come and go; browsers do not trust it. */
    readonly issuer: CertificateIssuer;
    /** Contact of the account at Let's Encrypt. */
    readonly email: string;
  };
  /** Size of the ingress controller; {@link defaultIngressSize} unless set. */
  readonly ingressSize?: IngressSize;
  /** Size of the admission controller; {@link defaultAdmissionSize} unless set. */
  readonly admissionSize?: KyvernoSize;
  /** Seconds that a request may take to arrive and an answer or WebSocket may stay silent; an hour unless set. */
  readonly requestTimeoutSeconds?: number;
  /** Charts from other places than their projects'. */
  readonly charts?: ChartOverrides;
}

/**
 * What runs in the cluster before any application does, the same on every cloud: block storage classes, the
 * ingress controller and the certificate it serves, and what mends the pods of environments. The members that an application asks for are values; none of
 * them is a cloud's.
 */
export class Platform extends pulumi.ComponentResource {
  /** Class an Ingress has to name. */
  readonly ingressClassName = INGRESS_CLASS;
  /** Name of the issuer in use; the application writes it into annotations, on which nothing acts. */
  readonly clusterIssuer: string;
  /** StorageClass for data: its volumes outlive their claims. */
  readonly storageClass = RETAINED_STORAGE_CLASS;
  /** Pods of the ingress controller, by the labels that its chart gives them. */
  readonly ingressController = {
    namespace: INGRESS_NAMESPACE,
    labels: { "app.kubernetes.io/name": INGRESS_RELEASE },
  };
  /** What brings the kinds of admission policies: policies come after it and go before it. */
  readonly admission: pulumi.Resource[];
  /** Everything an application needs to find, so that it is installed after and removed before. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:platform:Platform", name, { issuer: args.certificates.issuer }, opts);
    const { cluster, charts } = args;
    const here = { parent: this };

    const storage = new StorageClasses(`${name}-storage`, { cluster }, here);
    const ingress = new Ingress(
      `${name}-ingress`,
      {
        cluster,
        charts,
        size: args.ingressSize ?? defaultIngressSize,
        requestTimeoutSeconds: args.requestTimeoutSeconds ?? 3600,
      },
      here,
    );
    new Certificates(
      `${name}-certificates`,
      {
        cluster,
        charts,
        ...args.certificates,
        servedFrom: { name: INGRESS_NAMESPACE, resource: ingress.namespace },
      },
      here,
    );

    const kyverno = new Kyverno(
      `${name}-kyverno`,
      { cluster, charts, size: args.admissionSize ?? defaultAdmissionSize },
      here,
    );

    this.admission = [kyverno.release];
    this.clusterIssuer = issuerName(args.certificates.issuer);
    this.ready = [
      storage.defaultClass,
      storage.retainedClass,
      ingress.ingressClass,
      ingress.release,
      ...ingress.attached,
    ];
    this.registerOutputs({ ingressClassName: this.ingressClassName, clusterIssuer: this.clusterIssuer });
  }
}
