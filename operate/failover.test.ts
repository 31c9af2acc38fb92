import { names } from "../components/application/names";
import { type ClusterInMemory, clusterInMemory } from "./fixtures/cluster";
import { amazonStack, exported } from "./fixtures/stack";
import { type Answer, scripted } from "./fixtures/world";
import type { FailoverDocument } from "./failover";
import { main } from "./main";
import type { World } from "./world";

const inNamespace = "/api/v1/namespaces/cmb-dev";
const deployment = `/apis/apps/v1/namespaces/cmb-dev/deployments/${names.backend}`;
const claims = `${inNamespace}/persistentvolumeclaims`;
const claim = `${claims}/${names.databaseClaim}`;
const backend = {
  "app.kubernetes.io/name": "cmbcluster",
  "app.kubernetes.io/instance": "cmbcluster",
  "app.kubernetes.io/component": "backend",
};
const ready = (status: "True" | "False" | "Unknown") => ({ conditions: [{ type: "Ready", status }] });
const node = (name: string, zone: string, is: "True" | "Unknown") => ({
  metadata: { name, labels: { "topology.kubernetes.io/zone": zone } },
  status: ready(is),
});
const pod = (name: string, on: string | undefined, is: "True" | "False") => ({
  metadata: { name, labels: backend },
  spec: { nodeName: on },
  status: { phase: "Running", ...ready(is) },
});
const volume = (name: string, zone: string, over: object = {}) => ({
  metadata: { name },
  spec: {
    persistentVolumeReclaimPolicy: "Retain",
    claimRef: { namespace: "cmb-dev", name: names.databaseClaim, uid: "u0" },
    csi: { driver: "ebs.csi.aws.com", volumeHandle: `disk-of-${name}` },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "topology.ebs.csi.aws.com/zone", values: [zone] }] }],
      },
    },
  },
  status: { phase: "Bound" },
  ...over,
});
const claimObject = {
  metadata: {
    name: names.databaseClaim,
    uid: "u0",
    resourceVersion: "7",
    labels: { ...backend, "app.kubernetes.io/managed-by": "Helm" },
    annotations: {
      "helm.sh/resource-policy": "keep",
      "meta.helm.sh/release-name": "cmbcluster",
      "pv.kubernetes.io/bind-completed": "yes",
      "volume.kubernetes.io/selected-node": "n1",
    },
  },
  spec: {
    accessModes: ["ReadWriteOncePod"],
    storageClassName: "cmb-block-retained",
    volumeMode: "Filesystem",
    resources: { requests: { storage: "50Gi" } },
    volumeName: "pv-old",
  },
};

/** A cluster after the loss of zone a: the pod's node does not answer. */
const lost = {
  [deployment]: { metadata: { name: names.backend }, spec: { replicas: 1 } },
  [claim]: claimObject,
  "/api/v1/persistentvolumes/pv-old": volume("pv-old", "zone-a"),
  [`${inNamespace}/pods/backend-1`]: pod("backend-1", "n1", "False"),
  [`${inNamespace}/pods/somebody`]: { metadata: { name: "somebody", labels: { component: "user-pod" } } },
  "/api/v1/nodes/n1": node("n1", "zone-a", "Unknown"),
  "/api/v1/nodes/n2": node("n2", "zone-b", "True"),
};

/** What the controllers do once the backend is scaled up: a volume where the pod is, unless the claim names one. */
function controllers(cluster: ClusterInMemory, done: string): void {
  if (!done.startsWith(`PATCH ${deployment}`) || !done.includes('"replicas":1')) return;
  const bound = cluster.objects.get(claim) as unknown as { spec: { volumeName?: string } };
  bound.spec.volumeName ??= "pv-new";
  const path = `/api/v1/persistentvolumes/${bound.spec.volumeName}`;
  if (!cluster.objects.has(path)) cluster.objects.set(path, volume("pv-new", "zone-b"));
  cluster.objects.set(`${inNamespace}/pods/backend-2`, pod("backend-2", "n2", "True"));
}

