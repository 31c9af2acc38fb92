import { contains, overlap, parseCidr, privateRanges, sizeOf, unroutableRanges, type Range } from "../cidr";
import type { Case, Rule } from "../judge";

interface NamedRange {
  readonly path: string;
  readonly text: string;
  readonly range: Range | undefined;
}

/** The private ranges of each block that stands; ranges of different blocks never meet. */
function rangesOf({ draft }: Pick<Case, "draft">): NamedRange[][] {
  const named = (prefix: string, texts: Record<string, string>): NamedRange[] =>
    Object.entries(texts).map(([key, text]) => ({ path: `${prefix}.${key}`, text, range: parseCidr(text) }));
  const { gcp, aws } = draft;
  const blocks: NamedRange[][] = [];
  if (gcp) {
    const { nodesCidr, podsCidr, servicesCidr, controlPlaneCidr } = gcp.network;
    blocks.push(named("gcp.network", { nodesCidr, podsCidr, servicesCidr, controlPlaneCidr }));
  }
  if (aws)
    blocks.push(named("aws.network", { cidr: aws.network.cidr, servicesCidr: aws.network.servicesCidr }));
  return blocks;
}

/** Ranges let in to an API endpoint, with their paths. */
function accessRanges({ draft }: Pick<Case, "draft">): NamedRange[] {
  const named = (path: string, texts: readonly string[] = []): NamedRange[] =>
    texts.map((text, i) => ({ path: `${path}[${i}]`, text, range: parseCidr(text) }));
  return [
    ...named("gcp.cluster.authorizedNetworks", draft.gcp?.cluster.authorizedNetworks),
    ...named("aws.cluster.publicAccessCidrs", draft.aws?.cluster.publicAccessCidrs),
  ];
}

/** What is not an IPv4 range, or whose address is not its first. */
export const refuseMalformedRange: Rule = (subject) => {
  const { refuse } = subject;
  for (const { path, range, text } of [...rangesOf(subject).flat(), ...accessRanges(subject)]) {
    if (range || text === "::/0") continue;
    const cause = "an IPv4 range as address/prefix, the address being the first of the range";
    refuse("CMB-C021", path, cause, { set: exampleFor(path) });
  }
};

function exampleFor(path: string): string {
  const key = path.split(".").pop()!;
  const examples: Record<string, string> = {
    nodesCidr: "10.0.0.0/20",
    podsCidr: "10.16.0.0/14",
    servicesCidr: path.startsWith("aws") ? "172.20.0.0/16" : "10.20.0.0/20",
    controlPlaneCidr: "172.16.0.0/28",
    cidr: "10.0.0.0/16",
  };
  return examples[key] ?? "203.0.113.0/24";
}

/** Prefix lengths each range may have, and who says so. */
const sizes: Readonly<Record<string, { min: number; max: number; who: string }>> = {
  "gcp.network.nodesCidr": { min: 8, max: 29, who: "a Google subnet is a /8 to /29" },
  "gcp.network.podsCidr": { min: 9, max: 21, who: "GKE takes /9 to /21 for pods" },
  "gcp.network.servicesCidr": { min: 16, max: 27, who: "GKE takes /16 to /27 for services" },
  "gcp.network.controlPlaneCidr": {
    min: 28,
    max: 28,
    who: "GKE's control plane takes a /28, no more and no less",
  },
  "aws.network.cidr": {
    min: 16,
    max: 22,
    who: "the VPC is cut into subnets for three zones, nodes and pods: /16 to /22",
  },
  "aws.network.servicesCidr": { min: 12, max: 24, who: "EKS takes /12 to /24 for services" },
};

/** Ranges larger or smaller than the cloud takes. */
export const refuseWrongSize: Rule = (subject) => {
  for (const { path, range } of rangesOf(subject).flat()) {
    const size = sizes[path];
    if (!range || !size || (range.prefix >= size.min && range.prefix <= size.max)) continue;
    subject.refuse("CMB-C022", path, size.who, { set: exampleFor(path) });
  }
};

