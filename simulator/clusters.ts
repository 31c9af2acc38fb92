import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findTool, type ToolName } from "../tools/find-tool";
import { cloudHooks } from "./cluster-hooks";
import type { World } from "./engine/simulated-provider";
import { type ChartProxy, type ControlPlane, startControlPlane, startProxy } from "./kubernetes";
import type { ClusterHands } from "./models/model";

/** What is remembered of a cluster, to start it again with its data. */
interface Remembered {
  readonly serverName: string;
}

const NOTE = "clusters";

/**
 * Genuine control planes for the simulated clusters, one each, in this process's care: they end with it and go on
 * with their data when the clouds are started again.
 */
export class Clusters implements ClusterHands {
  readonly #planes = new Map<string, Promise<ControlPlane>>();
  #world: World | undefined;
  #proxy: Promise<ChartProxy> | undefined;

  constructor(private readonly folder: string) {}

  /** To be called once, before anything else: the clouds that the clusters belong to. Resolves once those run that did. */
  async belongTo(world: World): Promise<void> {
    this.#world = world;
    const known = Object.entries(this.#remembered());
    await Promise.all(known.map(([id, { serverName }]) => this.#start(id, serverName)));
  }

  /** The way from a client to the clusters and chart repositories. */
  proxy(): Promise<ChartProxy> {
    const folder = join(this.folder, "charts");
    mkdirSync(folder, { recursive: true });
    this.#proxy ??= startProxy({
      authority: this.#authority(),
      controlPlane: tool("kube-control-plane"),
      helm: tool("helm"),
      folder,
    });
    return this.#proxy;
  }

  /** The cluster of this id, or the only one whose id ends in that name. */
  async named(name: string): Promise<{ id: string; plane: ControlPlane } | undefined> {
    const id = [...this.#planes.keys()].find((known) => known === name || known.endsWith(`/${name}`));
    return id === undefined ? undefined : { id, plane: await this.#planes.get(id)! };
  }

  /** The cluster, where there is just one: a Google kubeconfig does not name it to its plugin. */
  async only(): Promise<ControlPlane | undefined> {
    const planes = [...this.#planes.values()];
    return planes.length === 1 ? planes[0] : undefined;
  }

  /** Kubeconfigs with all rights, by cluster. */
  async kubeconfigs(): Promise<Record<string, string>> {
    const entries = [...this.#planes].map(
      async ([id, plane]) => [id, (await plane).adminKubeconfig] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }

  async create(clusterId: string, serverName: string): Promise<{ caPem: string }> {
    this.#remember({ ...this.#remembered(), [clusterId]: { serverName } });
    const { caPem } = await this.#start(clusterId, serverName);
    return { caPem };
  }

  async remove(clusterId: string): Promise<void> {
    const plane = this.#planes.get(clusterId);
    const { [clusterId]: gone, ...others } = this.#remembered();
    this.#remember(others);
    this.#planes.delete(clusterId);
    if (gone) (await this.proxy()).unmap(gone.serverName);
    await (await plane)?.stop();
    // A cluster that gets the name again begins empty, with keys of its own.
    rmSync(this.#folderOf(clusterId), { recursive: true, force: true });
  }

  async setNodes(...[clusterId, group, nodes]: Parameters<ClusterHands["setNodes"]>): Promise<void> {
    await (await this.#running(clusterId)).setNodes(group, nodes);
  }

  /** Of a cluster that is gone nothing is left to take away. */
  async removeNodes(clusterId: string, group: string): Promise<void> {
    await (await this.#planes.get(clusterId))?.removeNodes(group);
  }

  async apply(...[clusterId, manifests]: Parameters<ClusterHands["apply"]>): Promise<void> {
    await (await this.#running(clusterId)).apply(manifests);
  }

  /** Ends all processes; the clusters' data stay. */
  async stop(): Promise<void> {
    const planes = await Promise.allSettled(this.#planes.values());
    await Promise.all(planes.flatMap((plane) => (plane.status === "fulfilled" ? [plane.value.stop()] : [])));
    await (await this.#proxy)?.close();
  }

  #running(clusterId: string): Promise<ControlPlane> {
    const plane = this.#planes.get(clusterId);
    if (!plane) throw new Error(`the cluster ${clusterId} does not run`);
    return plane;
  }

  #start(id: string, serverName: string): Promise<ControlPlane> {
    const world = this.#world!;
    const start = async (): Promise<ControlPlane> => {
      const proxy = await this.proxy();
      const plane = await startControlPlane({
        folder: this.#folderOf(id),
        serverNames: [serverName],
        authority: this.#authority(),
        tools: { controlPlane: tool("kube-control-plane"), kwok: tool("kwok") },
        hooks: cloudHooks(world, id),
      });
      proxy.map(serverName, plane.port);
      return plane;
    };
    const plane = start();
    // Whoever asks for the cluster gets the reason; nobody may have to.
    plane.catch(() => this.#planes.delete(id));
    this.#planes.set(id, plane);
    return plane;
  }

  #folderOf(id: string): string {
    return join(this.folder, "clusters", id.replaceAll("/", "_"));
  }

  #authority(): string {
    return join(this.folder, "authority");
  }

  #remembered(): Record<string, Remembered> {
    return (this.#world!.store.notes[NOTE] ?? {}) as unknown as Record<string, Remembered>;
  }

  #remember(clusters: Record<string, Remembered>): void {
    this.#world!.store.notes[NOTE] = clusters as never;
    this.#world!.store.changed();
  }
}

function tool(name: ToolName): string {
  const found = findTool(name);
  if ("missing" in found) throw new Error(found.missing);
  return found.path;
}
