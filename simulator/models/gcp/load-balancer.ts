import { createHash } from "node:crypto";
import type { LoadBalancerRequest } from "../../kubernetes/types";
import { CloudError, type CloudObject, type CloudView, type Properties } from "../model";
import { ADDRESS, publicAddress } from "./addresses";
import { CLUSTER } from "./cluster";
import { HIDDEN, lastPart, putHidden, text } from "./common";
import { networkId } from "./network";
import { regionOfLocation } from "./nodes";

/** Seconds until a Service's load balancer answers, and until it is gone. Published logs: 40 s to 2 min. */
export const LOAD_BALANCER_SECONDS = { create: 60, delete: 60 } as const;

/** A Service whose load balancer is wanted, in the cluster that made it. */
interface Place {
  readonly project: string;
  readonly region: string;
  readonly network: string;
}

function placeOf(cluster: CloudObject): Place {
  const [, project = "", , location = ""] = cluster.id.split("/");
  const network = networkId(text(cluster.properties, "network"), project);
  return { project, region: regionOfLocation(location), network };
}

/**
 * Name that GKE gives everything behind a Service with backend services
 * (kubernetes/ingress-gce, pkg/utils/namer/l4_namer.go): `k8s2-<cluster>-<namespace>-<name>-<hash>`.
 */
function nameOf(
  cluster: string,
  { namespace, name }: Pick<LoadBalancerRequest, "namespace" | "name">,
): string {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);
  const readable = `${namespace}-${name}`.slice(0, 36);
  return `k8s2-${hash(cluster)}-${readable}-${hash(`${cluster}/${namespace}/${name}`)}`;
}

/** Everything in the project that one load balancer consists of. */
function parts(name: string, { project, region }: Place) {
  return [
    { kind: HIDDEN.backendService, id: `projects/${project}/regions/${region}/backendServices/${name}` },
    { kind: HIDDEN.healthCheck, id: `projects/${project}/global/healthChecks/${name}` },
    { kind: HIDDEN.firewall, id: `projects/${project}/global/firewalls/${name}` },
    { kind: HIDDEN.firewall, id: `projects/${project}/global/firewalls/${name}-fw` },
    { kind: HIDDEN.forwardingRule, id: `projects/${project}/regions/${region}/forwardingRules/${name}` },
  ];
}

/** The address that the Service asks for, if the project has reserved it in the region and nobody else listens on it. */
function refuseBadAddress(ip: string, rule: string, { project, region }: Place, cloud: CloudView): void {
  const failed = "Error syncing load balancer: failed to ensure load balancer:";
  const reserved = cloud.list(
    ADDRESS,
    ({ id, status, properties }) =>
      status !== "deleting" &&
      properties["address"] === ip &&
      id.startsWith(`projects/${project}/regions/${region}/`),
  );
  if (reserved.length === 0)
    throw new CloudError(
      "invalid",
      `${failed} requested ip "${ip}" is neither static nor assigned to the LB`,
    );
  const [other] = cloud.list(
    HIDDEN.forwardingRule,
    ({ id, properties }) => properties["IPAddress"] === ip && lastPart(id) !== rule,
  );
  if (other)
    throw new CloudError(
      "ipInUse",
      `${failed} IP_IN_USE_BY_ANOTHER_RESOURCE - IP '${ip}' is already being used by '${other.id}'`,
    );
}

/** A thing, whether others see it yet or not. */
const there = (cloud: CloudView, kind: string, id: string) =>
  cloud.list(kind, (object) => object.id === id)[0];

/**
 * Makes the load balancer of a Service of type LoadBalancer, or finds the one that it has: forwarding rule, backend
 * service, health check and the firewall rules for clients and for the health check, all in the cluster's network.
 * Nobody but the cluster takes them away again: {@link deleteLoadBalancer}.
 *
 * @returns nothing while it is being made, {@link LOAD_BALANCER_SECONDS}; ask again
 * @throws CloudError as the event at the Service would say it
 */
export function loadBalancerFor(
  cloud: CloudView,
  clusterId: string,
  request: LoadBalancerRequest,
): { readonly ip: string } | undefined {
  const cluster = cloud.find(CLUSTER, clusterId);
  if (!cluster) throw new CloudError("notFound", `there is no cluster ${clusterId}`);
  const place = placeOf(cluster);
  const name = nameOf(clusterId, request);
  const rule = parts(name, place).at(-1)!;
  const present = there(cloud, rule.kind, rule.id);
  const had = text(present?.properties ?? {}, "IPAddress");
  if (present && had === (request.address ?? had))
    return present.visibleAt <= cloud.now() ? { ip: had } : undefined;
  if (request.address !== undefined) refuseBadAddress(request.address, name, place, cloud);
  const properties: Properties = {
    cluster: clusterId,
    network: place.network,
    service: `${request.namespace}/${request.name}`,
    ports: request.ports.map(({ port, protocol }) => `${protocol}:${port}`),
  };
  const IPAddress = request.address ?? publicAddress(cloud);
  for (const { kind, id } of parts(name, place)) {
    const object = putHidden(cloud, kind, id, kind === rule.kind ? { ...properties, IPAddress } : properties);
    cloud.put({ ...object, visibleAt: cloud.now() + LOAD_BALANCER_SECONDS.create });
  }
  return undefined;
}

/**
 * Takes away the load balancer of a Service; one that was never made is no fault. It lasts, and what is not gone
 * when the cluster goes stays: nobody is left who would know of it.
 */
export async function deleteLoadBalancer(
  cloud: CloudView,
  clusterId: string,
  service: Pick<LoadBalancerRequest, "namespace" | "name">,
): Promise<void> {
  const [, project = "", , location = ""] = clusterId.split("/");
  const place = { project, region: regionOfLocation(location), network: "" };
  const all = parts(nameOf(clusterId, service), place);
  if (!all.some(({ kind, id }) => there(cloud, kind, id))) return;
  await cloud.sleep(LOAD_BALANCER_SECONDS.delete);
  if (!cloud.find(CLUSTER, clusterId)) return;
  for (const { kind, id } of all) cloud.remove(kind, id);
}
