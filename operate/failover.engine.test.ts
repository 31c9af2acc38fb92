import { names } from "../components/application/names";
import type { Json } from "../preview/engine/values";
import type { ControlPlane } from "../simulator/kubernetes";
import { eventually, FakeCloud } from "../simulator/kubernetes/fixtures/cluster";
import { startTestPlane } from "../simulator/kubernetes/fixtures/test-plane";
import type { FailoverDocument } from "./failover";
import { amazonStack, exported } from "./fixtures/stack";
import { scripted } from "./fixtures/world";
import { reach } from "./kubernetes";
import { main } from "./main";

/*
 * Failover and reattach against a genuine API server, controller manager and scheduler. Kubelets and disks are
 * simulated: no database is restored here (drills/database shows that), and no disk is attached.
 */

const cloud = new FakeCloud();
const namespace = "cmb-dev";
let plane: ControlPlane;
let end: () => Promise<void>;

const nodesIn = (zone: string) => ({
  count: 1,
  zones: [zone],
  labels: {},
  taints: [],
  cpu: 4,
  memoryGi: 16,
  maxPods: 58,
});
const labels = {
  "app.kubernetes.io/name": "cmbcluster",
  "app.kubernetes.io/instance": names.release,
  "app.kubernetes.io/component": "backend",
};
const manifests: readonly Json[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSIDriver",
    metadata: { name: "ebs.csi.aws.com" },
    spec: { attachRequired: false },
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "cmb-block-retained" },
    provisioner: "ebs.csi.aws.com",
    reclaimPolicy: "Retain",
    volumeBindingMode: "WaitForFirstConsumer",
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: names.databaseClaim,
      namespace,
      labels,
      annotations: { "helm.sh/resource-policy": "keep", "meta.helm.sh/release-name": names.release },
    },
    spec: {
      accessModes: ["ReadWriteOncePod"],
      storageClassName: "cmb-block-retained",
      resources: { requests: { storage: "50Gi" } },
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: names.backend, namespace },
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            { name: "backend", image: "backend:1", volumeMounts: [{ name: "data", mountPath: "/data" }] },
          ],
          volumes: [{ name: "data", persistentVolumeClaim: { claimName: names.databaseClaim } }],
        },
      },
    },
  },
];

beforeAll(async () => {
  ({ plane, end } = await startTestPlane("failover", {
    serverNames: ["abc.gr7.us-east-1.eks.amazonaws.com"],
    hooks: cloud,
    serviceAccountIssuer: "https://oidc.eks.us-east-1.amazonaws.com/id/ABC",
  }));
  await plane.setNodes("a", nodesIn("us-east-1a"));
  await plane.apply(manifests);
  await eventually(answering);
}, 180_000);

afterAll(() => end());

/** A person's machine: the genuine way into the cluster, and time that passes. */
function person() {
  const kubeconfig = JSON.stringify({
    clusters: [
      {
        cluster: {
          server: `https://127.0.0.1:${plane.port}`,
          "certificate-authority-data": Buffer.from(plane.caPem).toString("base64"),
        },
      },
    ],
    users: [{ user: { exec: { command: "token" } } }],
  });
  const world = scripted({
    "pulumi stack export": exported(amazonStack),
    "pulumi stack output kubeconfig": { stdout: kubeconfig },
    token: { stdout: JSON.stringify({ status: { token: plane.adminToken } }) },
  });
  return {
    ...world,
    reach: (given: string) => reach(given, world.run),
    wait: (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 100)),
    now: () => Date.now() / 1000,
  };
}

const pathOfPods = `/api/v1/namespaces/${namespace}/pods`;

/** Node of the backend's ready pod. */
async function answering(): Promise<string | undefined> {
  const pods = await plane.api.list<{
    spec: { nodeName?: string };
    status: { conditions?: { type: string; status: string }[] };
    metadata: { deletionTimestamp?: string };
  }>(pathOfPods);
  const ready = pods.find(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined &&
      status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
  );
  return ready?.spec.nodeName;
}

const boundTo = async () =>
  (
    await plane.api.get<{ spec: { volumeName?: string } }>(
      `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${names.databaseClaim}`,
    )
  ).spec.volumeName;
const phaseOf = async (volume: string) =>
  (await plane.api.get<{ status: { phase: string } }>(`/api/v1/persistentvolumes/${volume}`)).status.phase;

test("[S5] a zone is lost: the backend cannot start elsewhere until its volume is given up, and does then; the old volume can be put back", async () => {
  const first = (await boundTo())!;
  // While the backend answers nothing is given up.
  const early = person();
  expect(await main(["failover", "prod", "--yes"], early)).toBe(1);
  expect(early.texts.err).toContain("the backend answers");

  await plane.setNodes("b", nodesIn("us-east-1b"));
  await plane.removeNodes("a");
  await eventually(async () => ((await answering()) === undefined ? true : undefined));

  const lost = person();
  expect([await main(["failover", "prod", "--yes", "--json"], lost), lost.texts.err]).toEqual([
    0,
    expect.anything(),
  ]);
  const document = JSON.parse(lost.texts.out) as FailoverDocument;
  expect(document).toMatchObject({
    result: "answers",
    givenUp: { name: first, zone: "us-east-1a" },
    volume: { zone: "us-east-1b" },
  });
  const second = (await boundTo())!;
  expect(second).toBe(document.volume!.name);
  expect(second).not.toBe(first);
  expect([await phaseOf(first), await phaseOf(second)]).toEqual(["Released", "Bound"]);
  expect(cloud.disks.size).toBe(2);

  // The zone is back, and the old volume holds what the copy does not.
  await plane.setNodes("a", nodesIn("us-east-1a"));
  const back = person();
  expect([
    await main(["reattach", "prod", "--volume", first, "--yes", "--json"], back),
    back.texts.err,
  ]).toEqual([0, expect.anything()]);
  expect(await boundTo()).toBe(first);
  expect([await phaseOf(first), await phaseOf(second)]).toEqual(["Bound", "Released"]);
  expect(JSON.parse(back.texts.out)).toMatchObject({ givenUp: { name: second }, volume: { name: first } });
  expect(cloud.disks.size).toBe(2);
}, 300_000);
