import type { IngressFacts, Toleration } from "../cmb-cluster";
import { ingressPodPorts } from "../ingress-ports";
import { INGRESS_CLASS, INGRESS_NAMESPACE, WILDCARD_SECRET } from "./names";

/** How much ingress controller there is. */
export interface IngressSize {
  /** Pods. One is an outage at every node drain; two or more are spread over zones and nodes. */
  readonly replicas: number;
  /** CPU requested by each pod, a Kubernetes quantity. It may use more where the node has it. */
  readonly cpu: string;
  /** Memory requested by each pod, and the most it gets, a Kubernetes quantity. */
  readonly memory: string;
}

/** What the values depend on. */
export interface IngressValuesArgs {
  readonly facts: IngressFacts;
  readonly size: IngressSize;
  /** What the nodes of the platform ask to be tolerated. */
  readonly tolerations: readonly Toleration[];
  /** Seconds that a request may take to arrive, and an answer or WebSocket may stay silent. */
  readonly requestTimeoutSeconds: number;
}

/** Service ports by what they carry. */
export const ingressPorts = { http: 80, https: 443 } as const;

/**
 * Seconds a new pod must have been ready before an old one goes, and an old one goes on accepting before it
 * drains: what a load balancer outside the cluster needs to notice either.
 */
const loadBalancerSeconds = { notice: 60, accept: 30, drain: 20 };

/**
 * Values for the traefik chart: keys and types as in the values.schema.json of traefik-helm-chart v41.3.0, options
 * as implemented in traefik v3.7.9 (pkg/provider/kubernetes/ingress-nginx, pkg/middlewares/forwardedheaders).
 *
 * Checked by hand against that schema, and rendered from that chart with helm 3.19.2. To be done again with every
 * new version: no test has the chart at hand, so tests pin these values and cannot show that a chart takes them.
 */
export function ingressValues({ facts, size, tolerations, requestTimeoutSeconds }: IngressValuesArgs) {
  return {
    deployment: {
      replicas: size.replicas,
      minReadySeconds: loadBalancerSeconds.notice,
      terminationGracePeriodSeconds: loadBalancerSeconds.accept + loadBalancerSeconds.drain + 10,
    },
    // With a single pod a budget would block every node drain for good.
    podDisruptionBudget: size.replicas > 1 ? { enabled: true, maxUnavailable: 1 } : { enabled: false },
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(spreadOver),
    resources: { requests: { cpu: size.cpu, memory: size.memory }, limits: { memory: size.memory } },
    ...securityContexts,
    tolerations: [...tolerations],
    service: serviceValues(facts),
    ports: portValues(facts, requestTimeoutSeconds),
    providers: providerValues(facts, requestTimeoutSeconds),
    // The program makes the class itself, under the name that the application needs.
    ingressClass: { enabled: false },
    tlsStore: { default: { defaultCertificate: { secretName: WILDCARD_SECRET } } },
    api: { dashboard: false },
    ingressRoute: { dashboard: { enabled: false } },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    metrics: { prometheus: { entryPoint: "metrics", addRoutersLabels: true } },
    accessLog,
  };
}

/** As the chart's defaults; written down so that a default which changes does not change them. */
const securityContexts = {
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
  },
  podSecurityContext: {
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    seccompProfile: { type: "RuntimeDefault" },
  },
};

/**
 * Without queries: a notebook's token and a sign-in's code travel in them. Without headers: session cookies and
 * bearer tokens travel in those. Client addresses stay, for tracing abuse.
 */
const accessLog = {
  enabled: true,
  format: "json",
  fields: {
    names: { ClientUsername: "drop" },
    headers: { defaultMode: "drop" },
    queryParameters: { defaultMode: "drop" },
  },
};

/** Soft, so that a cluster which is down to one node still starts every pod, and a roll-out needs no spare node. */
function spreadOver(topologyKey: string) {
  return {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { "app.kubernetes.io/name": "traefik" } },
  };
}

function serviceValues({ service }: IngressFacts) {
  return {
    annotations: service.annotations,
    spec: { ...service.spec, type: service.type },
  };
}

/**
 * No address is trusted with forwarded headers: neither kind of load balancer writes any, so what arrives in one is
 * the client's own claim. Traefik drops it and writes the address that the connection came from, which with the
 * PROXY protocol is the client's and not the load balancer's.
 */
function portValues({ proxyProtocol, trustedCidrs }: IngressFacts, requestTimeoutSeconds: number) {
  const entryPoint = {
    forwardedHeaders: { insecure: false, trustedIPs: [] },
    proxyProtocol: { insecure: false, trustedIPs: proxyProtocol ? [...trustedCidrs] : [] },
    transport: {
      // Go lifts it from a connection once it has become a WebSocket; it bounds slow uploads.
      respondingTimeouts: { readTimeout: `${requestTimeoutSeconds}s` },
      lifeCycle: {
        requestAcceptGraceTimeout: `${loadBalancerSeconds.accept}s`,
        graceTimeOut: `${loadBalancerSeconds.drain}s`,
      },
    },
  };
  // nginx drops headers with underscores, too: some servers read `X_Forwarded_For` as `X-Forwarded-For`.
  const http = { underscoreHeadersStrategy: "delete" };
  const toHttps = { entryPoint: { to: "websecure", scheme: "https", permanent: true } };
  return {
    web: {
      ...entryPoint,
      port: ingressPodPorts.http,
      exposedPort: ingressPorts.http,
      http: { ...http, redirections: toHttps },
    },
    websecure: {
      ...entryPoint,
      port: ingressPodPorts.https,
      exposedPort: ingressPorts.https,
      http: { ...http, tls: { enabled: true } },
    },
    traefik: { expose: { default: false } },
    metrics: { expose: { default: false } },
  };
}

/**
 * Routes come from Ingresses of class nginx alone. The provider of Traefik's own kinds stays on for one object, the
 * TLS store with the wildcard certificate, and sees this one namespace only.
 *
 * Ingresses are watched in all namespaces: the provider reads a namespace selector once, when it starts, and
 * would never see the namespace of an application that is installed later.
 */
function providerValues(facts: IngressFacts, requestTimeoutSeconds: number) {
  return {
    kubernetesIngress: { enabled: false },
    kubernetesGateway: { enabled: false },
    kubernetesCRD: {
      enabled: true,
      namespaces: [INGRESS_NAMESPACE],
      defaultTLSResourcesNamespace: INGRESS_NAMESPACE,
    },
    kubernetesIngressNGINX: {
      enabled: true,
      ingressClass: INGRESS_CLASS,
      controllerClass: INGRESS_CONTROLLER,
      watchIngressWithoutClass: false,
      // Not publishService: of a ClusterIP Service it would publish the address inside the cluster.
      publishService: { enabled: false },
      publishStatusAddress: facts.address,
      // An ExternalName Service would turn an Ingress into a proxy to any host, the metadata server included.
      disableSvcExternalName: true,
      allowSnippetAnnotations: false,
      allowCrossNamespaceResources: false,
      proxyReadTimeout: requestTimeoutSeconds,
      proxySendTimeout: requestTimeoutSeconds,
    },
  };
}

/** What an IngressClass names as its controller so that Traefik's ingress-nginx provider takes it. */
export const INGRESS_CONTROLLER = "k8s.io/ingress-nginx";
