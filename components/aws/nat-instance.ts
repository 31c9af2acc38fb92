import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { transformed, type Transform } from "./transform";

/** What a NAT instance is made of. */
export interface NatInstanceArgs {
  /** Name of the cluster: part of tags and of physical names. */
  readonly cluster: string;
  readonly vpcId: pulumi.Input<string>;
  /** The public subnet it stands in; its zone's loss cuts all nodes off the internet. */
  readonly subnetId: pulumi.Input<string>;
  /** The ranges it forwards for: the private subnets, and nobody else. */
  readonly sourceCidrs: readonly string[];
  /** What makes the subnet public: an address is given in a VPC with an internet gateway only. */
  readonly internet: readonly pulumi.Resource[];
  /** Tags of instance, volume and interface, which a provider's default tags do not reach in a launch template. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Ways out, one a child. */
  readonly transform?: {
    readonly launchTemplate?: Transform<aws.ec2.LaunchTemplateArgs>;
    readonly instance?: Transform<aws.ec2.InstanceArgs>;
  };
}

/**
 * Half a gigabyte of memory and two Graviton cores: forwarding packets needs neither. Its network sustains about
 * 30 Mbit/s and bursts to 5 Gbit/s (EC2 user guide, network specifications of general purpose instances).
 */
const INSTANCE_TYPE = "t4g.nano";

/** Amazon's own image of the day, by the public parameter that names it (EC2 user guide, AL2023 parameters). */
const IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

/** GiB of the image's root volume; a launch template may not ask for less. */
const DISK_GB = 8;

/**
 * One small instance that does what a NAT gateway does, for a fifth of the price: about 7.40 US$ a month with its
 * address and disk, and nothing a GB, where a gateway costs 36.50 and 0.045 a GB. For stacks that may be cut off:
 *
 * - It is one machine in one zone. EC2 restarts it on other hardware when its own fails (automatic recovery, on by
 *   default for this type); until then, some minutes, no node pulls an image and no pod calls out. What comes in by
 *   the load balancer, S3 and the database's volume do not pass it.
 * - Nobody patches it. Nothing can be reached on it: no port is open to the internet, no key, no role. Replacing it
 *   (`pulumi up --target-replace <its URN>`) starts Amazon's image of that day.
 *
 * The instance is told what to do at its first boot, by the steps of the VPC user guide for a NAT instance. Its
 * packages come from S3 by the gateway endpoint, so that it needs no address before it has its own.
 *
 * @requirement N1
 */
export class NatInstance extends pulumi.ComponentResource {
  /** Where routes lead. */
  readonly networkInterfaceId: pulumi.Output<string>;
  /** Instance and address: what a route is useless without. */
  readonly resources: pulumi.Resource[];

  constructor(
    private readonly name: string,
    private readonly args: NatInstanceArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { cluster, sourceCidrs } = args;
    super("cmb:aws:NatInstance", name, { cluster, sourceCidrs, instanceType: INSTANCE_TYPE }, opts);
    const group = this.makeSecurityGroup();
    const template = this.makeTemplate(group);
    const instance = new aws.ec2.Instance(
      `${name}-instance`,
      transformed<aws.ec2.InstanceArgs>(args.transform?.instance, {
        subnetId: args.subnetId,
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        // It forwards what is neither from nor for itself.
        sourceDestCheck: false,
        tags: { Name: `${cluster}-nat` },
      }),
      { parent: this, dependsOn: [...args.internet] },
    );
    const address = new aws.ec2.Eip(
      `${name}-address`,
      { domain: "vpc", instance: instance.id, tags: { Name: `${cluster}-nat` } },
      { parent: this, dependsOn: [...args.internet] },
    );
    this.networkInterfaceId = instance.primaryNetworkInterfaceId;
    this.resources = [instance, address];
    this.registerOutputs({ publicIp: address.publicIp });
  }

  private makeSecurityGroup(): aws.ec2.SecurityGroup {
    const { cluster, sourceCidrs, vpcId } = this.args;
    const group = new aws.ec2.SecurityGroup(
      `${this.name}-group`,
      {
        name: `${cluster}-nat`,
        description: "NAT instance",
        vpcId,
        tags: { Name: `${cluster}-nat` },
      },
      { parent: this },
    );
    sourceCidrs.forEach((cidrIpv4, i) => {
      new aws.vpc.SecurityGroupIngressRule(
        `${this.name}-from-private-${i + 1}`,
        {
          securityGroupId: group.id,
          description: "What nodes and pods send out",
          ipProtocol: "-1",
          cidrIpv4,
        },
        { parent: this },
      );
    });
    new aws.vpc.SecurityGroupEgressRule(
      `${this.name}-to-internet`,
      {
        securityGroupId: group.id,
        description: "On to the internet",
        ipProtocol: "-1",
        cidrIpv4: "0.0.0.0/0",
      },
      { parent: this },
    );
    return group;
  }

  private makeTemplate(group: aws.ec2.SecurityGroup): aws.ec2.LaunchTemplate {
    const { cluster, sourceCidrs, tags, transform } = this.args;
    const all = { ...tags, Name: `${cluster}-nat` };
    return new aws.ec2.LaunchTemplate(
      `${this.name}-template`,
      transformed<aws.ec2.LaunchTemplateArgs>(transform?.launchTemplate, {
        name: `${cluster}-nat`,
        description: `NAT instance of ${cluster}`,
        // In the template, not in the instance: an image of tomorrow is then no reason to replace it.
        imageId: IMAGE,
        instanceType: INSTANCE_TYPE,
        vpcSecurityGroupIds: [group.id],
        updateDefaultVersion: true,
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        // Without it a busy instance borrows processor time at 0.04 US$ an hour and core.
        creditSpecification: { cpuCredits: "standard" },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: {
              volumeSize: DISK_GB,
              volumeType: "gp3",
              encrypted: "true",
              deleteOnTermination: "true",
            },
          },
        ],
        userData: Buffer.from(bootScript(sourceCidrs)).toString("base64"),
        tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
          resourceType,
          tags: all,
        })),
        tags: { Name: all.Name },
      }),
      { parent: this },
    );
  }
}

/** Forwards and rewrites what comes from the ranges, now and after every restart. */
function bootScript(sourceCidrs: readonly string[]): string {
  const rules = sourceCidrs.map(
    (cidr) => `iptables -t nat -A POSTROUTING -s ${cidr} -o "$interface" -j MASQUERADE`,
  );
  return [
    "#!/bin/bash",
    "set -eu",
    "until dnf install -y iptables-services; do sleep 5; done",
    "echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-nat.conf",
    "sysctl -p /etc/sysctl.d/90-nat.conf",
    "interface=$(ip -o -4 route show to default | awk '{print $5; exit}')",
    "systemctl enable --now iptables",
    "iptables -F FORWARD",
    ...rules,
    "service iptables save",
    "",
  ].join("\n");
}
