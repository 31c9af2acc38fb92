import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type {
  BucketFacts,
  CloudPlace,
  CmbCluster,
  KeptSecret as KeptSecretFacts,
  KeptSecretArgs,
  StorageFacts,
  Toleration,
  WorkloadArgs,
  WorkloadBinding,
} from "../cmb-cluster";
import { InvalidArgsError } from "../errors";
import type { NetworkFacts } from "../network-facts";
import { assertClusterName, databaseBucketName, userBucketPrefixOf } from "../naming";
import type { UserPlacement } from "../user-volumes";
import { webhookPodPorts } from "../webhook-ports";
import type { GcpCmbClusterArgs } from "./args";
import { Budget } from "./budget";
import { Buckets } from "./buckets";
import { Cluster } from "./cluster";
import { Dns } from "./dns";
import { Identity } from "./identity";
import { IngressAddress } from "./ingress-address";
import { KeptSecret } from "./kept-secret";
import { kubeconfig } from "./kubeconfig";
import { Network } from "./network";
import { networkFacts } from "./network-facts";
import { clusterLogs, flowLogs, LogStore } from "./log-store";
import { NodeIdentity } from "./node-identity";
import { NodePools, poolName, systemTolerations } from "./node-pools";
import { Registry } from "./registry";
import { type Api, Services } from "./services";
import { SleepSchedule } from "./sleep-schedule";
import { storageClasses } from "./storage-classes";
import { userPlacement, userVolumes } from "./user-volumes";
import { WorkloadIam } from "./workload-iam";

export type { GcpCmbClusterArgs } from "./args";

/**
 * A CMBCluster on Google Cloud: a private GKE cluster in a network of its own, and around it registry, bucket,
 * address, zone and identities. Pass it an explicit provider (`gcpProvider`) as `provider`.
 *
 * ```ts
 * const provider = gcpProvider("gcp", { project, region, labels });
 * const cluster = new GcpCmbCluster("cmb", { name: "cmb-dev", project, region, … }, { provider });
 * ```
 *
 * @requirement P1
 * @requirement P4
 */
export class GcpCmbCluster extends pulumi.ComponentResource implements CmbCluster {
  readonly cloud = "gcp";
  readonly name: string;
  readonly place: CloudPlace;
  readonly kubernetes: k8s.Provider;
  readonly kubeconfig: pulumi.Output<string>;
  readonly apiServer: pulumi.Resource;
  readonly ready: pulumi.Resource[];
  readonly systemTolerations: readonly Toleration[];
  readonly userPlacement: UserPlacement;
  readonly userVolumes = userVolumes;
  readonly registry: Registry;
  readonly buckets: { readonly database: BucketFacts };
  readonly dns: Dns;
  readonly network: NetworkFacts;
  readonly ingress: IngressAddress;
  readonly signIn: Identity;
  readonly environment: Readonly<Record<string, string>>;
  readonly storage: StorageFacts = {
    block: { provisioner: "pd.csi.storage.gke.io", parameters: { type: "pd-balanced" } },
    bucketDriver: userVolumes.driver,
    classes: storageClasses,
  };

  private readonly logicalName: string;
  private readonly args: GcpCmbClusterArgs;
  private readonly services: Services;
  private readonly vpcNetwork: Network;
  private readonly nodeIdentity: NodeIdentity;
  private readonly controlPlane: Cluster;
  private readonly nodePools: NodePools;

  constructor(name: string, args: GcpCmbClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseBadNames(args);
    const { project, region, zones, domain } = args;
    super("cmb:gcp:CmbCluster", name, { name: args.name, project, region, zones, domain }, opts);
    this.logicalName = name;
    this.args = args;
    this.name = args.name;
    this.place = { account: project, region, zones };
    this.systemTolerations = systemTolerations(args.nodes.system);
    this.userPlacement = userPlacement(args.nodes.users.dedicated);
    this.services = this.enableServices();
    this.keepLogs("flow-logs", flowLogs(args.name), args.logs?.flowDays);
    this.keepLogs("cluster-logs", clusterLogs(args.name), args.logs?.clusterDays);
    this.network = networkFacts(args.network);
    this.vpcNetwork = this.makeNetwork();
    this.nodeIdentity = this.makeNodeIdentity();
    this.controlPlane = this.makeControlPlane();
    this.apiServer = this.controlPlane.cluster;
    this.nodePools = this.makeNodePools();
    const { system, users, warm } = this.nodePools;
    this.ready = [system, users, ...(warm ? [warm] : [])];
    this.scheduleSleep();
    this.kubeconfig = this.writeKubeconfig();
    this.kubernetes = this.makeKubernetesProvider();
    this.registry = this.makeRegistry();
    this.buckets = this.makeBuckets();
    this.watchCosts();
    this.ingress = this.makeIngress();
    this.dns = this.makeDns();
    this.signIn = new Identity(`${name}-identity`, { site: domain, ...args.signIn }, { parent: this });
    this.environment = environmentOf(args, this.registry, this.buckets.database);
    this.registerOutputs({ address: this.ingress.address, nameServers: this.dns.nameServers });
  }

