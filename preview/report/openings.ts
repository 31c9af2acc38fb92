import type { RecordedResource } from "../engine";
import { at, blocksAt, type Query, textAt, textsAt } from "./query";
import type { ExposureReport } from "./exposure";
import { isPublic, isWorld } from "./ranges";
import { abridged, ANYONE, distinct } from "./words";

/**
 * Rules that let the internet, or a part of it, in to something other than a load balancer, which is told by itself. Whether
 * an address leads there is not known from the rule: that it could is what is told.
 */
export function findOpenings(query: Query): ExposureReport[] {
  return [...awsRules(query), ...gcpRules(query)];
}

const RULES = [
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:ec2/securityGroupRule:SecurityGroupRule",
];

function awsRules(query: Query): ExposureReport[] {
  const balanced = new Set(
    query
      .ofType("aws:lb/loadBalancer:LoadBalancer")
      .flatMap(({ propertyDependencies }) => propertyDependencies["securityGroups"] ?? []),
  );
  const groups = query.ofType(
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  );
  const inline = groups
    .filter(({ urn }) => !balanced.has(urn))
    .flatMap((group) =>
      blocksAt(group, "ingress")
        .filter((block) => rangesOf(block).length > 0)
        .map((block) => opening(group, block, group.urn)),
    );
  const rules = query
    .ofType(...RULES)
    .filter((rule) => textAt(rule, "type") !== "egress" && rangesOf(rule).length > 0)
    .flatMap((rule) => {
      const own = (rule.propertyDependencies["securityGroupId"] ?? []).filter((urn) => !balanced.has(urn));
      // A rule on a load balancer's group only is part of that load balancer.
      const known = rule.propertyDependencies["securityGroupId"] ?? [];
      if (known.length > 0 && own.length === 0) return [];
      const group = own.map((urn) => query.byUrn(urn)).find((one) => one !== undefined);
      return [opening(group ?? rule, rule, rule.urn)];
    });
  return [...inline, ...rules];
}

type Block = Pick<RecordedResource, "inputs">;

/** The public ones of its ranges. */
function rangesOf(block: Block): string[] {
  const ranges = [
    textAt(block, "cidrIpv4"),
    textAt(block, "cidrIpv6"),
    ...textsAt(block, "cidrBlocks"),
    ...textsAt(block, "ipv6CidrBlocks"),
  ];
  return distinct(ranges.filter((range) => range !== undefined && isPublic(range)) as string[]);
}

/** Everybody, or the ranges by their names. */
function whoFrom(ranges: readonly string[]): string {
  return ranges.some(isWorld) ? ANYONE : abridged(ranges);
}

function portsOf(block: Block): string {
  const protocol = textAt(block, "ipProtocol") ?? textAt(block, "protocol") ?? "all";
  if (["-1", "all"].includes(protocol)) return "every port";
  const [from, to] = [textAt(block, "fromPort"), textAt(block, "toPort")];
  return `${protocol} ${from === to ? from : `${from}–${to}`}`;
}

function opening(group: RecordedResource, block: Block, urn: string): ExposureReport {
  return {
    what: `security group ${textAt(group, "name") ?? group.name}, ${portsOf(block)}`,
    who: `${whoFrom(rangesOf(block))}, where an address leads to it`,
    internet: true,
    urn,
  };
}

function gcpRules(query: Query): ExposureReport[] {
  return query
    .ofType("gcp:compute/firewall:Firewall")
    .filter((rule) => textAt(rule, "direction") !== "EGRESS" && at(rule, "disabled") !== true)
    .flatMap((rule) => {
      const ranges = sourcesOf(rule).filter(isPublic);
      if (ranges.length === 0) return [];
      const allowed = blocksAt(rule, "allows").map((block) => {
        const ports = textsAt(block, "ports");
        return `${textAt(block, "protocol") ?? "all"}${ports.length > 0 ? ` ${ports.join(", ")}` : ""}`;
      });
      if (allowed.length === 0) return [];
      const targets = distinct(textsAt(rule, "targetTags"));
      return [
        {
          what: `firewall ${textAt(rule, "name") ?? rule.name}, ${allowed.join("; ")}`,
          who: `${whoFrom(ranges)}, where an address leads to ${targets.join(", ") || "the network's instances"}`,
          internet: true,
          urn: rule.urn,
        },
      ];
    });
}

/** Google lets everybody in where a rule names no source at all. */
function sourcesOf(rule: RecordedResource): string[] {
  const named = ["sourceRanges", "sourceTags", "sourceServiceAccounts"].some(
    (key) => at(rule, key) !== undefined,
  );
  return named ? textsAt(rule, "sourceRanges") : ["0.0.0.0/0"];
}
