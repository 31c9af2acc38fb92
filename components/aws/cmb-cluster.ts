import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type {
  CloudPlace,
  CmbCluster,
  KeptSecret as KeptSecretFacts,
  KeptSecretArgs,
  StorageFacts,
  Toleration,
  WorkloadArgs,
  WorkloadBinding,
} from "../cmb-cluster";
import type { NetworkFacts } from "../network-facts";
import { ingressPodPorts } from "../ingress-ports";
import type { SignInProviders } from "../sign-in";
import type { UserPlacement, UserVolumes } from "../user-volumes";
import { NodeAddons, WorkloadAddons } from "./addons";
import { Budget } from "./budget";
import { Buckets } from "./buckets";
import type { AwsCmbClusterArgs } from "./cmb-cluster-args";
import { environmentVariables, plainInputs, storageFacts } from "./cmb-cluster-facts";
import { Cluster } from "./cluster";
import { Controllers } from "./controllers";
import { Dns } from "./dns";
import { KeptSecret } from "./kept-secret";
import { LoadBalancer } from "./load-balancer";
import { MountIdentity } from "./mount-identity";
import { Network } from "./network";
import { networkFacts } from "./network-facts";
import { NodeGroups, systemTolerations } from "./node-groups";
import { Registry } from "./registry";
import { nodeGroupName } from "./names";
import { SleepSchedule } from "./sleep-schedule";
import { userPlacement, userVolumes } from "./user-volumes";
import { WorkloadIam } from "./workload-iam";

export type { AwsCmbClusterArgs };

/**
 * A {@link CmbCluster} on Amazon EKS. It needs one AWS provider in `opts` (`awsProvider`), for the account and
 * region named in its arguments.
 *
 * The order of destruction is the reverse of this constructor: bindings and charts before their roles and nodes,
 * nodes before the control plane, the control plane before the network. What holds data stays (`protect.data`).
 *
 * @requirement P2
 */
export class AwsCmbCluster extends pulumi.ComponentResource implements CmbCluster {
  readonly cloud = "aws";
  readonly name: string;
  readonly place: CloudPlace;
  readonly kubernetes: k8s.Provider;
  readonly kubeconfig: pulumi.Output<string>;
  readonly apiServer: pulumi.Resource;
  readonly ready: pulumi.Resource[];
  readonly systemTolerations: readonly Toleration[];
  readonly userPlacement: UserPlacement;
  readonly userVolumes: UserVolumes;
  readonly registry: Registry;
  readonly buckets: Buckets;
  readonly dns: Dns;
  readonly network: NetworkFacts;
  readonly ingress: LoadBalancer;
  readonly storage: StorageFacts;
  readonly signIn: SignInProviders;
  readonly environment: Readonly<Record<string, string>>;

  private readonly controlPlane: Cluster;
  private readonly mountIdentity: MountIdentity;

  constructor(
    private readonly logicalName: string,
    private readonly args: AwsCmbClusterArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("cmb:aws:CmbCluster", logicalName, plainInputs(args), opts);
    this.name = args.name;
    this.place = { account: args.accountId, region: args.region, zones: args.zones };
    this.signIn = args.signIn;
    this.storage = storageFacts;
    this.systemTolerations = systemTolerations(args.nodes.system);
    this.userPlacement = userPlacement;
    this.userVolumes = userVolumes(args.region);

    const network = this.makeNetwork();
    this.network = networkFacts({
      cidr: args.network.cidr,
      servicesCidr: args.cluster.servicesCidr,
      privateCidrs: network.plan.private,
    });
    this.controlPlane = this.makeControlPlane(network);
    this.apiServer = this.controlPlane.controlPlane;
    this.kubeconfig = this.controlPlane.kubeconfig;
    this.kubernetes = this.makeKubernetesProvider();
    this.mountIdentity = this.makeMountIdentity();
    const nodeAddons = this.makeNodeAddons();
    const nodes = this.makeNodes(network, nodeAddons);
    this.scheduleSleep(nodes);
    const workloadAddons = this.makeWorkloadAddons(nodes);
    const controllers = this.makeControllers(network, workloadAddons);
    // The controllers come up beside the platform, which would wait a minute for them: no webhook of theirs is in its
    // way, a pod without room waits for the autoscaler by itself, and what the load balancer controller binds names it.
    this.ready = [...nodeAddons.addons, ...nodes.groups, ...workloadAddons.addons];
    this.ingress = this.makeLoadBalancer(network, controllers);
    this.dns = this.makeDns(nodeAddons);
    this.registry = this.makeRegistry();
    this.buckets = this.makeBuckets();
    this.watchCosts();
    this.environment = environmentVariables(args, this.registry.prefix, this.buckets.database.name);

    this.registerOutputs({ endpoint: this.controlPlane.endpoint, address: this.ingress.address });
  }

