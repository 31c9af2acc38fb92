import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CmbCluster } from "../../cmb-cluster";
import type { ApplicationImages } from "../settings";
import { IMAGES_LABEL, IMAGES_PULLED, names, ROOM_PRIORITY, spareRoomNamespace } from "./names";
import { growthPod, imagesPod, labelsOf, roomPod } from "./pods";
import { coresPerPlace, placeOf } from "./size";

/** How much room is kept free for environments to come. */
export interface SpareRoomSettings {
  /** Places at least, each of one environment that asks for the usual. 0: none, and nothing is promised. */
  readonly least: number;
  /** Per cent of the user nodes' cores beyond that: what one environment takes, as often as it goes into them. */
  readonly percent: number;
}

/** What the spare room is made of. */
export interface SpareRoomArgs {
  readonly cluster: Pick<
    CmbCluster,
    "kubernetes" | "ready" | "registry" | "systemTolerations" | "userPlacement" | "userVolumes"
  >;
  /** The application's namespace, after which this one is named. */
  readonly application: string;
  readonly images: ApplicationImages;
  readonly spare: SpareRoomSettings;
}

/** Where an environment may be put at once: a node on which a pod of these labels runs in this namespace. */
export interface PulledNodes {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The pods that say that a node has the images of an application's environments. */
export function pulledNodes(application: string): PulledNodes {
  return { namespace: spareRoomNamespace(application), labels: { [IMAGES_LABEL]: IMAGES_PULLED } };
}

/**
 * Room on user nodes that is kept free, so that an environment is ready within a minute instead of waiting for a
 * machine: pods that hold one environment's room each and go at once for a real one, upon which the autoscaler
 * brings a machine for them; their number grows with the user nodes; and the images of an environment are pulled on
 * each node before anybody needs them.
 *
 * Costs the machines it holds free: at most `percent` of the user nodes, and `least` places when nobody works. In a
 * namespace of its own, outside the quota and the policies of user environments.
 *
 * An environment must not be put on a node that is still pulling, and Kubernetes would do just that: among nodes
 * with room to be made, it takes the one whose pods are youngest. The admission of user pods therefore asks for a
 * node of {@link pulledNodes}; the room's own pods ask for none, so that they have machines brought.
 *
 * @requirement H6
 */
export class SpareRoom extends pulumi.ComponentResource {
  readonly namespace: k8s.core.v1.Namespace;

  private readonly namespaceName: string;
  private readonly inside: pulumi.CustomResourceOptions;

  constructor(
    private readonly name: string,
    private readonly args: SpareRoomArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { application, cluster, spare } = args;
    const place = placeOf(cluster.userVolumes);
    super("cmb:application:SpareRoom", name, { ...spare, place }, opts);
    this.namespaceName = spareRoomNamespace(application);
    const outside = { parent: this, provider: cluster.kubernetes };
    this.namespace = this.makeNamespace(outside);
    this.inside = { ...outside, dependsOn: [this.namespace] };
    this.refuseCallers();
    this.pullImages();
    const room = this.holdRoom();
    this.growWithNodes(room);
    this.registerOutputs();
  }

  private makeNamespace(opts: pulumi.CustomResourceOptions): k8s.core.v1.Namespace {
    const mode = (name: string) => ({ [`pod-security.kubernetes.io/${name}`]: "restricted" });
    const labels = {
      "app.kubernetes.io/part-of": "cmbcluster",
      ...mode("enforce"),
      ...mode("audit"),
      ...mode("warn"),
    };
    return new k8s.core.v1.Namespace(
      `${this.name}-namespace`,
      { metadata: { name: this.namespaceName, labels } },
      // While it goes, what it holds still needs nodes to end on.
      { ...opts, dependsOn: this.args.cluster.ready },
    );
  }

  /** Nothing here listens to anybody. */
  private refuseCallers(): void {
    new k8s.networking.v1.NetworkPolicy(
      `${this.name}-walls`,
      { metadata: this.metadata("walls"), spec: { podSelector: {}, policyTypes: ["Ingress"] } },
      this.inside,
    );
  }

  private pullImages(): void {
    const { cluster, images } = this.args;
    const script = new k8s.core.v1.ConfigMap(
      `${this.name}-images-script`,
      {
        metadata: this.metadata(names.images),
        data: { "mark.py": readFileSync(join(__dirname, "mark.py"), "utf8") },
      },
      this.inside,
    );
    // The token lies on user nodes. Who took it could mark or spoil the pods of this namespace, and nothing else.
    const rights = this.account(names.images, [{ apiGroups: [""], resources: ["pods"], verbs: ["patch"] }]);
    new k8s.apps.v1.DaemonSet(
      `${this.name}-images`,
      {
        metadata: { ...this.metadata(names.images), annotations: NOT_WAITED_FOR },
        spec: {
          selector: { matchLabels: labelsOf("images") },
          // Of new images a quarter of the nodes at a time: the others take whoever comes meanwhile.
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%" } },
          template: imagesPod({
            placement: cluster.userPlacement,
            images,
            waiting: cluster.registry.mirrors.busybox,
            script: names.images,
            serviceAccount: names.images,
          }),
        },
      },
      { ...this.inside, dependsOn: [this.namespace, script, ...rights] },
    );
  }