  bindWorkload(name: string, args: WorkloadArgs): WorkloadBinding {
    return new WorkloadIam(
      `${this.logicalName}-${name}`,
      {
        ...this.common,
        ...args,
        workload: name,
        pool: [this.controlPlane.cluster],
        zone: this.dns.zone,
        roleRevision: this.args.roleRevision,
        protect: this.args.protect?.data,
        transform: this.args.transform?.workloads,
      },
      { parent: this, dependsOn: this.services.need("iam", "cloudresourcemanager", "iamcredentials") },
    );
  }

  keepSecret(name: string, args: KeptSecretArgs): KeptSecretFacts {
    return new KeptSecret(
      `${this.logicalName}-${name}`,
      {
        ...this.common,
        ...args,
        secret: name,
        locations: this.args.secretLocations,
        transform: this.args.transform?.secrets,
      },
      { parent: this, dependsOn: this.services.need("secretmanager") },
    );
  }

  private get common() {
    return { cluster: this.args.name, project: this.args.project, region: this.args.region };
  }

  private enableServices() {
    return new Services(
      `${this.logicalName}-services`,
      {
        project: this.args.project,
        except: unneededApis(this.args),
        transform: this.args.transform?.services,
      },
      { parent: this },
    );
  }

  private keepLogs(store: string, filter: string, days: number | undefined): void {
    new LogStore(
      `${this.logicalName}-${store}`,
      { ...this.common, store, filter, days, transform: this.args.transform?.logs },
      { parent: this, dependsOn: this.services.need("logging") },
    );
  }

  private makeNetwork() {
    return new Network(
      `${this.logicalName}-network`,
      {
        ...this.common,
        webhookPorts: webhookPodPorts,
        ...this.args.network,
        transform: this.args.transform?.network,
      },
      { parent: this, dependsOn: this.services.need("compute") },
    );
  }

  private makeNodeIdentity() {
    return new NodeIdentity(
      `${this.logicalName}-nodes`,
      { ...this.common, transform: this.args.transform?.nodeIdentity },
      { parent: this, dependsOn: this.services.need("iam", "cloudresourcemanager") },
    );
  }

  private makeControlPlane() {
    const { vpcNetwork: network, nodeIdentity, args } = this;
    return new Cluster(
      `${this.logicalName}-cluster`,
      {
        ...this.common,
        ...args.controlPlane,
        zones: args.zones,
        network: network.vpc.id,
        subnetwork: network.subnet.id,
        controlPlaneCidr: args.network.controlPlaneCidr,
        nodeServiceAccount: nodeIdentity.email,
        deletionProtection: args.protect?.cluster,
        labels: args.labels,
        transform: args.transform?.cluster,
      },
      {
        parent: this,
        dependsOn: [...this.services.need("container", "logging", "monitoring"), ...nodeIdentity.ready],
      },
    );
  }

  private makeNodePools() {
    const { controlPlane, args } = this;
    return new NodePools(
      `${this.logicalName}-pools`,
      {
        ...this.common,
        ...args.nodes,
        zones: args.zones,
        location: controlPlane.location,
        clusterId: controlPlane.cluster.id,
        serviceAccount: this.nodeIdentity.email,
        nodeTag: this.vpcNetwork.nodeTag,
        labels: args.labels,
        transform: args.transform?.nodePools,
      },
      // Without the NAT nodes reach nothing outside Google, and a destroy would take it from under them. The control
      // plane reaches its own images without it.
      { parent: this, dependsOn: [...this.nodeIdentity.ready, this.vpcNetwork.nat] },
    );
  }

