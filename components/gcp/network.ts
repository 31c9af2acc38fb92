import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { shown } from "../shown-inputs";
import { childOptions, shaped, type ChildOptions, type Transform } from "./child";

/** Names of the subnet's secondary ranges. */
export const PODS_RANGE = "pods";
export const SERVICES_RANGE = "services";

/** Address ranges and egress of a cluster's network. */
export interface NetworkArgs {
  /** Name of the cluster: every physical name starts with it. */
  readonly cluster: string;
  readonly project: string;
  readonly region: string;
  /** Range of the nodes: one address a node, four kept by Google. Grows in place, never shrinks. */
  readonly nodesCidr: string;
  /** Range of the pods: a node takes twice its pod maximum, rounded up to a power of two. Fixed at creation. */
  readonly podsCidr: string;
  /** Range of the Kubernetes services. Fixed at creation. */
  readonly servicesCidr: string;
  /** The control plane's /28, outside the others. Fixed at creation. */
  readonly controlPlaneCidr: string;
  /**
   * Source ports a node holds at the NAT at least; a power of two, 32 or more; default 64. Nodes take more as
   * they need, up to `natMaxPortsPerVm`.
   */
  readonly natMinPortsPerVm?: number;
  /** And at most; a power of two; default 4096. Too few shows as connections that time out under load. */
  readonly natMaxPortsPerVm?: number;
  /**
   * Addresses to reserve for the NAT, about 3.65 US$ a month each; default 0: Google picks as many as the ports
   * need, at the same price while they are used, and they may change. Reserve some when a partner lets in this
   * stack by address; with too few, connections fail instead of a further address being taken.
   */
  readonly natAddresses?: number;
  /** Part of the connections that flow logs sample, 0 to 1; default 0.5. Logs are billed by volume. */
  readonly flowSampling?: number;
  /**
   * Pod ports of admission webhooks in the cluster, default none. The control plane of a private cluster reaches
   * nodes on 443 and 10250 only (which is where cert-manager listens); a webhook elsewhere times out without a
   * rule, and with `failurePolicy: Fail` blocks every object it watches.
   */
  readonly webhookPorts?: readonly number[];
  readonly transform?: {
    readonly vpc?: Transform<gcp.compute.NetworkArgs>;
    readonly subnet?: Transform<gcp.compute.SubnetworkArgs>;
    readonly router?: Transform<gcp.compute.RouterArgs>;
    readonly natAddress?: Transform<gcp.compute.AddressArgs>;
    readonly nat?: Transform<gcp.compute.RouterNatArgs>;
    readonly webhooks?: Transform<gcp.compute.FirewallArgs>;
  };
}

/**
 * A VPC of its own for one private cluster: a subnet with ranges for pods and services, flow logs, and a NAT as
 * the only way out. What comes in is refused by the VPC's implied rule but for what GKE opens itself.
 *
 * Costs: the NAT about 1 US$ a month and node plus 0.045 US$ a GiB, its address 3.65, and flow logs by volume.
 *
 * @requirement N1
 */
export class Network extends pulumi.ComponentResource {
  readonly vpc: gcp.compute.Network;
  readonly subnet: gcp.compute.Subnetwork;
  readonly nat: gcp.compute.RouterNat;
  /** Network tag that nodes carry, and that firewall rules aim at. */
  readonly nodeTag: string;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:gcp:Network", name, shown(args), opts);
    const child = childOptions(this, opts);
    this.nodeTag = nodeTag(args.cluster);
    this.vpc = this.makeVpc(name, args, child);
    this.subnet = this.makeSubnet(name, args, child);
    this.nat = this.makeNat(name, args, child);
    this.openWebhookPorts(name, args, child);
    this.registerOutputs({ vpc: this.vpc.id, subnet: this.subnet.id });
  }

  private makeVpc(name: string, args: NetworkArgs, opts: ChildOptions) {
    return new gcp.compute.Network(
      `${name}-vpc`,
      ...shaped(
        args.transform?.vpc,
        {
          name: args.cluster,
          project: args.project,
          description: `Network of the cluster ${args.cluster}`,
          autoCreateSubnetworks: false,
          routingMode: "REGIONAL",
        },
        opts,
      ),
    );
  }

  private makeSubnet(name: string, args: NetworkArgs, opts: ChildOptions) {
    return new gcp.compute.Subnetwork(
      `${name}-subnet`,
      ...shaped(
        args.transform?.subnet,
        {
          name: `${args.cluster}-nodes`,
          project: args.project,
          region: args.region,
          network: this.vpc.id,
          ipCidrRange: args.nodesCidr,
          secondaryIpRanges: [
            { rangeName: PODS_RANGE, ipCidrRange: args.podsCidr },
            { rangeName: SERVICES_RANGE, ipCidrRange: args.servicesCidr },
          ],
          // Nodes have no public address: images, buckets and logs are reached on Google's own network.
          privateIpGoogleAccess: true,
          logConfig: {
            aggregationInterval: "INTERVAL_5_MIN",
            flowSampling: args.flowSampling ?? 0.5,
            metadata: "INCLUDE_ALL_METADATA",
          },
        },
        opts,
      ),
    );
  }

  private makeNat(name: string, args: NetworkArgs, opts: ChildOptions) {
    const { cluster, project, region } = args;
    const router = new gcp.compute.Router(
      `${name}-router`,
      ...shaped(args.transform?.router, { name: cluster, project, region, network: this.vpc.id }, opts),
    );
    const addresses = Array.from(
      { length: args.natAddresses ?? 0 },
      (_, i) =>
        new gcp.compute.Address(
          `${name}-nat-${i + 1}`,
          ...shaped(
            args.transform?.natAddress,
            { name: `${cluster}-nat-${i + 1}`, project, region, addressType: "EXTERNAL" },
            opts,
          ),
        ),
    );
    return new gcp.compute.RouterNat(
      `${name}-nat`,
      ...shaped(
        args.transform?.nat,
        {
          name: cluster,
          project,
          region,
          router: router.name,
          sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
          ...(addresses.length > 0
            ? { natIpAllocateOption: "MANUAL_ONLY", natIps: addresses.map((address) => address.selfLink) }
            : { natIpAllocateOption: "AUTO_ONLY" }),
          // 64 fixed ports a node are soon used up by user pods; Google refuses both of these together.
          enableDynamicPortAllocation: true,
          enableEndpointIndependentMapping: false,
          minPortsPerVm: args.natMinPortsPerVm ?? 64,
          maxPortsPerVm: args.natMaxPortsPerVm ?? 4096,
          logConfig: { enable: true, filter: "ERRORS_ONLY" },
        },
        opts,
      ),
    );
  }

  private openWebhookPorts(name: string, args: NetworkArgs, opts: ChildOptions): void {
    const ports = args.webhookPorts ?? [];
    if (ports.length === 0) return;
    new gcp.compute.Firewall(
      `${name}-webhooks`,
      ...shaped(
        args.transform?.webhooks,
        {
          name: `${args.cluster}-webhooks`,
          project: args.project,
          network: this.vpc.id,
          description: "The control plane calls admission webhooks",
          direction: "INGRESS",
          sourceRanges: [args.controlPlaneCidr],
          targetTags: [this.nodeTag],
          allows: [{ protocol: "tcp", ports: ports.map(String) }],
        },
        opts,
      ),
    );
  }
}

/** The network tag of a cluster's nodes. */
function nodeTag(cluster: string): string {
  return `${cluster}-node`;
}
