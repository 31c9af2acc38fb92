import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { images } from "../../components/application/fixtures";
import { SpareRoom } from "../../components/application/spare-room";
import { fakeCluster } from "../../testing/fake-cluster";
import { record } from "../../testing/record";
import type { Json } from "../../preview/engine/values";
import type { ControlPlane } from ".";
import { eventually } from "./fixtures/cluster";
import { startTestPlane } from "./fixtures/test-plane";

/*
 * The spare room's objects before the genuine API server, controllers and scheduler. No container runs: the script of
 * its pods is run beside the cluster, with their account.
 */

const room = "science-spare-room";
let folder: string;
let plane: ControlPlane;
let end: () => Promise<void>;

/** The component's objects as manifests, in the order in which it registers them. */
async function manifests(): Promise<Json[]> {
  const { recording } = await record(
    () =>
      new SpareRoom("room", {
        cluster: fakeCluster(),
        application: "science",
        images,
        spare: { least: 2, percent: 13 },
      }),
  );
  return recording.resources
    .filter(({ type, name }) => type.startsWith("kubernetes:") && name.startsWith("room-"))
    .map(({ inputs, type }) => {
      const [, version, kind] = /^kubernetes:([^:]+):(.+)$/.exec(type)!;
      const apiVersion = version!.replace(/^core\//, "");
      return { ...(inputs as Record<string, Json>), apiVersion, kind: kind! };
    });
}

const node = { zones: ["a"], taints: [], labels: {}, cpu: 4, memoryGi: 16, maxPods: 58 };

beforeAll(async () => {
  ({ plane, folder, end } = await startTestPlane("spare-room"));
  await plane.setNodes("system", { ...node, count: 1 });
  await plane.apply(await manifests());
});

afterAll(() => end());

interface Pod {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly nodeName?: string; readonly priority: number };
  readonly status: { readonly phase: string };
}
const podsOf = (component: string) =>
  plane.api.list<Pod>(
    `/api/v1/namespaces/${room}/pods?labelSelector=${encodeURIComponent(`app.kubernetes.io/component=${component}`)}`,
  );

test("[H6] Pod Security restricted lets all its pods in, and room without a user node waits for one", async () => {
  const [held] = await eventually(async () => {
    const found = await podsOf("room");
    return found.length === 1 ? found : undefined;
  });
  expect([held!.spec.nodeName, held!.spec.priority]).toEqual([undefined, -5]);
  await eventually(async () => (await podsOf("growth"))[0]?.status.phase === "Running");
  expect(await podsOf("images")).toEqual([]);
});

test("[H6] a user node that joins takes the room, and a pod that pulls the images", async () => {
  await plane.setNodes("users", { ...node, count: 1, labels: { "fake/pool": "users" } });
  await eventually(async () => (await podsOf("room"))[0]?.spec.nodeName === "users-0");
  await eventually(async () => (await podsOf("images"))[0]?.status.phase === "Running");
});

test("[H6] the account of the pod that pulls may label it, and may not even read what else there is", async () => {
  const home = `/api/v1/namespaces/${room}`;
  const { status } = await plane.api.create<{ status: { token: string } }>(
    `${home}/serviceaccounts/images/token`,
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  );
  const { data } = await plane.api.get<{ data: Record<string, string> }>(`${home}/configmaps/images`);
  const [pod] = await podsOf("images");
  writeFileSync(join(folder, "mark.py"), data["mark.py"]!);
  writeFileSync(join(folder, "token"), status.token);
  writeFileSync(join(folder, "ca.crt"), plane.caPem);
  const env = {
    PATH: process.env["PATH"],
    ACCOUNT_FOLDER: folder,
    KUBERNETES_SERVICE_HOST: "127.0.0.1",
    KUBERNETES_SERVICE_PORT: String(plane.port),
    POD_NAMESPACE: room,
    POD_NAME: pod!.metadata.name,
    LABEL: "cmb.dev/images",
    VALUE: "pulled",
    ONCE: "1",
  };
  const said = await new Promise<string>((done, failed) =>
    execFile("python3", [join(folder, "mark.py")], { env, timeout: 30_000 }, (error, stdout) =>
      error ? failed(new Error(error.message)) : done(stdout),
    ),
  );
  expect(said).toBe("marked\n");
  expect((await podsOf("images"))[0]!.metadata.labels["cmb.dev/images"]).toBe("pulled");

  const may = async (verb: string, resource: string, namespace: string) => {
    const review = await plane.api.create<{ status: { allowed: boolean } }>(
      "/apis/authorization.k8s.io/v1/subjectaccessreviews",
      {
        spec: {
          user: `system:serviceaccount:${room}:images`,
          resourceAttributes: { verb, resource, namespace },
        },
      },
    );
    return review.status.allowed;
  };
  expect(await may("patch", "pods", room)).toBe(true);
  expect(await may("get", "secrets", room)).toBe(false);
  expect(await may("create", "pods", room)).toBe(false);
  expect(await may("patch", "pods", "science")).toBe(false);
  expect(await may("patch", "nodes", "")).toBe(false);
});
