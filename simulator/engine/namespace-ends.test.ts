import { VOLUME } from "../models/aws/instances";
import type { CloudObject } from "../models/model";
import { namespaceName, needsToEnd } from "./namespace-ends";
import { Store } from "./store";
import { type Operation, unavoidableChain } from "./timeline";

function stored(
  ...things: readonly (readonly [kind: string, id: string, properties?: object, status?: string])[]
) {
  const store = new Store(undefined, () => 0);
  for (const [index, [kind, id, properties = {}, status = "active"]] of things.entries()) {
    const common = { place: "p", visibleAt: 0, createdAt: index, status };
    store.put({ urn: `urn:${id}`, object: { kind, id, properties, ...common } as CloudObject });
  }
  return store;
}
const missing = (store: Store, namespace = "app") =>
  needsToEnd(store, namespace).flatMap(({ there, message }) => (there ? [] : [message]));

const GKE = ["gcp:container/cluster:Cluster", "gke"] as const;
const pool = (nodeCount: number, status?: string) =>
  ["gcp:container/nodePool:NodePool", "pool", { nodeCount }, status] as const;
const addon = (addonName: string) => ["aws:eks/addon:Addon", addonName, { addonName }] as const;
const group = ["aws:eks/nodeGroup:NodeGroup", "group", { scalingConfig: { desiredSize: 1 } }] as const;
const disk = [VOLUME, "vol-1", { tags: { "kubernetes.io/created-for/pvc/namespace": "app" } }] as const;

test("on GKE a namespace does not end once the nodes are gone, are going, or sleep: nobody answers for metrics.k8s.io", () => {
  expect(missing(stored(GKE, pool(1)))).toEqual([]);
  for (const none of [stored(GKE), stored(GKE, pool(0)), stored(GKE, pool(1, "deleting"))])
    expect(missing(none)).toEqual([expect.stringContaining("NamespaceDeletionDiscoveryFailure")]);
});

test("on EKS likewise, as long as the add-on is there; with the add-on gone nobody asks for that API", () => {
  expect(missing(stored(addon("metrics-server")))).toEqual([expect.stringContaining("metrics.k8s.io")]);
  expect(missing(stored(addon("metrics-server"), group))).toEqual([]);
  expect(missing(stored())).toEqual([]);
});

test("one in which volumes are claimed does not end without the driver that unmounts them; another does", () => {
  expect(missing(stored(disk))).toEqual([expect.stringContaining("ebs.csi.aws.com not found")]);
  expect(missing(stored(disk, addon("aws-ebs-csi-driver")))).toEqual([]);
  expect(missing(stored(disk), "other")).toEqual([]);
});

test("what it needs to end is deleted after it in the longest unavoidable chain", () => {
  const [need] = needsToEnd(stored(GKE, pool(1)), "app");
  expect(need?.urn).toBe("urn:pool");
  const deletion = (urn: string, seconds: number, needed: string[]): Operation => ({
    ...{ order: 0, type: "t", kind: "delete", start: 0, end: seconds, work: seconds },
    ...{ urn, needed },
  });
  const run = [deletion("urn:app", 15, [need!.urn!]), deletion("urn:pool", 90, [])];
  expect(unavoidableChain(run, "delete").operations.map(({ urn }) => urn)).toEqual(["urn:app", "urn:pool"]);
  expect(unavoidableChain(run, "delete").seconds).toBe(105);
});

test("a request names the namespace in its metadata", () => {
  expect(namespaceName({ metadata: { name: "app" } })).toBe("app");
  expect(namespaceName({})).toBe("");
});
