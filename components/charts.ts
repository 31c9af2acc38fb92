/**
 * Every third-party Helm chart the program installs, in one table: where it comes from, which version, and why
 * that one. Nothing else in the project names a chart's place or version.
 *
 * To raise a version: read the chart's changelog and values schema, change the line here, run the tests (they pin
 * the values that are passed), then preview.
 */

/** The charts by the name under which the program asks for them. */
export type ChartName =
  "traefik" | "cert-manager" | "kyverno" | "aws-load-balancer-controller" | "cluster-autoscaler";

/** One chart, pinned. */
export interface PinnedChart {
  /** Name in its repository, or the full `oci://` reference. */
  readonly chart: string;
  /** Address of the HTTP chart repository; absent for an OCI reference, which is complete by itself. */
  readonly repository?: string;
  /** Exact version, never a range. */
  readonly version: string;
  /** Version of the program the chart installs by default. */
  readonly appVersion: string;
  /** What it is for here. */
  readonly why: string;
  /** Where version and values were read. */
  readonly source: string;
}

/** The pinned charts, each from the place its own project publishes it. */
export const pinnedCharts: Readonly<Record<ChartName, PinnedChart>> = {
  traefik: {
    chart: "traefik",
    repository: "https://traefik.github.io/charts",
    version: "41.3.0",
    appVersion: "v3.7.11",
    why: "ingress controller that serves IngressClass nginx unchanged; ingress-nginx was archived on 2026-03-24",
    source: "github.com/traefik/traefik-helm-chart tag v41.3.0: traefik/Chart.yaml, values.schema.json",
  },
  "cert-manager": {
    chart: "oci://quay.io/jetstack/charts/cert-manager",
    version: "v1.21.1",
    appVersion: "v1.21.1",
    why: "one wildcard certificate by DNS-01, renewed by itself; supports Kubernetes 1.33 to 1.36",
    source: "github.com/cert-manager/cert-manager tag v1.21.1: deploy/charts/cert-manager",
  },
  kyverno: {
    chart: "kyverno",
    repository: "https://kyverno.github.io/kyverno",
    version: "3.9.1",
    appVersion: "v1.19.1",
    why: "mends the pods of environments as they are made; what it cannot do natively, the API server refuses",
    source: "github.com/kyverno/kyverno tag v1.19.1: charts/kyverno/Chart.yaml, values.yaml",
  },
  "aws-load-balancer-controller": {
    chart: "aws-load-balancer-controller",
    repository: "https://aws.github.io/eks-charts",
    version: "3.5.0",
    appVersion: "v3.5.0",
    why: "binds the pods of the ingress controller to target groups which the program owns",
    source: "github.com/aws/eks-charts commit 5239609: stable/aws-load-balancer-controller/Chart.yaml",
  },
  "cluster-autoscaler": {
    chart: "cluster-autoscaler",
    repository: "https://kubernetes.github.io/autoscaler",
    version: "9.59.0",
    appVersion: "1.35.0",
    why: "adds and removes nodes of the EKS node groups; GKE does it by itself",
    source:
      "github.com/kubernetes/autoscaler tag cluster-autoscaler-chart-9.59.0: charts/cluster-autoscaler/Chart.yaml",
  },
};

/**
 * Other places for some of the charts, by name: a path to an unpacked chart on this machine. For mirrors without
 * a way to the internet and for tests on a real engine; handed down as an argument, never read from the
 * environment.
 */
export type ChartOverrides = Readonly<Partial<Record<ChartName, { readonly path: string }>>>;

/** The arguments of a `helm.v3.Release` that say which chart it installs. */
export interface ChartSource {
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
}

/**
 * Where to install a chart from: spread into the arguments of a `kubernetes.helm.v3.Release`. An overridden chart
 * carries no version: Helm reads that of the directory.
 */
export function chartSource(name: ChartName, overrides: ChartOverrides = {}): ChartSource {
  const override = overrides[name];
  if (override) return { chart: override.path };
  const { chart, version, repository } = pinnedCharts[name];
  return repository ? { chart, version, repositoryOpts: { repo: repository } } : { chart, version };
}
