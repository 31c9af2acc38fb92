import { fakeCluster } from "../../testing/fake-cluster";
import { record } from "../../testing/record";
import { defaultIngressSize, Platform, type PlatformArgs } from "./platform";

async function platform(args: Partial<PlatformArgs> = {}) {
  const made = await record(() => {
    const cluster = fakeCluster({ ingress: "own-load-balancer" });
    const certificates = { issuer: "staging", email: "ops@example.org" } as const;
    return new Platform("platform", { cluster, certificates, ...args });
  });
  return { ...made, values: made.recording.one("platform-ingress-release").inputs.values };
}

test("a platform is storage classes, ingress, certificates and admission, each under it, under names that never change", async () => {
  const { recording } = await platform();
  const { urn } = recording.one("platform", "cmb:platform:Platform");
  const children = recording.resources
    .filter(({ parent }) => parent === urn)
    .map(({ type, name }) => `${type} ${name}`);
  expect(children.sort()).toEqual([
    "cmb:platform:Certificates platform-certificates",
    "cmb:platform:Ingress platform-ingress",
    "cmb:platform:Kyverno platform-kyverno",
    "cmb:platform:StorageClasses platform-storage",
  ]);
});

test("an application learns names, not resources of a cloud, and what to wait for", async () => {
  const { recording, result } = await platform();
  expect(result).toMatchObject({
    ingressClassName: "nginx",
    clusterIssuer: "letsencrypt-staging",
    storageClass: "cmb-block-retained",
  });
  const ready = result.ready.map((resource) => (resource as unknown as { __name: string }).__name);
  expect(ready).toEqual([
    "platform-storage-default",
    "platform-storage-retained",
    "platform-ingress-class",
    "platform-ingress-release",
    "platform-ingress-attachment-target",
  ]);
  for (const name of ready) recording.one(name);
});

test("the certificate lies in the ingress controller's namespace, in the Secret that it serves by default", async () => {
  const { recording, values } = await platform();
  const certificate = recording.one("platform-certificates-wildcard");
  expect(certificate.inputs).toMatchObject({
    metadata: { namespace: "traefik" },
    spec: { secretName: "wildcard-tls", issuerRef: { name: "letsencrypt-staging" } },
  });
  expect(certificate.dependencies).toContain(recording.one("platform-ingress-namespace").urn);
  expect(values).toMatchObject({
    tlsStore: { default: { defaultCertificate: { secretName: "wildcard-tls" } } },
  });
});

test("[P9] size and timeout of the ingress are two small pods and an hour unless set", async () => {
  const readTimeout = (seconds: number) => ({
    ports: { websecure: { transport: { respondingTimeouts: { readTimeout: `${seconds}s` } } } },
  });
  const plain = await platform();
  expect(plain.values).toMatchObject({ deployment: { replicas: 2 }, ...readTimeout(3600) });
  expect(defaultIngressSize.replicas).toBe(2);
  const set = await platform({
    ingressSize: { replicas: 3, cpu: "1", memory: "1Gi" },
    requestTimeoutSeconds: 60,
  });
  expect(set.values).toMatchObject({ deployment: { replicas: 3 }, ...readTimeout(60) });
});

test("charts from other places reach every release", async () => {
  const { recording } = await platform({
    charts: {
      traefik: { path: "/charts/traefik" },
      "cert-manager": { path: "/charts/cm" },
      kyverno: { path: "/charts/kyverno" },
    },
  });
  expect(recording.one("platform-kyverno-release").inputs.chart).toBe("/charts/kyverno");
  expect(recording.one("platform-ingress-release").inputs.chart).toBe("/charts/traefik");
  expect(recording.one("platform-certificates-release").inputs.chart).toBe("/charts/cm");
});

test("nothing of a platform is protected or kept: it holds no data", async () => {
  const { recording } = await platform();
  const kept = recording.resources.filter(({ protect, retainOnDelete }) => protect || retainOnDelete);
  expect(kept).toEqual([]);
});
