import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namespace, signIns, valuesOf } from "../../app-chart/combinations";
import { objectsOf } from "../../app-chart/render";
import {
  admissionManifests,
  admissionRights,
  type Manifest,
} from "../../components/application/admission/manifests";
import type { AdmissionFacts } from "../../components/application/admission/facts";
import { userPlacement as awsPlacement, userVolumes as awsVolumes } from "../../components/aws/user-volumes";
import type { CloudName } from "../../components/cmb-cluster";
import { userPlacement as gcpPlacement, userVolumes as gcpVolumes } from "../../components/gcp/user-volumes";
import { mirrorReferences } from "../../components/mirrors";
import { BACKEND_SERVICE_ACCOUNT } from "../../components/naming";
import type { ProfileName } from "../../infra/config/settings";
import type { Json } from "../../preview/engine/values";
import { type ControlPlane, type KubernetesApi, startControlPlane } from "../../simulator/kubernetes";
import { Api } from "../../simulator/kubernetes/api";
import { clusterTools, FakeCloud } from "../../simulator/kubernetes/fixtures/cluster";
import { pulledNodes } from "../../components/application/spare-room";
import { Kyverno } from "./kyverno";

/** Where images come from in the drill. */
export const REGISTRY = "registry.example.org/cmb-test";

/** What the policies are written from, with the clouds' own values. */
export function factsOf(cloud: CloudName): AdmissionFacts {
  return {
    cluster: {
      userVolumes: cloud === "aws" ? awsVolumes("eu-central-1") : gcpVolumes,
      userPlacement: cloud === "aws" ? awsPlacement : gcpPlacement(),
      registry: {
        prefix: REGISTRY,
        repositories: {} as never,
        mirrors: mirrorReferences(REGISTRY, "cmb-test"),
        loginCommand: "",
      },
      dns: { domain: "cmb.example.org" } as never,
    },
    namespace,
    images: [REGISTRY, "docker.io/jupyter/scipy-notebook"],
    // One of the two with spare room, so that both forms of the policies are asked.
    ...(cloud === "gcp" && { pulledNodes: pulledNodes(namespace) }),
  };
}

/** The sweep of secrets in the drill: ten minutes are so many seconds, and every five minutes are every minute. */
export const GRACE_SECONDS = 35;

function hurried(manifest: Manifest): Manifest {
  if (manifest.metadata.name !== "cmbcluster-user-secrets") return manifest;
  const text = JSON.stringify(manifest);
  const quick = text
    .replace('"*/5 * * * *"', '"* * * * *"')
    .replace('(\\"10m\\")', `(\\"${GRACE_SECONDS}s\\")`);
  if (quick.length !== text.length - 2)
    throw new Error("the sweep of secrets has other times than the drill knows");
  return JSON.parse(quick) as Manifest;
}

/** What of the chart a pod's admission depends on. */
const NEEDED = ["ServiceAccount", "Role", "RoleBinding", "LimitRange", "ResourceQuota", "PriorityClass"];

/** A cluster with the application's namespace, Kyverno and the policies in it. */
export class Place {
  plane!: ControlPlane;
  kyverno!: Kyverno;
  /** The API as the backend calls it, with a token of its own account. */
  backend!: KubernetesApi;
  private readonly folder = mkdtempSync(join(tmpdir(), "admission-"));

  constructor(readonly cloud: CloudName) {}

  async start(): Promise<void> {
    this.plane = await startControlPlane({
      folder: join(this.folder, "plane"),
      serverNames: [],
      tools: clusterTools(),
      hooks: new FakeCloud(),
    });
    await this.setNodes("users", 2);
    await this.plane.apply([
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
      },
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "CSIDriver",
        metadata: { name: this.driver },
        spec: ephemeral,
      },
    ]);
    await this.applyChart("dev");
    this.backend = await this.as(BACKEND_SERVICE_ACCOUNT);
    this.kyverno = new Kyverno(this.plane, join(this.folder, "kyverno"));
    await this.kyverno.install();
    await this.kyverno.start();
  }

  /** The policies, once their kinds are served; Kyverno checks each as it comes. */
  async applyPolicies(): Promise<void> {
    const facts = factsOf(this.cloud);
    await this.plane.apply(admissionRights(facts) as unknown as Json[]);
    await this.plane.apply(admissionManifests(facts).map(hurried) as unknown as Json[]);
  }

  /** As a destroy takes the policies away, before it takes what serves their kinds. */
  async removePolicies(): Promise<void> {
    await this.plane.remove(admissionManifests(factsOf(this.cloud)) as unknown as Json[]);
  }

  /** Sets the level of Pod Security that the application's namespace enforces; the program's is `restricted`. */
  async enforce(level: "restricted" | "privileged"): Promise<void> {
    const metadata = { labels: { "pod-security.kubernetes.io/enforce": level } };
    await this.plane.api.patch(`/api/v1/namespaces/${namespace}`, { metadata });
    // The API server reads labels of namespaces from what it is told of them, a moment later.
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }

  /** What of the chart stands in the drill, as an up of that profile writes it. */
  async applyChart(profile: ProfileName): Promise<void> {
    const chart = objectsOf(valuesOf(this.cloud, signIns["google alone"]!, profile));
    await this.plane.apply(chart.filter(({ kind }) => NEEDED.includes(kind)) as unknown as Json[]);
  }

  /** One more node for users, or another size of a pool. */
  async setNodes(pool: string, count: number): Promise<void> {
    const { nodeSelector } = factsOf(this.cloud).cluster.userPlacement;
    await this.plane.setNodes(pool, { ...nodes, count, labels: nodeSelector });
  }

  /** The API with all rights. */
  get api(): KubernetesApi {
    return this.plane.api;
  }

  get driver(): string {
    return factsOf(this.cloud).cluster.userVolumes.driver;
  }

  /** The API as an account of the namespace. */
  async as(account: string): Promise<KubernetesApi> {
    const { status } = await this.plane.api.create<{ status: { token: string } }>(
      `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
      { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 7200 } },
    );
    return new Api({ port: this.plane.port, caPem: this.plane.caPem, token: status.token });
  }

  async stop(): Promise<void> {
    await this.kyverno?.kill();
    await this.plane?.stop();
    if (process.env.CMB_KEEP === undefined) rmSync(this.folder, { recursive: true });
  }
}

const nodes = {
  zones: ["a", "b"],
  labels: {},
  taints: [],
  cpu: 16,
  memoryGi: 64,
  maxPods: 110,
};

const ephemeral = { attachRequired: false, volumeLifecycleModes: ["Persistent", "Ephemeral"] };