/** Two ranges of a network that share an address: routes would contradict each other. */
export const refuseOverlappingRanges: Rule = (subject) => {
  for (const block of rangesOf(subject)) {
    block.forEach((later, i) => {
      const earlier = block
        .slice(0, i)
        .find((other) => other.range && later.range && overlap(other.range, later.range));
      if (!earlier) return;
      // The one that was written is at fault, not the default it meets.
      const written = writes(subject, later.path) ? later : writes(subject, earlier.path) ? earlier : later;
      const other = written === later ? earlier : later;
      const cause = `overlaps with ${other.path} = ${other.text}`;
      subject.refuse("CMB-C023", written.path, cause, { set: free(block, written) }, [other.path]);
    });
  }
};

function writes({ raw }: Case, path: string): boolean {
  const [cloud, , key] = path.split(".") as ["gcp" | "aws", string, string];
  return (raw[cloud]?.network as Record<string, unknown> | undefined)?.[key] !== undefined;
}

/** A range of the default size that meets none of the others. */
function free(block: readonly NamedRange[], wanted: NamedRange): string {
  const prefix = parseCidr(exampleFor(wanted.path))!.prefix;
  const candidates = [
    exampleFor(wanted.path),
    ...[32, 64, 96, 128, 160, 192].map((n) => `10.${n}.0.0/${prefix}`),
  ];
  const taken = block.filter((other) => other !== wanted).map((other) => other.range);
  return candidates.find((text) => taken.every((range) => !range || !overlap(range, parseCidr(text)!)))!;
}

/** Public addresses inside a private network: the real owners of them could not be reached any more. */
export const refusePublicRange: Rule = (subject) => {
  for (const { path, range } of rangesOf(subject).flat()) {
    if (!range || privateRanges.some((outer) => contains(outer, range))) continue;
    const cause = "not inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
    subject.refuse("CMB-C024", path, cause, { set: exampleFor(path) });
  }
};

/** Ranges that let the internet in to the API server: all of it, or a 256th and more. */
export const refuseOpenApiServer: Rule = (subject) => {
  for (const { path, range, text } of accessRanges(subject)) {
    if (text !== "::/0" && (!range || range.prefix >= 8)) continue;
    const cause =
      "lets the internet in to the API server: name your own addresses (curl https://checkip.amazonaws.com)";
    subject.refuse("CMB-C030", path, cause, { set: "203.0.113.10/32" });
  }
};

/** No way in to the public endpoint, or one that cannot be taken. */
export const refuseUnreachableApiServer: Rule = (subject) => {
  const { draft, refuse } = subject;
  if (!draft.aws) return;
  const path = "aws.cluster.publicAccessCidrs";
  const { publicAccessCidrs, privateOnly } = draft.aws.cluster;
  if (privateOnly && publicAccessCidrs.length > 0) {
    refuse("CMB-C029", path, "aws.cluster.privateOnly takes the public endpoint away", { remove: true }, [
      "aws.cluster.privateOnly",
    ]);
  }
  if (!privateOnly && publicAccessCidrs.length === 0) {
    const cause = "EKS opens the API server to the internet unless the ranges are named that may reach it";
    refuse("CMB-C029", path, cause, { at: `${path}[0]`, set: "203.0.113.10/32" }, [
      "aws.cluster.privateOnly",
    ]);
  }
  for (const { path: at, range } of accessRanges({ draft }).filter((entry) => entry.path.startsWith(path))) {
    if (!range || range.prefix < 8 || !unroutableRanges.some((outer) => contains(outer, range))) continue;
    const cause =
      "private addresses never arrive at the public endpoint; inside the VPC the private one answers";
    refuse("CMB-C029", at, cause, { set: "203.0.113.10/32" });
  }
};

