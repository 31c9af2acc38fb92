import { type Api, isMissing } from "../api";
import type { CloudHooks, KubernetesObject } from "../types";
import { Watched } from "../watch";
import { type Container, neededObjects, type PodSpec } from "./pod-needs";

interface Pod extends KubernetesObject {
  readonly spec: PodSpec & { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Tells kwok (pod-stages.yaml) that the containers of a pod can start. */
const CAN_START = "SimulatedContainersCanStart";

/** Milliseconds between two looks at what a pod waits for. */
const LOOK_AGAIN = 500;

/** Why a container waits, as a kubelet would say it. */
interface Obstacle {
  readonly reason: string;
  readonly message: string;
}

/**
 * What a node does before a pod's containers run: mounts its volumes, reads the Secrets and ConfigMaps it names,
 * pulls its images. A pod that lacks one stays Pending and says why in its status; the rest is kwok's.
 */
export class Pods {
  private readonly pods: Watched;

  constructor(
    private readonly api: Api,
    private readonly hooks: CloudHooks,
  ) {
    this.pods = new Watched(api, "/api/v1/pods", (pod) => this.tend(pod as Pod));
  }

  start(): Promise<void> {
    return this.pods.start();
  }

  stop(): Promise<void> {
    return this.pods.stop();
  }

  private async tend(pod: Pod): Promise<number | void> {
    const { metadata, spec, status } = pod;
    const waits = spec.nodeName && status?.phase === "Pending" && !metadata.deletionTimestamp;
    if (!waits || status.conditions?.some(({ type }) => type === CAN_START)) return;
    const missing = await this.missingObject(pod);
    const containers = [...(spec.initContainers ?? []), ...spec.containers];
    const obstacles = new Map<string, Obstacle>();
    for (const container of containers) {
      const obstacle = missing ?? (await this.imageObstacle(container));
      if (obstacle) obstacles.set(container.name, obstacle);
    }
    if (obstacles.size === 0) return this.writeStatus(pod, { conditions: [condition(CAN_START, "True")] });
    await this.show(pod, obstacles);
    return LOOK_AGAIN;
  }

  /** The first thing that has to exist before any container can start, and does not. */
  private async missingObject({ metadata, spec }: Pod): Promise<Obstacle | undefined> {
    for (const need of await neededObjects(this.api, metadata.namespace ?? "", spec)) {
      try {
        await this.api.get(need.path);
      } catch (error) {
        if (!isMissing(error)) throw error;
        return { reason: need.reason, message: need.message };
      }
    }
    return undefined;
  }

  private async imageObstacle({ image }: Container): Promise<Obstacle | undefined> {
    if (await this.hooks.imageExists(image)) return undefined;
    return {
      reason: "ImagePullBackOff",
      message: `Back-off pulling image "${image}": ErrImagePull: ${image}: not found`,
    };
  }

  private async show(pod: Pod, obstacles: ReadonlyMap<string, Obstacle>): Promise<void> {
    const waiting = ({ name, image }: Container) => ({
      name,
      image,
      imageID: "",
      restartCount: 0,
      ready: false,
      started: false,
      state: { waiting: obstacles.get(name) ?? { reason: "ContainerCreating" } },
    });
    const names = [...obstacles.keys()].join(" ");
    const unready = { reason: "ContainersNotReady", message: `containers with unready status: [${names}]` };
    const init = pod.spec.initContainers;
    const status = {
      conditions: ["Ready", "ContainersReady"].map((type) => ({ ...condition(type, "False"), ...unready })),
      containerStatuses: pod.spec.containers.map(waiting),
      ...(init ? { initContainerStatuses: init.map(waiting) } : {}),
    };
    const shown = pod.status as Record<string, unknown>;
    const same = JSON.stringify(shown["containerStatuses"]) === JSON.stringify(status.containerStatuses);
    if (!same) await this.writeStatus(pod, status);
  }

  private async writeStatus({ metadata }: Pod, status: object): Promise<void> {
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`;
    // Of this very pod: another of its name may have taken its place.
    await this.api.patch(path, { metadata: { uid: metadata.uid }, status }, "strategic");
  }
}

function condition(type: string, status: "True" | "False") {
  return { type, status, lastTransitionTime: `${new Date().toISOString().slice(0, 19)}Z` };
}
