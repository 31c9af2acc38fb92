import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describeWithTools } from "../../testing/with-tools";
import { pinnedCharts } from "../../components/charts";
import { type ChartProxy, type ControlPlane, type KubernetesObject, startControlPlane, startProxy } from ".";
import { clusterTools, eventually, FakeCloud, tool } from "./fixtures/cluster";

/*
 * The genuine engine, Node.js host and Kubernetes provider install the five charts by the references that the
 * program uses. All but Kyverno's are stand-ins: nothing here shows what a real chart makes of its values.
 */

const host = "ABC123.gr7.us-east-1.eks.amazonaws.com";
const program = join(__dirname, "fixtures", "charts-program");
const cloud = new FakeCloud();
let folder: string;
let plane: ControlPlane;
let proxy: ChartProxy;
/** What has been started, to be ended however far it came: one left running keeps the run from ending. */
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "charts-"));
  mkdirSync(join(folder, "state"));
  const tools = clusterTools();
  const authority = join(folder, "authority");
  const options = {
    folder: join(folder, "plane"),
    authority,
    serverNames: [host],
    tools,
    hooks: cloud,
  };
  plane = await startControlPlane(options);
  ends.push(() => plane.stop());
  const nodes = { count: 2, zones: ["a", "b"], labels: {}, taints: [], cpu: 4, memoryGi: 16, maxPods: 58 };
  await plane.setNodes("system", nodes);
  const charts = join(folder, "charts");
  proxy = await startProxy({
    authority,
    controlPlane: tools.controlPlane,
    helm: tool("helm"),
    folder: charts,
  });
  ends.push(() => proxy.close());
  proxy.map(host, plane.port);
});

afterAll(async () => {
  for (const end of ends.reverse()) await end();
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a command that has no way out but the proxy. */
function run(command: string, args: readonly string[]): Promise<Ran> {
  const programs = (["pulumi", "pulumi-language-nodejs", "pulumi-resource-kubernetes"] as const).map(tool);
  const PATH = [...programs.map(dirname), dirname(process.execPath), "/usr/bin", "/bin"].join(":");
  const env = {
    PATH,
    HOME: folder,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${folder}/state`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...proxy.environment,
  };
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { cwd: program, env, maxBuffer: 2 ** 26, timeout: 5 * 60_000, killSignal: "SIGINT" },
      (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout}${stderr}` }),
    );
  });
}

const configFile = () => ["--config-file", join(folder, "config.yaml")];

/** The administrator's kubeconfig under the name that a cloud would give, without an authority: as on GKE. */
function kubeconfig(): string {
  const document = JSON.parse(readFileSync(plane.adminKubeconfig, "utf8")) as {
    clusters: { cluster: Record<string, unknown> }[];
  };
  document.clusters[0]!.cluster = { server: `https://${host}` };
  return JSON.stringify(document);
}

const pulumi = (...args: string[]) =>
  run(tool("pulumi"), [...args, "--stack", "dev", "--non-interactive", "--color", "never"]);

test("helm reads the pinned charts through the proxy, over HTTPS and as OCI artefacts", async () => {
  for (const { chart, repository, version, appVersion } of Object.values(pinnedCharts)) {
    const from = repository ? ["--repo", repository] : [];
    const { code, output } = await run(tool("helm"), ["show", "chart", chart, ...from, "--version", version]);
    expect({ chart, code }).toEqual({ chart, code: 0 });
    expect(output).toContain(`appVersion: ${appVersion}`);
    expect(output).toContain(chart === "kyverno" ? "Kubernetes Native Policy Management" : "Stand-in");
  }
});

test("another version, another chart and every other host are refused: nothing leaves the machine", async () => {
  const { chart, repository } = pinnedCharts.traefik;
  const show = (name: string, repo: string, version: string) =>
    run(tool("helm"), ["show", "chart", name, "--repo", repo, "--version", version]);
  expect((await show(chart, repository!, "40.0.0")).code).not.toBe(0);
  expect((await show("nginx", repository!, "1.0.0")).code).not.toBe(0);
  const elsewhere = await show("traefik", "https://charts.example.com", "1.0.0");
  expect(elsewhere.output).toContain("Forbidden");
  const plain = await show("traefik", "http://charts.example.com", "1.0.0");
  expect(plain.output).toContain("403");
  expect(proxy.refused).toEqual(["charts.example.com:443", "charts.example.com"]);
});

test("a cluster is reached under the cloud's name alone, until it is unmapped", async () => {
  proxy.unmap(host);
  expect(await pulumi("stack", "init")).toMatchObject({ code: 0 });
  expect(
    await pulumi("config", "set", "--secret", "kubeconfig", kubeconfig(), ...configFile()),
  ).toMatchObject({ code: 0 });
  const { code, output } = await pulumi("up", "--yes", "--skip-preview", ...configFile());
  expect(code).not.toBe(0);
  expect(output).toMatch(/unreachable|Forbidden/);
  proxy.map(host.toUpperCase(), plane.port);
});

