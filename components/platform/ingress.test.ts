import type { Toleration } from "../cmb-cluster";
import { fakeCluster, type FakeClusterArgs } from "../../testing/fake-cluster";
import { record } from "../../testing/record";
import { Ingress, type IngressArgs } from "./ingress";

type Way = NonNullable<FakeClusterArgs["ingress"]>;
const ways: Way[] = ["load-balancer-service", "own-load-balancer"];
const size = { replicas: 2, cpu: "100m", memory: "256Mi" };

interface EntryPoint {
  port: number;
  exposedPort: number;
  forwardedHeaders: object;
  proxyProtocol: object;
  transport: object;
  http: { redirections?: object; tls?: object; underscoreHeadersStrategy: string };
}
interface Values {
  deployment: { replicas: number; terminationGracePeriodSeconds: number; minReadySeconds: number };
  podDisruptionBudget: object;
  service: { annotations: object; spec: object };
  ports: { web: EntryPoint; websecure: EntryPoint } & Record<"traefik" | "metrics", object>;
  providers: Record<string, object>;
}

async function ingress(way: Way, args: Partial<IngressArgs> = {}, systemTolerations: Toleration[] = []) {
  const made = await record(() => {
    const cluster = fakeCluster({ ingress: way, systemTolerations });
    const built = new Ingress("ingress", { cluster, size, requestTimeoutSeconds: 1800, ...args });
    return { cluster, built };
  });
  const release = made.recording.one("ingress-release");
  return { ...made, release, values: release.inputs.values as Values };
}

test.each(ways)("%s: exactly a namespace, a class, a release and what is attached", async (way) => {
  const { recording } = await ingress(way);
  const mine = recording.list().filter((line) => line.includes(" ingress"));
  expect(mine).toEqual([
    "cmb:platform:Ingress ingress",
    "kubernetes:core/v1:Namespace ingress-namespace",
    "kubernetes:helm.sh/v3:Release ingress-release",
    "kubernetes:networking.k8s.io/v1:IngressClass ingress-class",
    ...(way === "own-load-balancer" ? ["random:index/randomId:RandomId ingress-attachment-target"] : []),
  ]);
});

test("the controller is Traefik's own chart, pinned, under the names that others refer to", async () => {
  const { release } = await ingress("own-load-balancer");
  expect(release.inputs).toMatchObject({
    chart: "traefik",
    version: "41.3.0",
    repositoryOpts: { repo: "https://traefik.github.io/charts" },
    name: "traefik",
    namespace: "traefik",
  });
  const elsewhere = await ingress("own-load-balancer", { charts: { traefik: { path: "/charts/traefik" } } });
  expect(elsewhere.release.inputs).toMatchObject({ chart: "/charts/traefik" });
  expect(elsewhere.release.inputs).not.toHaveProperty("repositoryOpts.repo");
});

test("its namespace admits restricted pods only, and its pods are such", async () => {
  const { recording, values } = await ingress("own-load-balancer");
  expect(recording.one("ingress-namespace").inputs.metadata).toEqual({
    name: "traefik",
    labels: {
      "app.kubernetes.io/part-of": "cmb-platform",
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    },
  });
  expect(values).toMatchObject({
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
  });
});

test("a class nginx leads to the ingress-nginx provider, and no other kind of route is served", async () => {
  const { recording, values } = await ingress("own-load-balancer");
  const { inputs } = recording.one("ingress-class");
  expect(inputs).toMatchObject({ metadata: { name: "nginx" }, spec: { controller: "k8s.io/ingress-nginx" } });
  expect(JSON.stringify(inputs)).not.toContain("is-default-class");
  expect(values).toMatchObject({ ingressClass: { enabled: false } });
  expect(values.providers).toEqual({
    kubernetesIngress: { enabled: false },
    kubernetesGateway: { enabled: false },
    kubernetesCRD: { enabled: true, namespaces: ["traefik"], defaultTLSResourcesNamespace: "traefik" },
    kubernetesIngressNGINX: {
      enabled: true,
      ingressClass: "nginx",
      controllerClass: "k8s.io/ingress-nginx",
      watchIngressWithoutClass: false,
      publishService: { enabled: false },
      publishStatusAddress: "fake-lb.example.net",
      disableSvcExternalName: true,
      allowSnippetAnnotations: false,
      allowCrossNamespaceResources: false,
      proxyReadTimeout: 1800,
      proxySendTimeout: 1800,
    },
  });
});

test("the Service is of the cluster's type with its annotations and fields; no load balancer comes with a ClusterIP", async () => {
  const service = await ingress("load-balancer-service");
  expect(service.values.service).toEqual({
    annotations: { "fake.example/address": "fake-address" },
    spec: { type: "LoadBalancer", loadBalancerIP: "192.0.2.10", externalTrafficPolicy: "Local" },
  });
  const own = await ingress("own-load-balancer");
  expect(own.values.service).toEqual({ annotations: {}, spec: { type: "ClusterIP" } });
  expect(JSON.stringify(own.release.inputs)).not.toContain("LoadBalancer");
});

