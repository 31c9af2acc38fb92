import * as random from "@pulumi/random";
import type { Toleration } from "../cmb-cluster";
import { fakeCluster } from "../../testing/fake-cluster";
import { record } from "../../testing/record";
import { Certificates, issuerName, type CertificateIssuer, type CertificatesArgs } from "./certificates";

async function certificates(
  issuer: CertificateIssuer = "production",
  args: Partial<CertificatesArgs> = {},
  systemTolerations: Toleration[] = [],
) {
  const made = await record(() => {
    const cluster = fakeCluster({ domain: "cmb.example.org", systemTolerations });
    const servedFrom = { name: "web", resource: new random.RandomId("web-namespace", { byteLength: 1 }) };
    new Certificates("certs", { cluster, issuer, email: "ops@example.org", servedFrom, ...args });
    return cluster;
  });
  return { ...made, release: made.recording.one("certs-release") };
}

test("[D2] exactly a controller, the two issuers of Let's Encrypt, and one certificate", async () => {
  const { recording } = await certificates();
  expect(recording.list().filter((line) => line.includes(" certs"))).toEqual([
    "cmb:platform:Certificates certs",
    "kubernetes:cert-manager.io/v1:Certificate certs-wildcard",
    "kubernetes:cert-manager.io/v1:ClusterIssuer certs-letsencrypt-production",
    "kubernetes:cert-manager.io/v1:ClusterIssuer certs-letsencrypt-staging",
    "kubernetes:core/v1:Namespace certs-namespace",
    "kubernetes:helm.sh/v3:Release certs-release",
  ]);
});

test("the controller is cert-manager's own chart, pinned, with its kinds and without its ingress-shim", async () => {
  const { release } = await certificates();
  expect(release.inputs).toMatchObject({
    chart: "oci://quay.io/jetstack/charts/cert-manager",
    version: "v1.21.1",
    name: "cert-manager",
    namespace: "cert-manager",
    values: {
      crds: { enabled: true, keep: true },
      extraArgs: ["--controllers=*,-ingress-shim"],
      global: { leaderElection: { namespace: "cert-manager" } },
      startupapicheck: { enabled: true },
    },
  });
  expect(release.inputs.values).not.toHaveProperty("ingressShim");
  expect(release.inputs).not.toHaveProperty("repositoryOpts.repo");
  const elsewhere = await certificates("production", { charts: { "cert-manager": { path: "/charts/cm" } } });
  expect(elsewhere.release.inputs).toMatchObject({ chart: "/charts/cm" });
});

test("all its pods tolerate what the platform's nodes ask for, the check at the end of the installation too", async () => {
  const systemTolerations: Toleration[] = [
    { key: "only", operator: "Equal", value: "platform", effect: "NoSchedule" },
  ];
  const values = async (given: Toleration[]) =>
    (await certificates("production", {}, given)).release.inputs.values as Record<string, unknown>;
  const tolerating = await values(systemTolerations);
  const parts = [tolerating, tolerating.webhook, tolerating.cainjector, tolerating.startupapicheck];
  for (const part of parts) expect(part).toMatchObject({ tolerations: systemTolerations });
  expect(JSON.stringify(await values([]))).not.toContain("NoSchedule");
});

test("[W3] its service account may answer DNS challenges and nothing else, before its first pod starts", async () => {
  const { recording, result, release } = await certificates();
  expect(result.calls.bindings).toEqual([
    {
      name: "certificates",
      namespace: "cert-manager",
      serviceAccount: "cert-manager",
      grants: [{ verb: "answer-dns-challenge" }],
    },
  ]);
  expect(release.inputs.values).toMatchObject({
    serviceAccount: {
      create: true,
      name: "cert-manager",
      annotations: { "fake.example/identity": "identity-of-certificates" },
    },
  });
  expect(release.dependencies).toContain(recording.one("fake-binding-certificates").urn);
});

test("its namespace admits restricted pods only", async () => {
  const { recording } = await certificates();
  expect(recording.one("certs-namespace").inputs.metadata).toMatchObject({
    name: "cert-manager",
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
  });
});

test.each([
  ["staging", "https://acme-staging-v02.api.letsencrypt.org/directory"],
  ["production", "https://acme-v02.api.letsencrypt.org/directory"],
] as const)(
  "[D2] the %s issuer proves the domain by DNS-01 in the stack's zone alone",
  async (issuer, server) => {
    const { recording } = await certificates();
    const { inputs } = recording.one(`certs-letsencrypt-${issuer}`);
    expect(inputs.metadata).toMatchObject({ name: `letsencrypt-${issuer}` });
    expect(inputs.spec).toEqual({
      acme: {
        server,
        email: "ops@example.org",
        privateKeySecretRef: { name: `letsencrypt-${issuer}-account` },
        solvers: [{ selector: { dnsZones: ["cmb.example.org"] }, dns01: { fakeDns: { zone: "fake-zone" } } }],
      },
    });
    expect(JSON.stringify(inputs)).not.toMatch(/http01|skipTLSVerify/);
  },
);

test.each(["staging", "production"] as const)(
  "[D2] the certificate of %s names the domain and its wildcard, and no host the wildcard covers",
  async (issuer) => {
    const { recording } = await certificates(issuer);
    const { inputs } = recording.one("certs-wildcard");
    expect(inputs.metadata).toMatchObject({ name: "wildcard", namespace: "web" });
    expect(inputs.spec).toEqual({
      secretName: "wildcard-tls",
      dnsNames: ["cmb.example.org", "*.cmb.example.org"],
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuerName(issuer) },
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    });
  },
);

test("up never waits for issuance: every object that becomes ready only by it says so", async () => {
  const { recording } = await certificates();
  for (const name of ["certs-letsencrypt-staging", "certs-letsencrypt-production", "certs-wildcard"]) {
    expect(recording.one(name).inputs.metadata).toMatchObject({
      annotations: { "pulumi.com/skipAwait": "true" },
    });
  }
});

test("issuers come after the release that brings their kind, the certificate after both and after its namespace", async () => {
  const { recording, release } = await certificates();
  const issuers = ["certs-letsencrypt-staging", "certs-letsencrypt-production"].map((n) => recording.one(n));
  for (const issuer of issuers) expect(issuer.dependencies).toContain(release.urn);
  const { dependencies } = recording.one("certs-wildcard");
  for (const before of [release, ...issuers, recording.one("web-namespace")]) {
    expect(dependencies).toContain(before.urn);
  }
  for (const name of ["certs-namespace", "certs-release"]) {
    expect(recording.one(name).dependencies).toContain(recording.one("fake-nodes").urn);
  }
  expect(release.dependencies).toContain(recording.one("certs-namespace").urn);
});

test("everything belongs to the cluster's provider", async () => {
  const { recording } = await certificates();
  const provider = recording.one("fake-kubernetes");
  const made = recording.resources.filter(({ name, custom }) => custom && name.startsWith("certs-"));
  expect(made).toHaveLength(5);
  for (const resource of made) expect(resource.provider).toBe(`${provider.urn}::${provider.name}-id`);
});