function lab(objects: Record<string, unknown> = lost, over: Partial<World> = {}, then = controllers) {
  const cluster = clusterInMemory(objects as never, then);
  const answers: Record<string, Answer> = {
    "pulumi stack export": exported(amazonStack),
    "pulumi stack output kubeconfig": { stdout: "{}" },
  };
  return { cluster, world: scripted(answers, { reach: () => cluster, ...over }) };
}

describe("[S5] npm run failover", () => {
  test("gives the lost volume up, makes the claim anew as the chart wrote it, and the backend answers elsewhere", async () => {
    const { cluster, world } = lab();
    expect(await main(["failover", "prod", "--yes"], world)).toBe(0);
    const made = cluster.objects.get(claim) as unknown as { metadata: object; spec: object };
    expect(made.metadata).toEqual({
      name: names.databaseClaim,
      labels: claimObject.metadata.labels,
      annotations: { "helm.sh/resource-policy": "keep", "meta.helm.sh/release-name": "cmbcluster" },
    });
    expect(made.spec).toEqual({ ...claimObject.spec, volumeName: "pv-new" });
    expect(cluster.done.map((line) => line.split(" {")[0])).toEqual([
      "PATCH /api/v1/persistentvolumes/pv-old",
      `PATCH ${deployment}`,
      `DELETE ${inNamespace}/pods/backend-1 0`,
      `DELETE ${claim}`,
      `POST ${claim}`,
      `PATCH ${deployment}`,
    ]);
    expect(world.texts.out).toContain("answers on n2");
    expect(world.texts.out).toContain("volume pv-old (disk disk-of-pv-old in zone-a) stays");
  });

  test("the old volume stays, marked with what it was and kept whatever its policy said", async () => {
    const careless = volume("pv-old", "zone-a");
    careless.spec.persistentVolumeReclaimPolicy = "Delete";
    const { cluster, world } = lab({ ...lost, "/api/v1/persistentvolumes/pv-old": careless });
    expect(await main(["failover", "prod", "--yes"], world)).toBe(0);
    const old = cluster.objects.get("/api/v1/persistentvolumes/pv-old") as unknown as typeof careless & {
      metadata: { labels: Record<string, string>; annotations: Record<string, string> };
    };
    expect(old.spec.persistentVolumeReclaimPolicy).toBe("Retain");
    expect(old.spec.claimRef.uid).toBe("u0");
    expect(old.metadata.labels).toEqual({ "cmbcluster-given-up": "cmb-dev" });
    expect(old.metadata.annotations["cmbcluster-given-up-at"]).toBe("2027-01-15T08:00:00.000Z");
    expect(cluster.done.some((line) => line.startsWith("DELETE /api/v1/persistentvolumes"))).toBe(false);
  });

  test("says beforehand what goes, where it can go, and how long that takes; without agreement nothing is touched", async () => {
    const { cluster, world } = lab();
    expect(await main(["failover", "prod"], world)).toBe(1);
    expect(cluster.done).toEqual([]);
    expect(world.texts.err).toContain("given up: volume pv-old (disk disk-of-pv-old in zone-a)");
    expect(world.texts.err).toContain("ready nodes are in zone-b");
    expect(world.texts.err).toContain("a node in another zone");
    const asked = lab(lost, {
      canAsk: true,
      ask: (question, word) => Promise.resolve(word === "prod" && question !== ""),
    });
    expect(await main(["failover", "prod", "--json"], asked.world)).toBe(0);
    expect(JSON.parse(asked.world.texts.out)).toEqual({
      stack: "prod",
      result: "answers",
      givenUp: { name: "pv-old", disk: "disk-of-pv-old", zone: "zone-a" },
      volume: { name: "pv-new", disk: "disk-of-pv-new", zone: "zone-b" },
      seconds: 3,
    } satisfies FailoverDocument);
    const declined = lab(lost, { canAsk: true, ask: () => Promise.resolve(false) });
    expect(await main(["failover", "prod", "--json"], declined.world)).toBe(1);
    expect(JSON.parse(declined.world.texts.out)).toEqual({ stack: "prod", result: "declined" });
  });

  test("refuses while the backend answers, and where no node could take it over", async () => {
    const alive = lab({
      ...lost,
      "/api/v1/nodes/n1": node("n1", "zone-a", "True"),
      [`${inNamespace}/pods/backend-1`]: pod("backend-1", "n1", "True"),
    });
    expect(await main(["failover", "prod", "--yes"], alive.world)).toBe(1);
    expect(alive.world.texts.err).toContain("the backend answers (backend-1 on n1)");
    const asleep = lab({ ...lost, "/api/v1/nodes/n2": node("n2", "zone-b", "Unknown") });
    expect(await main(["failover", "prod", "--yes"], asleep.world)).toBe(1);
    expect(asleep.world.texts.err).toContain("npm run wake -- prod");
    for (const { cluster } of [alive, asleep]) expect(cluster.done).toEqual([]);
  });

  test("a pod that was ready on a node that is lost does not hold it up", async () => {
    const { world } = lab({ ...lost, [`${inNamespace}/pods/backend-1`]: pod("backend-1", "n1", "True") });
    expect(await main(["failover", "prod", "--yes"], world)).toBe(0);
  });

  test("a volume that cannot be read may be given up in its own zone too, and that is said", async () => {
    const { cluster, world } = lab({
      ...lost,
      "/api/v1/nodes/n1": node("n1", "zone-a", "True"),
      "/api/v1/nodes/n2": node("n2", "zone-a", "True"),
    });
    // A pod on a node that answers ends by itself, in its own time: what it writes last is copied.
    const wait = (seconds: number) => {
      cluster.objects.delete(`${inNamespace}/pods/backend-1`);
      return world.wait(seconds);
    };
    expect(await main(["failover", "prod", "--yes"], { ...world, wait })).toBe(0);
    expect(world.texts.err).toContain("this is no loss of a zone");
    expect(cluster.done.filter((line) => line.startsWith("DELETE"))).toEqual([`DELETE ${claim}`]);
  });

  test("a run that was cut off after the claim was deleted goes on from the volume's own note", async () => {
    const first = lab(lost, {}, () => undefined);
    const interrupted: ClusterInMemory = {
      ...first.cluster,
      create: () => Promise.reject(new Error("cut off")),
    };
    await expect(
      main(["failover", "prod", "--yes"], { ...first.world, reach: () => interrupted }),
    ).rejects.toThrow("cut off");
    expect(first.cluster.objects.has(claim)).toBe(false);
    const second = lab(Object.fromEntries(first.cluster.objects));
    expect(await main(["failover", "prod", "--yes", "--json"], second.world)).toBe(0);
    const made = second.cluster.objects.get(claim) as unknown as { spec: object };
    expect(made.spec).toEqual({ ...claimObject.spec, volumeName: "pv-new" });
    expect(JSON.parse(second.world.texts.out)).not.toHaveProperty("givenUp");
    expect(second.world.texts.err).toContain("given up already");
  });

  test("without a claim and without a note there is nothing to make anew", async () => {
    const rest = Object.fromEntries(Object.entries(lost).filter(([path]) => path !== claim));
    const { cluster, world } = lab(rest);
    expect(await main(["failover", "prod", "--yes"], world)).toBe(1);
    expect(world.texts.err).toContain("npm run up makes it anew");
    expect(cluster.done).toEqual([]);
  });

  test("a backend that never answers is told after an hour, and nothing is undone", async () => {
    const { world } = lab(lost, {}, () => undefined);
    expect(await main(["failover", "prod", "--yes"], world)).toBe(1);
    expect(world.texts.err).toContain(
      "does not answer yet after 3600 s; the same command goes on from there",
    );
  });

  test("a stack without cluster, without application or without a first run's end is refused", async () => {
    const world = (answers: Record<string, Answer>, objects: Record<string, unknown> = {}) =>
      scripted(answers, { reach: () => clusterInMemory(objects as never) });
    const kubeconfig = { "pulumi stack output kubeconfig": { stdout: "{}" } };
    const none = world({ "pulumi stack export": exported([]) });
    expect(await main(["failover", "prod"], none)).toBe(1);
    expect(none.texts.err).toContain("has no cluster");
    const early = world({ "pulumi stack export": exported(amazonStack), "pulumi stack output": { code: 1 } });
    expect(await main(["failover", "prod"], early)).toBe(1);
    expect(early.texts.err).toContain("npm run up -- prod first");
    const bare = world({ "pulumi stack export": exported(amazonStack), ...kubeconfig });
    expect(await main(["failover", "prod"], bare)).toBe(1);
    expect(bare.texts.err).toContain("the application is not installed");
  });
});

