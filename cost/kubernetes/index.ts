import type { RecordedResource } from "../../preview/engine";
import { Unknown } from "../../preview/engine";
import { at, numberAt, textAt } from "../../preview/report/query";
import { type Book, regionOf } from "../book";
import { priceForwardingRules } from "../gcp/network";
import { gibibytes } from "./quantity";
import type { Rules } from "../rules";

const INSIDE = "runs on nodes that are billed";

/** What a storage class provisions, by its provisioner: price list and key. */
const DISKS: Readonly<Record<string, (type: string) => { cloud: "aws" | "gcp"; key: string }>> = {
  "ebs.csi.aws.com": (type) => ({ cloud: "aws", key: `ebs.${type}.gb` }),
  "pd.csi.storage.gke.io": (type) => ({
    cloud: "gcp",
    key: `disk.${{ "pd-balanced": "pdBalanced", "pd-ssd": "pdSsd", "pd-standard": "pdStandard" }[type] ?? type}.gb`,
  }),
};

/** Charts: what they make outside the cluster, which are load balancers of Services and volumes of claims. */
function priceReleases(of: readonly RecordedResource[], book: Book): void {
  for (const release of of) {
    const service = at(release, "values.service.spec");
    if (service instanceof Unknown || service === "[unknown]")
      book.cannotPrice("the chart's Service", `the Service of ${release.name}, which only up knows`, [
        release,
      ]);
    const size = numberAt(release, "values.database.sizeGi");
    const storageClass = textAt(release, "values.database.storageClass");
    if (size !== undefined && storageClass !== undefined)
      priceVolume(release, "volume of the database", size, storageClass, book);
  }
  priceBalanced(
    of.filter((one) => textAt(one, "values.service.spec.type") === "LoadBalancer"),
    book,
  );
}

/** Services of their own, not a chart's. */
function priceServices(of: readonly RecordedResource[], book: Book): void {
  priceBalanced(
    of.filter((one) => textAt(one, "spec.type") === "LoadBalancer"),
    book,
  );
}

function priceBalanced(of: readonly RecordedResource[], book: Book): void {
  if (of.length === 0) return;
  const cluster = book.plan.known("gcp:container/cluster:Cluster")[0];
  if (cluster) priceForwardingRules(of, placeOfCluster(book), book);
  else book.cannotPrice("load balancers made by the cluster", "a Service of type LoadBalancer on EKS", of);
}

function priceClaims(of: readonly RecordedResource[], book: Book): void {
  for (const claim of of) {
    const size = gibibytes(textAt(claim, "spec.resources.requests.storage"));
    const name = textAt(claim, "metadata.name") ?? claim.name;
    const storageClass = textAt(claim, "spec.storageClassName");
    if (size === undefined || storageClass === undefined)
      book.cannotPrice(`volume of ${name}`, `size and storage class of the claim ${name}`, [claim]);
    else priceVolume(claim, `volume of ${name}`, size, storageClass, book);
  }
}

function priceVolume(of: RecordedResource, what: string, gib: number, className: string, book: Book): void {
  const storage = book.plan
    .known("kubernetes:storage.k8s.io/v1:StorageClass")
    .find((one) => textAt(one, "metadata.name") === className);
  const disk =
    storage && DISKS[textAt(storage, "provisioner") ?? ""]?.(textAt(storage, "parameters.type") ?? "");
  if (!disk) {
    book.cannotPrice(what, `disks of the storage class ${className}`, [of]);
    return;
  }
  book.add({
    group: "volumes",
    what: `${what}, GiB`,
    of: [of],
    ...disk,
    region: placeOfCluster(book),
    quantity: gib,
    basis: `${gib} GiB`,
  });
}

/** The region of the one cluster. */
function placeOfCluster(book: Book): string | undefined {
  const google = book.plan.known("gcp:container/cluster:Cluster")[0];
  if (google) return textAt(google, "location")?.replace(/-[a-z]$/, "") ?? regionOf(book.plan, google);
  const amazon = book.plan.known("aws:eks/cluster:Cluster")[0];
  return amazon && regionOf(book.plan, amazon);
}

/** What objects in the cluster cost outside of it. */
export const kubernetes: Rules = {
  priced: {
    "kubernetes:helm.sh/v3:Release": priceReleases,
    "kubernetes:core/v1:Service": priceServices,
    "kubernetes:core/v1:PersistentVolumeClaim": priceClaims,
  },
  usage: {},
  free: {
    "kubernetes:cert-manager.io/v1:Certificate": "Let's Encrypt is free",
    "kubernetes:cert-manager.io/v1:ClusterIssuer": "Let's Encrypt is free",
    "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy": INSIDE,
    "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding": INSIDE,
    "kubernetes:policies.kyverno.io/v1:DeletingPolicy": INSIDE,
    "kubernetes:policies.kyverno.io/v1:GeneratingPolicy": INSIDE,
    "kubernetes:policies.kyverno.io/v1:MutatingPolicy": INSIDE,
    "kubernetes:policies.kyverno.io/v1:NamespacedDeletingPolicy": INSIDE,
    "kubernetes:policies.kyverno.io/v1:ValidatingPolicy": INSIDE,
    "kubernetes:apps/v1:DaemonSet": INSIDE,
    "kubernetes:apps/v1:Deployment": INSIDE,
    "kubernetes:core/v1:ConfigMap": INSIDE,
    "kubernetes:core/v1:ServiceAccount": INSIDE,
    "kubernetes:networking.k8s.io/v1:NetworkPolicy": INSIDE,
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": INSIDE,
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": INSIDE,
    "kubernetes:rbac.authorization.k8s.io/v1:Role": INSIDE,
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": INSIDE,
    "kubernetes:scheduling.k8s.io/v1:PriorityClass": INSIDE,
    "kubernetes:core/v1:Namespace": INSIDE,
    "kubernetes:core/v1:Secret": INSIDE,
    "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding": "billed with the load balancer it binds to",
    "kubernetes:networking.k8s.io/v1:IngressClass": INSIDE,
    "kubernetes:storage.k8s.io/v1:StorageClass": "billed by its volumes",
    "random:index/randomPassword:RandomPassword": "made by the engine",
  },
};
