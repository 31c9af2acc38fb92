import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { kyvernoValues } from "../../components/platform/kyverno-values";
import { KYVERNO_NAMESPACE, KYVERNO_RELEASE } from "../../components/platform/names";
import type { Json } from "../../preview/engine/values";
import type { ControlPlane, KubernetesObject } from "../../simulator/kubernetes";
import { tool } from "../../simulator/kubernetes/fixtures/cluster";
import { assembleKyvernoChart } from "../../simulator/kubernetes/kyverno-chart";
import { freePorts, Processes } from "../../simulator/kubernetes/processes";
import { execFileSync } from "node:child_process";
import type { ToolName } from "../../tools/find-tool";

/** The programs, by the Deployment whose container each is. */
const programs = {
  "kyverno-admission-controller": "kyverno-admission-controller",
  "kyverno-background-controller": "kyverno-background-controller",
  "kyverno-cleanup-controller": "kyverno-cleanup-controller",
} as const satisfies Readonly<Record<string, ToolName>>;

type Program = keyof typeof programs;

interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly { readonly name: string; readonly value?: string }[];
        }[];
      };
    };
  };
}

/**
 * Kyverno as its own chart installs it with the program's values, out of the cluster: kinds, accounts, rights and
 * configuration are applied, and each controller runs here with the arguments and variables of its container, as its
 * own service account. Only addresses and ports differ, and webhooks lead to an address instead of a Service.
 */
export class Kyverno {
  private processes: Processes;
  private readonly logs: string;

  constructor(
    private readonly plane: ControlPlane,
    private readonly folder: string,
  ) {
    this.logs = join(folder, "logs");
    mkdirSync(this.logs, { recursive: true });
    this.processes = new Processes(this.logs);
  }

  /** What the chart makes, but for what would be pods, and for the jobs of its hooks. */
  private objects: readonly KubernetesObject[] = [];

  async install(): Promise<void> {
    const chart = join(this.folder, "chart");
    assembleKyvernoChart(chart);
    const values = join(this.folder, "values.json");
    writeFileSync(values, JSON.stringify(kyvernoValues({ size: { replicas: 1 }, tolerations: [] })));
    const text = execFileSync(
      tool("helm"),
      ["template", KYVERNO_RELEASE, chart, "--namespace", KYVERNO_NAMESPACE, "--values", values].concat([
        "--kube-version",
        "1.35.4",
        "--skip-tests",
        "--no-hooks",
      ]),
      { encoding: "utf8", maxBuffer: 2 ** 26 },
    );
    const rendered = parseAllDocuments(text)
      .map((document) => document.toJS() as KubernetesObject | null)
      .filter((object): object is KubernetesObject => object !== null);
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: KYVERNO_NAMESPACE } };
    this.objects = [namespace, ...rendered];
    await this.plane.apply(this.objects as unknown as Json[]);
  }

  /** Starts the controllers and waits until they answer and lead. */
  async start(names: readonly Program[] = Object.keys(programs) as Program[]): Promise<void> {
    for (const name of names) await this.startOne(name);
  }

  private async startOne(name: Program): Promise<void> {
    const deployment = this.objects.find(
      ({ kind, metadata }) => kind === "Deployment" && metadata.name === name,
    ) as Deployment;
    const { serviceAccountName, containers } = deployment.spec.template.spec;
    const { args, env } = containers[0]!;
    const [server, metrics, runtime] = (await freePorts(3)) as [number, number, number];
    const here: Readonly<Record<string, string>> = {
      webhookServerPort: String(server),
      cleanupServerPort: String(server),
      metricsPort: String(metrics),
      controllerRuntimeMetricsAddress: `127.0.0.1:${runtime}`,
    };
    const moved = args.map((arg) => {
      const [flag, value] = arg.slice(2).split(/=(.*)/s) as [string, string];
      return `--${flag}=${here[flag] ?? value}`;
    });
    const webhooks = name === "kyverno-background-controller" ? [] : [`--serverIP=127.0.0.1:${server}`];
    const variables: Readonly<Record<string, string>> = {
      KYVERNO_NAMESPACE,
      KYVERNO_POD_NAME: `${name}-0`,
      TUF_ROOT: join(this.folder, "tuf"),
    };
    const environment = env.map(({ name: key, value }) => `${key}=${variables[key] ?? value ?? ""}`);
    const kubeconfig = await this.kubeconfigOf(serviceAccountName);
    this.processes.start(name, tool("kube-control-plane"), [
      ...["hold", "/usr/bin/env", ...environment, tool(programs[name])],
      ...[...moved, ...webhooks, `--kubeconfig=${kubeconfig}`],
    ]);
  }

  /** A kubeconfig with a token of a service account, as a pod would have it. */
  private async kubeconfigOf(account: string): Promise<string> {
    const path = `/api/v1/namespaces/${KYVERNO_NAMESPACE}/serviceaccounts/${account}/token`;
    const { status } = await this.plane.api.create<{ status: { token: string } }>(path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 7200 },
    });
    const file = join(this.folder, `${account}.kubeconfig`);
    const authority = Buffer.from(this.plane.caPem).toString("base64");
    const cluster = {
      server: `https://127.0.0.1:${this.plane.port}`,
      "certificate-authority-data": authority,
    };
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "here", cluster }],
        users: [{ name: account, user: { token: status.token } }],
        contexts: [{ name: "here", context: { cluster: "here", user: account } }],
        "current-context": "here",
      }),
      { mode: 0o600 },
    );
    return file;
  }

  /** Ends the programs at once, and leaves everything else where it is: what the loss of their nodes does. */
  kill(): Promise<void> {
    return this.processes.stop();
  }

  /** After {@link kill}: the same programs, on other ports. */
  async restart(): Promise<void> {
    this.processes = new Processes(this.logs);
    await this.start();
  }

  /** Takes away what the chart has made, in no order, as the end of its release does. */
  async uninstall(): Promise<void> {
    await this.plane.remove(this.objects as unknown as Json[]);
  }
}
