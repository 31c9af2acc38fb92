import { GraphBuilder } from "./fixtures/graph";
import { findOpenings } from "./openings";
import { Query } from "./query";
import { UNKNOWN, type ValueMap } from "../engine";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

function found(build: (graph: GraphBuilder) => void) {
  const graph = new GraphBuilder();
  build(graph);
  return findOpenings(Query.of(graph.recording())).map(({ what, who }) => `${what}: ${who}`);
}

const rule = (inputs: ValueMap, type = INGRESS) =>
  found((graph) => {
    const group = graph.add("aws:ec2/securityGroup:SecurityGroup", "nodes", graph.root, { name: "nodes" });
    const dependencies = { propertyDependencies: { securityGroupId: [group.urn] } };
    graph.add(type, "rule", graph.root, { securityGroupId: UNKNOWN, ...inputs }, dependencies);
  });

test("a rule that lets the internet in to a security group is told by the group and the port, in each notation", () => {
  const told = (ports: string) => [
    `security group nodes, ${ports}: anyone on the internet, where an address leads to it`,
  ];
  expect(rule({ cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 22, toPort: 22 })).toEqual(
    told("tcp 22"),
  );
  expect(rule({ cidrIpv6: "::/0", ipProtocol: "-1" })).toEqual(told("every port"));
  const old = "aws:ec2/securityGroupRule:SecurityGroupRule";
  const ports = { protocol: "udp", fromPort: 1, toPort: 9 };
  expect(rule({ type: "ingress", cidrBlocks: ["0.0.0.0/0"], ...ports }, old)).toEqual(told("udp 1–9"));
});

test("rules for known ranges, for what goes out, and for other groups are none", () => {
  expect(rule({ cidrIpv4: "10.0.0.0/8", ipProtocol: "-1" })).toEqual([]);
  expect(
    rule({ type: "egress", cidrBlocks: ["0.0.0.0/0"] }, "aws:ec2/securityGroupRule:SecurityGroupRule"),
  ).toEqual([]);
  expect(rule({ ipProtocol: "tcp", fromPort: 22, toPort: 22 })).toEqual([]);
});

test("blocks written in the group count, and a rule whose group nobody knows", () => {
  const block = { protocol: "-1", cidrBlocks: ["0.0.0.0/0"] };
  expect(
    found((graph) => {
      graph.add("aws:ec2/securityGroup:SecurityGroup", "g", graph.root, {
        ingress: [block, { cidrBlocks: [] }],
      });
      graph.add(INGRESS, "lonely", graph.root, { cidrIpv4: "0.0.0.0/0", securityGroupId: "sg-1" });
    }),
  ).toEqual([
    expect.stringContaining("security group g, every port"),
    expect.stringContaining("security group lonely, every port"),
  ]);
});

test("a load balancer's group is told with the load balancer, not here", () => {
  expect(
    found((graph) => {
      const inputs = { ingress: [{ protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }] };
      const group = graph.add("aws:ec2/securityGroup:SecurityGroup", "lb", graph.root, inputs);
      const of = (key: string) => ({ propertyDependencies: { [key]: [group.urn] } });
      graph.add(
        INGRESS,
        "r",
        graph.root,
        { cidrIpv4: "0.0.0.0/0", securityGroupId: UNKNOWN },
        of("securityGroupId"),
      );
      graph.add("aws:lb/loadBalancer:LoadBalancer", "nlb", graph.root, {}, of("securityGroups"));
    }),
  ).toEqual([]);
});

test("of Google's firewall what it allows from everywhere counts: no source named is everywhere", () => {
  const firewall = (inputs: ValueMap) =>
    found((graph) => graph.add("gcp:compute/firewall:Firewall", "f", graph.root, inputs));
  const ssh: ValueMap = { allows: [{ protocol: "tcp", ports: ["22", "80"] }, { protocol: "icmp" }] };
  const everywhere = [
    "firewall f, tcp 22, 80; icmp: anyone on the internet, where an address leads to the network's instances",
  ];
  expect(firewall({ ...ssh, sourceRanges: ["0.0.0.0/0"] })).toEqual(everywhere);
  expect(firewall(ssh)).toEqual(everywhere);
  expect(firewall({ name: "web", allows: [{}], targetTags: ["site"] })).toEqual([
    "firewall web, all: anyone on the internet, where an address leads to site",
  ]);
  for (const none of <ValueMap[]>[
    { ...ssh, sourceRanges: ["10.0.0.0/8"] },
    { ...ssh, sourceTags: ["x"] },
    { ...ssh, direction: "EGRESS" },
    { ...ssh, disabled: true },
    { denies: [{ protocol: "all" }] },
  ])
    expect(firewall(none)).toEqual([]);
});