describe("[S5] npm run reattach", () => {
  const running = {
    ...lost,
    "/api/v1/nodes/n1": node("n1", "zone-a", "True"),
    [`${inNamespace}/pods/backend-1`]: pod("backend-1", "n2", "True"),
    "/api/v1/persistentvolumes/pv-kept": {
      ...volume("pv-kept", "zone-a", { status: { phase: "Released" } }),
      metadata: {
        name: "pv-kept",
        labels: { "cmbcluster-given-up": "cmb-dev" },
        annotations: { "cmbcluster-given-up-at": "2027-01-01T00:00:00.000Z" },
      },
    },
  };
  const ends = (cluster: ClusterInMemory, done: string) => {
    if (done.includes('"replicas":0')) cluster.objects.delete(`${inNamespace}/pods/backend-1`);
    controllers(cluster, done);
  };

  test("puts the kept volume in the place of the present one, which stays behind in its turn", async () => {
    const { cluster, world } = lab(running, {}, ends);
    expect(await main(["reattach", "prod", "--volume", "pv-kept", "--yes"], world)).toBe(0);
    expect(cluster.objects.get(claim)).toMatchObject({ spec: { volumeName: "pv-kept" } });
    const kept = cluster.objects.get("/api/v1/persistentvolumes/pv-kept") as never as {
      metadata: object;
      spec: object;
    };
    expect(kept.spec).not.toHaveProperty("claimRef");
    expect(kept.metadata).toEqual({ name: "pv-kept", labels: {}, annotations: {} });
    expect(cluster.objects.get("/api/v1/persistentvolumes/pv-old")).toMatchObject({
      metadata: { labels: { "cmbcluster-given-up": "cmb-dev" } },
    });
    expect(world.texts.err).toContain("starts only if nobody has written a later database since");
  });

  test("refuses a volume that is not there, in use, or somebody else's, and asks for one", async () => {
    const strange = volume("pv-x", "zone-a", { status: { phase: "Released" } });
    (strange.spec.claimRef as { name: string }).name = "somebody-elses";
    const { cluster, world } = lab({ ...running, "/api/v1/persistentvolumes/pv-x": strange });
    for (const [name, words] of [
      ["pv-0", "there is no volume pv-0"],
      ["pv-old", "volume pv-old is Bound"],
      ["pv-x", "was cmb-dev/somebody-elses's"],
    ] as const) {
      expect(await main(["reattach", "prod", "--volume", name, "--yes"], world)).toBe(1);
      expect(world.texts.err).toContain(words);
    }
    expect(await main(["reattach", "prod", "--yes"], world)).toBe(2);
    expect(world.texts.err).toContain("name a volume");
    expect(await main(["reattach", "prod", "--volume", "pv-kept"], world)).toBe(1);
    expect(cluster.done).toEqual([]);
  });
});
