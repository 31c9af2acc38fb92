import { fakeCluster } from "../../../testing/fake-cluster";
import { record, type Recording } from "../../../testing/record";
import type { MountHelper } from "../../user-volumes";
import { images } from "../fixtures";
import { pulledNodes, SpareRoom } from ".";
import { coresPerPlace, placeOf } from "./size";

const helper: MountHelper = {
  container: "mounter",
  image: "^mounter$",
  volumes: [],
  resources: {
    requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "1Gi" },
    limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "20Gi" },
  },
};
const taint = { key: "fake/pool", operator: "Equal", value: "users", effect: "NoSchedule" } as const;
const closed = { key: "fake/system", operator: "Exists", effect: "NoSchedule" } as const;

type Inputs = Readonly<Record<string, unknown>>;
interface PodSpec {
  readonly nodeSelector: unknown;
  readonly tolerations: unknown;
  readonly priorityClassName?: string;
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly enableServiceLinks: boolean;
  readonly securityContext: Inputs;
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
}
interface Container {
  readonly image: string;
  readonly command?: readonly string[];
  readonly resources: unknown;
  readonly securityContext: unknown;
}

let recording: Recording;
beforeAll(async () => {
  ({ recording } = await record(() => {
    const fake = fakeCluster({ systemTolerations: [closed] });
    const cluster = {
      ...fake,
      userVolumes: { ...fake.userVolumes, helper },
      userPlacement: { ...fake.userPlacement, tolerations: [taint] },
    };
    return new SpareRoom("room", {
      cluster,
      application: "science",
      images,
      spare: { least: 2, percent: 15 },
    });
  }));
});

const inputs = (name: string) => recording.one(name).inputs as Readonly<Record<string, Inputs>>;
const spec = (name: string) =>
  inputs(name).spec as Inputs & { readonly template: { readonly spec: PodSpec } };

test("[H6] the spare room is exactly these", () => {
  expect(recording.list().filter((line) => / room\b/.test(line))).toEqual([
    "cmb:application:SpareRoom room",
    "kubernetes:apps/v1:DaemonSet room-images",
    "kubernetes:apps/v1:Deployment room-growth",
    "kubernetes:apps/v1:Deployment room-room",
    "kubernetes:core/v1:ConfigMap room-growth-parameters",
    "kubernetes:core/v1:ConfigMap room-images-script",
    "kubernetes:core/v1:Namespace room-namespace",
    "kubernetes:core/v1:ServiceAccount room-growth-account",
    "kubernetes:core/v1:ServiceAccount room-images-account",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy room-walls",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole room-growth-nodes",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding room-growth-nodes-binding",
    "kubernetes:rbac.authorization.k8s.io/v1:Role room-growth-role",
    "kubernetes:rbac.authorization.k8s.io/v1:Role room-images-role",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding room-growth-binding",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding room-images-binding",
    "kubernetes:scheduling.k8s.io/v1:PriorityClass room-priority",
  ]);
});

test("[H6] it lies in a namespace of its own, outside the quota, which admits no pod that is not restricted", () => {
  expect(inputs("room-namespace").metadata).toMatchObject({
    name: "science-spare-room",
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
  });
  for (const name of ["room-images", "room-growth", "room-room"]) {
    expect(inputs(name).metadata!.namespace).toBe("science-spare-room");
  }
});

test("[H6] room is for one environment and what mounts its bucket, on user nodes, and goes at once for anybody", () => {
  const { template } = spec("room-room");
  expect(template.spec).toMatchObject({
    nodeSelector: { "fake/pool": "users" },
    tolerations: [taint],
    priorityClassName: "science-spare-room",
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
  });
  expect(template.spec.containers.map(({ resources }) => resources)).toEqual([
    { requests: { cpu: "750m", memory: "1280Mi" }, limits: { cpu: "750m", memory: "1280Mi" } },
  ]);
  expect(template.spec).not.toHaveProperty("affinity");
});

