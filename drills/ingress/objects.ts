import type { Json } from "../../preview/engine/values";
import { sentIngress } from "../sent-ingress";

/** The namespace of the application in the drill. */
export const NAMESPACE = "science";
export const DOMAIN = "cmb.example.org";

/** An environment, by what the application makes its names of. */
export interface Environment {
  readonly user: string;
  readonly env: string;
}

/** Host of an environment's Ingress. */
export const hostOf = ({ user, env }: Environment) => `${user}-${env}.${DOMAIN}`;

/**
 * The Ingress of an environment.
 *
 * @param silence seconds instead of the hour
 */
export function ingressOf({ user, env }: Environment, silence?: number): Json {
  return sentIngress({ namespace: NAMESPACE, user, env, host: hostOf({ user, env }), silence });
}

/** The Service as the application sends it, and where its pod would be: on this machine. */
export function serviceOf({ user, env }: Environment, address: string, port: number): Json[] {
  const name = `service-${user}-${env}`;
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name,
        namespace: NAMESPACE,
        labels: { app: "cmbagent", "user-id": user, "env-id": env },
      },
      spec: {
        selector: { "user-id": user, "env-id": env },
        ports: [{ port: 80, targetPort: port, protocol: "TCP" }],
        type: "ClusterIP",
      },
    },
    slice(name, NAMESPACE, address, port, ""),
  ];
}

/** Where the pods of a Service are. The controller that would write it looks for pods, and there are none. */
export function slice(
  service: string,
  namespace: string,
  address: string,
  port: number,
  portName: string,
): Json {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${service}-here`, namespace, labels: { "kubernetes.io/service-name": service } },
    addressType: "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: portName, port, protocol: "TCP" }],
  };
}

/** What the platform makes around the controller: namespaces, class, certificate, and the store that names it. */
export function platformObjects(certificate: string, key: string): Json[] {
  return [
    ...["traefik", NAMESPACE].map((name) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
    })),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: "nginx" },
      spec: { controller: "k8s.io/ingress-nginx" },
    },
    wildcard(certificate, key),
    {
      apiVersion: "traefik.io/v1alpha1",
      kind: "TLSStore",
      metadata: { name: "default", namespace: "traefik" },
      spec: { defaultCertificate: { secretName: "wildcard-tls" } },
    },
  ];
}

/** The Secret that cert-manager would keep. */
export function wildcard(certificate: string, key: string): Json {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "wildcard-tls", namespace: "traefik" },
    type: "kubernetes.io/tls",
    data: {
      "tls.crt": Buffer.from(certificate).toString("base64"),
      "tls.key": Buffer.from(key).toString("base64"),
    },
  };
}