/** A nodes range that the pools outgrow (GKE; four addresses of a subnet are Google's). */
export const refuseCrampedNodes: Rule = ({ draft: { gcp }, refuse }) => {
  const range = gcp && parseCidr(gcp.network.nodesCidr);
  if (!gcp || !range) return;
  const need = nodesAtMost(gcp);
  const room = sizeOf(range) - 4;
  if (need <= room) return;
  const cause = `room for ${room} nodes, the pools grow to ${need} (one more a pool and zone while they are upgraded)`;
  refuse("CMB-C025", "gcp.network.nodesCidr", cause, { set: "10.0.0.0/20" }, nodePaths("gcp"));
};

/** A pods range that the pools outgrow: GKE gives each node twice as many addresses as it takes pods. */
export const refuseCrampedPods: Rule = ({ draft: { gcp }, refuse }) => {
  const range = gcp && parseCidr(gcp.network.podsCidr);
  if (!gcp || !range) return;
  const surge = gcp.zones.length;
  const perNode = (maxPods: number): number => 2 ** Math.ceil(Math.log2(maxPods * 2));
  const { system, users, warm } = gcp.nodes;
  const addresses = (nodes: number, pods: number): number =>
    nodes === 0 ? 0 : (nodes + surge) * perNode(pods);
  const need =
    addresses(system.max, system.maxPods) +
    addresses(users.max, users.maxPods) +
    addresses(warm.count, warm.maxPods);
  if (need <= sizeOf(range)) return;
  const cause = `${sizeOf(range)} addresses, the pools at their largest take ${need} (${perNode(users.maxPods)} a user node)`;
  const prefix = Math.max(9, 32 - Math.ceil(Math.log2(need)));
  refuse("CMB-C026", "gcp.network.podsCidr", cause, { set: `10.128.0.0/${prefix}` }, [
    ...nodePaths("gcp"),
    "gcp.nodes.system.maxPods",
    "gcp.nodes.users.maxPods",
  ]);
};

function nodesAtMost(block: {
  zones: readonly string[];
  nodes: { system: { max: number }; users: { max: number }; warm: { count: number } };
}): number {
  const { system, users, warm } = block.nodes;
  return system.max + users.max + warm.count + (warm.count === 0 ? 2 : 3) * block.zones.length;
}

function nodePaths(cloud: "gcp" | "aws"): string[] {
  const nodes = `${cloud}.nodes`;
  return [`${nodes}.system.max`, `${nodes}.users.max`, `${nodes}.warm.count`, `${cloud}.zones`];
}

/** Addresses a node of EKS takes at most: 110 pods in prefixes of 16, a spare prefix, four interfaces. */
const ADDRESSES_PER_EKS_NODE = Math.ceil(110 / 16) * 16 + 16 + 4;

/**
 * A VPC whose private subnets the node groups outgrow. Each of the three is a quarter of the VPC; its zone takes a
 * third of the nodes, rounded up, and one more of each group while they are upgraded.
 */
export const refuseCrampedSubnets: Rule = ({ draft: { aws }, refuse }) => {
  const range = aws && parseCidr(aws.network.cidr);
  if (!aws || !range || range.prefix < 16 || range.prefix > 24) return;
  const { system, users, warm } = aws.nodes;
  const most = [system.max, users.max, warm.count].filter((count) => count > 0);
  const nodes = most.reduce((sum, count) => sum + Math.ceil(count / 3) + 1, 0);
  const need = nodes * ADDRESSES_PER_EKS_NODE;
  // AWS keeps five addresses of every subnet.
  const room = sizeOf(range) / 4 - 5;
  if (need <= room) return;
  const cause = `a private subnet of it has ${room} addresses, ${nodes} nodes of its zone with their pods take ${need}`;
  refuse("CMB-C027", "aws.network.cidr", cause, { set: "10.0.0.0/16" }, nodePaths("aws"));
};
