import { fakeCluster } from "../../testing/fake-cluster";
import { record } from "../../testing/record";
import type { Toleration } from "../cmb-cluster";
import { Kyverno, type KyvernoArgs } from "./kyverno";
import { kyvernoRequests } from "./kyverno-values";

async function kyverno(args: Partial<KyvernoArgs> = {}, systemTolerations: Toleration[] = []) {
  const made = await record(() => {
    const cluster = fakeCluster({ systemTolerations });
    return new Kyverno("kyverno", { cluster, size: { replicas: 1 }, ...args });
  });
  const release = made.recording.one("kyverno-release");
  return { ...made, release, values: release.inputs.values as Record<string, Record<string, unknown>> };
}

test("[O12] exactly a namespace that admits restricted pods, and a release of Kyverno's own chart, pinned, in it", async () => {
  const { recording, release } = await kyverno();
  expect(recording.list().filter((line) => line.includes(" kyverno"))).toEqual([
    "cmb:platform:Kyverno kyverno",
    "kubernetes:core/v1:Namespace kyverno-namespace",
    "kubernetes:helm.sh/v3:Release kyverno-release",
  ]);
  expect(release.inputs).toMatchObject({
    chart: "kyverno",
    version: "3.9.1",
    repositoryOpts: { repo: "https://kyverno.github.io/kyverno" },
    name: "kyverno",
    namespace: "kyverno",
  });
  expect(recording.one("kyverno-namespace").inputs.metadata).toMatchObject({
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
  });
  const waits = release.dependencies.map((urn) => urn.split("::").pop());
  expect(waits).toEqual(expect.arrayContaining(["fake-nodes", "kyverno-namespace"]));
});

test("[O5] it goes with its cluster: a destroy neither uninstalls it nor waits for its aggregated roles to stay away", async () => {
  const { recording } = await kyverno();
  for (const name of ["kyverno-release", "kyverno-namespace"])
    expect(recording.one(name).deletedWith.split("::").pop()).toBe("fake-control-plane");
});

test("[O12] what nobody reads is off, and so are the rights and the jobs that nothing here needs", async () => {
  const { values } = await kyverno();
  const off = { enabled: false };
  expect(values.reportsController).toEqual(off);
  expect(values.webhooksCleanup).toEqual(off);
  expect(Object.values(values.features!)).toEqual(Array.from({ length: 7 }, () => off));
  expect(values.backgroundController).toMatchObject({ rbac: { coreClusterRole: { extraResources: [] } } });
  const rights = JSON.stringify([values.backgroundController, values.cleanupController]);
  expect(rights).not.toMatch(/secrets|"\*"/);
});

test("[P9] one pod unless more are asked for, which then are never drained all at once", async () => {
  const { values: one } = await kyverno();
  expect(one.admissionController).toMatchObject({ replicas: 1, podDisruptionBudget: { enabled: false } });
  const { values: three } = await kyverno({ size: { replicas: 3 } });
  expect(three.admissionController).toMatchObject({
    replicas: 3,
    podDisruptionBudget: { enabled: true, minAvailable: 1 },
    container: { resources: { requests: kyvernoRequests.admission } },
  });
});

test("its pods tolerate what the platform's nodes ask for", async () => {
  const taint: Toleration = { key: "only", operator: "Equal", value: "platform", effect: "NoSchedule" };
  expect((await kyverno({}, [taint])).values.global).toEqual({ tolerations: [taint] });
});
