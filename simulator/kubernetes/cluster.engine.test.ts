import type { NodeTemplate } from "../models/model";
import type { ControlPlane, KubernetesObject } from ".";
import { deployment, eventually, FakeCloud, readyPods } from "./fixtures/cluster";
import { startTestPlane } from "./fixtures/test-plane";

/* What the simulated cloud does in a genuine control plane. No test here shows what a kubelet or a cloud would do. */

const cloud = new FakeCloud();
let plane: ControlPlane;
let end: () => Promise<void>;

const nodes: NodeTemplate = {
  count: 2,
  zones: ["us-east-1a", "us-east-1b"],
  labels: { role: "system" },
  taints: [],
  cpu: 4,
  memoryGi: 16,
  maxPods: 58,
};

beforeAll(async () => {
  ({ plane, end } = await startTestPlane("plane", {
    serverNames: ["abc.gr7.us-east-1.eks.amazonaws.com"],
    hooks: cloud,
    serviceAccountIssuer: "https://oidc.eks.us-east-1.amazonaws.com/id/ABC",
    tokens: [{ token: "nobodys-token", user: "nobody", groups: ["visitors"] }],
  }));
  await plane.setNodes("system", nodes);
});

afterAll(() => end());

type Pod = KubernetesObject & {
  status: {
    phase: string;
    containerStatuses?: { state: { waiting?: { reason: string; message?: string } } }[];
    conditions?: { type: string; status: string }[];
  };
  spec: { nodeName?: string };
};

const podOf = async (name: string) =>
  (await plane.api.list<Pod>(`/api/v1/namespaces/default/pods?labelSelector=app%3D${name}`))[0];

const waitingOf = async (name: string) => (await podOf(name))?.status.containerStatuses?.[0]?.state.waiting;

const claim = (name: string, storageClassName: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, namespace: "default" },
  spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "20Gi" } } },
});

const storageClass = (name: string, reclaimPolicy: string, provisioner = "ebs.csi.aws.com") => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name },
  provisioner,
  parameters: { type: "gp3" },
  reclaimPolicy,
  volumeBindingMode: "WaitForFirstConsumer",
});

const driver = (name: string) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "CSIDriver",
  metadata: { name },
  spec: { attachRequired: false },
});

const mounting = (claimName: string) => ({
  volumes: [{ name: "data", persistentVolumeClaim: { claimName } }],
});

test("a Deployment of three pods becomes ready, on the nodes of the group", async () => {
  await plane.apply([deployment("three", "app:1", {}, 3)]);
  await eventually(async () => (await readyPods(plane.api, "three")) === 3);
  expect((await podOf("three"))!.spec.nodeName).toMatch(/^system-[01]$/);
});

test("a pod whose image is in no registry stays unready and says so, until the image is pushed", async () => {
  cloud.missingImages.add("registry.example/app:2");
  await plane.apply([deployment("pulling", "registry.example/app:2")]);
  const waiting = await eventually(() => waitingOf("pulling"));
  expect(waiting).toMatchObject({ reason: "ImagePullBackOff" });
  expect(waiting.message).toContain("registry.example/app:2");
  expect(await readyPods(plane.api, "pulling")).toBe(0);
  cloud.missingImages.clear();
  await eventually(async () => (await readyPods(plane.api, "pulling")) === 1);
});

test("an init container's image is asked for as well", async () => {
  cloud.missingImages.add("init:1");
  const initContainers = [{ name: "first", image: "init:1" }];
  await plane.apply([deployment("initial", "app:1", { initContainers })]);
  await eventually(
    async () => (await podOf("initial"))?.status.phase === "Pending" && (await waitingOf("initial")),
  );
  expect(await readyPods(plane.api, "initial")).toBe(0);
  cloud.missingImages.clear();
  await eventually(async () => (await readyPods(plane.api, "initial")) === 1);
});

test("a pod whose Secret is missing waits for it, one whose Secret is optional does not", async () => {
  const container = (optional?: boolean) => ({
    containers: [{ name: "main", image: "app:1", envFrom: [{ secretRef: { name: "keys", optional } }] }],
  });
  await plane.apply([deployment("needs", "app:1", container()), deployment("may", "app:1", container(true))]);
  await eventually(async () => (await readyPods(plane.api, "may")) === 1);
  expect(await eventually(() => waitingOf("needs"))).toEqual({
    reason: "CreateContainerConfigError",
    message: 'secret "keys" not found',
  });
  await plane.apply([{ apiVersion: "v1", kind: "Secret", metadata: { name: "keys", namespace: "default" } }]);
  await eventually(async () => (await readyPods(plane.api, "needs")) === 1);
});

test("a Job's pod completes, and the Job with it", async () => {
  const { spec } = deployment("job", "app:1", { restartPolicy: "Never" });
  const template = spec.template;
  await plane.apply([
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "once", namespace: "default" },
      spec: { template },
    },
  ]);
  const job = "/apis/batch/v1/namespaces/default/jobs/once";
  await eventually(
    async () => (await plane.api.get<{ status: { succeeded?: number } }>(job)).status.succeeded === 1,
  );
});

