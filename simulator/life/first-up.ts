import { holdToChain } from "./critical-path";
import type { KubernetesObject } from "../kubernetes";
import { REGISTERED } from "../models/aws/load-balancing";
import { strays } from "../strays";
import { changes, errorsOf, type StackLife } from "./stack-life";

/** Tag of the images that the simulated push brings. */
export const TAG = "1.0.0";

type Pod = KubernetesObject & {
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
};

const isReady = ({ status }: Pod) =>
  status.conditions?.some(({ type, status: holds }) => type === "Ready" && holds === "True") === true;

/** From nothing to an application that runs: point 3.1. What it leaves is what the later points begin with. */
export function firstUp(lifeOf: () => StackLife): void {
  const applicationPods = async (life: StackLife) => {
    const { namespace } = (await life.outputs()) as { namespace: string };
    return (await life.api()).list<Pod>(`/api/v1/namespaces/${namespace}/pods`);
  };

  test("[O1] up from nothing, without images, builds all but the application and says so", async () => {
    const life = lifeOf();
    const result = await life.up();
    expect(errorsOf(result)).toBe("");
    expect(Object.keys(changes(result))).toEqual(["create"]);
    expect(strays(await life.lab.cloud.list(), await life.lab.state(life.stack))).toEqual([]);
    const outputs = await life.outputs();
    expect(outputs["application"]).toBe("waits for images");
    expect(outputs["imageCommands"]).not.toEqual([]);
    expect(outputs["addresses"]).toMatchObject({ ingress: expect.stringMatching(/./) as string });
    const pods = await (await life.api()).list<Pod>("/api/v1/pods");
    expect(pods.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.name)).toEqual([]);
    expect(await applicationPods(life)).toEqual([]);
  });

  test("[O1] on Amazon the load balancer controller has registered the ingress's pods, and nothing else", async () => {
    const life = lifeOf();
    const pods = await (await life.api()).list<Pod>("/api/v1/namespaces/traefik/pods");
    const addresses = pods.flatMap(({ status }) => status.podIP ?? []).sort();
    const registered = async () =>
      (await life.lab.cloud.list(REGISTERED)).map(({ object }) => object.properties["targets"]);
    const wanted = life.stack === "aws-dev" ? [addresses, addresses] : [];
    // It looks every few seconds.
    for (let looks = 0; looks < 60; looks++) {
      if (JSON.stringify(await registered()) === JSON.stringify(wanted)) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(await registered()).toEqual(wanted);
    expect(addresses.length).toBeGreaterThan(0);
  });

  test("[Q1] that up takes hardly longer than what no program could avoid", async () => {
    const life = lifeOf();
    holdToChain(life.stack, "create", await life.lab.cloud.operations());
  });

  test("[O1] after the images were pushed the next up installs the application, and its pods become ready", async () => {
    const life = lifeOf();
    await life.pushImages(TAG);
    life.configure({ "cmbcluster:images": { tag: TAG } });
    const result = await life.up();
    expect(errorsOf(result)).toBe("");
    expect((await life.outputs())["application"]).toBe("installed");
    const pods = await applicationPods(life);
    expect(pods.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.name)).toEqual([]);
    const images = pods.flatMap(({ spec }) => spec.containers.map(({ image }) => image));
    expect(images.filter((image) => /-(backend|frontend):1\.0\.0$/.test(image)).length).toBeGreaterThan(1);
  });

  test("[O1] the gate judges another up as nothing to change, and the engine finds nothing either", async () => {
    const life = lifeOf();
    const checked = await life.npmRun("up", life.stack, "--check", "--json");
    expect(checked.err).toContain("nothing to change");
    expect(checked.code).toBe(0);
    const again = await life.up();
    expect(errorsOf(again)).toBe("");
    expect(changes(again)).toEqual({});
  });

  test("[O1] a refresh finds nothing", async () => {
    const result = await lifeOf().pulumi("refresh", "--yes");
    expect(errorsOf(result)).toBe("");
    expect(changes(result)).toEqual({});
  });
}
