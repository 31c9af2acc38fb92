import type { RecordedResource } from "../../preview/engine";
import { at, blocksAt, textAt } from "../../preview/report/query";
import { type Book, regionOf } from "../book";
import { HOURS } from "../model";
import { nodeHours } from "../pools";

/** NAT gateways by the hour, and what goes through them. Their addresses are resources of their own. */
export function priceNatGateways(of: readonly RecordedResource[], book: Book): void {
  const regional = of.filter((one) => textAt(one, "availabilityMode") === "regional");
  if (regional.length > 0) book.cannotPrice("regional NAT gateway", "aws nat, regional", regional);
  const zonal = of.filter((one) => !regional.includes(one));
  if (zonal.length === 0) return;
  const common = { group: "way out", cloud: "aws", region: regionOf(book.plan, of[0]!), of: zonal } as const;
  const quantity = zonal.length * HOURS;
  book.add({ ...common, what: "NAT gateways", key: "nat.hour", quantity, basis: nodeHours(zonal.length) });
  const { natGb } = book.assumptions;
  book.add({
    ...common,
    what: "through NAT, both ways",
    key: "nat.gb",
    quantity: natGb,
    basis: `assumed ${natGb} GB`,
    fixed: false,
  });
}

/** Public addresses the program takes itself. */
export function priceAddresses(of: readonly RecordedResource[], book: Book): void {
  book.add({
    group: "addresses",
    what: "public addresses",
    of,
    cloud: "aws",
    region: regionOf(book.plan, of[0]!),
    key: "ipv4.hour",
    quantity: of.length * HOURS,
    basis: nodeHours(of.length),
  });
}

/** Load balancers, one public address a zone of those that face the internet, and what is sent out. */
export function priceLoadBalancers(of: readonly RecordedResource[], book: Book): void {
  for (const balancer of of) {
    const kind = textAt(balancer, "loadBalancerType") ?? "application";
    const word = { network: "nlb", application: "alb" }[kind];
    const region = regionOf(book.plan, balancer);
    const common = { group: "way in", of: [balancer], cloud: "aws", region } as const;
    const what = `load balancer (${kind})`;
    if (word === undefined) {
      book.cannotPrice(what, `aws ${kind} load balancer`, [balancer]);
      continue;
    }
    book.add({ ...common, what, key: `${word}.hour`, quantity: HOURS, basis: nodeHours(1) });
    book.add({
      ...common,
      what: "capacity units of the load balancer",
      key: word === "nlb" ? "nlb.nlcu.hour" : "alb.lcu.hour",
      quantity: 0,
      basis: "assumed none: the first covers 25 new and 3,000 open connections",
      fixed: false,
    });
    if (at(balancer, "internal") === true) continue;
    const zones = publicZones(balancer);
    book.add({
      ...common,
      group: "addresses",
      what: "public addresses of the load balancer",
      key: "ipv4.hour",
      quantity: zones * HOURS,
      basis: `${nodeHours(zones)}, one a zone`,
    });
    const { outGb } = book.assumptions;
    book.add({
      ...common,
      what: "sent to the internet",
      key: "transfer.out.gb",
      quantity: outGb,
      basis: `assumed ${outGb} GB`,
      fixed: false,
    });
  }
  book.free("aws", "transfer.out.gb", "first 100 GB out", "account");
}

/** Zones whose address AWS gives: one that the program brings is a resource of its own. */
function publicZones(balancer: RecordedResource): number {
  const mapped = blocksAt(balancer, "subnetMappings");
  if (mapped.length > 0) return mapped.filter((one) => at(one, "allocationId") === undefined).length;
  const subnets = at(balancer, "subnets");
  if (Array.isArray(subnets)) return subnets.length;
  return (balancer.propertyDependencies["subnets"] ?? []).length;
}

/** Interface endpoints by hour and zone; gateway endpoints cost nothing. */
export function priceEndpoints(of: readonly RecordedResource[], book: Book): void {
  const interfaces = of.filter((one) => textAt(one, "vpcEndpointType") === "Interface");
  if (interfaces.length === 0) return;
  const zones = interfaces.reduce((sum, one) => {
    const subnets = at(one, "subnetIds");
    return sum + (Array.isArray(subnets) ? subnets.length : 1);
  }, 0);
  book.add({
    group: "way out",
    what: "interface endpoints",
    of: interfaces,
    cloud: "aws",
    region: regionOf(book.plan, interfaces[0]!),
    key: "vpce.interface.hour",
    quantity: zones * HOURS,
    basis: `${nodeHours(zones)}, one an endpoint and zone`,
  });
}
