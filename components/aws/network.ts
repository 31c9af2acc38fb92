import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InvalidArgsError } from "../errors";
import { FlowLogs, type FlowLogsArgs } from "./flow-logs";
import { NatInstance, type NatInstanceArgs } from "./nat-instance";
import { planSubnets, type SubnetPlan, ZONES } from "./subnets";
import { shown } from "../shown-inputs";
import { transformed, type Transform } from "./transform";

/** What a network is made of. */
export interface NetworkArgs {
  /** Name of the cluster that will live in it: part of tags and of physical names. */
  readonly cluster: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly region: string;
  /**
   * Three zones of the region, in a fixed order: ranges are handed out by position. Neither zones nor order can be
   * changed on a live stack: the new subnets would overlap the old, which AWS refuses half way through the `up`
   * (`InvalidSubnet.Conflict`), before anything is deleted; with the former list the stack is whole again.
   */
  readonly zones: readonly string[];
  /** Range of the VPC, /16 to /22. A change replaces the VPC and all that is in it. */
  readonly cidr: string;
  /**
   * `one` NAT gateway costs about 36 US$ a month with its address and 0.045 US$ a GB, and its zone's loss cuts all
   * nodes off the internet; `per-zone` costs three times the hours and spares the charge between zones; `instance`
   * is a machine of one's own instead, about 7 US$ a month (see `NatInstance` for what that gives up). A change
   * moves routes in place: connections break for some seconds, and nothing else is replaced.
   */
  readonly natGateways: "instance" | "one" | "per-zone";
  /** Tags of what a provider's default tags do not reach: the NAT instance with its disk. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Days flow logs are kept; ingestion costs about 0.50 US$ a GB. */
  readonly flowLogsDays: number;
  /** Ways out, one a child. */
  readonly transform?: {
    readonly vpc?: Transform<aws.ec2.VpcArgs>;
    readonly publicSubnet?: Transform<aws.ec2.SubnetArgs>;
    readonly privateSubnet?: Transform<aws.ec2.SubnetArgs>;
    readonly natGateway?: Transform<aws.ec2.NatGatewayArgs>;
    readonly natInstance?: NatInstanceArgs["transform"];
    readonly s3Endpoint?: Transform<aws.ec2.VpcEndpointArgs>;
  } & FlowLogsArgs["transform"];
}

