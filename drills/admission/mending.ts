import { namespace } from "../../app-chart/combinations";
import { ask, wishOf } from "./asking";
import { factsOf, type Place } from "./place";
import { bucketOf, sentPod, type SentPod } from "./sent";

const volumeOf = (pod: SentPod, name: string) => pod.spec.volumes.find((volume) => volume.name === name);

/** What becomes of the pod that the application sends. */
export function mending(place: Place): void {
  const { cloud } = place;

  test("[H6] a pod asks for a node that has its images where spare room is kept, and for none elsewhere", async () => {
    const { made, refused } = await ask(place.backend, sentPod(wishOf(cloud, { environment: "1ma9e5" })));
    expect(refused).toBeUndefined();
    const term = {
      labelSelector: { matchLabels: { "cmb.dev/images": "pulled" } },
      namespaces: [`${namespace}-spare-room`],
      topologyKey: "kubernetes.io/hostname",
    };
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    expect((made!.spec as { affinity?: unknown }).affinity).toEqual(cloud === "gcp" ? affinity : undefined);
  });

  test("[S4] the application's pod is let in, as it is meant to be, and passes Pod Security restricted", async () => {
    const sent = sentPod(wishOf(cloud, { files: true }));
    const { made, refused } = await ask(place.backend, sent);
    expect(refused).toBeUndefined();
    const { spec, metadata } = made!;
    const { userVolumes, userPlacement, registry } = factsOf(cloud).cluster;
    expect(volumeOf(made!, "user-workspace-fuse")).toBeUndefined();
    expect(volumeOf(made!, "user-workspace")).toEqual(
      cloud === "aws"
        ? { name: "user-workspace", persistentVolumeClaim: { claimName: metadata.name } }
        : {
            name: "user-workspace",
            csi: {
              driver: userVolumes.driver,
              volumeAttributes: {
                bucketName: bucketOf("user-1"),
                mountOptions: userVolumes.mountOptions.join(","),
              },
            },
          },
    );
    expect(volumeOf(made!, "user-files")).toEqual(volumeOf(sent, "user-files"));
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      nodeSelector: userPlacement.nodeSelector,
      serviceAccountName: "cmbcluster-user-sa",
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    const confined = {
      runAsUser: 1000,
      runAsGroup: 1000,
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    };
    const [main] = spec.containers;
    const [waiting] = spec.initContainers;
    for (const each of [main!, waiting!]) {
      expect(each.imagePullPolicy).toBe("IfNotPresent");
      expect(each.securityContext).toEqual(confined);
    }
    expect(waiting!.image).toBe(registry.mirrors.busybox);
    // Until the walls are up, then as the application sent it; once, although admission may be asked twice.
    const script = waiting!.args![1]!;
    expect(script.startsWith("# The network walls first.\n")).toBe(true);
    expect(script.endsWith(sent.spec.initContainers[0]!.args![1]!)).toBe(true);
    expect(script.split("# The network walls first.")).toHaveLength(2);
    expect(main!.image).toBe(sent.spec.containers[0]!.image);
    expect(main!.env).toEqual(sent.spec.containers[0]!.env);
    expect(main!.resources).toMatchObject({
      requests: { cpu: "500m", memory: "1Gi", "ephemeral-storage": "1Gi" },
      limits: { cpu: "1", memory: "2Gi", "ephemeral-storage": "10Gi" },
    });
    expect(Object.keys(metadata.labels).sort()).toEqual(["app", "component", "env-id", "user-id"]);
    expect(metadata.annotations).toMatchObject({
      "cmb.dev/bucket": bucketOf("user-1"),
      ...userVolumes.podAnnotations,
    });
  }, 60_000);
}
