import { namespace } from "../../app-chart/combinations";
import type { KubernetesObject } from "../../simulator/kubernetes";
import { eventually } from "../../simulator/kubernetes/fixtures/cluster";
import { ask, gone, plainPod, pods, wishOf } from "./asking";
import type { Place } from "./place";
import { sentPod } from "./sent";

type Pod = KubernetesObject & {
  readonly status: { readonly phase: string };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
};
type Quota = KubernetesObject & { readonly spec: { readonly hard: Readonly<Record<string, string>> } };

const deployment = (name: string, where: string, tag: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: where },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        ...plainPod,
        containers: plainPod.containers.map((each) => ({
          ...each,
          image: `registry.example.org/${name}:${tag}`,
        })),
      },
    },
  },
});

/** Kyverno dead, and gone. Ends with the namespace, so it is the last to be told. */
export function outage(place: Place): void {
  const { cloud } = place;
  const webhooks = ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"].map(
    (kind) => `/apis/admissionregistration.k8s.io/v1/${kind}`,
  );
  /** The webhooks that ask Kyverno about resources, by path: the others are about its own policies. */
  const asking = async () => {
    const found = await Promise.all(
      webhooks.map(async (path) =>
        (await place.api.list(path)).map(({ metadata }) => `${path}/${metadata.name}`),
      ),
    );
    return found.flat().filter((path) => path.includes("resource"));
  };
  /** The pod of a Deployment that runs with this tag. */
  const running = (name: string, where: string, tag: string) =>
    eventually(async () => {
      const found = await place.api.list<Pod>(
        `/api/v1/namespaces/${where}/pods?labelSelector=${encodeURIComponent(`app=${name}`)}`,
      );
      return found.find(
        ({ status, spec }) => status.phase === "Running" && spec.containers[0]!.image.endsWith(`:${tag}`),
      );
    }, 90);
  let began: number;
  let refusal: string | undefined;

  test("Kyverno killed: no environment starts, and those that run can be ended", async () => {
    await place.kyverno.kill();
    began = performance.now();
    expect((await asking()).length).toBeGreaterThan(0);
    refusal = (await ask(place.backend, sentPod(wishOf(cloud, { environment: "0f0f0f0f" })))).refused;
    expect(refusal).toMatch(/failed calling webhook/);
    await place.backend.delete(`${pods}/${sentPod(wishOf(cloud)).metadata.name}`, { graceSeconds: 0 });
  }, 60_000);

  test("Kyverno dead, the cluster heals: pods come again inside and outside the namespace, nodes join and carry them", async () => {
    await place.api.create("/api/v1/namespaces", { metadata: { name: "elsewhere" } });
    for (const [name, where] of [
      ["cmbcluster-backend", namespace],
      ["other", "elsewhere"],
    ] as const) {
      await place.plane.apply([deployment(name, where, "v1")]);
      const first = await running(name, where, "v1");
      await place.api.delete(`/api/v1/namespaces/${where}/pods/${first.metadata.name}`, { graceSeconds: 0 });
      const second = await eventually(async () => {
        const now = await running(name, where, "v1");
        return now.metadata.uid === first.metadata.uid ? undefined : now;
      }, 90);
      expect(second.metadata.uid).not.toBe(first.metadata.uid);
    }
    // As an upgrade of nodes does: others come, and those that were go with their pods.
    await place.setNodes("younger", 2);
    await place.plane.removeNodes("users");
    for (const [name, where] of [
      ["cmbcluster-backend", namespace],
      ["other", "elsewhere"],
    ] as const) {
      const there = await eventually(async () => {
        const pod = await running(name, where, "v1");
        return (pod.spec as unknown as { nodeName: string }).nodeName.includes("younger") ? pod : undefined;
      }, 90);
      expect(there.status.phase).toBe("Running");
    }
  }, 240_000);

  test("Kyverno dead, the application is upgraded: its image and the objects of its chart", async () => {
    const quota = async () =>
      (await place.api.list<Quota>(`/api/v1/namespaces/${namespace}/resourcequotas`))[0]!.spec.hard;
    const before = await quota();
    await place.applyChart("staging");
    expect(await quota()).not.toEqual(before);
    await place.plane.apply([deployment("cmbcluster-backend", namespace, "v2")]);
    await running("cmbcluster-backend", namespace, "v2");
    await place.applyChart("dev");
    expect(await quota()).toEqual(before);
  }, 120_000);

  test("started again, it mends environments as before", async () => {
    await place.kyverno.restart();
    const pod = sentPod(wishOf(cloud, { environment: "0f0f0f0f" }));
    const healed = await eventually(async () => (await ask(place.backend, pod)).made, 120);
    expect(healed.metadata.name).toBe(pod.metadata.name);
    console.log(
      `admission on ${cloud}: Kyverno killed and started again, ${((performance.now() - began) / 1000).toFixed(0)} s until ` +
        `an environment could start; until then: ${refusal?.slice(0, 120)}`,
    );
  }, 180_000);

  test("dead, and its webhooks taken away by hand: nothing unmended gets in", async () => {
    await place.kyverno.kill();
    for (const path of await asking()) await place.api.delete(path);
    const pod = sentPod(wishOf(cloud, { environment: "0f0f0f01" }));
    expect((await eventually(() => ask(place.backend, pod))).refused).toMatch(
      /not mended|Not found: "user-workspace"/,
    );
    await place.kyverno.restart();
    await eventually(async () => ((await asking()).length > 0 ? true : undefined), 120);
  }, 300_000);

  test("[O5] dead, and its webhooks still there: policies, namespace and Kyverno itself are destroyed, and nothing holds them", async () => {
    await eventually(
      async () => (await ask(place.backend, sentPod(wishOf(cloud, { environment: "0f0f0f02" })))).made,
      120,
    );
    await place.kyverno.kill();
    const left = await asking();
    expect(left.length).toBeGreaterThan(0);
    await place.removePolicies();
    const within = `/apis/policies.kyverno.io/v1/namespaces/${namespace}/namespaceddeletingpolicies`;
    for (const path of ["mutatingpolicies", "validatingpolicies", "deletingpolicies", "generatingpolicies"]) {
      expect(await place.api.list(`/apis/policies.kyverno.io/v1/${path}`)).toEqual([]);
    }
    expect(await place.api.list(within)).toEqual([]);
    const asked = performance.now();
    await place.api.delete(`/api/v1/namespaces/${namespace}`);
    await eventually(() => gone(place.api, `/api/v1/namespaces/${namespace}`), 120);
    console.log(
      `admission on ${cloud}: Kyverno dead, its webhooks there: the namespace with a running environment ended ` +
        `within ${((performance.now() - asked) / 1000).toFixed(0)} s`,
    );
    expect(await asking()).toEqual(left);
    await place.kyverno.uninstall();
    await eventually(() => gone(place.api, "/api/v1/namespaces/kyverno"), 120);
  }, 300_000);
}