  private holdRoom(): k8s.apps.v1.Deployment {
    const { application, cluster } = this.args;
    const priority = new k8s.scheduling.v1.PriorityClass(
      `${this.name}-priority`,
      {
        metadata: { name: spareRoomNamespace(application), labels: labelsOf("room") },
        value: ROOM_PRIORITY,
        preemptionPolicy: "Never",
        globalDefault: false,
        description: "Holds room for user environments, and gives it to the first that comes",
      },
      { parent: this, provider: cluster.kubernetes },
    );
    return new k8s.apps.v1.Deployment(
      `${this.name}-room`,
      {
        metadata: { ...this.metadata(names.room), annotations: NOT_WAITED_FOR },
        // No replicas: how many there are is said by what grows it, and an update would take that back.
        spec: {
          selector: { matchLabels: labelsOf("room") },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: "25%" } },
          revisionHistoryLimit: 1,
          template: roomPod(
            placeOf(cluster.userVolumes),
            cluster.userPlacement,
            spareRoomNamespace(application),
          ),
        },
      },
      { ...this.inside, dependsOn: [this.namespace, priority] },
    );
  }

  /** Counted are the cores of all user nodes, those that hold nothing but room among them. */
  private growWithNodes(room: k8s.apps.v1.Deployment): void {
    const { cluster, spare } = this.args;
    const linear = {
      coresPerReplica: coresPerPlace(placeOf(cluster.userVolumes), spare.percent),
      min: spare.least,
      preventSinglePointFailure: false,
      includeUnschedulableNodes: false,
    };
    const parameters = new k8s.core.v1.ConfigMap(
      `${this.name}-growth-parameters`,
      { metadata: this.metadata(names.growth), data: { linear: JSON.stringify(linear) } },
      this.inside,
    );
    const rights = [
      ...this.account(names.growth, [
        {
          apiGroups: ["apps"],
          resources: ["deployments/scale"],
          resourceNames: [names.room],
          verbs: ["get", "update"],
        },
        { apiGroups: [""], resources: ["configmaps"], resourceNames: [names.growth], verbs: ["get"] },
      ]),
      ...this.mayCountNodes(),
    ];
    const selector = Object.entries(cluster.userPlacement.nodeSelector).map(
      ([key, value]) => `${key}=${value}`,
    );
    new k8s.apps.v1.Deployment(
      `${this.name}-growth`,
      {
        metadata: this.metadata(names.growth),
        spec: {
          replicas: 1,
          selector: { matchLabels: labelsOf("growth") },
          template: growthPod(
            cluster.systemTolerations,
            [
              `--namespace=${this.namespaceName}`,
              `--configmap=${names.growth}`,
              `--target=deployment/${names.room}`,
              `--nodelabels=${selector.join(",")}`,
              "--logtostderr=true",
              "--v=1",
            ],
            names.growth,
          ),
        },
      },
      { ...this.inside, dependsOn: [this.namespace, parameters, room, ...rights] },
    );
  }

  /** An account with these rights in this namespace. */
  private account(account: string, rules: k8s.types.input.rbac.v1.PolicyRule[]): pulumi.Resource[] {
    const metadata = this.metadata(account);
    const name = `${this.name}-${account}`;
    return [
      new k8s.core.v1.ServiceAccount(
        `${name}-account`,
        { metadata, automountServiceAccountToken: false },
        this.inside,
      ),
      new k8s.rbac.v1.Role(`${name}-role`, { metadata, rules }, this.inside),
      new k8s.rbac.v1.RoleBinding(
        `${name}-binding`,
        {
          metadata,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: account },
          subjects: [{ kind: "ServiceAccount", name: account, namespace: this.namespaceName }],
        },
        this.inside,
      ),
    ];
  }

  private mayCountNodes(): pulumi.Resource[] {
    const opts = { parent: this, provider: this.args.cluster.kubernetes };
    const metadata = { name: `${this.namespaceName}-${names.growth}`, labels: labelsOf("growth") };
    return [
      new k8s.rbac.v1.ClusterRole(
        `${this.name}-growth-nodes`,
        { metadata, rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["list", "watch"] }] },
        opts,
      ),
      new k8s.rbac.v1.ClusterRoleBinding(
        `${this.name}-growth-nodes-binding`,
        {
          metadata,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name },
          subjects: [{ kind: "ServiceAccount", name: names.growth, namespace: this.namespaceName }],
        },
        opts,
      ),
    ];
  }

  private metadata(name: string) {
    return { name, namespace: this.namespaceName, labels: { "app.kubernetes.io/part-of": "cmbcluster" } };
  }
}

/** Room that waits for a machine is no fault, and a machine that pulls delays nothing else. */
const NOT_WAITED_FOR = { "pulumi.com/skipAwait": "true" };
