import { namespace } from "../../app-chart/combinations";
import type { KubernetesObject } from "../../simulator/kubernetes";
import { eventually } from "../../simulator/kubernetes/fixtures/cluster";
import { ask, gone, pods, wishOf } from "./asking";
import type { Place } from "./place";
import { bucketOf, sentPod, type SentPod, withSideCar } from "./sent";

/** A volume as the drill reads it. */
type Volume = KubernetesObject & {
  spec: {
    csi: { driver: string; volumeHandle: string; volumeAttributes: Record<string, string> };
    mountOptions: string[];
    claimRef: { name: string };
  };
  status: { phase: string };
};

/** Where the driver mounts claims: the volume that is made for each pod. */
export function volumesAndClaims(place: Place): void {
  const { cloud } = place;

  test("[S4] a volume and a claim for exactly that bucket are made with the pod, bound, and removed with it", async () => {
    const pod = sentPod(wishOf(cloud, { environment: "0a0a0a0a", user: "user-2" }));
    expect((await ask(place.backend, pod)).refused).toBeUndefined();
    const asked = performance.now();
    const { name } = pod.metadata;
    const path = `/api/v1/persistentvolumes/${namespace}-${name}`;
    const volume = await eventually(async () => {
      const found = await place.api.get<Volume>(path);
      return found.status.phase === "Bound" ? found : undefined;
    });
    const bound = (performance.now() - asked) / 1000;
    expect(volume.spec.claimRef.name).toBe(name);
    expect(volume.spec.csi).toEqual({
      driver: "s3.csi.aws.com",
      volumeHandle: `${namespace}-${name}`,
      volumeAttributes: { bucketName: bucketOf("user-2"), authenticationSource: "driver" },
    });
    expect(volume.spec.mountOptions).toContain("allow-other");
    expect(volume.spec.mountOptions).toContain("region eu-central-1");
    await place.backend.delete(`${pods}/${name}`, { graceSeconds: 0 });
    const deleted = performance.now();
    const end = (at: string) => eventually(() => gone(place.api, at), 150);
    await end(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`);
    const claimGone = (performance.now() - deleted) / 1000;
    await end(path);
    const volumeGone = (performance.now() - deleted) / 1000;
    console.log(
      `admission: volume bound ${bound.toFixed(1)} s after its pod was admitted; after its end the claim went within ` +
        `${claimGone.toFixed(1)} s, the volume within ${volumeGone.toFixed(1)} s (swept every minute)`,
    );
  }, 240_000);

  test("nobody brings a volume for the namespace along, not even one who may make volumes", async () => {
    const volume = (bucketName: string) => ({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "brought" },
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteMany"],
        claimRef: { namespace, name: "user-ada" },
        csi: { driver: "s3.csi.aws.com", volumeHandle: "brought", volumeAttributes: { bucketName } },
      },
    });
    await expect(place.api.create("/api/v1/persistentvolumes", volume(bucketOf("user-1")))).rejects.toThrow(
      /made by Kyverno alone/,
    );
    await expect(place.backend.create("/api/v1/persistentvolumes", volume("x"))).rejects.toThrow(/forbidden/);
  });
}

/** Where the driver puts a container into the pod: what comes with it. */
export function sideCars(place: Place): void {
  const { cloud } = place;

  test("[S4] beside GKE's side car, which then has room for large writes", async () => {
    const pod = withSideCar(sentPod(wishOf(cloud, { environment: "0b0b0b0b" })));
    const { made, refused } = await ask(place.backend, pod);
    expect(refused).toBeUndefined();
    const [sideCar, waiting] = made!.spec.initContainers;
    expect(sideCar).toMatchObject({
      name: "gke-gcsfuse-sidecar",
      image: pod.spec.initContainers[0]!.image,
      resources: {
        requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "1Gi" },
        limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "20Gi" },
      },
    });
    expect(waiting!.name).toBe("wait-for-mount");
  });

  test.each([
    [
      "a side car of another image",
      (car: SentPod["spec"]["initContainers"][0]) => void (car.image = "evil/x"),
    ],
    ["a side car with a command", (car) => void (car.command = ["/bin/sh"])],
  ] as readonly (readonly [string, (car: SentPod["spec"]["initContainers"][0]) => void])[])(
    "%s is refused",
    async (_, change) => {
      const pod = withSideCar(sentPod(wishOf(cloud, { environment: "0c0c0c0c" })));
      change(pod.spec.initContainers[0]!);
      expect((await ask(place.backend, pod)).refused).toMatch(/gke-gcsfuse-sidecar/);
    },
  );

  test.each(["gke-gcsfuse/additional-volume-mounts", "gke-gcsfuse/enable-numa-pinning"])(
    "the annotation %s is refused",
    async (name) => {
      const pod = sentPod(wishOf(cloud, { environment: "0d0d0d0d" }));
      pod.metadata.annotations[name] = "true";
      expect((await ask(place.backend, pod)).refused).toMatch(/annotation/);
    },
  );
}
