import { HOSTED } from "./engine/images";
import type { World } from "./engine/simulated-provider";
import { viewOf } from "./engine/view";
import type { CloudHooks } from "./kubernetes";
import { claimVolume, VOLUME } from "./models/aws/instances";
import { registerTargets } from "./models/aws/load-balancing";
import { canPull, createDisk, deleteDisk, deleteLoadBalancer, loadBalancerFor } from "./models/gcp";
import type { CloudView } from "./models/model";

/**
 * What a cluster asks of its cloud. An image in a registry of the cloud is there once it was pushed; images of
 * public registries are taken to exist.
 */
export function cloudHooks(world: World, clusterId: string): CloudHooks {
  const google = clusterId.startsWith("projects/");
  /** Services whose load balancer takes its time. */
  const waiting = new Map<string, () => void>();
  const view = (what: string): CloudView =>
    viewOf(world, contextOf(world, clusterId), `${clusterId}/${what}`);
  return {
    imageExists: (image) =>
      (!HOSTED.some((registry) => registry.test(image)) || world.store.images.has(image)) &&
      (!google || canPull(view("pull"), clusterId, image)),
    createDisk: (request) =>
      google
        ? createDisk(view(request.volume), clusterId, request)
        : claimVolume(
            // The same volume gives the same id, however often it is asked for.
            view(request.volume),
            clusterId,
            `${request.claim.namespace}/${request.claim.name}`,
            Math.ceil(request.bytes / 2 ** 30),
            request.zone ?? "",
          ),
    deleteDisk: (handle) => (google ? deleteDisk(view(handle), handle) : view(handle).remove(VOLUME, handle)),
    loadBalancer: (request) => {
      const service = `${request.namespace}/${request.name}`;
      if (!google)
        throw new Error("the simulated AWS makes no load balancers for Services: the program has its own");
      const address = loadBalancerFor(view(service), clusterId, request);
      const waits = waiting.get(service);
      if (address) waits?.();
      if (address) waiting.delete(service);
      else if (!waits) waiting.set(service, world.clock.wanted());
      return address;
    },
    bindTargets: ({ namespace, name, targetGroupArn, targets }) =>
      registerTargets(view(`${namespace}/${name}`), targetGroupArn, targets),
    deleteLoadBalancer: async (request) => {
      if (!google) return;
      const done = world.clock.wanted();
      await deleteLoadBalancer(view("balancer"), clusterId, request);
      done();
    },
  };
}

/** Where the cluster lies, for what it makes there. */
function contextOf(world: World, clusterId: string): { account: string; region: string; project: string } {
  const [, project = "", , location = ""] = clusterId.split("/");
  if (clusterId.startsWith("projects/"))
    return { account: "", project, region: location.replace(/-[a-z]$/, "") };
  const cluster = world.store.ofKind("aws:eks/cluster:Cluster").find(({ object }) => object.id === clusterId);
  const [account = "", region = ""] = cluster?.object.place.split("/") ?? [];
  return { account, region, project: "" };
}
