import { describeWithTools } from "../../testing/with-tools";
import { LIFE_TOOLS } from "../needed-tools";
import type { KubernetesApi, KubernetesObject } from "../kubernetes";
import { beyondKept } from "./destroy";
import { TAG } from "./first-up";
import { begin, changes, errorsOf, SHIPPED, type Shipped, type StackLife } from "./stack-life";

/*
 * The life of a prod stack under the genuine engine, Helm, provider and API server: what dev has none of. Kubelets are
 * kwok's, so no image is pulled and nothing marks a node as having them (simulator/kubernetes/spare-room.engine.test.ts
 * runs that script); nothing makes the room grow, so it has the one place that a Deployment has by itself.
 */

/** Prod, where the clouds' defaults of that profile hold: three zones, and places of data that outlive the region. */
const PROD = {
  "cmbcluster:profile": "prod",
  "cmbcluster:gcp": { zones: undefined, databaseLocation: undefined },
};

/** What a prod stack keeps beside what a dev stack keeps. */
const ALSO_KEPT: Readonly<Record<Shipped, RegExp>> = {
  "gcp-dev": /^$/,
  "aws-dev": /-copy/,
};

type Pod = KubernetesObject & {
  readonly spec: {
    readonly nodeName?: string;
    readonly priority: number;
    readonly priorityClassName?: string;
  };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
};
type Node = KubernetesObject & { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };

const ready = ({ status }: Pod) =>
  status.conditions?.some(({ type, status: holds }) => type === "Ready" && holds === "True") === true;

const lives = (stack: Shipped) => () => {
  let life: StackLife;
  let api: KubernetesApi;
  let namespace: string;
  const room = () => `${namespace}-spare-room`;
  const podsOf = (part: string) =>
    api.list<Pod>(
      `/api/v1/namespaces/${room()}/pods?labelSelector=${encodeURIComponent(`app.kubernetes.io/component=${part}`)}`,
    );

  beforeAll(
    async () =>
      void (life = await begin(stack, {}, stack === "gcp-dev" ? PROD : { "cmbcluster:profile": "prod" })),
  );
  afterAll(() => life.close());

  test("[O1, P9] up from nothing: all but the application, and no spare room, for there is nothing to pull", async () => {
    expect(errorsOf(await life.up())).toBe("");
    ({ namespace } = (await life.outputs()) as { namespace: string });
    api = await life.api();
    expect((await life.outputs())["application"]).toBe("waits for images");
    await expect(api.get(`/api/v1/namespaces/${room()}`)).rejects.toThrow(/not found/);
  });

  test("[O1, N5] with its images the application is installed, for Helm finds all that it looks up in the cluster", async () => {
    await life.pushImages(TAG);
    life.configure({ "cmbcluster:images": { tag: TAG } });
    expect(errorsOf(await life.up())).toBe("");
    expect((await life.outputs())["application"]).toBe("installed");
    const pods = await api.list<Pod>(`/api/v1/namespaces/${namespace}/pods`);
    expect(pods.filter((pod) => !ready(pod)).map(({ metadata }) => metadata.name)).toEqual([]);
    const deployments = pods.map(({ metadata }) => metadata.name.replace(/(-[a-z0-9]+){2}$/, ""));
    // Two more front ends come with their autoscaler's figures, which no kubelet gives here.
    expect([...new Set(deployments)].sort()).toEqual(["cmbcluster-backend", "cmbcluster-frontend"]);
  });

  test("[H6] the room is held on a user node, in its own namespace, below the priority of everybody", async () => {
    const [held, ...more] = await podsOf("room");
    expect(more).toEqual([]);
    expect(held!.spec).toMatchObject({ priority: -5, priorityClassName: room() });
    expect(ready(held!)).toBe(true);
    const node = await api.get<Node>(`/api/v1/nodes/${held!.spec.nodeName}`);
    expect(Object.values(node.metadata.labels)).toContain("users");
    const { metadata } = await api.get<Node>(`/api/v1/namespaces/${room()}`);
    expect(metadata.labels["pod-security.kubernetes.io/enforce"]).toBe("restricted");
    expect(await api.list(`/api/v1/namespaces/${room()}/resourcequotas`)).toEqual([]);
    expect((await api.list(`/api/v1/namespaces/${namespace}/resourcequotas`)).length).toBe(1);
  });

  test("[H6] each user node pulls the images, no other does, and what makes the room grow runs", async () => {
    const nodes = await api.list<Node>("/api/v1/nodes");
    const ofUsers = nodes.filter(({ metadata }) => Object.values(metadata.labels).includes("users"));
    expect(ofUsers.length).toBeGreaterThan(0);
    expect(nodes.length).toBeGreaterThan(ofUsers.length);
    const pulling = await podsOf("images");
    expect(pulling.map(({ spec }) => spec.nodeName).sort()).toEqual(
      ofUsers.map(({ metadata }) => metadata.name).sort(),
    );
    expect((await podsOf("growth")).map(ready)).toEqual([true]);
  });

  test("[O1] a second up changes nothing", async () => {
    const again = await life.up();
    expect(errorsOf(again)).toBe("");
    expect(changes(again)).toEqual({});
  });

  test("[N5] a wall that somebody has taken away stops a change of the application, by name; an up that looks first mends it", async () => {
    const walls = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
    await api.delete(`${walls}/cmbcluster-environments`);
    life.configure({ "cmbcluster:application": { tokenExpireHours: 9 } });
    expect(errorsOf(await life.up("--refresh=false"))).toMatch(
      /the cluster lacks what the application needs; nothing was installed or changed:\s+- ValidatingAdmissionPolicyBinding cmbcluster-environments, which puts what it says into force/,
    );
    expect(errorsOf(await life.up())).toBe("");
    const { metadata } = await api.get<KubernetesObject>(`${walls}/cmbcluster-environments`);
    expect(metadata.name).toBe("cmbcluster-environments");
  });

  test("[O5, P9] destroy is refused while the cluster is protected; once that is lifted it ends, and leaves data alone", async () => {
    const refused = await life.npmRun("destroy", stack, "--yes");
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/is protected, and so is all that it stands on: nothing was touched/);
    life.configure({ "cmbcluster:protect": { cluster: false } });
    expect(errorsOf(await life.up())).toBe("");
    const { code, err } = await life.npmRun("destroy", stack, "--yes");
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    expect(await life.lab.cloud.kubeconfigs()).toEqual({});
    const beyond = await beyondKept(life);
    expect(beyond.filter((name) => !ALSO_KEPT[stack].test(name))).toEqual([]);
  });
};

for (const stack of SHIPPED) describeWithTools(LIFE_TOOLS, `prod, of ${stack}`, lives(stack));
