import {
  APIS,
  CLUSTER_ID,
  inputs,
  NETWORK_ID,
  SUBNETWORK_ID,
  withCluster,
  withNetwork,
} from "./fixtures/stack";
import { like, PROJECT, REGION, World } from "./fixtures/world";
import { FIREWALL, NETWORK, ROUTER, SUBNETWORK } from "./network";
import { ROUTER_NAT } from "./router";
import { ADDRESS } from "./addresses";
import { resourceFacts } from "../../facts";
import { difference } from "../../engine/diff";
import { gcpModels } from ".";
import { addressAt, contains, overlap, sizeOf } from "./cidr";

const router = { name: "cmb", region: REGION, network: NETWORK_ID };
const nat = {
  name: "cmb",
  region: REGION,
  router: "cmb",
  sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
};

test("a network before its API is enabled is refused in Google's words", async () => {
  const world = new World();
  expect(await world.refusal(world.create(NETWORK, inputs.network()))).toMatch(
    /^SERVICE_DISABLED: Error 403: compute.googleapis.com has not been used in project quiet-lake/,
  );
});

test("a network has what Compute Engine shows of it, and its name is taken", async () => {
  const world = new World(APIS);
  const { id, properties } = await world.create(NETWORK, inputs.network());
  expect(id).toBe(NETWORK_ID);
  expect(properties).toMatchObject({
    selfLink: `https://www.googleapis.com/compute/v1/${NETWORK_ID}`,
    mtu: 1460,
    networkId: like(/^\d{19}$/),
  });
  expect(await world.refusal(world.create(NETWORK, inputs.network()))).toContain("already exists");
  expect(world.clock.now()).toBe(22);
});

test.each([
  [SUBNETWORK, inputs.subnetwork()],
  [ROUTER, router],
  [FIREWALL, { name: "web", network: NETWORK_ID }],
])("%s before its network is refused", async (type, given) => {
  const world = new World(APIS);
  expect(await world.refusal(world.create(type, given))).toContain(`'${NETWORK_ID}' was not found`);
});

test.each([
  ["a subnetwork", SUBNETWORK, inputs.subnetwork()],
  ["a router", ROUTER, router],
  ["a firewall rule", FIREWALL, { name: "web", network: NETWORK_ID }],
])("a network does not go while %s is in it, and goes after", async (_what, type, given) => {
  const world = new World(APIS);
  await world.create(NETWORK, inputs.network());
  const user = await world.create(type, given);
  expect(await world.refusal(world.remove(NETWORK, NETWORK_ID))).toContain(
    `The network resource '${NETWORK_ID}' is already being used by '${user.id}'`,
  );
  await world.remove(type, user.id);
  await world.remove(NETWORK, NETWORK_ID);
  expect(world.ids(NETWORK)).toEqual([]);
});

test("the firewall rule that a Service left behind holds the network", async () => {
  const world = await withNetwork();
  await world.remove(SUBNETWORK, SUBNETWORK_ID);
  const rule = `projects/${PROJECT}/global/firewalls/k8s-fw-a1`;
  world.put("gcp:hidden/firewall", rule, { network: NETWORK_ID });
  expect(await world.refusal(world.remove(NETWORK, NETWORK_ID))).toContain(rule);
});

test("a subnetwork does not go while a cluster is in it", async () => {
  const world = await withCluster();
  expect(await world.refusal(world.remove(SUBNETWORK, SUBNETWORK_ID))).toContain("is already being used by");
  await world.remove("gcp:container/cluster:Cluster", CLUSTER_ID);
  await world.remove(SUBNETWORK, SUBNETWORK_ID);
  expect(world.ids(SUBNETWORK)).toEqual([]);
});

test("nor while a cluster is being made in it", async () => {
  const world = await withNetwork();
  await world.create("gcp:serviceaccount/account:Account", inputs.account());
  const making = world.create("gcp:container/cluster:Cluster", inputs.cluster());
  await world.clock.sleep(10);
  expect(await world.refusal(world.remove(SUBNETWORK, SUBNETWORK_ID))).toContain(
    `is already being used by '${CLUSTER_ID}'`,
  );
  await making;
});

test("ranges that overlap are refused: among themselves, with the network's others", async () => {
  const world = await withNetwork();
  const second = (range: string) =>
    inputs.subnetwork({ name: "more", ipCidrRange: range, secondaryIpRanges: [] });
  expect(await world.refusal(world.create(SUBNETWORK, second("10.0.2.0/24")))).toContain(
    "conflicts with existing subnetwork",
  );
  expect(await world.refusal(world.create(SUBNETWORK, second("10.4.127.0/24")))).toContain("conflicts");
  const twice = [{ rangeName: "pods", ipCidrRange: "10.64.0.0/16" }];
  const within = inputs.subnetwork({ name: "more", ipCidrRange: "10.64.1.0/24", secondaryIpRanges: twice });
  expect(await world.refusal(world.create(SUBNETWORK, within))).toContain("conflicts");
  await world.create(SUBNETWORK, second("10.0.4.0/24"));
});