  /** @inheritdoc */
  bindWorkload(name: string, workload: WorkloadArgs): WorkloadBinding {
    const { cognito } = this.signIn;
    return new WorkloadIam(
      `${this.logicalName}-${name}`,
      {
        ...workload,
        ...this.facts,
        workload: name,
        mountIdentity: this.mountIdentity,
        zone: { id: this.args.dns.existingZone ?? this.dns.zoneId, domain: this.args.dns.domain },
        userPool: cognito && { id: cognito.userPoolId, region: cognito.region },
      },
      { parent: this },
    );
  }

  /** @inheritdoc */
  keepSecret(name: string, secret: KeptSecretArgs): KeptSecretFacts {
    return new KeptSecret(
      `${this.logicalName}-${name}`,
      { ...secret, cluster: this.args.name, role: name, copyRegion: this.args.database.copyRegion },
      { parent: this },
    );
  }

  /** What nearly every part needs to know. */
  private get facts() {
    const { name: cluster, accountId, region } = this.args;
    return { cluster, accountId, region, identity: this.controlPlane.identity };
  }

  private makeNetwork(): Network {
    const { name: cluster, accountId, region, zones, network, tags, transform } = this.args;
    const { cidr, natGateways, flowLogsDays } = network;
    return new Network(
      `${this.logicalName}-network`,
      {
        cluster,
        accountId,
        region,
        zones,
        tags,
        cidr,
        natGateways,
        flowLogsDays,
        transform: transform?.network,
      },
      { parent: this },
    );
  }

  private makeControlPlane(network: Network): Cluster {
    const { name, region, cluster, protect, transform } = this.args;
    return new Cluster(
      `${this.logicalName}-cluster`,
      {
        ...cluster,
        cluster: name,
        region,
        vpcId: network.vpcId,
        subnetIds: network.privateSubnetIds,
        protect: protect.cluster,
        keepLogs: protect.data,
        transform: transform?.cluster,
      },
      { parent: this },
    );
  }

  private makeKubernetesProvider(): k8s.Provider {
    const { accountId, name, region } = this.args;
    return new k8s.Provider(
      `${this.logicalName}-kubernetes`,
      {
        kubeconfig: this.kubeconfig,
        // The cluster's identity, so that a new endpoint or certificate updates and never replaces what is inside.
        clusterIdentifier: `arn:aws:eks:${region}:${accountId}:cluster/${name}`,
        enableServerSideApply: true,
      },
      // The access entries are children of the control plane: everything inside goes before they do. (The
      // kubeconfig alone would wait for the cluster without them; mocks cannot tell the two apart.)
      { parent: this, dependsOn: [this.controlPlane.controlPlane] },
    );
  }

  private makeMountIdentity(): MountIdentity {
    const { adoptMountRole, protect } = this.args;
    return new MountIdentity(
      `${this.logicalName}-mount-identity`,
      { ...this.facts, adopt: adoptMountRole ?? false, retain: protect.data },
      { parent: this },
    );
  }

  private makeNodeAddons(): NodeAddons {
    const { cluster, transform } = this.args;
    return new NodeAddons(
      `${this.logicalName}-node-addons`,
      {
        ...this.facts,
        version: cluster.version,
        controlPlane: this.controlPlane.controlPlane,
        dependsOn: [this.controlPlane.controlPlane],
        transform: transform?.addons,
      },
      { parent: this },
    );
  }

