import { fakeBucket, fakeCluster } from "./fake-cluster";
import { record, settled } from "./record";
import * as random from "@pulumi/random";

test("a fake cluster remembers what it was asked for, and access comes after its stand-in", async () => {
  const { recording, result } = await record(() => {
    const cluster = fakeCluster();
    const grants = [{ verb: "replicate-database", bucket: fakeBucket("cmb-fake-db") }] as const;
    const bound = cluster.bindWorkload("backend", { namespace: "n", serviceAccount: "s", grants });
    new random.RandomPet("pod", { keepers: bound.annotations });
    return cluster;
  });
  expect(result.calls.bindings).toEqual([
    expect.objectContaining({ name: "backend", namespace: "n", serviceAccount: "s" }),
  ]);
  expect(recording.one("pod").dependencies).toEqual([recording.one("fake-binding-backend").urn]);
});

test("the two ways to the internet differ in Service, PROXY protocol, trust and what is attached", async () => {
  const attachment = { namespace: "n", service: "s", ports: { http: 80, https: 443 } };
  const { result } = await record(() =>
    (["load-balancer-service", "own-load-balancer"] as const).map((ingress) => {
      const cluster = fakeCluster({ ingress });
      return { facts: cluster.ingress, attached: cluster.ingress.attach(ingress, attachment, {}), cluster };
    }),
  );
  const [service, own] = result;
  expect(service?.facts).toMatchObject({
    service: { type: "LoadBalancer" },
    proxyProtocol: false,
    trustedCidrs: [],
  });
  expect(service?.attached).toEqual([]);
  expect(own?.facts).toMatchObject({ service: { type: "ClusterIP" }, proxyProtocol: true });
  expect(own?.facts.trustedCidrs).not.toEqual([]);
  expect(own?.attached).toHaveLength(1);
  expect(own?.cluster.calls.attachments).toEqual([{ name: "own-load-balancer", options: {}, ...attachment }]);
});

test("a kept secret is remembered under its name", async () => {
  const { result } = await record(async () => {
    const cluster = fakeCluster({ cloud: "aws", domain: "other.example.org" });
    const kept = cluster.keepSecret("key", { description: "a key", value: cluster.kubeconfig });
    return { cluster, id: await settled(kept.id) };
  });
  expect(result.id).toBe("fake-secret/key");
  expect(result.cluster.calls.secrets.map(({ name }) => name)).toEqual(["key"]);
  expect(result.cluster).toMatchObject({ cloud: "aws", dns: { domain: "other.example.org" } });
});