test("a subnetwork grows in place, and is replaced to shrink", () => {
  const change = (range: string) =>
    difference(
      {
        type: SUBNETWORK,
        oldInputs: inputs.subnetwork(),
        olds: inputs.subnetwork(),
        news: inputs.subnetwork({ ipCidrRange: range }),
        ignoreChanges: [],
        region: REGION,
      },
      gcpModels[SUBNETWORK],
    ).changes.map(({ replaces }) => replaces);
  expect([change("10.0.0.0/21"), change("10.0.0.0/23"), change("10.1.0.0/21")]).toEqual([
    [false],
    [true],
    [true],
  ]);
  expect(resourceFacts(SUBNETWORK)?.replaceOn).not.toContain("ipCidrRange");
});

test("a range that a cluster uses cannot be taken out of its subnetwork", async () => {
  const world = await withCluster();
  const gone = inputs.subnetwork({ secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.4.0.0/17" }] });
  await expect(world.update(SUBNETWORK, SUBNETWORK_ID, gone)).rejects.toThrow("range 10.8.0.0/20");
  await world.update(SUBNETWORK, SUBNETWORK_ID, inputs.subnetwork({ ipCidrRange: "10.0.0.0/21" }));
});

test("a NAT gateway needs its router and its addresses, and goes with the router", async () => {
  const world = await withNetwork();
  expect(await world.refusal(world.create(ROUTER_NAT, nat))).toContain("routers/cmb' was not found");
  const { id } = await world.create(ROUTER, router);
  const address = `projects/${PROJECT}/regions/${REGION}/addresses/out`;
  const manual = { ...nat, natIpAllocateOption: "MANUAL_ONLY", natIps: [address] };
  expect(await world.refusal(world.create(ROUTER_NAT, manual))).toContain("addresses/out' was not found");
  await world.create(ADDRESS, { name: "out", region: REGION });
  expect((await world.create(ROUTER_NAT, manual)).id).toBe(`${PROJECT}/${REGION}/cmb/cmb`);
  expect(await world.refusal(world.remove(ADDRESS, address))).toContain(
    "is already being used by 'quiet-lake/europe-west4/cmb/cmb'",
  );
  await world.remove(ROUTER, id);
  expect(world.ids(ROUTER_NAT)).toEqual([]);
  await world.remove(ADDRESS, address);
});

test.each([
  [
    { enableDynamicPortAllocation: true, enableEndpointIndependentMapping: true },
    "can not be enabled at the same time",
  ],
  [{ enableDynamicPortAllocation: true, minPortsPerVm: 100 }, "power of two"],
  [{ natIpAllocateOption: "MANUAL_ONLY" }, "natIps must be specified"],
])("a NAT gateway with %j is refused", async (more, words) => {
  const world = await withNetwork();
  await world.create(ROUTER, router);
  expect(await world.refusal(world.create(ROUTER_NAT, { ...nat, ...more }))).toContain(words);
  const { id } = await world.create(ROUTER_NAT, nat);
  await expect(world.update(ROUTER_NAT, id, { ...nat, ...more })).rejects.toThrow(words);
});

test("an address cannot go while a forwarding rule listens on it", async () => {
  const world = new World(APIS);
  const { id, properties } = await world.create(ADDRESS, { name: "in", region: REGION });
  expect(properties["address"]).toMatch(/^34(\.\d{1,3}){3}$/);
  world.put("gcp:hidden/forwardingRule", "rule", { IPAddress: properties["address"]! });
  expect(await world.refusal(world.remove(ADDRESS, id))).toContain("is already being used by 'rule'");
});

test("the quota of addresses ends somewhere, and can be set otherwise", async () => {
  const world = new World(APIS);
  world.put("gcp:hidden/quota", `${PROJECT}/${REGION}/STATIC_ADDRESSES`, { limit: 1 });
  await world.create(ADDRESS, { name: "one" });
  expect(await world.refusal(world.create(ADDRESS, { name: "two" }))).toContain(
    "Quota 'STATIC_ADDRESSES' exceeded.  Limit: 1.0",
  );
});

test("ranges are compared as numbers", () => {
  expect(overlap("10.0.0.0/8", "10.255.0.0/16")).toBe(true);
  expect(overlap("10.0.0.0/9", "10.128.0.0/9")).toBe(false);
  expect(overlap("10.0.0.0/9", "nonsense")).toBe(false);
  expect(contains("10.0.0.0/8", "10.1.2.0/24")).toBe(true);
  expect(contains("10.1.2.0/24", "10.0.0.0/8")).toBe(false);
  expect([addressAt("10.1.2.7/24", 1), addressAt("300.1.1.1/8", 1), sizeOf("10.0.0.0/28")]).toEqual([
    "10.1.2.1",
    "",
    16,
  ]);
});
