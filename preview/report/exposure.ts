import type { RecordedResource, Value } from "../engine";
import { isMap } from "../engine";
import { findOpenings } from "./openings";
import { findOpenStores } from "./stores";
import { at, blocksAt, type Query, textAt, textsAt } from "./query";
import { abridged, ANYONE, distinct } from "./words";

/** One way in from outside the cluster's own network. */
export interface ExposureReport {
  /** What can be reached: `load balancer, ports 80 and 443`. */
  readonly what: string;
  /** Who can reach it, in words. */
  readonly who: string;
  /** False for what only the stack's own network reaches; listed all the same for API endpoints. */
  readonly internet: boolean;
  /** The resource that opens it. */
  readonly urn: string;
}

/** Everything recorded that answers to the outside, API endpoints first. */
export function findExposure(query: Query): ExposureReport[] {
  return [
    ...query.ofType("aws:eks/cluster:Cluster").flatMap(eksEndpoints),
    ...query.ofType("gcp:container/cluster:Cluster").flatMap(gkeEndpoints),
    ...query.ofType("aws:lb/loadBalancer:LoadBalancer").map((balancer) => loadBalancer(query, balancer)),
    ...query.resources.flatMap((resource) => inClusterLoadBalancers(query, resource)),
    ...query.ofType("aws:cognito/userPoolDomain:UserPoolDomain").map((domain) => ({
      what: `Cognito sign-in page ${textAt(domain, "domain") ?? ""}`.trim(),
      who: ANYONE,
      internet: true,
      urn: domain.urn,
    })),
    ...zones(query),
    ...findOpenings(query),
    ...findOpenStores(query),
  ];
}

function eksEndpoints(cluster: RecordedResource): ExposureReport[] {
  const open = at(cluster, "vpcConfig.endpointPublicAccess") ?? true;
  const cidrs = textsAt(cluster, "vpcConfig.publicAccessCidrs");
  const ranges = cidrs.length > 0 ? `${abridged(cidrs)}, with IAM rights` : `${ANYONE} with IAM rights`;
  return [
    ...(open === false
      ? []
      : [{ what: "EKS API, public endpoint", who: ranges, internet: true, urn: cluster.urn }]),
    ...(at(cluster, "vpcConfig.endpointPrivateAccess") === true
      ? [{ what: "EKS API, private endpoint", who: "the VPC only", internet: false, urn: cluster.urn }]
      : []),
  ];
}

function gkeEndpoints(cluster: RecordedResource): ExposureReport[] {
  const { urn } = cluster;
  const dns = at(cluster, "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic") === true;
  const byAddress = at(cluster, "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled") !== false;
  const privateOnly = at(cluster, "privateClusterConfig.enablePrivateEndpoint") === true;
  const allowed = blocksAt(cluster, "masterAuthorizedNetworksConfig.cidrBlocks").map(
    (one) => textAt(one, "cidrBlock") ?? "?",
  );
  const limited = at(cluster, "masterAuthorizedNetworksConfig") !== undefined;
  const who =
    allowed.length > 0
      ? `${abridged(allowed)}, with IAM rights`
      : limited
        ? "nobody"
        : `${ANYONE} with IAM rights`;
  return [
    {
      what: "GKE API, DNS endpoint",
      who: dns ? `${ANYONE} with IAM rights` : "Google's network only, with IAM rights",
      internet: dns,
      urn,
    },
    ...(byAddress && privateOnly
      ? [{ what: "GKE API, private address", who: "the VPC only", internet: false, urn }]
      : []),
    ...(byAddress && !privateOnly
      ? [{ what: "GKE API, public address", who, internet: who !== "nobody", urn }]
      : []),
  ];
}

function loadBalancer(query: Query, balancer: RecordedResource): ExposureReport {
  const internal = at(balancer, "internal") === true;
  const kind = textAt(balancer, "loadBalancerType") === "network" ? "NLB" : "load balancer";
  const listeners = query
    .ofType("aws:lb/listener:Listener")
    .filter(({ dependencies }) => dependencies.includes(balancer.urn));
  const ports = distinct(listeners.map((listener) => textAt(listener, "port") ?? "?"));
  return {
    what: `${kind} ${textAt(balancer, "name") ?? balancer.name}, ports ${ports.join(", ") || "none"}`,
    who: internal ? "the VPC only" : allowedTo(query, balancer),
    internet: !internal,
    urn: balancer.urn,
  };
}

/** Ranges that the balancer's security groups let in. */
function allowedTo(query: Query, balancer: RecordedResource): string {
  const groups = balancer.propertyDependencies["securityGroups"] ?? [];
  const rules = query
    .ofType(
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "aws:ec2/securityGroupRule:SecurityGroupRule",
    )
    .filter((rule) => rule.dependencies.some((urn) => groups.includes(urn)));
  const ranges = [
    ...rules.flatMap((rule) => [
      textAt(rule, "cidrIpv4"),
      textAt(rule, "cidrIpv6"),
      ...textsAt(rule, "cidrBlocks"),
    ]),
    ...groups.flatMap((urn) =>
      blocksAt(query.byUrn(urn) ?? { inputs: {} }, "ingress").flatMap((one) => textsAt(one, "cidrBlocks")),
    ),
  ].filter((one) => one !== undefined);
  if (groups.length === 0 || ranges.includes("0.0.0.0/0") || ranges.includes("::/0")) return ANYONE;
  return ranges.length > 0 ? abridged(distinct(ranges)) : "nobody: no range is let in";
}

/**
 * Services of type LoadBalancer, made here or by a chart. A chart's values may know the type only after up: the
 * component that installs it then says it among its own facts (`serviceType`).
 */
function inClusterLoadBalancers(query: Query, resource: RecordedResource): ExposureReport[] {
  const { type, urn } = resource;
  const opened =
    (type === "kubernetes:core/v1:Service" && textAt(resource, "spec.type") === "LoadBalancer") ||
    (type.startsWith("kubernetes:helm.sh/") &&
      (hasLoadBalancer(at(resource, "values")) ||
        query.ancestors(resource).some((component) => textAt(component, "serviceType") === "LoadBalancer")));
  if (!opened) return [];
  const what = `load balancer of ${textAt(resource, "chart")?.split("/").at(-1) ?? resource.name}`;
  return [{ what, who: ANYONE, internet: true, urn }];
}

function hasLoadBalancer(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.some(hasLoadBalancer);
  if (!isMap(value)) return false;
  return value["type"] === "LoadBalancer" || Object.values(value).some(hasLoadBalancer);
}

function zones(query: Query): ExposureReport[] {
  const route53 = query.ofType("aws:route53/zone:Zone").filter((zone) => at(zone, "vpcs") === undefined);
  const cloudDns = query
    .ofType("gcp:dns/managedZone:ManagedZone")
    .filter((zone) => textAt(zone, "visibility") !== "private");
  return [...route53, ...cloudDns].map((zone) => ({
    what: `DNS zone ${(textAt(zone, "dnsName") ?? textAt(zone, "name") ?? zone.name).replace(/\.$/, "")}`,
    who: `${ANYONE} (reads its records)`,
    internet: true,
    urn: zone.urn,
  }));
}
