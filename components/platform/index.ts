export { Certificates, issuerName, type CertificateIssuer, type CertificatesArgs } from "./certificates";
export { Ingress, type IngressArgs } from "./ingress";
export type { IngressSize } from "./ingress-values";
export { defaultIngressSize, Platform, type PlatformArgs } from "./platform";
export { StorageClasses, type StorageClassesArgs } from "./storage-classes";
