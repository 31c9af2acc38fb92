import { roomPod, imagesPod } from "../../components/application/spare-room/pods";
import {
  IMAGES_LABEL,
  IMAGES_PULLED,
  names,
  ROOM_PRIORITY,
} from "../../components/application/spare-room/names";
import type { ControlPlane } from "../../simulator/kubernetes";
import type { Shape } from "./inputs";

/** Namespaces, and the class of the room's pods. */
export const PEOPLE = "science";
export const ROOM = "science-spare-room";

const placement = { nodeSelector: { "cmb.dev/pool": "users" }, tolerations: [] };
const image = (name: string) => `registry.example.org/${name}:1`;

/** The cluster in which a round is played: user nodes, environments, the spare room's own pods. */
export class Stage {
  private joined = 0;

  constructor(
    private readonly plane: ControlPlane,
    private readonly shape: Shape,
    /** Whether environments ask for a node that has their images, as the admission of user pods writes it. */
    private readonly asksForImages: boolean,
  ) {}

  get nodes(): number {
    return this.joined;
  }

  /** Namespaces with the accounts that pods are refused without. */
  async open(): Promise<void> {
    const { api } = this.plane;
    for (const name of [PEOPLE, ROOM]) await api.create("/api/v1/namespaces", { metadata: { name } });
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: names.images, namespace: ROOM },
    };
    await api.create(`/api/v1/namespaces/${ROOM}/serviceaccounts`, account);
    for (const namespace of [PEOPLE, ROOM]) {
      for (;;) {
        const found = await api
          .get(`/api/v1/namespaces/${namespace}/serviceaccounts/default`)
          .catch(() => undefined);
        if (found) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** The DaemonSet and the Deployment of the spare room, as the program makes them. */
  async holdRoom(places: number): Promise<void> {
    const { api } = this.plane;
    const metadata = (name: string) => ({ name, namespace: ROOM });
    await api.create("/apis/scheduling.k8s.io/v1/priorityclasses", {
      metadata: { name: ROOM },
      value: ROOM_PRIORITY,
      preemptionPolicy: "Never",
    });
    await api.create(`/api/v1/namespaces/${ROOM}/configmaps`, { metadata: metadata(names.images), data: {} });
    const images = {
      backend: image("backend"),
      frontend: image("frontend"),
      "user-environment": image("user"),
    };
    const pulls = imagesPod({
      placement,
      images,
      waiting: image("busybox"),
      script: names.images,
      serviceAccount: names.images,
    });
    const set = (template: { metadata?: unknown }) => ({
      selector: { matchLabels: (template.metadata as { labels: object }).labels },
      template,
    });
    await api.create(`/apis/apps/v1/namespaces/${ROOM}/daemonsets`, {
      metadata: metadata(names.images),
      spec: set(pulls as never),
    });
    await api.create(`/apis/apps/v1/namespaces/${ROOM}/deployments`, {
      metadata: metadata(names.room),
      spec: { replicas: places, ...set(roomPod(this.shape.place, placement, ROOM) as never) },
    });
  }

  /** What the growth does when it has counted. */
  async grow(places: number): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${ROOM}/deployments/${names.room}/scale`;
    await this.plane.api.patch(path, { spec: { replicas: places } });
  }

  /** A user node joins, ready; answers its name. */
  async join(): Promise<string> {
    const { cpu, memory, pods } = this.shape.room;
    const name = `users-${this.joined++}`;
    const amounts = {
      cpu: `${cpu}m`,
      memory: `${memory}Mi`,
      pods: String(pods),
      "ephemeral-storage": "100Gi",
    };
    await this.plane.api.create("/api/v1/nodes", {
      metadata: {
        name,
        labels: { "cmb.dev/pool": "users", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" },
      },
      spec: {},
      status: { capacity: amounts, allocatable: amounts },
    });
    return name;
  }

  /** A node has pulled the images: its pod says so, as `mark.py` does. */
  async pulled(node: string): Promise<void> {
    const { api } = this.plane;
    const selector = encodeURIComponent("app.kubernetes.io/component=images");
    const path = `/api/v1/namespaces/${ROOM}/pods`;
    for (;;) {
      const [pod] = await api.list(`${path}?labelSelector=${selector}&fieldSelector=spec.nodeName=${node}`);
      const labels = { [IMAGES_LABEL]: IMAGES_PULLED };
      if (pod) return void (await api.patch(`${path}/${pod.metadata.name}`, { metadata: { labels } }));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Environments that run on a node already, as one pod of their size. */
  async occupy(node: string, places: number): Promise<void> {
    await this.create(`before-${node}`, places, { nodeName: node });
  }

  /** An environment as the application sends it and admission mends it, as far as the scheduler looks. */
  async arrive(name: string): Promise<void> {
    const term = {
      labelSelector: { matchLabels: { [IMAGES_LABEL]: IMAGES_PULLED } },
      namespaces: [ROOM],
      topologyKey: "kubernetes.io/hostname",
    };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    await this.create(name, 1, {
      nodeSelector: placement.nodeSelector,
      ...(this.asksForImages && { affinity }),
    });
  }

  /** The pod that mounts an environment's bucket on Amazon, on the same node and with no request. */
  async mount(name: string, node: string): Promise<void> {
    await this.plane.api.create(`/api/v1/namespaces/${PEOPLE}/pods`, {
      metadata: { name: `mount-${name}` },
      spec: {
        nodeSelector: { "kubernetes.io/hostname": node },
        containers: [{ name: "mount", image: image("mount") }],
      },
    });
  }

  private async create(name: string, places: number, where: object): Promise<void> {
    const { cpu, memory } = this.shape.place;
    const requests = { cpu: `${cpu * places}m`, memory: `${memory * places}Mi` };
    await this.plane.api.create(`/api/v1/namespaces/${PEOPLE}/pods`, {
      metadata: { name },
      spec: {
        ...where,
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        containers: [{ name: "environment", image: image("user"), resources: { requests } }],
      },
    });
  }
}
