import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { IngressAttachment, IngressFacts } from "../cmb-cluster";
import { loadBalancerName, targetGroupName } from "./names";
import { transformed, type Transform } from "./transform";

/** What the load balancer is made of. */
export interface LoadBalancerArgs {
  readonly cluster: string;
  readonly vpcId: pulumi.Input<string>;
  /** Public subnets, each of another zone; each costs a public address, 3.65 US$ a month. */
  readonly subnetIds: pulumi.Input<string>[];
  /**
   * What makes the subnets public. Without it AWS refuses a public load balancer (`InvalidSubnet: VPC … has no
   * internet gateway`), and on destroy lets no internet gateway go before one.
   */
  readonly internet: readonly pulumi.Resource[];
  /** The ranges of these subnets: connections to the ingress controller come from there. */
  readonly subnetCidrs: readonly string[];
  /** The security group of the nodes, which pods with addresses of the VPC share. */
  readonly clusterSecurityGroupId: pulumi.Input<string>;
  /** Ports of the ingress controller's pods, not of its Service. */
  readonly podPorts: { readonly http: number; readonly https: number };
  /** The provider for the bindings inside the cluster. */
  readonly kubernetes: k8s.Provider;
  /** What binds targets, with its role: the bindings go before it does, on destroy. */
  readonly controller: readonly pulumi.Resource[];
  /** Ways out, one a child. */
  readonly transform?: {
    readonly loadBalancer?: Transform<aws.lb.LoadBalancerArgs>;
    readonly targetGroup?: Transform<aws.lb.TargetGroupArgs>;
    readonly listener?: Transform<aws.lb.ListenerArgs>;
  };
}

/** The public ports and what they carry. */
const PUBLIC_PORTS = { http: 80, https: 443 } as const;
type Role = keyof typeof PUBLIC_PORTS;
const roles: readonly Role[] = ["http", "https"];

/**
 * A network load balancer that the program owns, so that its address is known before the cluster runs anything
 * and a destroy leaves nothing behind (about 16 US$ a month and its addresses). TLS ends in the ingress
 * controller; the client's address travels by the PROXY protocol.
 *
 * It spreads over all zones' pods (`cross-zone`): in dev the controller runs in fewer zones than the load
 * balancer has addresses, and a zone without a pod would refuse its share. The traffic between zones costs
 * 0.01 US$ a GB each way.
 */
export class LoadBalancer extends pulumi.ComponentResource implements IngressFacts {
  readonly address: pulumi.Output<string>;
  /** Zone of the address, for alias records. */
  readonly zoneId: pulumi.Output<string>;
  /** Plain: the bindings of {@link attach} lead to the pods, not to the Service. */
  readonly service: IngressFacts["service"] = {
    type: "ClusterIP",
    annotations: pulumi.output({}) as pulumi.Output<Record<string, string>>,
    spec: {},
  };
  readonly proxyProtocol = true;
  readonly trustedCidrs: readonly string[];

  private readonly targetGroups: Readonly<Record<Role, aws.lb.TargetGroup>>;
  private readonly listeners: aws.lb.Listener[];

  constructor(
    private readonly name: string,
    private readonly args: LoadBalancerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cmb:aws:LoadBalancer", name, { cluster: args.cluster, podPorts: args.podPorts }, opts);
    this.trustedCidrs = args.subnetCidrs;
    const group = this.makeSecurityGroup();
    const loadBalancer = this.makeLoadBalancer(group);
    this.targetGroups = { http: this.makeTargetGroup("http"), https: this.makeTargetGroup("https") };
    this.listeners = roles.map((role) => this.makeListener(role, loadBalancer));
    this.address = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.registerOutputs({ address: this.address });
  }

