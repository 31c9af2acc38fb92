import { defined, flag, type Known } from "./args";
import type { AddChild } from "./component";
import { isMap, type Value, type ValueMap } from "../values";

/** URNs of the default security groups of `eks.Cluster`; undefined where a switch leaves them out. */
export interface SecurityGroups {
  readonly cluster: string | undefined;
  node: string | undefined;
  clusterIngressRule: string | undefined;
  /** Registers the group of the nodes and the rules between both; the plugin does it after the cluster. */
  addNodeGroup(cluster: string, clusterName: Value): void;
}

/**
 * The default security groups: one at the control plane with open egress, one for nodes with the rules
 * between both (pulumi-eks v4.3.0, cluster/cluster.ts and nodes/securitygroup.ts). None with
 * `skipDefaultSecurityGroups`; only the second with a `clusterSecurityGroup` of one's own.
 */
export function securityGroups(name: string, args: ValueMap, add: AddChild, known: Known): SecurityGroups {
  const skip = flag(args, "skipDefaultSecurityGroups") ?? false;
  const vpcId = args["vpcId"]!;
  const group = (suffix: string, tags: ValueMap, dependencies: string[]): string =>
    add({
      type: "aws:ec2/securityGroup:SecurityGroup",
      name: `${name}-${suffix}`,
      inputs: { vpcId, revokeRulesOnDelete: true, tags: { Name: `${name}-${suffix}`, ...tags } },
      dependencies,
    });
  const rule = (suffix: string, inputs: Record<string, Value | undefined>, dependencies: string[]): string =>
    add({
      type: "aws:ec2/securityGroupRule:SecurityGroupRule",
      name: `${name}-${suffix}`,
      inputs: defined(inputs),
      dependencies,
    });
  const anywhere = { fromPort: 0, toPort: 0, protocol: "-1", cidrBlocks: ["0.0.0.0/0"], type: "egress" };
  const tags = isMap(args["tags"]) ? args["tags"] : {};

  let cluster: string | undefined;
  if (!skip && args["clusterSecurityGroup"] === undefined) {
    const own = isMap(args["clusterSecurityGroupTags"]) ? args["clusterSecurityGroupTags"] : {};
    cluster = group("eksClusterSecurityGroup", { ...own, ...tags }, []);
    rule(
      "eksClusterInternetEgressRule",
      { description: "Allow internet access.", ...anywhere, securityGroupId: known.id(cluster) },
      [cluster],
    );
  }

  const groups: SecurityGroups = {
    cluster,
    node: undefined,
    clusterIngressRule: undefined,
    addNodeGroup(clusterUrn, clusterName) {
      if (skip) return;
      const own = isMap(args["nodeSecurityGroupTags"]) ? args["nodeSecurityGroupTags"] : {};
      const ownedBy =
        typeof clusterName === "string" ? { [`kubernetes.io/cluster/${clusterName}`]: "owned" } : {};
      const node = group("nodeSecurityGroup", { ...ownedBy, ...own, ...tags }, [clusterUrn]);
      const both = [node, ...(cluster ? [cluster] : [])];
      const onNode = {
        type: "ingress",
        protocol: "tcp",
        securityGroupId: known.id(node),
        sourceSecurityGroupId: known.id(cluster),
      };
      rule(
        "eksNodeIngressRule",
        {
          type: "ingress",
          fromPort: 0,
          toPort: 0,
          protocol: "-1",
          securityGroupId: known.id(node),
          self: true,
        },
        [node],
      );
      rule("eksNodeClusterIngressRule", { ...onNode, fromPort: 1025, toPort: 65535 }, both);
      rule("eksExtApiServerClusterIngressRule", { ...onNode, fromPort: 443, toPort: 443 }, both);
      rule("eksNodeInternetEgressRule", { ...anywhere, securityGroupId: known.id(node) }, [node]);
      groups.node = node;
      groups.clusterIngressRule = rule(
        "eksClusterIngressRule",
        {
          ...onNode,
          fromPort: 443,
          toPort: 443,
          securityGroupId: known.id(cluster),
          sourceSecurityGroupId: known.id(node),
        },
        both,
      );
    },
  };
  return groups;
}
