import { InvalidArgsError } from "../errors";

/** The EKS add-ons of a cluster, by Amazon's names. */
export const addonNames = [
  ...(["vpc-cni", "kube-proxy", "coredns"] as const),
  ...(["aws-ebs-csi-driver", "aws-mountpoint-s3-csi-driver", "metrics-server"] as const),
] as const;

/** One of {@link addonNames}. */
export type AddonName = (typeof addonNames)[number];

/** Versions that can be asked for: those in standard support in November 2026 (endoflife.date). */
export const kubernetesVersions = ["1.35", "1.36"] as const;

/** One of {@link kubernetesVersions}. */
export type KubernetesVersion = (typeof kubernetesVersions)[number];

/**
 * The version of each add-on for each Kubernetes version. EKS refuses a version it does not offer, so a wrong
 * line fails at `up` with the list of what there is; `aws eks describe-addon-versions --kubernetes-version 1.35`
 * prints it beforehand.
 *
 * Amazon publishes no complete table. Each pair was found in public configurations of running clusters of that
 * Kubernetes version between May and October 2026, most in two or more of them. Found once only, or for the
 * neighbouring Kubernetes version only: aws-mountpoint-s3-csi-driver (v2.6.0-eksbuild.1, on 1.35), metrics-server
 * on 1.36, aws-ebs-csi-driver on 1.36.
 */
export const addonVersions: Readonly<Record<KubernetesVersion, Readonly<Record<AddonName, string>>>> = {
  "1.35": {
    "vpc-cni": "v1.22.4-eksbuild.3",
    "kube-proxy": "v1.35.3-eksbuild.18",
    coredns: "v1.14.3-eksbuild.3",
    "aws-ebs-csi-driver": "v1.63.1-eksbuild.1",
    "aws-mountpoint-s3-csi-driver": "v2.6.0-eksbuild.1",
    "metrics-server": "v0.8.1-eksbuild.10",
  },
  "1.36": {
    "vpc-cni": "v1.22.4-eksbuild.3",
    "kube-proxy": "v1.36.0-eksbuild.21",
    coredns: "v1.14.3-eksbuild.3",
    "aws-ebs-csi-driver": "v1.63.1-eksbuild.1",
    "aws-mountpoint-s3-csi-driver": "v2.6.0-eksbuild.1",
    "metrics-server": "v0.8.1-eksbuild.10",
  },
};

/** The pinned version of an add-on. */
export function addonVersion(kubernetes: string, addon: AddonName): string {
  const known = kubernetesVersions.find((version) => version === kubernetes);
  if (!known) {
    throw new InvalidArgsError(
      "cluster.version",
      kubernetes,
      `add-on versions are pinned for ${kubernetesVersions.join(" and ")} only`,
      "Choose one of these, or add a column in components/aws/addon-versions.ts.",
    );
  }
  return addonVersions[known][addon];
}
