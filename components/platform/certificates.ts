import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartSource, type ChartOverrides } from "../charts";
import type { CmbCluster, Toleration, WorkloadBinding } from "../cmb-cluster";
import { hostNames } from "../naming";
import { restrictedNamespace } from "./namespace";
import { CERTIFICATES_NAMESPACE, CERTIFICATES_RELEASE, WILDCARD_SECRET } from "./names";

/**
 * The directories of Let's Encrypt. Both issuers exist on every stack, so that a change between them touches one
 * field of one certificate. Production gives out five certificates a week for the same names (letsencrypt.org,
 * "Rate Limits"); staging's are trusted by no browser and nearly unlimited.
 */
const directories = {
  staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
  production: "https://acme-v02.api.letsencrypt.org/directory",
} as const;

/** Whose certificate is served. */
export type CertificateIssuer = keyof typeof directories;

/** Name of an issuer in the cluster. */
export function issuerName(issuer: CertificateIssuer): string {
  return `letsencrypt-${issuer}`;
}

/** What the certificates are made of. */
export interface CertificatesArgs {
  readonly cluster: CmbCluster;
  /** `staging` for stacks that come and go: the sixth production certificate of a week is refused. */
  readonly issuer: CertificateIssuer;
  /** Contact of the account at Let's Encrypt, which no longer warns of expiry by mail (since June 2025). */
  readonly email: string;
  /** The namespace that serves the certificate. */
  readonly servedFrom: { readonly name: string; readonly resource: pulumi.Resource };
  readonly charts?: ChartOverrides;
}

/**
 * cert-manager and the one certificate of the stack: the domain and everything directly below it, proved by DNS-01,
 * renewed by itself a third of its life before it ends.
 *
 * `up` does not wait for the certificate: it can be issued only once the domain is delegated to the stack's zone,
 * which a person does after the first `up`. cert-manager tries again until then.
 *
 * The Secret with the certificate outlives Certificate, issuer and release, not its namespace or cluster: destroying
 * a stack loses it, and the next `up` asks for a new one, which counts against the five a week.
 *
 * The controller that turns annotated Ingresses into certificates is off: the application annotates the Ingress
 * of every environment, and each would cost a certificate of its own.
 *
 * @requirement D2
 */
export class Certificates extends pulumi.ComponentResource {
  readonly namespace: k8s.core.v1.Namespace;
  readonly release: k8s.helm.v3.Release;
  readonly issuers: Readonly<Record<CertificateIssuer, k8s.apiextensions.CustomResource>>;
  readonly certificate: k8s.apiextensions.CustomResource;

  constructor(name: string, args: CertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster } = args;
    super(
      "cmb:platform:Certificates",
      name,
      { issuer: args.issuer, dnsNames: dnsNames(cluster) },
      pulumi.mergeOptions(opts, { providers: { kubernetes: cluster.kubernetes } }),
    );
    const binding = cluster.bindWorkload("certificates", {
      namespace: CERTIFICATES_NAMESPACE,
      serviceAccount: CERTIFICATES_RELEASE,
      grants: [{ verb: "answer-dns-challenge" }],
    });

    this.namespace = restrictedNamespace(`${name}-namespace`, CERTIFICATES_NAMESPACE, {
      parent: this,
      dependsOn: cluster.ready,
    });
    this.release = this.controller(`${name}-release`, args, binding);
    this.issuers = {
      staging: this.issuer(`${name}-letsencrypt-staging`, args, "staging"),
      production: this.issuer(`${name}-letsencrypt-production`, args, "production"),
    };
    this.certificate = this.wildcard(`${name}-wildcard`, args);
    this.registerOutputs();
  }

  private controller(resourceName: string, { cluster, charts }: CertificatesArgs, binding: WorkloadBinding) {
    return new k8s.helm.v3.Release(
      resourceName,
      {
        ...chartSource("cert-manager", charts),
        name: CERTIFICATES_RELEASE,
        namespace: CERTIFICATES_NAMESPACE,
        values: controllerValues(binding, cluster.systemTolerations),
        timeout: 600,
        maxHistory: 5,
      },
      { parent: this, dependsOn: [...cluster.ready, this.namespace] },
    );
  }

  private issuer(resourceName: string, { cluster, email }: CertificatesArgs, issuer: CertificateIssuer) {
    return new k8s.apiextensions.CustomResource(
      resourceName,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "ClusterIssuer",
        metadata: { name: issuerName(issuer), annotations: doNotWait },
        spec: {
          acme: {
            server: directories[issuer],
            email,
            privateKeySecretRef: { name: `${issuerName(issuer)}-account` },
            solvers: [{ selector: { dnsZones: [cluster.dns.domain] }, dns01: cluster.dns.challengeSolver }],
          },
        },
      },
      // The release brings the kinds, and ends only when the webhook that checks them answers.
      { parent: this, dependsOn: [this.release] },
    );
  }

  private wildcard(resourceName: string, { cluster, issuer, servedFrom }: CertificatesArgs) {
    return new k8s.apiextensions.CustomResource(
      resourceName,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: { name: "wildcard", namespace: servedFrom.name, annotations: doNotWait },
        spec: {
          secretName: WILDCARD_SECRET,
          dnsNames: dnsNames(cluster),
          issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuerName(issuer) },
          privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        },
      },
      // Deleted before the controller goes: it alone can take down a challenge that still waits, and a challenge
      // left behind keeps its namespace from ever ending.
      {
        parent: this,
        dependsOn: [this.release, this.issuers.staging, this.issuers.production, servedFrom.resource],
      },
    );
  }
}

/** The provider waits for the Ready condition of custom resources where PULUMI_K8S_AWAIT_ALL is set; not of these. */
const doNotWait = { "pulumi.com/skipAwait": "true" };

/** The wildcard covers `api.` too, and Let's Encrypt refuses a request that names a host beside its wildcard. */
function dnsNames({ dns }: CmbCluster): string[] {
  const { site, environments } = hostNames(dns.domain);
  return [site, environments];
}

/**
 * Values for the cert-manager chart: keys as in the values.schema.json of cert-manager v1.21.1, which admits no
 * others; the flag `--controllers` as in its cmd/controller/app/options/options.go. Checked by hand against that
 * schema, and rendered from that chart with helm 3.19.2, as has to be done again with every new version.
 *
 * One replica of each: a renewal may wait for days. With the certificate issued nothing a user does depends on it.
 */
function controllerValues(binding: WorkloadBinding, systemTolerations: readonly Toleration[]) {
  const tolerations = [...systemTolerations];
  return {
    tolerations,
    crds: { enabled: true, keep: true },
    // The annotations resolve once the permission exists, so the first pod already has it.
    serviceAccount: { create: true, name: CERTIFICATES_RELEASE, annotations: binding.annotations },
    extraArgs: ["--controllers=*,-ingress-shim"],
    // In its own namespace, so that it needs no right in kube-system.
    global: { leaderElection: { namespace: CERTIFICATES_NAMESPACE } },
    resources: requests("20m", "96Mi"),
    webhook: { resources: requests("10m", "48Mi"), tolerations },
    cainjector: { resources: requests("10m", "96Mi"), tolerations },
    startupapicheck: { enabled: true, timeout: "5m", resources: requests("10m", "48Mi"), tolerations },
  };
}

/** No limit on memory: the caches grow with the cluster, and a controller killed for it renews nothing. */
function requests(cpu: string, memory: string) {
  return { requests: { cpu, memory } };
}
