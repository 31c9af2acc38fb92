import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findTool } from "../tools/find-tool";
import { runCloudTool } from "./cloud-tools";
import { Clusters } from "./clusters";
import { startClouds } from "./engine/clouds";
import { eksService } from "./engine/eks-provider";
import { type RunningServer, serve } from "./engine/grpc";
import type { PluginRequest } from "./engine/host";
import { kubernetesServer } from "./engine/kubernetes-proxy";
import { kubernetesRecords } from "./engine/kubernetes-records";
import { providerService } from "./engine/provider-service";
import type { World } from "./engine/simulated-provider";
import type { Registry } from "./models/registry";

/** What the process that holds the clouds is started with, as JSON in its first argument. */
export interface DaemonOptions {
  /** Folder of the state. */
  readonly folder: string;
  readonly seed?: string;
  /** AWS account of the credentials. */
  readonly account?: string;
  /** See `CloudOptions`. */
  readonly instant?: boolean;
  /** Module that exports a {@link Registry}; left out: all models of both clouds. */
  readonly models?: string;
  /** False: no control plane runs behind a cluster, and Kubernetes resources are records only. Left out: true. */
  readonly clusters?: boolean;
}

/** Holds the clouds until its standard input ends; says the port as a line of JSON. */
async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? "{}") as DaemonOptions;
  const { models, invokes } = (await import(options.models ?? join(__dirname, "models"))) as Registry;
  const clusters = options.clusters === false ? undefined : new Clusters(options.folder);
  const clouds = await startClouds({
    ...options,
    models,
    invokes,
    clusters,
    kubeconfigs: () => clusters?.kubeconfigs() ?? Promise.resolve({}),
    otherPlugin: (request, world, kill) => otherPlugin(request, world, kill, clusters),
    tool: (request, world) => runCloudTool(request, world, clusters),
  });
  await clusters?.belongTo(clouds.world);
  writeFileSync(join(options.folder, "daemon.json"), JSON.stringify({ port: clouds.port, pid: process.pid }));
  process.stdout.write(`${JSON.stringify({ port: clouds.port })}\n`);
  const end = () => {
    clouds.close();
    void (clusters?.stop() ?? Promise.resolve()).finally(() => process.exit(0));
  };
  process.stdin.on("end", end).on("error", end).resume();
  process.on("SIGTERM", end).on("SIGINT", end);
}

/** Packages that are not a cloud's. */
async function otherPlugin(
  request: PluginRequest,
  world: World,
  kill: () => void,
  clusters: Clusters | undefined,
): Promise<RunningServer> {
  if (request.packageName === "eks") return serve(eksService(() => world.clock.touch()));
  if (request.packageName !== "kubernetes") throw new Error(`no plugin for ${request.packageName}`);
  if (!clusters)
    return serve(
      providerService(kubernetesRecords(world, request, kill), "kubernetes", "4.34.2", () =>
        world.clock.touch(),
      ),
    );
  const plugin = findTool("pulumi-resource-kubernetes");
  if ("missing" in plugin) throw new Error(plugin.missing);
  const { environment } = await clusters.proxy();
  return kubernetesServer({ path: plugin.path, environment }, request, world, kill);
}

void main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