test("Pod Security is genuine: a restricted namespace refuses a privileged pod, and takes a modest one", async () => {
  const namespace = "restricted";
  const pod = (name: string, securityContext: object) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: { containers: [{ name: "main", image: "app:1", securityContext }] },
  });
  const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
  await plane.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } }]);
  await eventually(() => plane.api.get(`/api/v1/namespaces/${namespace}/serviceaccounts/default`));
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await expect(plane.api.create(pods, pod("bold", { privileged: true }))).rejects.toMatchObject({
    code: 403,
    message: expect.stringContaining('violates PodSecurity "restricted:latest"') as string,
  });
  const modest = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
  await plane.api.create(pods, pod("modest", modest));
});

test("a claim is bound once its driver is there and a pod wants it; its disk lies in the pod's zone", async () => {
  await plane.apply([
    storageClass("gp3", "Delete"),
    claim("data", "gp3"),
    deployment("db", "app:1", mounting("data")),
  ]);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(cloud.disks.size).toBe(0);
  await plane.apply([driver("ebs.csi.aws.com")]);
  await eventually(async () => (await readyPods(plane.api, "db")) === 1);
  const node = await plane.api.get(`/api/v1/nodes/${(await podOf("db"))!.spec.nodeName}`);
  expect([...cloud.disks.values()]).toEqual([
    {
      volume: expect.stringMatching(/^pvc-[0-9a-f-]{36}$/) as string,
      claim: { namespace: "default", name: "data" },
      storageClass: "gp3",
      driver: "ebs.csi.aws.com",
      parameters: { type: "gp3" },
      bytes: 20 * 2 ** 30,
      zone: node.metadata.labels?.["topology.kubernetes.io/zone"],
    },
  ]);
});

test("a disk goes with its claim where the class says Delete, and stays where it says Retain", async () => {
  await plane.apply([
    storageClass("kept", "Retain"),
    claim("ledger", "kept"),
    deployment("ledger", "app:1", mounting("ledger")),
  ]);
  await eventually(async () => (await readyPods(plane.api, "ledger")) === 1);
  const disks = () => [...cloud.disks.values()].map(({ claim: { name } }) => name).sort();
  expect(disks()).toEqual(["data", "ledger"]);
  for (const name of ["db", "ledger"])
    await plane.api.delete(`/apis/apps/v1/namespaces/default/deployments/${name}`);
  for (const name of ["data", "ledger"]) {
    await plane.api.delete(`/api/v1/namespaces/default/persistentvolumeclaims/${name}`);
  }
  await eventually(() => disks().join() === "ledger");
  const volumes = await eventually(async () => {
    const all = await plane.api.list<KubernetesObject & { status: { phase: string } }>(
      "/api/v1/persistentvolumes",
    );
    return all.length === 1 && all[0]!.status.phase === "Released" ? all : undefined;
  });
  expect(volumes).toHaveLength(1);
});

test("a load balancer's address arrives in its Service, which stays until the load balancer has gone", async () => {
  const service = "/api/v1/namespaces/default/services/front";
  type Service = KubernetesObject & { status: { loadBalancer: { ingress?: { ip: string }[] } } };
  await plane.apply([
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "front",
        namespace: "default",
        annotations: { "cloud.google.com/l4-rbs": "enabled" },
      },
      spec: {
        type: "LoadBalancer",
        loadBalancerIP: "198.51.100.7",
        ports: [{ port: 443 }],
        selector: { app: "x" },
      },
    },
  ]);
  await eventually(
    async () =>
      (await plane.api.get<Service>(service)).status.loadBalancer.ingress?.[0]?.ip === "198.51.100.7",
  );
  expect(cloud.loadBalancers.get("front")).toMatchObject({
    annotations: { "cloud.google.com/l4-rbs": "enabled" },
    ports: [{ port: 443, protocol: "TCP" }],
  });
  cloud.letsLoadBalancersGo = false;
  await plane.api.delete(service);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect((await plane.api.get(service)).metadata.deletionTimestamp).toBeDefined();
  cloud.letsLoadBalancersGo = true;
  await eventually(async () => (await plane.api.list("/api/v1/namespaces/default/services")).length === 1);
  expect(cloud.loadBalancers.size).toBe(0);
});

test("a Service that is one of the cluster's own kind gets no load balancer", async () => {
  await plane.apply([
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "inner", namespace: "default" },
      spec: { type: "ClusterIP", ports: [{ port: 80 }], selector: { app: "x" } },
    },
  ]);
  const service = await plane.api.get("/api/v1/namespaces/default/services/inner");
  expect(service.metadata.finalizers).toBeUndefined();
  expect(cloud.loadBalancers.size).toBe(0);
});