/**
 * A VPC over three zones: in each a public subnet for load balancer and NAT, and a private one for nodes and
 * pods. S3 is reached by a gateway endpoint, which is free and keeps the traffic of all bucket mounts off the NAT
 * gateway.
 *
 * @requirement N1
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Ids in the order of the zones. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  /** Ids in the order of the zones. */
  readonly privateSubnetIds: pulumi.Output<string>[];
  /** The ranges, known before anything exists. */
  readonly plan: SubnetPlan;
  /** What makes the public subnets public: a load balancer or a NAT gateway needs it. */
  readonly internet: pulumi.Resource[];
  /**
   * What nodes need to reach the internet and S3. Depend on all of it: nothing else points at an association, so
   * a destroy would cut the nodes off first, and no controller on them could finish its work.
   */
  readonly egress: pulumi.Resource[];

  private readonly vpc: aws.ec2.Vpc;

  constructor(
    private readonly name: string,
    private readonly args: NetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cmb:aws:Network", name, shown(args), opts);
    assertZones(args.zones);
    this.plan = planSubnets(args.cidr);

    this.vpc = this.makeVpc();
    this.vpcId = this.vpc.id;
    const publicSubnets = this.makeSubnets("public");
    const privateSubnets = this.makeSubnets("private");
    this.publicSubnetIds = publicSubnets.map((subnet) => subnet.id);
    this.privateSubnetIds = privateSubnets.map((subnet) => subnet.id);
    const ways = this.routePublic(publicSubnets);
    this.internet = ways.resources;
    const { tables, resources } = this.routePrivate(privateSubnets, publicSubnets);
    this.egress = [...this.internet, ...resources, this.reachS3([ways.table, ...tables])];
    new FlowLogs(`${name}-flows`, { ...args, vpcId: this.vpcId, days: args.flowLogsDays }, { parent: this });

    this.registerOutputs({ vpcId: this.vpcId });
  }

  private makeVpc(): aws.ec2.Vpc {
    const vpc = new aws.ec2.Vpc(
      `${this.name}-vpc`,
      transformed(this.args.transform?.vpc, {
        cidrBlock: this.args.cidr,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: { Name: this.args.cluster },
      }),
      { parent: this },
    );
    // AWS makes this group and lets its members talk to each other; adopted and left without rules, whatever
    // forgets to name a group is cut off instead of open.
    new aws.ec2.DefaultSecurityGroup(
      `${this.name}-default-group`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: { Name: `${this.args.cluster}-default-unused` } },
      { parent: this },
    );
    return vpc;
  }

  private makeSubnets(kind: "public" | "private"): aws.ec2.Subnet[] {
    const role = kind === "public" ? "elb" : "internal-elb";
    const transform =
      kind === "public" ? this.args.transform?.publicSubnet : this.args.transform?.privateSubnet;
    return this.args.zones.map(
      (zone, i) =>
        new aws.ec2.Subnet(
          `${this.name}-${kind}-${zone}`,
          transformed(transform, {
            vpcId: this.vpc.id,
            availabilityZone: zone,
            cidrBlock: this.plan[kind][i]!,
            // Nothing in a public subnet gets an address by itself: load balancer and NAT bring their own.
            mapPublicIpOnLaunch: false,
            tags: {
              Name: `${this.args.cluster}-${kind}-${zone}`,
              [`kubernetes.io/role/${role}`]: "1",
              [`kubernetes.io/cluster/${this.args.cluster}`]: "shared",
            },
          }),
          { parent: this },
        ),
    );
  }

  private routePublic(subnets: aws.ec2.Subnet[]): {
    table: aws.ec2.RouteTable;
    resources: pulumi.Resource[];
  } {
    const gateway = new aws.ec2.InternetGateway(
      `${this.name}-internet`,
      { vpcId: this.vpc.id, tags: { Name: this.args.cluster } },
      { parent: this },
    );
    const { table, associations } = this.makeTable("public", subnets);
    const route = new aws.ec2.Route(
      `${this.name}-public-internet`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      { parent: this },
    );
    return { table, resources: [route, ...associations] };
  }

  private routePrivate(
    subnets: aws.ec2.Subnet[],
    publicSubnets: aws.ec2.Subnet[],
  ): { tables: aws.ec2.RouteTable[]; resources: pulumi.Resource[] } {
    const ways =
      this.args.natGateways === "instance"
        ? [this.makeNatInstance(publicSubnets[0]!)]
        : this.makeNatGateways(publicSubnets);
    const made = subnets.map((subnet, i) => this.makeTable(`private-${this.args.zones[i]!}`, [subnet]));
    const tables = made.map(({ table }) => table);
    const routes = tables.map((table, i) => {
      const { target, resources } = ways[i] ?? ways[0]!;
      return new aws.ec2.Route(
        `${this.name}-private-${this.args.zones[i]!}-internet`,
        { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...target },
        // A route to an instance is of use once the instance has its address.
        { parent: this, dependsOn: resources },
      );
    });
    return { tables, resources: [...routes, ...made.flatMap(({ associations }) => associations)] };
  }

  private makeNatGateways(publicSubnets: aws.ec2.Subnet[]): NatWay[] {
    const zones = this.args.natGateways === "one" ? this.args.zones.slice(0, 1) : this.args.zones;
    return zones.map((zone, i) => {
      const address = new aws.ec2.Eip(
        `${this.name}-nat-${zone}-address`,
        { domain: "vpc", tags: { Name: `${this.args.cluster}-nat-${zone}` } },
        { parent: this, dependsOn: this.internet },
      );
      const gateway = new aws.ec2.NatGateway(
        `${this.name}-nat-${zone}`,
        transformed(this.args.transform?.natGateway, {
          subnetId: publicSubnets[i]!.id,
          allocationId: address.id,
          tags: { Name: `${this.args.cluster}-${zone}` },
        }),
        // A NAT gateway without a way out is stuck in creation; on destroy the order holds the address back.
        { parent: this, dependsOn: this.internet },
      );
      return { target: { natGatewayId: gateway.id }, resources: [] };
    });
  }

  private makeNatInstance(publicSubnet: aws.ec2.Subnet): NatWay {
    const { networkInterfaceId, resources } = new NatInstance(
      `${this.name}-nat`,
      {
        cluster: this.args.cluster,
        vpcId: this.vpcId,
        subnetId: publicSubnet.id,
        sourceCidrs: this.plan.private,
        internet: this.internet,
        tags: this.args.tags,
        transform: this.args.transform?.natInstance,
      },
      { parent: this },
    );
    return { target: { networkInterfaceId }, resources };
  }

  private makeTable(
    role: string,
    subnets: aws.ec2.Subnet[],
  ): { table: aws.ec2.RouteTable; associations: aws.ec2.RouteTableAssociation[] } {
    const table = new aws.ec2.RouteTable(
      `${this.name}-${role}-routes`,
      { vpcId: this.vpc.id, tags: { Name: `${this.args.cluster}-${role}` } },
      { parent: this },
    );
    const associations = subnets.map((subnet, i) => {
      const suffix = subnets.length > 1 ? `-${this.args.zones[i]!}` : "";
      return new aws.ec2.RouteTableAssociation(
        `${this.name}-${role}${suffix}-association`,
        { routeTableId: table.id, subnetId: subnet.id },
        { parent: this },
      );
    });
    return { table, associations };
  }

  private reachS3(tables: aws.ec2.RouteTable[]): aws.ec2.VpcEndpoint {
    return new aws.ec2.VpcEndpoint(
      `${this.name}-s3`,
      transformed(this.args.transform?.s3Endpoint, {
        vpcId: this.vpc.id,
        serviceName: `com.amazonaws.${this.args.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: tables.map((table) => table.id),
        tags: { Name: `${this.args.cluster}-s3` },
      }),
      { parent: this },
    );
  }
}

/** Where a private subnet's route to the internet leads, and what must be there first. */
interface NatWay {
  readonly target:
    { readonly natGatewayId: pulumi.Output<string> } | { readonly networkInterfaceId: pulumi.Output<string> };
  readonly resources: pulumi.Resource[];
}

function assertZones(zones: readonly string[]): void {
  if (zones.length !== ZONES || new Set(zones).size !== ZONES) {
    throw new InvalidArgsError(
      "zones",
      zones,
      `${ZONES} different zones are needed: the load balancer, the control plane and the nodes spread over them`,
      "Name three zones of the region.",
    );
  }
}
