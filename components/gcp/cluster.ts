import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { childOptions, shaped, type Transform } from "./child";
import { maintenancePolicy, type Maintenance } from "./maintenance";
import { PODS_RANGE, SERVICES_RANGE } from "./network";

/** A control plane and its place in a network. */
export interface ClusterArgs {
  /** Name of the cluster. A change replaces it. */
  readonly cluster: string;
  readonly project: string;
  readonly region: string;
  /**
   * One zone: a zonal control plane, down while it is upgraded, whose fee Google's free tier covers once per
   * billing account. More: a regional one, 73 US$ a month. Going from one to more replaces the cluster.
   */
  readonly zones: readonly string[];
  /** The VPC and the subnet, by id; the subnet has secondary ranges `pods` and `services`. */
  readonly network: pulumi.Input<string>;
  readonly subnetwork: pulumi.Input<string>;
  /** The control plane's /28. Fixed at creation. */
  readonly controlPlaneCidr: string;
  /** Address of the nodes' service account, which the short-lived default pool uses as well. */
  readonly nodeServiceAccount: pulumi.Input<string>;
  /** Minor or exact version the control plane has at least; default: what the release channel gives. */
  readonly version?: string;
  /** Who tries new versions first; default REGULAR. */
  readonly releaseChannel?: "RAPID" | "REGULAR" | "STABLE" | "EXTENDED";
  /** When Google may upgrade; default: any time. */
  readonly maintenance?: Maintenance;
  /**
   * Ranges that reach the control plane's public IP endpoint; default none: that endpoint is off, and the API is
   * reached by its DNS name only, where Google's front end checks IAM before a packet reaches the cluster.
   */
  readonly authorizedNetworks?: readonly string[];
  /** Refuse deletion until an `up` with false has run; default true. */
  readonly deletionProtection?: boolean;
  /** Labels of the cluster beyond the provider's default ones. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What is logged; default system components and the pods' own output. Logs are billed by volume. */
  readonly logging?: readonly string[];
  /** Google's managed Prometheus; default false, since the platform brings a Prometheus and both would be paid. */
  readonly managedPrometheus?: boolean;
  readonly transform?: { readonly cluster?: Transform<gcp.container.ClusterArgs> };
}

/**
 * A private GKE Standard control plane without nodes: Dataplane V2, Workload Identity, shielded nodes, and the
 * CSI drivers for disks and buckets.
 *
 * Costs 73 US$ a month, less the free tier for one zonal cluster a billing account. Kubernetes secrets are
 * encrypted at rest by Google's keys; a key of one's own is not used, since KMS keys can never be deleted.
 *
 * @requirement N2
 * @requirement N4
 */
