import type { Api } from "../../api";
import type { KubernetesObject } from "../../types";
import { Watched } from "../../watch";
import { LOOK_AGAIN, runningController } from "./controller";

interface Ingress extends KubernetesObject {
  readonly spec: { readonly ingressClassName?: string };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly object[] } };
}

/** What Traefik's ingress-nginx provider writes into the Ingresses of its class, while it runs. */
export class Ingresses {
  private readonly ingresses: Watched;

  constructor(private readonly api: Api) {
    const path = "/apis/networking.k8s.io/v1/ingresses";
    this.ingresses = new Watched(api, path, (ingress) => this.tend(ingress as Ingress));
  }

  start(): Promise<void> {
    return this.ingresses.start();
  }

  stop(): Promise<void> {
    return this.ingresses.stop();
  }

  private async tend({ metadata, spec, status }: Ingress): Promise<number | void> {
    if (metadata.deletionTimestamp) return;
    const traefik = await runningController(this.api, "traefik");
    if (!traefik) return LOOK_AGAIN;
    const flag = (name: string) =>
      traefik.args
        .find((arg) => arg.startsWith(`--providers.kubernetesingressnginx.${name}=`))
        ?.split("=")[1];
    const address = flag("publishstatusaddress");
    const wanted = spec.ingressClassName ?? metadata.annotations?.["kubernetes.io/ingress.class"];
    if (!address || wanted !== flag("ingressclass")) return LOOK_AGAIN;
    const ingress = [/^[0-9.]+$/.test(address) ? { ip: address } : { hostname: address }];
    if (JSON.stringify(status?.loadBalancer?.ingress) === JSON.stringify(ingress)) return;
    const path = `/apis/networking.k8s.io/v1/namespaces/${metadata.namespace}/ingresses/${metadata.name}/status`;
    await this.api.patch(path, { status: { loadBalancer: { ingress } } });
  }
}
