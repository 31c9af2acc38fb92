import { mayJoin } from "./access";
import { within } from "./cidr";
import { CLUSTER } from "./cluster";
import { carries, ROLE } from "./iam";
import { reachesInternet, wayOut } from "./routes";
import type { CloudView, Properties } from "../model";
import { flag, text, texts } from "./values";

/**
 * Why nodes of a group do not become ready, in the words of a person; none when they do. Asked again and again while
 * EKS waits, so a network or a policy that comes late is in time until EKS gives up.
 *
 * Sources: EKS User Guide, "Amazon EKS node IAM role", "Troubleshoot problems with Amazon EKS clusters and nodes"
 * (NodeCreationFailure), "Cluster API server endpoint"; amazon-vpc-cni-k8s, README.
 */
export function whyNotReady(cloud: CloudView, group: Properties): string[] {
  const cluster = cloud.find(CLUSTER, text(group, "clusterName"));
  const role = cloud.find(ROLE, text(group, "nodeRoleArn"));
  if (!cluster || !role) return ["the cluster or the role of the nodes is gone"];
  const subnets = texts(group, "subnetIds");
  return [
    ...subnets
      .filter((id) => !reachesInternet(cloud, id))
      .map((id) => `nothing leads from ${id} to the internet`),
    ...(carries(cloud, role.id, "AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy")
      ? []
      : ["the role may not describe the cluster: AmazonEKSWorkerNodePolicy is missing"]),
    ...(carries(cloud, role.id, "AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly")
      ? []
      : ["the role may not pull EKS's images: AmazonEC2ContainerRegistryPullOnly is missing"]),
    ...(mayJoin(cloud, cluster.id, text(group, "nodeRoleArn"))
      ? []
      : ["the role has no access entry of its own"]),
    ...networkFaults(cloud, cluster, role.id),
    ...endpointFaults(cloud, cluster.properties, subnets),
  ];
}

/** The network of pods: its software must run and may hand out addresses, by a role of its own or the nodes'. */
function networkFaults(
  cloud: CloudView,
  cluster: { readonly id: string; readonly properties: Properties },
  nodeRole: string,
): string[] {
  const selfManaged = text(cluster.properties, "bootstrapSelfManagedAddons") !== "false";
  const addon = (name: string) =>
    cloud.list(
      "aws:eks/addon:Addon",
      ({ properties, status }) =>
        status === "active" && properties["clusterName"] === cluster.id && properties["addonName"] === name,
    )[0];
  const cni = addon("vpc-cni");
  const cniRole = cloud.find(ROLE, text(cni?.properties ?? {}, "serviceAccountRoleArn"));
  const faults: string[] = [];
  if (!cni && !selfManaged) faults.push("no CNI is installed: the add-on vpc-cni is missing");
  if (!carries(cloud, cniRole?.id ?? nodeRole, "AmazonEKS_CNI_Policy"))
    faults.push(
      "the CNI may not make interfaces: AmazonEKS_CNI_Policy is neither on its role nor on the nodes'",
    );
  if (!addon("kube-proxy") && !selfManaged)
    faults.push("the CNI does not reach the API's Service: the add-on kube-proxy is missing");
  return faults;
}

/** Without the private endpoint nodes come from outside, by the public addresses of their NAT gateways. */
function endpointFaults(cloud: CloudView, cluster: Properties, subnets: readonly string[]): string[] {
  if (flag(cluster, "vpcConfig.endpointPrivateAccess")) return [];
  const allowed = texts(cluster, "vpcConfig.publicAccessCidrs");
  return subnets.flatMap((id) => {
    const nat = cloud.find("aws:ec2/natGateway:NatGateway", wayOut(cloud, id) ?? "");
    const from = text(nat?.properties ?? {}, "publicIp");
    return allowed.some((range) => within(`${from}/32`, range) || range === "0.0.0.0/0")
      ? []
      : [`the API's public endpoint lets ${from || id} not in, and there is no private one`];
  });
}