describe("node groups", () => {
  const users: NodeTemplate = {
    ...nodes,
    count: 1,
    labels: { role: "users" },
    taints: [{ key: "users", value: "true", effect: "NoSchedule" }],
  };
  const inGroup = async (role: string) =>
    (await plane.api.list(`/api/v1/nodes?labelSelector=role%3D${role}`))
      .map(({ metadata }) => metadata.name)
      .sort();

  test("a tainted group takes only the pods that tolerate it, and no more than its machines hold", async () => {
    const placed = { nodeSelector: { role: "users" }, tolerations: [{ key: "users", operator: "Exists" }] };
    const resources = { requests: { cpu: "2500m" } };
    const big = { ...placed, containers: [{ name: "main", image: "app:1", resources }] };
    await plane.apply([
      deployment("shy", "app:1", { nodeSelector: { role: "users" } }),
      deployment("big", "app:1", big, 2),
    ]);
    await plane.setNodes("users", users);
    await eventually(async () => (await readyPods(plane.api, "big")) === 1);
    const unplaced = async (name: string) => {
      const pods = await plane.api.list<Pod>(`/api/v1/namespaces/default/pods?labelSelector=app%3D${name}`);
      const refused = ({ type, status }: { type: string; status: string }) =>
        type === "PodScheduled" && status === "False";
      return pods.filter(({ status }) => status.conditions?.some(refused)).length;
    };
    await eventually(async () => (await unplaced("big")) === 1 && (await unplaced("shy")) === 1);
    // Another machine, and no taint: all of them fit.
    await plane.setNodes("users", { ...users, count: 2, taints: [] });
    await eventually(async () => (await readyPods(plane.api, "big")) === 2);
    await eventually(async () => (await readyPods(plane.api, "shy")) === 1);
  });

  test("labels that the group gives up leave its nodes", async () => {
    await plane.setNodes("labelled", { ...nodes, count: 1, labels: { role: "labelled", old: "yes" } });
    await plane.setNodes("labelled", { ...nodes, count: 1, labels: { role: "labelled" } });
    const node = await plane.api.get("/api/v1/nodes/labelled-0");
    expect(node.metadata.labels).not.toHaveProperty("old");
    expect(node.metadata.labels).toMatchObject({
      role: "labelled",
      "topology.kubernetes.io/region": "us-east-1",
    });
    await plane.removeNodes("labelled");
    expect(await inGroup("labelled")).toEqual([]);
  });

  test("a group that goes takes its pods with it: owned ones come back elsewhere, bare ones do not", async () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "notebook", namespace: "default" },
      spec: { nodeSelector: { role: "users" }, containers: [{ name: "main", image: "app:1" }] },
    };
    await plane.apply([pod]);
    const path = "/api/v1/namespaces/default/pods/notebook";
    await eventually(async () => (await plane.api.get<Pod>(path)).status.phase === "Running");
    await plane.setNodes("users", { ...users, count: 1 });
    expect(await inGroup("users")).toEqual(["users-0"]);
    await plane.removeNodes("users");
    expect(await inGroup("users")).toEqual([]);
    await expect(plane.api.get(path)).rejects.toMatchObject({ code: 404 });
    await eventually(async () => (await podOf("big"))?.status.phase === "Pending");
    // A second time there is nothing to do.
    await plane.removeNodes("users");
  });
});

describe("who may do what", () => {
  test("a known token without rights is forbidden, an unknown one is nobody", async () => {
    const { Api } = await import("./api");
    const as = (token: string) => new Api({ port: plane.port, caPem: plane.caPem, token });
    await expect(as("nobodys-token").list("/api/v1/secrets")).rejects.toMatchObject({ code: 403 });
    await expect(as("expired").list("/api/v1/secrets")).rejects.toMatchObject({ code: 401 });
  });

  test("a service account's token names the cloud's issuer", async () => {
    const path = "/api/v1/namespaces/default/serviceaccounts/default/token";
    const { status } = await plane.api.create<{ status: { token: string } }>(path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences: ["sts.amazonaws.com"] },
    });
    const claims = JSON.parse(Buffer.from(status.token.split(".")[1]!, "base64url").toString()) as object;
    expect(claims).toMatchObject({
      iss: "https://oidc.eks.us-east-1.amazonaws.com/id/ABC",
      aud: ["sts.amazonaws.com"],
      sub: "system:serviceaccount:default:default",
    });
  });

  test("what is applied can be taken away again, in the other order, and twice", async () => {
    const manifests = [storageClass("passing", "Delete"), driver("passing.example")];
    await plane.apply(manifests);
    await plane.remove(manifests);
    await plane.remove(manifests);
    await plane.remove([{ apiVersion: "none.example/v1", kind: "Nothing", metadata: { name: "x" } }]);
    await expect(plane.api.get("/apis/storage.k8s.io/v1/csidrivers/passing.example")).rejects.toMatchObject({
      code: 404,
    });
  });
});
