import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type ChartName, type ChartOverrides, chartSource } from "../charts";
import { autoscalerPolicy, loadBalancerControllerPolicy } from "./controller-policies";
import type { Toleration } from "../cmb-cluster";
import { POOL_LABEL } from "./node-groups";
import { type ClusterIdentity, serviceRole, type ServiceRole } from "./irsa";
import { transformed, type Transform } from "./transform";

/** What the controllers that work on AWS from inside the cluster are made of. */
export interface ControllersArgs {
  readonly cluster: string;
  readonly accountId: string;
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  readonly identity: ClusterIdentity;
  /** The provider for the cluster. */
  readonly kubernetes: k8s.Provider;
  /** Nodes and cluster DNS: without them no controller becomes ready. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** What the platform's nodes ask to be tolerated. */
  readonly tolerations: readonly Toleration[];
  /** Charts from other places, by name. */
  readonly charts?: ChartOverrides;
  /** Ways out, one a child. */
  readonly transform?: {
    readonly autoscaler?: Transform<k8s.helm.v3.ReleaseArgs>;
    readonly loadBalancerController?: Transform<k8s.helm.v3.ReleaseArgs>;
  };
}

const NAMESPACE = "kube-system";

/**
 * The Cluster Autoscaler and the AWS Load Balancer Controller, by their projects' own charts. Both are told region
 * (and VPC): they run behind the one hop that instance metadata may travel, and cannot ask.
 *
 * @requirement N3
 * @requirement N4
 */
export class Controllers extends pulumi.ComponentResource {
  /** Adds and removes nodes. */
  readonly autoscaler: readonly pulumi.Resource[];
  /** Binds pods to the load balancer's target groups: what it binds must go while this still runs. */
  readonly loadBalancerController: readonly pulumi.Resource[];

  constructor(
    private readonly name: string,
    private readonly args: ControllersArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cmb:aws:Controllers", name, { cluster: args.cluster }, opts);
    this.autoscaler = this.makeAutoscaler();
    this.loadBalancerController = this.makeLoadBalancerController();
    this.registerOutputs();
  }

  /** Values after charts/cluster-autoscaler of kubernetes/autoscaler. */
  private makeAutoscaler(): pulumi.Resource[] {
    const chart = "cluster-autoscaler";
    const role = this.makeRole(chart, "autoscale", autoscalerPolicy(this.args), "Adds and removes nodes");
    return this.release(chart, role, this.args.transform?.autoscaler, {
      fullnameOverride: chart,
      autoDiscovery: { clusterName: this.args.cluster },
      cloudProvider: "aws",
      awsRegion: this.args.region,
      rbac: { serviceAccount: { name: chart, annotations: annotations(role) } },
      extraArgs: {
        // A zone's system group is one of three alike: spread over them.
        "balance-similar-node-groups": true,
        // The group that fits a pending pod best, instead of any.
        expander: "least-waste",
        // Platform pods with an emptyDir or in kube-system may move. A bare pod, such as a user's environment, keeps
        // its node whatever is set here.
        "skip-nodes-with-local-storage": false,
        "skip-nodes-with-system-pods": false,
      },
      // Never on a user node: when the platform's nodes are put to sleep, this goes first, and wakes none of them.
      nodeSelector: { [POOL_LABEL]: "system" },
      tolerations: [...this.args.tolerations],
      resources: { requests: { cpu: "50m", memory: "300Mi" }, limits: { memory: "600Mi" } },
      securityContext: { runAsNonRoot: true, runAsUser: 65534, fsGroup: 65534 },
      containerSecurityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      },
    });
  }

  /** Values after helm/aws-load-balancer-controller of kubernetes-sigs/aws-load-balancer-controller v3.5.0. */
  private makeLoadBalancerController(): pulumi.Resource[] {
    const chart = "aws-load-balancer-controller";
    const policy = loadBalancerControllerPolicy(this.args);
    const role = this.makeRole(chart, "bind-targets", policy, "Binds pods to target groups");
    return this.release(chart, role, this.args.transform?.loadBalancerController, {
      fullnameOverride: chart,
      clusterName: this.args.cluster,
      region: this.args.region,
      vpcId: this.args.vpcId,
      serviceAccount: { name: chart, annotations: annotations(role) },
      // It binds targets and does nothing else: no Ingress, no Service of type LoadBalancer, no security group.
      // Its webhooks on Services and Ingresses would make every such object wait for this controller.
      enableServiceMutatorWebhook: false,
      webhookConfig: { disableIngressValidation: true },
      createIngressClassResource: false,
      ingressClassParams: { create: false },
      enableBackendSecurityGroup: false,
      enableShield: false,
      enableWaf: false,
      enableWafv2: false,
      // Else every upgrade of the chart makes new certificates and the API server meets the old ones for a while.
      keepTLSSecret: true,
      podDisruptionBudget: { maxUnavailable: 1 },
      tolerations: [...this.args.tolerations],
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    });
  }

  private makeRole(
    serviceAccount: ChartName,
    policyName: string,
    document: ReturnType<typeof autoscalerPolicy>,
    purpose: string,
  ): ServiceRole {
    return serviceRole(
      `${this.name}-${serviceAccount}`,
      {
        cluster: this.args.cluster,
        accountId: this.args.accountId,
        identity: this.args.identity,
        role: serviceAccount,
        namespace: NAMESPACE,
        serviceAccount,
        description: `${purpose} of ${this.args.cluster}`,
        inline: { name: policyName, document },
      },
      { parent: this },
    );
  }

  private release(
    chart: ChartName,
    role: ServiceRole,
    transform: Transform<k8s.helm.v3.ReleaseArgs> | undefined,
    values: pulumi.Inputs,
  ): pulumi.Resource[] {
    const release = new k8s.helm.v3.Release(
      `${this.name}-${chart}`,
      transformed<k8s.helm.v3.ReleaseArgs>(transform, {
        ...chartSource(chart, this.args.charts),
        name: chart,
        namespace: NAMESPACE,
        timeout: 600,
        values,
      }),
      {
        parent: this,
        provider: this.args.kubernetes,
        dependsOn: [...role.resources, ...this.args.dependsOn],
      },
    );
    return [...role.resources, release];
  }
}

function annotations(role: ServiceRole): Record<string, string> {
  return { "eks.amazonaws.com/role-arn": role.arn };
}
