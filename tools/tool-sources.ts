/** Where a tool comes from when it is not installed. */
export interface ToolSource {
  /** Version that is built. One that is found on PATH is taken as it is. */
  readonly version: string;
  /** Go package in the module `tools/<name>`, whose go.sum pins every dependency; `.` is a main of our own there. */
  readonly goPackage: string;
  /** Folder under `tools/` of that module, where it is not the tool's own name: tools of one project share one. */
  readonly folder?: string;
  /** The module on which all depends, where its path does not begin {@link goPackage}. */
  readonly pinnedModule?: string;
  readonly ldflags: string;
  readonly tags?: string;
  /** What it is for, to follow its name in a sentence. */
  readonly purpose: string;
  /** CPU minutes of a first build, downloads aside; two cores need a little more than half of them. */
  readonly minutes: number;
}

/** Kyverno's programs are named as its containers are: on a PATH, `kyverno` is its command line. */
const kyverno = (program: string, purpose: string, minutes: number): ToolSource => ({
  version: "v1.19.1",
  goPackage: `github.com/kyverno/kyverno/cmd/${program}`,
  folder: "kyverno",
  ldflags: "-s -w -X github.com/kyverno/kyverno/pkg/version.BuildVersion=v1.19.1",
  purpose,
  minutes,
});

/**
 * Every tool that is built where it is not installed, in the order in which builds are worth their time: whoever
 * has an hour for all of them and is interrupted has what most tests need.
 */
export const toolSources = {
  pulumi: {
    version: "v3.259.0",
    goPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    pinnedModule: "github.com/pulumi/pulumi/pkg/v3",
    ldflags: "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0",
    tags: "osusergo,grpcnotrace",
    purpose: "the engine and command line of Pulumi",
    minutes: 11,
  },
  // Later versions are a module of their own that is never tagged; this one runs programs of SDK 3.270.
  "pulumi-language-nodejs": {
    version: "v3.68.0",
    goPackage: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    pinnedModule: "github.com/pulumi/pulumi/sdk/v3",
    ldflags: "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.68.0",
    purpose: "what runs a Node.js program for Pulumi's engine",
    minutes: 1,
  },
  helm: {
    version: "v3.19.2",
    goPackage: "helm.sh/helm/v3/cmd/helm",
    ldflags: "-s -w -X helm.sh/helm/v3/internal/version.version=v3.19.2",
    purpose: "renders the application's chart",
    minutes: 2,
  },
  kubeconform: {
    version: "v0.7.0",
    goPackage: "github.com/yannh/kubeconform/cmd/kubeconform",
    ldflags: "-s -w -X main.version=v0.7.0",
    purpose: "checks rendered objects against Kubernetes' schemas",
    minutes: 1,
  },
  actionlint: {
    version: "v1.7.12",
    goPackage: "github.com/rhysd/actionlint/cmd/actionlint",
    ldflags: "-s -w -X github.com/rhysd/actionlint.version=v1.7.12",
    purpose: "checks the workflows of GitHub Actions",
    minutes: 1,
  },
  "kube-control-plane": {
    version: "v1.35.4",
    goPackage: ".",
    pinnedModule: "k8s.io/kubernetes",
    ldflags: [
      "-s -w",
      "-X k8s.io/component-base/version.gitVersion=v1.35.4",
      "-X k8s.io/component-base/version.gitMajor=1",
      "-X k8s.io/component-base/version.gitMinor=35",
    ].join(" "),
    purpose: "etcd, kube-apiserver, kube-controller-manager and kube-scheduler in one",
    minutes: 13,
  },
  kwok: {
    version: "v0.7.0",
    goPackage: "sigs.k8s.io/kwok/cmd/kwok",
    ldflags: "-s -w",
    purpose: "plays the nodes of a cluster that has none",
    minutes: 3,
  },
  "pulumi-resource-kubernetes": {
    version: "v4.0.0-20260115033456-f47bc2d6f199",
    goPackage: ".",
    pinnedModule: "github.com/pulumi/pulumi-kubernetes/provider/v4",
    ldflags: "-s -w",
    purpose: "Pulumi's provider for Kubernetes, release 4.25.0",
    minutes: 21,
  },
  "kyverno-admission-controller": kyverno(
    "kyverno",
    "what mends and refuses pods as the API server asks it",
    15,
  ),
  "kyverno-background-controller": kyverno(
    "background-controller",
    "what makes objects for admitted ones",
    2,
  ),
  "kyverno-cleanup-controller": kyverno("cleanup-controller", "what sweeps left-over objects", 2),
  // Of the same version as the chart's (`components/charts.ts`).
  traefik: {
    version: "v3.7.11",
    goPackage: "github.com/traefik/traefik/v3/cmd/traefik",
    ldflags: "-s -w -X github.com/traefik/traefik/v3/pkg/version.Version=3.7.11",
    purpose: "the ingress controller",
    minutes: 14,
  },
  "policy-evaluator": {
    version: "v0.5.6",
    goPackage: ".",
    pinnedModule: "github.com/mattfenwick/cyclonus",
    ldflags: "-s -w",
    purpose: "says which connections NetworkPolicies allow",
    minutes: 2,
  },
  // What copies the database, and two servers that speak the protocols of the buckets it is copied to.
  litestream: {
    version: "v0.5.16",
    goPackage: "github.com/benbjohnson/litestream/cmd/litestream",
    ldflags: "-s -w -X main.Version=v0.5.16",
    purpose: "copies a SQLite database to a bucket",
    minutes: 3,
  },
  versitygw: {
    version: "v1.8.0",
    goPackage: "github.com/versity/versitygw/cmd/versitygw",
    ldflags: "-s -w",
    purpose: "a server of the S3 protocol",
    minutes: 3,
  },
  "fake-gcs-server": {
    version: "v1.56.1",
    goPackage: "github.com/fsouza/fake-gcs-server",
    ldflags: "-s -w",
    purpose: "a server of the Cloud Storage protocol",
    minutes: 2,
  },
} as const satisfies Record<string, ToolSource>;

/** One of {@link toolSources}. */
export type ToolName = keyof typeof toolSources;

/** All of {@link ToolName}, in the order of their builds. */
export const toolNames = Object.keys(toolSources) as ToolName[];

/** The source of a tool, with what is optional in it. */
export function toolSource(name: ToolName): ToolSource {
  return toolSources[name];
}