test("the PROXY protocol is taken from the load balancer's ranges alone, and from nobody where there is none", async () => {
  const own = await ingress("own-load-balancer");
  const service = await ingress("load-balancer-service");
  for (const port of ["web", "websecure"] as const) {
    expect(own.values.ports[port].proxyProtocol).toEqual({
      insecure: false,
      trustedIPs: ["10.0.0.0/24", "10.0.1.0/24"],
    });
    expect(service.values.ports[port].proxyProtocol).toEqual({ insecure: false, trustedIPs: [] });
  }
});

test.each(ways)("%s: forwarded headers of clients are trusted from no address", async (way) => {
  const { values, release } = await ingress(way);
  for (const port of ["web", "websecure"] as const) {
    expect(values.ports[port].forwardedHeaders).toEqual({ insecure: false, trustedIPs: [] });
    expect(values.ports[port].http.underscoreHeadersStrategy).toBe("delete");
  }
  expect(JSON.stringify(release.inputs)).not.toMatch(/"insecure":true|insecureSkipVerify|skipVerify/i);
});

test("[H7] HTTP leads to HTTPS, requests may take as long as is set, pods leave slowly enough to be noticed", async () => {
  const { values } = await ingress("own-load-balancer");
  const { web, websecure } = values.ports;
  expect([web.port, web.exposedPort, websecure.port, websecure.exposedPort]).toEqual([8000, 80, 8443, 443]);
  expect(web.http.redirections).toEqual({
    entryPoint: { to: "websecure", scheme: "https", permanent: true },
  });
  expect(web.http).not.toHaveProperty("tls");
  expect(websecure.http.tls).toEqual({ enabled: true });
  expect(websecure.http).not.toHaveProperty("redirections");
  for (const { transport } of [web, websecure]) {
    expect(transport).toEqual({
      respondingTimeouts: { readTimeout: "1800s" },
      lifeCycle: { requestAcceptGraceTimeout: "30s", graceTimeOut: "20s" },
    });
  }
  expect(values.deployment).toEqual({
    replicas: 2,
    minReadySeconds: 60,
    terminationGracePeriodSeconds: 60,
  });
});

test("dashboard and metrics are on no Service, and nothing is reported to anybody", async () => {
  const { values } = await ingress("own-load-balancer");
  expect(values).toMatchObject({
    api: { dashboard: false },
    ingressRoute: { dashboard: { enabled: false } },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    metrics: { prometheus: { entryPoint: "metrics" } },
  });
  expect(values.ports.traefik).toEqual({ expose: { default: false } });
  expect(values.ports.metrics).toEqual({ expose: { default: false } });
});

test("the access log holds neither headers nor queries nor user names", async () => {
  const { values } = await ingress("own-load-balancer");
  expect(values).toMatchObject({
    accessLog: {
      enabled: true,
      format: "json",
      fields: {
        names: { ClientUsername: "drop" },
        headers: { defaultMode: "drop" },
        queryParameters: { defaultMode: "drop" },
      },
    },
  });
});

test("the controller tolerates what the platform's nodes ask for, and nothing where they ask for nothing", async () => {
  const asked: Toleration[] = [{ key: "only", operator: "Equal", value: "platform", effect: "NoSchedule" }];
  expect((await ingress("own-load-balancer", {}, asked)).values).toMatchObject({ tolerations: asked });
  expect((await ingress("own-load-balancer")).values).toMatchObject({ tolerations: [] });
});

test("two pods are spread and may lose one at a time; a single pod has no budget, which would block every drain", async () => {
  const two = await ingress("own-load-balancer");
  expect(two.values.podDisruptionBudget).toEqual({ enabled: true, maxUnavailable: 1 });
  expect(two.values).toMatchObject({
    topologySpreadConstraints: [
      { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 1 },
      { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 1 },
    ],
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "256Mi" } },
  });
  const one = await ingress("own-load-balancer", { size: { ...size, replicas: 1 } });
  expect(one.values.deployment.replicas).toBe(1);
  expect(one.values.podDisruptionBudget).toEqual({ enabled: false });
});

test("what is attached comes after the release, names its Service and ports, and so goes before it", async () => {
  const { recording, result, release } = await ingress("own-load-balancer");
  const [attachment, ...others] = result.cluster.calls.attachments;
  expect(others).toEqual([]);
  expect(attachment).toMatchObject({
    name: "ingress-attachment",
    namespace: "traefik",
    service: "traefik",
    ports: { http: 80, https: 443 },
  });
  expect(attachment?.options.dependsOn).toEqual([result.built.release]);
  expect(recording.one("ingress-attachment-target").dependencies).toContain(release.urn);
  expect(result.built.attached).toHaveLength(1);
  expect((await ingress("load-balancer-service")).result.built.attached).toEqual([]);
});

test.each(ways)(
  "%s: everything belongs to the cluster's provider and goes before the cluster does",
  async (way) => {
    const { recording, release } = await ingress(way);
    const provider = recording.one("fake-kubernetes");
    for (const name of ["ingress-namespace", "ingress-class", "ingress-release"]) {
      const made = recording.one(name);
      expect(made.provider).toBe(`${provider.urn}::${provider.name}-id`);
      expect(made.dependencies).toContain(recording.one("fake-nodes").urn);
      // A load balancer's forwarding rules stay behind when its Service is only forgotten with the cluster.
      expect(made.deletedWith).toBe("");
      expect(made.retainOnDelete).toBe(false);
    }
    expect(release.dependencies).toContain(recording.one("ingress-namespace").urn);
  },
);