  private makeNodes(network: Network, addons: NodeAddons): NodeGroups {
    const { cluster, nodes, tags, transform, zones } = this.args;
    return new NodeGroups(
      `${this.logicalName}-nodes`,
      {
        ...this.facts,
        version: nodes.version ?? cluster.version,
        zones,
        subnetIds: network.privateSubnetIds,
        system: nodes.system,
        users: nodes.users,
        warm: nodes.warm,
        asleep: nodes.asleep,
        tags,
        dependsOn: [...addons.addons, ...network.egress],
        transform: transform?.nodes,
      },
      { parent: this },
    );
  }

  private scheduleSleep(groups: NodeGroups): void {
    const { accountId, name: cluster, nodes, region, sleep, transform, zones } = this.args;
    if (!sleep) return;
    const { instanceType, sizes, spot } = nodes.system;
    new SleepSchedule(
      `${this.logicalName}-sleep`,
      {
        cluster,
        accountId,
        region,
        times: sleep,
        groups: [
          ...zones.map((zone, i) => ({
            role: `system-${zone}`,
            name: nodeGroupName(`system-${zone}`, instanceType, spot),
            ...sizes[i]!,
          })),
          {
            role: "users",
            name: nodeGroupName("users", nodes.users.instanceType, false),
            min: 0,
            max: nodes.users.max,
          },
        ],
        dependsOn: groups.groups,
        transform: transform?.sleep,
      },
      { parent: this },
    );
  }

  private makeWorkloadAddons(nodes: NodeGroups): WorkloadAddons {
    const { cluster, transform } = this.args;
    return new WorkloadAddons(
      `${this.logicalName}-addons`,
      {
        ...this.facts,
        version: cluster.version,
        mountRole: this.mountIdentity,
        tolerations: this.systemTolerations,
        dependsOn: nodes.groups,
        transform: transform?.addons,
      },
      { parent: this },
    );
  }

  private makeControllers(network: Network, addons: WorkloadAddons): Controllers {
    const { charts, transform } = this.args;
    return new Controllers(
      `${this.logicalName}-controllers`,
      {
        ...this.facts,
        vpcId: network.vpcId,
        kubernetes: this.kubernetes,
        tolerations: this.systemTolerations,
        dependsOn: addons.addons,
        charts,
        transform: transform?.controllers,
      },
      { parent: this },
    );
  }

  private makeLoadBalancer(network: Network, controllers: Controllers): LoadBalancer {
    const { name, transform } = this.args;
    return new LoadBalancer(
      `${this.logicalName}-ingress`,
      {
        cluster: name,
        vpcId: network.vpcId,
        subnetIds: network.publicSubnetIds.slice(0, this.args.network.loadBalancerZones),
        internet: network.internet,
        subnetCidrs: network.plan.public,
        clusterSecurityGroupId: this.controlPlane.securityGroupId,
        podPorts: this.args.ingressPodPorts ?? ingressPodPorts,
        kubernetes: this.kubernetes,
        controller: controllers.loadBalancerController,
        transform: transform?.loadBalancer,
      },
      { parent: this },
    );
  }

  private makeDns(beforeNodes: NodeAddons): Dns {
    const { dns, protect, region, transform } = this.args;
    return new Dns(
      `${this.logicalName}-dns`,
      {
        ...dns,
        region,
        target: { dnsName: this.ingress.address, zoneId: this.ingress.zoneId },
        recordsAfter: beforeNodes.addons,
        protect: protect.data,
        transform: transform?.dns,
      },
      { parent: this },
    );
  }

  private makeRegistry(): Registry {
    const { accountId, name, protect, region, registry, transform } = this.args;
    return new Registry(
      `${this.logicalName}-registry`,
      {
        cluster: name,
        accountId,
        region,
        ...registry,
        keepImages: protect.cluster,
        transform: transform?.registry,
      },
      { parent: this },
    );
  }

  private makeBuckets(): Buckets {
    const { accountId, database, name, protect, region, transform } = this.args;
    return new Buckets(
      `${this.logicalName}-buckets`,
      { cluster: name, accountId, region, ...database, protect: protect.data, transform: transform?.buckets },
      { parent: this },
    );
  }

  private watchCosts(): void {
    const { budget, name, transform } = this.args;
    if (!budget) return;
    new Budget(
      `${this.logicalName}-budget`,
      { cluster: name, ...budget, transform: transform?.budget },
      { parent: this },
    );
  }
}