export class Cluster extends pulumi.ComponentResource {
  readonly cluster: gcp.container.Cluster;
  /** A zone, or a region. */
  readonly location: string;
  /** `<project>.svc.id.goog`: exists once the project's first cluster with it does. */
  readonly workloadPool: string;
  /** DNS name of the control plane, new with every cluster made, even of the same name. */
  readonly dnsEndpoint: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, project, region, zones, releaseChannel, authorizedNetworks } = args;
    super(
      "cmb:gcp:Cluster",
      name,
      { cluster, project, region, zones, releaseChannel, authorizedNetworks },
      opts,
    );
    this.location = clusterLocation(args);
    this.workloadPool = `${project}.svc.id.goog`;
    this.cluster = new gcp.container.Cluster(
      `${name}-gke`,
      ...shaped(
        args.transform?.cluster,
        {
          ...this.place(args),
          ...this.endpoints(args),
          ...this.features(args),
          removeDefaultNodePool: true,
          initialNodeCount: 1,
          nodeConfig: defaultPool(args),
        },
        // The default pool is gone after creation: its block would show as a change, and replace the cluster. So
        // would the control plane's range, should GKE not report it back where the IP endpoint is off.
        // `protect` stops a destroy in its preview; GKE's own guard alone would stop it half-way.
        {
          ...childOptions(this, opts),
          ignoreChanges: ["nodeConfig", "privateClusterConfig.masterIpv4CidrBlock"],
          protect: args.deletionProtection ?? true,
        },
      ),
    );
    this.dnsEndpoint = this.cluster.controlPlaneEndpointsConfig.apply(
      (config) => config.dnsEndpointConfig?.endpoint ?? "",
    );
    this.registerOutputs({ dnsEndpoint: this.dnsEndpoint });
  }

  private place(args: ClusterArgs) {
    return {
      name: args.cluster,
      project: args.project,
      location: this.location,
      // A zonal cluster has its nodes in its own zone, which must not be named again.
      ...(args.zones.length > 1 && { nodeLocations: [...args.zones] }),
      network: args.network,
      subnetwork: args.subnetwork,
      networkingMode: "VPC_NATIVE",
      ipAllocationPolicy: {
        clusterSecondaryRangeName: PODS_RANGE,
        servicesSecondaryRangeName: SERVICES_RANGE,
      },
      deletionProtection: args.deletionProtection ?? true,
      resourceLabels: { ...args.labels },
    };
  }

  private endpoints(args: ClusterArgs) {
    const ranges = args.authorizedNetworks ?? [];
    return {
      privateClusterConfig: {
        enablePrivateNodes: true,
        masterIpv4CidrBlock: args.controlPlaneCidr,
        ...(ranges.length > 0 && { enablePrivateEndpoint: false }),
      },
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: true },
        ipEndpointsConfig: { enabled: ranges.length > 0 },
      },
      ...(ranges.length > 0 && {
        masterAuthorizedNetworksConfig: {
          cidrBlocks: ranges.map((cidrBlock) => ({ cidrBlock })),
          gcpPublicCidrsAccessEnabled: false,
        },
      }),
      anonymousAuthenticationConfig: { mode: "LIMITED" },
      rbacBindingConfig: {
        enableInsecureBindingSystemAuthenticated: false,
        enableInsecureBindingSystemUnauthenticated: false,
      },
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    };
  }

  private features(args: ClusterArgs) {
    return {
      releaseChannel: { channel: args.releaseChannel ?? "REGULAR" },
      minMasterVersion: args.version,
      maintenancePolicy: args.maintenance && maintenancePolicy(args.maintenance),
      // Network policies are always enforced by it; a `networkPolicy` block would ask for the older Calico.
      datapathProvider: "ADVANCED_DATAPATH",
      workloadIdentityConfig: { workloadPool: this.workloadPool },
      enableShieldedNodes: true,
      addonsConfig: {
        gcsFuseCsiDriverConfig: { enabled: true },
        gcePersistentDiskCsiDriverConfig: { enabled: true },
        horizontalPodAutoscaling: { disabled: false },
        // The controller of backend-service load balancers, which the ingress's Service asks for, is part of it.
        httpLoadBalancing: { disabled: false },
      },
      costManagementConfig: { enabled: true },
      loggingConfig: { enableComponents: [...(args.logging ?? ["SYSTEM_COMPONENTS", "WORKLOADS"])] },
      monitoringConfig: {
        enableComponents: ["SYSTEM_COMPONENTS"],
        managedPrometheus: { enabled: args.managedPrometheus ?? false },
      },
    };
  }
}

/** Where the control plane lies: the one zone, or the region of several. */
export function clusterLocation(args: {
  readonly region: string;
  readonly zones: readonly string[];
}): string {
  const [zone, ...more] = args.zones;
  return zone !== undefined && more.length === 0 ? zone : args.region;
}

/** GKE makes a default pool even when told to remove it, and organisation policies look at its nodes too. */
function defaultPool(args: ClusterArgs) {
  return {
    serviceAccount: args.nodeServiceAccount,
    diskSizeGb: 20,
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
  };
}
