import type { Api } from "../api";
import type { CloudHooks, KubernetesObject, LoadBalancerRequest } from "../types";
import { Watched } from "../watch";
import { setFinalizer } from "./controllers/controller";

interface Service extends KubernetesObject {
  readonly spec: {
    readonly type?: string;
    readonly loadBalancerIP?: string;
    readonly loadBalancerClass?: string;
    readonly ports?: readonly {
      readonly port: number;
      readonly protocol?: string;
      readonly nodePort?: number;
    }[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly object[] } };
}

/** Keeps a Service until its load balancer is gone, as the clouds' controllers do. */
const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";

/**
 * What a cloud's controller does with Services of type LoadBalancer: asks for the load balancer, writes its address
 * into the status, and holds the Service back until the load balancer has gone. A Service with a class of its own
 * belongs to somebody else.
 */
export class LoadBalancers {
  private readonly services: Watched;

  constructor(
    private readonly api: Api,
    private readonly hooks: CloudHooks,
  ) {
    this.services = new Watched(api, "/api/v1/services", (service) => this.tend(service as Service));
  }

  start(): Promise<void> {
    return this.services.start();
  }

  stop(): Promise<void> {
    return this.services.stop();
  }

  private async tend(service: Service): Promise<number | void> {
    const { metadata, spec } = service;
    const held = metadata.finalizers?.includes(FINALIZER) ?? false;
    const wanted = spec.type === "LoadBalancer" && !spec.loadBalancerClass && !metadata.deletionTimestamp;
    if (wanted && !held) return setFinalizer(this.api, pathOf(service), FINALIZER, true);
    if (wanted) return this.fill(service);
    if (!held) return;
    await this.hooks.deleteLoadBalancer(requestOf(service));
    if (!metadata.deletionTimestamp) await this.writeStatus(service, []);
    await setFinalizer(this.api, pathOf(service), FINALIZER, false);
  }

  private async fill(service: Service): Promise<number | void> {
    const address = await this.hooks.loadBalancer(requestOf(service));
    if (!address) return 1000;
    const ingress = ["ip" in address ? { ip: address.ip, ipMode: "VIP" } : address];
    const present = service.status?.loadBalancer?.ingress ?? [];
    if (JSON.stringify(present) !== JSON.stringify(ingress)) await this.writeStatus(service, ingress);
  }

  private async writeStatus(service: Service, ingress: readonly object[]): Promise<void> {
    await this.api.patch(`${pathOf(service)}/status`, { status: { loadBalancer: { ingress } } });
  }
}

function requestOf({ metadata, spec }: Service): LoadBalancerRequest {
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    annotations: metadata.annotations ?? {},
    ...(spec.loadBalancerIP ? { address: spec.loadBalancerIP } : {}),
    ports: (spec.ports ?? []).map(({ port, protocol = "TCP", nodePort }) => ({
      port,
      protocol,
      ...(nodePort ? { nodePort } : {}),
    })),
  };
}

function pathOf({ metadata }: Service): string {
  return `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}`;
}