  /**
   * Binds the Service's pods to the target groups. The bindings name no network rules: the one rule that is
   * needed is made here, and the controller has no right to touch security groups.
   */
  attach(
    name: string,
    { namespace, service, ports }: IngressAttachment,
    opts: pulumi.CustomResourceOptions,
  ): pulumi.Resource[] {
    return roles.map(
      (role) =>
        new k8s.apiextensions.CustomResource(
          `${name}-${role}`,
          {
            apiVersion: "elbv2.k8s.aws/v1beta1",
            kind: "TargetGroupBinding",
            metadata: { name: `${service}-${role}`, namespace },
            spec: {
              serviceRef: { name: service, port: ports[role] },
              targetGroupARN: this.targetGroups[role].arn,
              targetType: "ip",
            },
          },
          pulumi.mergeOptions(
            {
              parent: this,
              provider: this.args.kubernetes,
              dependsOn: [...this.args.controller, ...this.listeners],
            },
            opts,
          ),
        ),
    );
  }

  private makeSecurityGroup(): aws.ec2.SecurityGroup {
    const { args, name } = this;
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      {
        name: `${args.cluster}-ingress`,
        description: "Load balancer of the ingress",
        vpcId: args.vpcId,
        tags: { Name: `${args.cluster}-ingress` },
      },
      { parent: this },
    );
    for (const role of roles) {
      const podPort = args.podPorts[role];
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${role}-from-internet`,
        {
          securityGroupId: group.id,
          description: `${role} from the internet`,
          ipProtocol: "tcp",
          fromPort: PUBLIC_PORTS[role],
          toPort: PUBLIC_PORTS[role],
          cidrIpv4: "0.0.0.0/0",
        },
        { parent: this },
      );
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-${role}-to-pods`,
        {
          securityGroupId: group.id,
          description: `${role} to the ingress controller, health checks included`,
          ipProtocol: "tcp",
          fromPort: podPort,
          toPort: podPort,
          referencedSecurityGroupId: args.clusterSecurityGroupId,
        },
        { parent: this },
      );
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${role}-into-pods`,
        {
          securityGroupId: args.clusterSecurityGroupId,
          description: `${role} from the load balancer of the ingress`,
          ipProtocol: "tcp",
          fromPort: podPort,
          toPort: podPort,
          referencedSecurityGroupId: group.id,
        },
        { parent: this },
      );
    }
    return group;
  }

  private makeLoadBalancer(group: aws.ec2.SecurityGroup): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      `${this.name}-nlb`,
      transformed<aws.lb.LoadBalancerArgs>(this.args.transform?.loadBalancer, {
        name: loadBalancerName(this.args.cluster),
        loadBalancerType: "network",
        internal: false,
        ipAddressType: "ipv4",
        subnets: this.args.subnetIds,
        // From the start: one that was made without a group never takes one.
        securityGroups: [group.id],
        enableCrossZoneLoadBalancing: true,
      }),
      // It is replaced only when it leaves a zone (terraform-provider-aws, aws_lb: subnets). Its name is taken then.
      { parent: this, dependsOn: [...this.args.internet], deleteBeforeReplace: true },
    );
  }

  private makeTargetGroup(role: Role): aws.lb.TargetGroup {
    const port = this.args.podPorts[role];
    return new aws.lb.TargetGroup(
      `${this.name}-${role}-targets`,
      transformed<aws.lb.TargetGroupArgs>(this.args.transform?.targetGroup, {
        name: targetGroupName(this.args.cluster, role, port),
        vpcId: this.args.vpcId,
        port,
        protocol: "TCP",
        targetType: "ip",
        proxyProtocolV2: true,
        // The pods' rule knows the load balancer's group as the source, and the PROXY header carries the client.
        preserveClientIp: "false",
        // Open notebooks hold connections for hours; longer than this nobody waits for a leaving pod.
        deregistrationDelay: 120,
        healthCheck: {
          protocol: "TCP",
          port: "traffic-port",
          interval: 10,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
      }),
      // Its name changes with its port, so the new group can stand beside the old one until the listener moved.
      { parent: this, deleteBeforeReplace: false },
    );
  }

  private makeListener(role: Role, loadBalancer: aws.lb.LoadBalancer): aws.lb.Listener {
    return new aws.lb.Listener(
      `${this.name}-${role}`,
      transformed<aws.lb.ListenerArgs>(this.args.transform?.listener, {
        loadBalancerArn: loadBalancer.arn,
        port: PUBLIC_PORTS[role],
        protocol: "TCP",
        defaultActions: [{ type: "forward", targetGroupArn: this.targetGroups[role].arn }],
      }),
      { parent: this },
    );
  }
}