test("[H6] its priority is below that of every pod that names none, and not below -10, where no machine is brought", () => {
  const { value, preemptionPolicy, globalDefault } = recording.one("room-priority").inputs;
  expect(value).toBeLessThan(0);
  expect(value).toBeGreaterThanOrEqual(-10);
  expect([preemptionPolicy, globalDefault]).toEqual(["Never", false]);
});

test("[H6] how many places there are is set by what grows them, never by an update", () => {
  expect(spec("room-room")).not.toHaveProperty("replicas");
  const { template } = spec("room-growth");
  expect(template.spec.containers[0]!.command).toEqual([
    "/cluster-proportional-autoscaler",
    "--namespace=science-spare-room",
    "--configmap=growth",
    "--target=deployment/room",
    "--nodelabels=fake/pool=users",
    "--logtostderr=true",
    "--v=1",
  ]);
  expect(template.spec.tolerations).toEqual([closed]);
  const { linear } = inputs("room-growth-parameters").data as { linear: string };
  expect(JSON.parse(linear)).toEqual({
    coresPerReplica: 5,
    min: 2,
    preventSinglePointFailure: false,
    includeUnschedulableNodes: false,
  });
});

test("[H6] an up waits neither for room without a machine nor for images that are still coming", () => {
  for (const name of ["room-room", "room-images"]) {
    expect(inputs(name).metadata!.annotations).toEqual({ "pulumi.com/skipAwait": "true" });
  }
  expect(inputs("room-growth").metadata).not.toHaveProperty("annotations");
});

test("[H6] each user node pulls the environment's images one after the other, then says so on its own pod", () => {
  const { template } = spec("room-images");
  expect(template.spec.initContainers!.map(({ image }) => image)).toEqual([
    "registry.example.org/cmb-fake/cmb-fake-mirror-busybox:1.37.0",
    images["user-environment"],
  ]);
  expect(template.spec.containers).toEqual([
    expect.objectContaining({ image: images.backend, command: ["python3", "/script/mark.py"] }),
  ]);
  expect(template.spec.nodeSelector).toEqual({ "fake/pool": "users" });
  expect(template.spec.tolerations).toEqual([taint]);
  expect(pulledNodes("science")).toEqual({
    namespace: "science-spare-room",
    labels: { "cmb.dev/images": "pulled" },
  });
});

test("[H6, H5] its accounts may change their own objects and count nodes, nothing else; nobody calls its pods", () => {
  const rules = (name: string) => recording.one(name).inputs.rules;
  expect(rules("room-images-role")).toEqual([{ apiGroups: [""], resources: ["pods"], verbs: ["patch"] }]);
  expect(rules("room-growth-role")).toEqual([
    {
      apiGroups: ["apps"],
      resources: ["deployments/scale"],
      resourceNames: ["room"],
      verbs: ["get", "update"],
    },
    { apiGroups: [""], resources: ["configmaps"], resourceNames: ["growth"], verbs: ["get"] },
  ]);
  expect(rules("room-growth-nodes")).toEqual([
    { apiGroups: [""], resources: ["nodes"], verbs: ["list", "watch"] },
  ]);
  expect(inputs("room-walls").spec).toEqual({ podSelector: {}, policyTypes: ["Ingress"] });
});

test("[H5] every container of it is confined as Pod Security restricted wants", () => {
  for (const name of ["room-images", "room-growth", "room-room"]) {
    const pod = spec(name).template.spec;
    expect(pod.enableServiceLinks).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
  }
});

describe("sizes", () => {
  test("[H6] without a side car a place is the application's usual request", () => {
    expect(placeOf({})).toEqual({ cpu: 500, memory: 1024 });
  });

  test.each([
    [500, 15, 3.33],
    [750, 15, 5],
    [500, 10, 5],
  ])("[H6] %i m a place and %i per cent are a place every %d cores", (cpu, percent, cores) => {
    expect(coresPerPlace({ cpu, memory: 1 }, percent)).toBe(cores);
  });
});
