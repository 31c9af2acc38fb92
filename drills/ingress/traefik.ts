import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IngressFacts } from "../../components/cmb-cluster";
import { ingressValues } from "../../components/platform/ingress-values";
import type { ControlPlane } from "../../simulator/kubernetes";
import { tool } from "../../simulator/kubernetes/fixtures/cluster";
import { freePorts, Processes } from "../../simulator/kubernetes/processes";

type Values = ReturnType<typeof ingressValues>;
type EntryPoint = Values["ports"]["web"] | Values["ports"]["websecure"];

/** What a drill chooses of the controller. */
export interface TraefikOptions {
  /** How the load balancer before it speaks: the facts of one cloud or the other. */
  readonly facts: Pick<IngressFacts, "proxyProtocol" | "trustedCidrs">;
  readonly requestTimeoutSeconds: number;
  readonly folder: string;
}

/**
 * The static configuration that the chart makes of the program's values, as far as requests meet it: options under
 * Traefik's own names, in place of the flags that the chart writes. Only the addresses listened on are others.
 */
export function staticConfiguration(values: Values, ports: { http: number; https: number }) {
  const { web, websecure } = values.ports;
  const { kubernetesCRD, kubernetesIngressNGINX } = values.providers;
  const common = ({ forwardedHeaders, proxyProtocol, transport }: EntryPoint) => ({
    forwardedHeaders,
    // The chart writes no flag for an empty list, which is its own default; Traefik would refuse to start over one.
    ...(proxyProtocol.trustedIPs.length > 0 && { proxyProtocol }),
    transport,
  });
  const { underscoreHeadersStrategy } = web.http;
  const { scheme, permanent } = web.http.redirections.entryPoint;
  // The chart makes of `enabled` whether the provider is named at all.
  const crd = without(kubernetesCRD, "enabled");
  const nginx = without(kubernetesIngressNGINX, "enabled", "publishService");
  return {
    entryPoints: {
      web: {
        address: `127.0.0.1:${ports.http}`,
        ...common(web),
        http: {
          underscoreHeadersStrategy,
          // The chart names the port that the Service exposes (templates/_podtemplate.tpl).
          redirections: { entryPoint: { to: `:${websecure.exposedPort}`, scheme, permanent } },
        },
      },
      websecure: {
        address: `127.0.0.1:${ports.https}`,
        ...common(websecure),
        http: { underscoreHeadersStrategy: websecure.http.underscoreHeadersStrategy, tls: {} },
      },
    },
    providers: {
      kubernetesCRD: crd,
      kubernetesIngressNGINX: { ...nginx, publishStatusAddress: ["192.0.2.10"] },
    },
    global: values.global,
    api: values.api,
    log: { level: "INFO" },
    accessLog: { format: values.accessLog.format, fields: values.accessLog.fields },
  };
}

/** The settings but for those that the chart makes no flag of. */
function without<T extends object, K extends keyof T>(settings: T, ...keys: K[]): Omit<T, K> {
  return Object.fromEntries(
    Object.entries(settings).filter(([key]) => !keys.includes(key as K)),
  ) as unknown as Omit<T, K>;
}

/** The genuine controller, in front of a genuine API server. */
export class Traefik {
  private constructor(
    readonly http: number,
    readonly https: number,
    private readonly processes: Processes,
    private readonly log: string,
  ) {}

  static async start(plane: ControlPlane, options: TraefikOptions): Promise<Traefik> {
    const [http, https] = (await freePorts(2)) as [number, number];
    const values = ingressValues({
      facts: {
        ...options.facts,
        address: "192.0.2.10" as never,
        service: { type: "ClusterIP", annotations: {} as never, spec: {} },
        attach: () => [],
      },
      size: { replicas: 1, cpu: "100m", memory: "256Mi" },
      tolerations: [],
      requestTimeoutSeconds: options.requestTimeoutSeconds,
    });
    const file = join(options.folder, "traefik.json.yaml");
    writeFileSync(file, JSON.stringify(staticConfiguration(values, { http, https })));
    const processes = new Processes(options.folder);
    processes.start("traefik", tool("kube-control-plane"), [
      ...["hold", "/usr/bin/env", `KUBECONFIG=${plane.adminKubeconfig}`],
      ...[tool("traefik"), `--configFile=${file}`],
    ]);
    return new Traefik(http, https, processes, join(options.folder, "traefik.log"));
  }

  /** What it has said so far. */
  said(): string {
    return readFileSync(this.log, "utf8");
  }

  stop(): Promise<void> {
    return this.processes.stop();
  }
}
