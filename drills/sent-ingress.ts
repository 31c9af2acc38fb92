import type { Json } from "../preview/engine/values";

/** Of an environment's Ingress, what differs from one to the next. */
export interface IngressWish {
  readonly namespace: string;
  /** The mail address as it stands in names, and the environment's eight digits. */
  readonly user: string;
  readonly env: string;
  readonly host: string;
  /** Service behind it; the environment's own unless said otherwise. */
  readonly service?: string;
  /** Seconds that a connection may be silent, an hour unless said otherwise. */
  readonly silence?: number;
  /** Annotations beside the application's own. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * The Ingress as the application's pod manager sends it with TLS on (CMBAgents/cmbcluster commit 27019b7,
 * backend/pod_manager.py): class and annotation, a rewrite to `/`, an hour's silence, a secret of its own that nobody
 * makes.
 */
export function sentIngress(wish: IngressWish): Json {
  const { namespace, user, env, host, silence = 3600 } = wish;
  const service = { name: wish.service ?? `service-${user}-${env}`, port: { number: 80 } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: `ingress-${user}-${env}`,
      namespace,
      labels: { app: "cmbagent", "user-id": user, "env-id": env },
      annotations: {
        "kubernetes.io/ingress.class": "nginx",
        "nginx.ingress.kubernetes.io/rewrite-target": "/",
        "nginx.ingress.kubernetes.io/proxy-connect-timeout": "600",
        "nginx.ingress.kubernetes.io/proxy-send-timeout": String(silence),
        "nginx.ingress.kubernetes.io/proxy-read-timeout": String(silence),
        "cert-manager.io/cluster-issuer": "letsencrypt-production",
        "nginx.ingress.kubernetes.io/ssl-redirect": "true",
        "nginx.ingress.kubernetes.io/force-ssl-redirect": "true",
        ...wish.annotations,
      },
    },
    spec: {
      ingressClassName: "nginx",
      rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend: { service } }] } }],
      tls: [{ hosts: [host], secretName: `tls-${user}-${env}` }],
    },
  };
}