  private scheduleSleep(): void {
    const { nodes, roleRevision, sleep, transform } = this.args;
    if (!sleep) return;
    new SleepSchedule(
      `${this.logicalName}-sleep`,
      {
        ...this.common,
        location: this.controlPlane.location,
        times: sleep,
        pools: [
          { role: "users", name: poolName("users"), min: nodes.users.min, max: nodes.users.max },
          {
            role: "system",
            name: poolName("system", nodes.system.spot),
            min: nodes.system.min,
            max: nodes.system.max,
          },
        ],
        roleRevision,
        transform: transform?.sleep,
      },
      {
        parent: this,
        dependsOn: [...this.ready, ...this.services.need("cloudscheduler", "iam", "cloudresourcemanager")],
      },
    );
  }

  private writeKubeconfig() {
    return pulumi.secret(
      this.controlPlane.dnsEndpoint.apply((endpoint) => kubeconfig({ name: this.name, endpoint })),
    );
  }

  private makeKubernetesProvider() {
    return new k8s.Provider(
      `${this.logicalName}-kubernetes`,
      {
        kubeconfig: this.kubeconfig,
        // Without it the provider guesses from the kubeconfig whether the cluster is another one. The endpoint's
        // name stays for the life of a cluster and is new with the next, even of the same name.
        clusterIdentifier: this.controlPlane.dnsEndpoint,
        enableServerSideApply: true,
      },
      { parent: this, dependsOn: [this.controlPlane.cluster] },
    );
  }

  private makeRegistry() {
    return new Registry(
      `${this.logicalName}-registry`,
      {
        ...this.common,
        ...this.args.registry,
        readers: { nodes: this.nodeIdentity.member },
        transform: this.args.transform?.registry,
      },
      {
        parent: this,
        dependsOn: [
          ...this.services.need("artifactregistry", "containerscanning"),
          ...this.nodeIdentity.ready,
        ],
      },
    );
  }

  private makeBuckets() {
    return new Buckets(
      `${this.logicalName}-buckets`,
      {
        ...this.common,
        ...this.args.database,
        protect: this.args.protect?.data,
        transform: this.args.transform?.buckets,
      },
      { parent: this, dependsOn: this.services.need("storage") },
    );
  }

  private watchCosts(): void {
    const { budget, name, project, transform } = this.args;
    if (!budget) return;
    new Budget(
      `${this.logicalName}-budget`,
      { cluster: name, project, ...budget, transform: transform?.budget },
      { parent: this, dependsOn: this.services.need("billingbudgets", "monitoring") },
    );
  }

  private makeIngress() {
    return new IngressAddress(
      `${this.logicalName}-ingress`,
      { ...this.common, transform: this.args.transform?.ingress },
      { parent: this, dependsOn: this.services.need("compute") },
    );
  }

  private makeDns() {
    return new Dns(
      `${this.logicalName}-dns`,
      {
        ...this.common,
        domain: this.args.domain,
        existingZone: this.args.existingZone,
        address: this.ingress.address,
        protect: this.args.protect?.data,
        transform: this.args.transform?.dns,
      },
      { parent: this, dependsOn: this.services.need("dns") },
    );
  }
}

/** The coordinates the application reads from its environment on Google Cloud. */
function environmentOf(
  args: GcpCmbClusterArgs,
  registry: Registry,
  database: BucketFacts,
): Readonly<Record<string, string>> {
  return {
    CLOUD_PROVIDER: "gcp",
    PROJECT_ID: args.project,
    REGION: args.region,
    ZONE: args.zones[0]!,
    DATABASE_BUCKET: database.name,
    REGISTRY_URL: registry.prefix,
    // The application asks Cognito in this region; nothing else here is Amazon's.
    ...(args.signIn.cognito && { AWS_REGION: args.signIn.cognito.region }),
  };
}

/** APIs of what this cluster does without. */
function unneededApis({ registry, budget, sleep }: GcpCmbClusterArgs): Api[] {
  return [
    ...(registry?.scan === false ? (["containerscanning"] as const) : []),
    ...(budget ? [] : (["billingbudgets"] as const)),
    ...(sleep ? [] : (["cloudscheduler"] as const)),
  ];
}

function refuseBadNames(args: GcpCmbClusterArgs): void {
  assertClusterName(args.name);
  if (args.zones.length === 0) {
    throw new InvalidArgsError("zones", args.zones, "nodes need a zone", `Name one: ${args.region}-b.`);
  }
  const bucket = databaseBucketName.gcp(args.name, args.project);
  const prefix = userBucketPrefixOf(bucket);
  if (prefix !== undefined) {
    throw new InvalidArgsError(
      "project",
      args.project,
      `the database bucket ${bucket} would look like a user's (${prefix}-), which the backend may delete`,
      "Use a project whose id does not begin with that word.",
    );
  }
}
