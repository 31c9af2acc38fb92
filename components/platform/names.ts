/**
 * Names of the cluster services. They are physical names in the cluster and part of what others refer to (trust of
 * the certificate controller's identity, targets of the load balancer), so none of them ever changes.
 */

/** Namespace of the ingress controller, and of the certificate it serves. */
export const INGRESS_NAMESPACE = "traefik";

/** The ingress controller's release, Deployment and Service: the chart names all three after the release. */
export const INGRESS_RELEASE = "traefik";

/**
 * The one ingress class. The application writes `nginx` into an annotation of every Ingress it makes, and the API
 * server refuses an Ingress whose class and annotation differ.
 */
export const INGRESS_CLASS = "nginx";

/** Namespace of the certificate controller. */
export const CERTIFICATES_NAMESPACE = "cert-manager";

/** The certificate controller's release and service account: its cloud identity trusts exactly this account. */
export const CERTIFICATES_RELEASE = "cert-manager";

/** Secret, in {@link INGRESS_NAMESPACE}, that holds the wildcard certificate. */
export const WILDCARD_SECRET = "wildcard-tls";

/** StorageClass whose volumes go with their claims. The cluster's default. */
export const DEFAULT_STORAGE_CLASS = "cmb-block";

/** StorageClass whose volumes outlive their claims: for data. */
export const RETAINED_STORAGE_CLASS = "cmb-block-retained";

/** Namespace of the admission controller. */
export const KYVERNO_NAMESPACE = "kyverno";

/** The admission controller's release; the accounts of its three controllers begin with it. */
export const KYVERNO_RELEASE = "kyverno";
