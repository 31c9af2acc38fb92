import { timelineText } from "../timeline-text";
import { countsNodes, kubernetesNeeds, nameMade } from "./kubernetes-needs";
import { criticalPath, type Operation, Timeline, unavoidableChain } from "./timeline";

let order = 0;
const operation = (name: string, start: number, end: number, more: Partial<Operation> = {}): Operation => ({
  order: order++,
  urn: `urn:pulumi:s::p::t:m:T::${name}`,
  type: "t:m:T",
  kind: "create",
  start,
  end,
  needed: [],
  ...more,
});
const urn = (name: string) => `urn:pulumi:s::p::t:m:T::${name}`;
const names = (operations: readonly Operation[]) => operations.map((made) => made.urn.split("::").at(-1));

test("the critical path leads from the last thing back to what let it start", () => {
  const run = [
    operation("vpc", 0, 10),
    operation("bucket", 0, 90),
    operation("cluster", 10, 600),
    operation("nodes", 600, 720),
  ];
  const { seconds, operations } = criticalPath(run);
  expect(seconds).toBe(720);
  expect(names(operations)).toEqual(["vpc", "cluster", "nodes"]);
});

test("of two that ended at the same moment, the one that was waited for counts", () => {
  const run = [operation("a", 0, 10), operation("b", 0, 10), operation("c", 10, 20)];
  expect(names(criticalPath(run, () => [urn("b")]).operations)).toEqual(["b", "c"]);
});

test("the unavoidable chain knows only what the cloud insists on: a program that orders too strictly is longer", () => {
  const run = [
    operation("vpc", 0, 10),
    operation("bucket", 10, 110),
    operation("subnet", 110, 130, { needed: [urn("vpc")] }),
  ];
  expect(criticalPath(run).seconds).toBe(130);
  const chain = unavoidableChain(run, "create");
  expect(chain.seconds).toBe(100);
  expect(names(chain.operations)).toEqual(["bucket"]);
});

test("what an operation spent waiting for another counts once", () => {
  const run = [operation("nodes", 0, 120), operation("addon", 0, 150, { needed: [urn("nodes")], work: 30 })];
  expect(unavoidableChain(run, "create").seconds).toBe(150);
});

test("what needed a thing has to go before it", () => {
  const run = [
    operation("vpc", 0, 10),
    operation("subnet", 10, 20, { needed: [urn("vpc")] }),
    operation("subnet", 20, 25, { kind: "delete" }),
    operation("vpc", 25, 30, { kind: "delete" }),
  ];
  const chain = unavoidableChain(run, "delete");
  expect(chain.seconds).toBe(10);
  expect(names(chain.operations)).toEqual(["subnet", "vpc"]);
});

test("needs that lead in a circle do not hang", () => {
  const run = [operation("a", 0, 1, { needed: [urn("b")] }), operation("b", 0, 1, { needed: [urn("a")] })];
  expect(unavoidableChain(run, "create").seconds).toBeGreaterThan(0);
});

test("a text says the time, what decided it and what was unavoidable; reads do not count", () => {
  const run = [
    operation("vpc", 0, 10),
    operation("cluster", 10, 610, { needed: [urn("vpc")], estimated: true }),
  ];
  const text = timelineText([...run, operation("seen", 700, 800, { kind: "read" })]);
  expect(text).toContain("2 operations, 10 min 10 s of simulated time (1 of them in Kubernetes");
  expect(text).toMatch(/What decided it:\n.*vpc.*\n.*cluster/);
  expect(text).toContain("had to be made one after the other, 10 min 10 s");
  expect(timelineText([])).toBe("nothing was done");
});

test("an object in a cluster needs the cluster, its namespace and the chart of its kind; a chart needs nodes", () => {
  const timeline = new Timeline();
  const made = (type: string, name: string, end: number) => {
    const begun = timeline.begin({
      urn: `urn:pulumi:s::p::${type}::${name}`,
      type,
      kind: "create",
      start: 0,
    });
    timeline.finish(begun, end);
    return begun.urn;
  };
  const cluster = made("gcp:container/cluster:Cluster", "c", 300);
  made("gcp:container/nodePool:NodePool", "late", 500);
  const nodes = made("gcp:container/nodePool:NodePool", "early", 400);
  const namespace = made("kubernetes:core/v1:Namespace", "n", 501);
  const release = made("kubernetes:helm.sh/v3:Release", "r", 560);
  const known = new Map([
    [namespace, nameMade("kubernetes:core/v1:Namespace", { metadata: { name: "certs" } })!],
    [
      release,
      nameMade("kubernetes:helm.sh/v3:Release", { chart: "oci://quay.io/jetstack/charts/cert-manager" })!,
    ],
  ]);
  const issuer = { apiVersion: "cert-manager.io/v1", metadata: { name: "i", namespace: "certs" } };
  expect(kubernetesNeeds(timeline, "kubernetes:cert-manager.io/v1:Issuer", issuer, known)).toEqual([
    cluster,
    namespace,
    release,
  ]);
  const chart = { chart: "traefik", namespace: "elsewhere" };
  expect(kubernetesNeeds(timeline, "kubernetes:helm.sh/v3:Release", chart, known)).toEqual([cluster, nodes]);
  const other = (urn: string) => urn !== nodes;
  expect(kubernetesNeeds(timeline, "kubernetes:helm.sh/v3:Release", chart, known, other)).not.toContain(
    nodes,
  );
  expect([{ nodeCount: 0 }, { scalingConfig: { desiredSize: 0 } }, {}].map(countsNodes)).toEqual([
    false,
    false,
    false,
  ]);
  expect([{ nodeCount: 1 }, { scalingConfig: { desiredSize: 1 } }].map(countsNodes)).toEqual([true, true]);
});
