import { APIS, CLUSTER_ID, NETWORK_ID, SUBNETWORK_ID, withCluster } from "./fixtures/stack";
import { like, PROJECT, REGION, World, ZONE } from "./fixtures/world";
import { ADDRESS } from "./addresses";
import { CLUSTER } from "./cluster";
import { HIDDEN, text } from "./common";
import { claimedDisks, createDisk, deleteDisk, deleteLoadBalancer, loadBalancerFor } from ".";

const service = {
  namespace: "traefik",
  name: "traefik",
  annotations: {},
  ports: [{ port: 443, protocol: "TCP" }],
};
const ADDRESS_ID = `projects/${PROJECT}/regions/${REGION}/addresses/cmb-ingress`;
const PARTS = [HIDDEN.forwardingRule, HIDDEN.backendService, HIDDEN.healthCheck, HIDDEN.firewall];

async function withAddress(): Promise<{ world: World; address: string }> {
  const world = await withCluster();
  const { properties } = await world.create(ADDRESS, { name: "cmb-ingress", region: REGION });
  return { world, address: text(properties, "address") };
}

/** Asks as the cluster does, until there is an answer. */
async function ask(world: World, more: { name?: string; address?: string } = {}) {
  const request = { ...service, ...more };
  const first = loadBalancerFor(world.view, CLUSTER_ID, request);
  if (first) return first;
  await world.clock.sleep(60);
  return loadBalancerFor(world.view, CLUSTER_ID, request);
}

test("a Service's load balancer listens on the reserved address after a minute, and is the same when asked for again", async () => {
  const { world, address } = await withAddress();
  const [before, began] = [world.store.all().length, world.clock.now()];
  expect(loadBalancerFor(world.view, CLUSTER_ID, { ...service, address })).toBeUndefined();
  await world.clock.sleep(59);
  expect(loadBalancerFor(world.view, CLUSTER_ID, { ...service, address })).toBeUndefined();
  await world.clock.sleep(1);
  expect(loadBalancerFor(world.view, CLUSTER_ID, { ...service, address })).toEqual({ ip: address });
  expect(await ask(world, { address })).toEqual({ ip: address });
  expect([world.store.all().length - before, world.clock.now() - began]).toEqual([5, 60]);
  expect(await world.refusal(world.remove(ADDRESS, ADDRESS_ID))).toContain("is already being used by");
});

test("without a wish it gets some address and keeps it", async () => {
  const world = await withCluster();
  const first = await ask(world);
  expect(first).toEqual({ ip: like(/^34\./) });
  expect(await ask(world)).toEqual(first);
  expect(await ask(world, { name: "other" })).not.toEqual(first);
});

test("an address that nobody reserved, or that another one has, is refused in the Service's event", async () => {
  const { world, address } = await withAddress();
  const other = ask(world, { address: "203.0.113.9" });
  await expect(other).rejects.toThrow('requested ip "203.0.113.9" is neither static nor assigned to the LB');
  await ask(world, { address });
  await expect(ask(world, { name: "second", address })).rejects.toThrow("IP_IN_USE_BY_ANOTHER_RESOURCE");
});

test("a Service that asks for another address gets it", async () => {
  const { world, address } = await withAddress();
  expect(await ask(world)).not.toEqual({ ip: address });
  expect(await ask(world, { address })).toEqual({ ip: address });
  expect(world.ids(HIDDEN.backendService)).toHaveLength(1);
});

test("a Service that is not deleted before its cluster leaves a load balancer that holds network and address", async () => {
  const { world, address } = await withAddress();
  await ask(world, { address });
  await world.remove(CLUSTER, CLUSTER_ID);
  await deleteLoadBalancer(world.view, CLUSTER_ID, service);
  await world.remove("gcp:compute/subnetwork:Subnetwork", SUBNETWORK_ID);
  const words = await world.refusal(world.remove("gcp:compute/network:Network", NETWORK_ID));
  expect(words).toMatch(/is already being used by 'projects\/quiet-lake\/global\/firewalls\/k8s2-/);
  expect(await world.refusal(world.remove(ADDRESS, ADDRESS_ID))).toContain("forwardingRules/k8s2-");
});

test("a Service that goes first leaves nothing after a minute, and network and address can go", async () => {
  const { world, address } = await withAddress();
  await ask(world, { address });
  const began = world.clock.now();
  await deleteLoadBalancer(world.view, CLUSTER_ID, service);
  await deleteLoadBalancer(world.view, CLUSTER_ID, service);
  expect(world.clock.now() - began).toBe(60);
  await world.remove(CLUSTER, CLUSTER_ID);
  expect(PARTS.flatMap((kind) => world.ids(kind))).toEqual([]);
  await world.remove("gcp:compute/subnetwork:Subnetwork", SUBNETWORK_ID);
  await world.remove("gcp:compute/network:Network", NETWORK_ID);
  await world.remove(ADDRESS, ADDRESS_ID);
});

const claim = {
  volume: "pvc-0a1b",
  claim: { namespace: "cmb", name: "database" },
  storageClass: "cmb-block",
  driver: "pd.csi.storage.gke.io",
  parameters: { type: "pd-balanced" },
  bytes: 5 * 2 ** 30,
  zone: ZONE,
};

test("a claim's disk has the driver's handle, is made once, and outlives the cluster until somebody deletes it", async () => {
  const world = await withCluster();
  const handle = createDisk(world.view, CLUSTER_ID, claim);
  expect(handle).toBe(`projects/${PROJECT}/zones/${ZONE}/disks/pvc-0a1b`);
  expect(createDisk(world.view, CLUSTER_ID, { ...claim, bytes: 99 * 2 ** 30 })).toBe(handle);
  expect(claimedDisks(world.view).map(({ properties }) => properties)).toEqual([
    { cluster: CLUSTER_ID, claim: "cmb/database", sizeGb: 10, type: "pd-balanced" },
  ]);
  await world.remove(CLUSTER, CLUSTER_ID);
  expect(claimedDisks(world.view)).toHaveLength(1);
  deleteDisk(world.view, handle);
  expect(claimedDisks(world.view)).toEqual([]);
});

test("a type of disk that is not there, and a cluster that is not there, get nothing", async () => {
  const world = await withCluster();
  expect(() => createDisk(world.view, CLUSTER_ID, { ...claim, parameters: { type: "floppy" } })).toThrow(
    "unknown disk type",
  );
  expect(() => createDisk(new World(APIS).view, CLUSTER_ID, claim)).toThrow("there is no cluster");
  expect(() => loadBalancerFor(new World(APIS).view, CLUSTER_ID, service)).toThrow("there is no cluster");
});

test("a disk whose class binds at once lies in the cluster's zone", async () => {
  const world = await withCluster();
  const { zone, ...unbound } = claim;
  expect(createDisk(world.view, CLUSTER_ID, { ...unbound, parameters: {} })).toContain(`/zones/${zone}/`);
});
