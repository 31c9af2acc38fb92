import type { RecordedResource } from "../../preview/engine";
import { at, numberAt, textAt } from "../../preview/report/query";
import { type Book, regionOf } from "../book";
import { HOURS } from "../model";
import { nodeHours } from "../pools";
import { isPrivate, poolSize } from "./nodes";

/** Machines a gateway is billed for at most (Cloud NAT pricing: 32 VMs and more cost the same). */
const BILLED_VMS = 32;

/** Source ports of one NAT address (Cloud NAT, addresses and ports). */
const PORTS_PER_ADDRESS = 64_512;

/** Cloud NAT by machine and hour, its addresses, and what goes through it. */
export function priceNats(of: readonly RecordedResource[], book: Book): void {
  const nodes = privateNodes(book);
  for (const nat of of) {
    const common = { group: "way out", cloud: "gcp", region: regionOf(book.plan, nat), of: [nat] } as const;
    const [min, max] = [Math.min(nodes.min, BILLED_VMS), Math.min(nodes.max, BILLED_VMS)];
    book.add({
      ...common,
      what: "Cloud NAT, machines",
      key: "nat.vm.hour",
      quantity: min * HOURS,
      most: max * HOURS,
      basis: `${nodeHours(min)}, ${BILLED_VMS} machines at most`,
    });
    const [few, many] = [
      addresses(nat, nodes.min, "minPortsPerVm"),
      addresses(nat, nodes.max, "maxPortsPerVm"),
    ];
    book.add({
      ...common,
      group: "addresses",
      what: "addresses of Cloud NAT",
      key: "nat.address.hour",
      quantity: few * HOURS,
      most: Math.max(few, many) * HOURS,
      basis: nodeHours(few),
    });
    const { natGb } = book.assumptions;
    const basis = `assumed ${natGb} GiB`;
    const what = "through NAT, both ways";
    book.add({ ...common, what, key: "nat.gb", quantity: natGb, basis, fixed: false });
  }
}

/** Nodes without a public address, over all pools: those that need the gateway. */
function privateNodes(book: Book) {
  const pools = book.plan.known("gcp:container/nodePool:NodePool").filter((pool) => isPrivate(pool, book));
  const sizes = pools.map(poolSize);
  const sum = (pick: (size: { min: number; max: number }) => number) =>
    sizes.reduce((total, size) => total + pick(size), 0);
  return { min: sum(({ min }) => min), max: sum(({ max }) => max) };
}

/** Addresses a gateway takes for so many machines: given ones, or as many as their ports need. */
function addresses(nat: RecordedResource, machines: number, ports: string): number {
  const given = at(nat, "natIps");
  if (Array.isArray(given)) return given.length;
  const each = numberAt(nat, ports) ?? 64;
  return Math.max(1, Math.ceil((machines * each) / PORTS_PER_ADDRESS));
}

/**
 * Reserved addresses: free on a forwarding rule, billed with the gateway on Cloud NAT, and twice as dear as
 * either when nothing uses them.
 */
export function priceAddresses(of: readonly RecordedResource[], book: Book): void {
  for (const address of of) {
    if (textAt(address, "addressType") === "INTERNAL") continue;
    const users = book.plan.resources.filter((one) =>
      Object.values(one.propertyDependencies).some((urns) => urns.includes(address.urn)),
    );
    if (users.some(({ type }) => type === "gcp:compute/routerNat:RouterNat")) continue;
    const onRule = users.some(({ type }) => /^kubernetes:|:(F|GlobalF)orwardingRule$/.test(type));
    book.add({
      group: "addresses",
      what: onRule ? "address of the load balancer" : "reserved address that nothing uses",
      of: [address],
      cloud: "gcp",
      region: textAt(address, "region") ?? regionOf(book.plan, address),
      key: onRule ? "ipv4.forwardingRule.hour" : "ipv4.unused.hour",
      quantity: HOURS,
      basis: nodeHours(1),
    });
  }
}

/** Load balancers that the cluster makes for Services: one forwarding rule each, and what is sent out. */
export function priceForwardingRules(
  of: readonly RecordedResource[],
  region: string | undefined,
  book: Book,
): void {
  const common = { group: "way in", of, cloud: "gcp", region } as const;
  book.add({
    ...common,
    what: "forwarding rules of the load balancer",
    key: "lb.forwardingRule.hour",
    quantity: of.length * HOURS,
    basis: nodeHours(of.length),
  });
  book.add({
    ...common,
    what: "received by the load balancer",
    key: "lb.inbound.gb",
    quantity: 0,
    basis: "assumed none",
    fixed: false,
  });
  const { outGb } = book.assumptions;
  book.add({
    ...common,
    what: "sent to the internet",
    key: "transfer.out.gb",
    quantity: outGb,
    basis: `assumed ${outGb} GiB`,
    fixed: false,
  });
  book.free("gcp", "transfer.out.gb", "first GiB out", "project");
}