describeWithTools(["pulumi-resource-kubernetes"], "the genuine provider", () => {
  type Deployment = KubernetesObject & { status: { readyReplicas?: number } };

  test("installs the five releases, ready, and what needs them", async () => {
    const { code, output } = await pulumi("up", "--yes", "--skip-preview", ...configFile());
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
    const deployments = await plane.api.list<Deployment>("/apis/apps/v1/deployments");
    const ready = deployments.map(({ metadata, status }) => `${metadata.name} ${status.readyReplicas}`);
    expect(ready.sort()).toEqual([
      "aws-load-balancer-controller 2",
      "cert-manager 1",
      "cert-manager-cainjector 1",
      "cert-manager-webhook 1",
      "cluster-autoscaler 1",
      "kyverno-admission-controller 2",
      "kyverno-background-controller 1",
      "kyverno-cleanup-controller 1",
      "traefik 2",
    ]);
    const service = await plane.api.get<KubernetesObject & { spec: object }>(
      "/api/v1/namespaces/traefik/services/traefik",
    );
    expect(service.metadata.annotations).toMatchObject({ "cloud.google.com/l4-rbs": "enabled" });
    expect(service.spec).toMatchObject({
      type: "LoadBalancer",
      loadBalancerIP: "198.51.100.7",
      externalTrafficPolicy: "Local",
    });
    const stores = await plane.api.list("/apis/traefik.io/v1alpha1/tlsstores");
    expect(stores.map(({ metadata }) => metadata.name)).toEqual(["default"]);
  });

  test("kinds of others are checked as theirs are", async () => {
    const issuers = "/apis/cert-manager.io/v1/clusterissuers";
    const issuer = { apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer", metadata: { name: "bad" } };
    await expect(
      plane.api.create(issuers, { ...issuer, spec: { acme: { server: 1 } } }),
    ).rejects.toMatchObject({
      code: 422,
    });
    const bindingsPath =
      "/apis/elbv2.k8s.aws/v1beta1/namespaces/traefik/targetgroupbindings?fieldValidation=Strict";
    const binding = {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata: { name: "bad" },
      spec: { serviceRef: { name: "x", port: 1 }, targetGroupArn: "misspelt" },
    };
    await expect(plane.api.create(bindingsPath, binding)).rejects.toMatchObject({ code: 400 });
  });

  test("controllers do their part: targets are bound, the Ingress has its address, a challenge is open", async () => {
    await eventually(() => cloud.bindings.some(({ targets }) => targets.length === 2));
    expect(cloud.bindings[0]).toMatchObject({ name: "https", targetGroupArn: "arn:aws:test" });
    const ingress = await eventually(async () => {
      const path = "/apis/networking.k8s.io/v1/namespaces/traefik/ingresses/site";
      const { status } = await plane.api.get<{ status: { loadBalancer?: { ingress?: object[] } } }>(path);
      return status.loadBalancer?.ingress;
    });
    expect(ingress).toEqual([{ ip: "198.51.100.7" }]);
    const challenges = () => plane.api.list("/apis/acme.cert-manager.io/v1/challenges");
    await eventually(async () => (await challenges()).length === 1);
  });

  test("what a controller holds stays for as long as the controller is gone", async () => {
    const bindingsPath = "/apis/elbv2.k8s.aws/v1beta1/namespaces/traefik/targetgroupbindings";
    const controller = "/apis/apps/v1/namespaces/kube-system/deployments/aws-load-balancer-controller";
    const scale = async (replicas: number) => {
      await plane.api.patch(controller, { spec: { replicas } });
      const ready = async () => (await plane.api.get<Deployment>(controller)).status.readyReplicas ?? 0;
      await eventually(async () => (await ready()) === replicas);
    };
    await plane.api.create(bindingsPath, {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata: { name: "passing" },
      spec: { serviceRef: { name: "traefik", port: 80 }, targetGroupARN: "arn:aws:passing" },
    });
    await eventually(async () => (await plane.api.get(`${bindingsPath}/passing`)).metadata.finalizers);
    await scale(0);
    await plane.api.delete(`${bindingsPath}/passing`);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect((await plane.api.get(`${bindingsPath}/passing`)).metadata.deletionTimestamp).toBeDefined();
    await scale(2);
    await eventually(async () => (await plane.api.list(bindingsPath)).length === 1);
    expect(cloud.bindings).toContainEqual(
      expect.objectContaining({ targetGroupArn: "arn:aws:passing", targets: [] }),
    );
  });

  test("changes nothing when it runs again", async () => {
    const { code, output } = await pulumi(
      "up",
      "--yes",
      "--skip-preview",
      "--expect-no-changes",
      "--refresh",
      ...configFile(),
    );
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
  });

  test("takes everything away in the program's order; only the kept definitions stay, and Kyverno, which goes with its cluster", async () => {
    const { code, output } = await pulumi("destroy", "--yes", "--skip-preview", ...configFile());
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
    expect(cloud.bindings.at(-1)).toMatchObject({ targets: [] });
    const left = await plane.api.list("/apis/apps/v1/deployments");
    expect(left.filter(({ metadata }) => metadata.namespace !== "kyverno")).toEqual([]);
    expect(left).toHaveLength(3);
    const namespaces = (await plane.api.list("/api/v1/namespaces")).map(({ metadata }) => metadata.name);
    expect(namespaces.filter((name) => !/^(default|kube-.*)$/.test(name))).toEqual(["kyverno"]);
    const kinds = await plane.api.list("/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
    const groups = new Set(kinds.map(({ metadata }) => metadata.name.replace(/^[^.]*\./, "")));
    expect([...groups].filter((group) => !/(kyverno|wgpolicyk8s)\.io$/.test(group)).sort()).toEqual([
      "acme.cert-manager.io",
      "cert-manager.io",
      "elbv2.k8s.aws",
      "traefik.io",
    ]);
  });
});
