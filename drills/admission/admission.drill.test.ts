import { namespace } from "../../app-chart/combinations";
import type { CloudName } from "../../components/cmb-cluster";
import type { KubernetesApi, KubernetesObject } from "../../simulator/kubernetes";
import { eventually } from "../../simulator/kubernetes/fixtures/cluster";
import { harmless, type Hostile, hostile, victim } from "./hostile";
import { factsOf, Place, REGISTRY } from "./place";
import { bucketOf, sentPod, type SentPod, type Wish, withSideCar } from "./sent";

/*
 * The genuine API server and the genuine Kyverno, as its own chart with the program's values makes it, under the
 * program's own policies, asked with a token of the backend's account. What it cannot show: that a driver mounts, and
 * what webhooks a cloud adds of its own; the side car of GKE is put in by the drill, as its webhook would.
 */

const pods = `/api/v1/namespaces/${namespace}/pods`;

/** A volume as the drill reads it. */
type Volume = KubernetesObject & {
  spec: {
    csi: { driver: string; volumeHandle: string; volumeAttributes: Record<string, string> };
    mountOptions: string[];
    claimRef: { name: string };
  };
  status: { phase: string };
};

const wishOf = (cloud: CloudName, over: Partial<Wish> = {}): Wish => ({
  cloud,
  namespace,
  user: "user-1",
  mail: "ada@example.org",
  environment: "0a1b2c3d",
  image: `${REGISTRY}/cmb-test-user-environment:v1.2.3`,
  ...over,
});

/** What the API server answers: the pod as it is made, or why not. */
async function ask(api: KubernetesApi, pod: SentPod): Promise<{ made?: SentPod; refused?: string }> {
  try {
    return { made: await api.create<SentPod>(`/api/v1/namespaces/${pod.metadata.namespace}/pods`, pod) };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

/** A pod of a wish, with a hostile change where there is one. */
function podOf(
  cloud: CloudName,
  { wish, change }: Pick<Hostile, "wish" | "change">,
  environment: string,
): SentPod {
  const pod = sentPod(wishOf(cloud, { environment, ...wish }));
  change?.(pod);
  return pod;
}

const volumeOf = (pod: SentPod, name: string) => pod.spec.volumes.find((volume) => volume.name === name);

describe.each(["aws", "gcp"] as const)("admission on %s", (cloud) => {
  const place = new Place(cloud);
  let api: KubernetesApi;

  beforeAll(async () => {
    await place.start();
    await eventually(() => place.applyPolicies().then(() => true), 120);
    ({ api } = place.plane);
    // The webhooks come a moment after the policies; until then every environment is refused.
    await eventually(async () => {
      const pod = sentPod(wishOf(cloud, { ...victim, environment: victim.environment }));
      const { made, refused } = await ask(place.backend, pod);
      if (refused && !/AlreadyExists|already exists/.test(refused)) throw new Error(refused);
      return made !== undefined || undefined;
    }, 120);
  }, 600_000);

  afterAll(() => place.stop(), 60_000);

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

  if (cloud === "aws") {
    test("[S4] a volume and a claim for exactly that bucket are made with the pod, bound, and removed with it", async () => {
      const pod = sentPod(wishOf(cloud, { environment: "0a0a0a0a", user: "user-2" }));
      expect((await ask(place.backend, pod)).refused).toBeUndefined();
      const asked = performance.now();
      const { name } = pod.metadata;
      const path = `/api/v1/persistentvolumes/${namespace}-${name}`;
      const volume = await eventually(async () => {
        const found = await api.get<Volume>(path);
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
      const gone = (at: string) =>
        eventually(
          () =>
            api.get(at).then(
              () => undefined,
              () => true as const,
            ),
          150,
        );
      await gone(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`);
      const claimGone = (performance.now() - deleted) / 1000;
      await gone(path);
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
      await expect(api.create("/api/v1/persistentvolumes", volume(bucketOf("user-1")))).rejects.toThrow(
        /made by Kyverno alone/,
      );
      await expect(place.backend.create("/api/v1/persistentvolumes", volume("x"))).rejects.toThrow(
        /forbidden/,
      );
    });
  } else {
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

  test("[W2, H5] each hostile variant is refused, for the reason that it should be", async () => {
    const answers: string[] = [];
    const wrong: string[] = [];
    for (const [index, variant] of hostile.entries()) {
      const environment = (0xa0000000 + index).toString(16);
      const { made, refused } = await ask(place.backend, podOf(cloud, variant, environment));
      const reason = refused?.replace(/\s+/g, " ") ?? "LET IN";
      const matches = named(variant.refused).test(reason);
      if (made || !matches) wrong.push(`${variant.name}: ${reason.slice(0, 400)}`);
      answers.push(`  ${variant.name}`);
    }
    console.log(`admission on ${cloud}: ${answers.length} hostile variants refused\n${answers.join("\n")}`);
    expect(wrong).toEqual([]);
    expect(hostile.length).toBeGreaterThanOrEqual(30);
  }, 240_000);

  test.each(harmless.map((variant, index) => [variant.name, variant, index] as const))(
    "[H5] made harmless: %s",
    async (_, variant, index) => {
      const pod = podOf(cloud, variant, (0xb0000000 + index).toString(16));
      const { made, refused } = await ask(place.backend, pod);
      expect(refused).toBeUndefined();
      expect(variant.gone(made!)).toEqual([]);
      await place.backend.delete(`${pods}/${pod.metadata.name}`, { graceSeconds: 0 });
    },
  );

  test("an ephemeral container enters no environment, whoever wants it in", async () => {
    const { name } = sentPod(wishOf(cloud)).metadata;
    const body = { spec: { ephemeralContainers: [{ name: "look", image: "busybox" }] } };
    await expect(api.patch(`${pods}/${name}/ephemeralcontainers`, body, "strategic")).rejects.toThrow(
      /No ephemeral container|restricted/,
    );
    await expect(place.backend.patch(`${pods}/${name}/ephemeralcontainers`, body)).rejects.toThrow(
      /forbidden/,
    );
  });

  test("a pod under the account of environments is held to the same, whoever makes it", async () => {
    const pod = {
      ...plainPod,
      serviceAccountName: "cmbcluster-user-sa",
      automountServiceAccountToken: false,
    };
    const metadata = { name: "like-an-environment", namespace };
    await expect(api.create(pods, { apiVersion: "v1", kind: "Pod", metadata, spec: pod })).rejects.toThrow(
      /'cmbcluster-environments'.*denied/s,
    );
  });

  test("[H2] of other objects the backend makes and deletes those of environments alone", async () => {
    const within = (kind: string) => `/api/v1/namespaces/${namespace}/${kind}`;
    const ingresses = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`;
    const secret = (name: string, type = "Opaque", annotations = {}) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, annotations },
      type,
    });
    const service = (spec: object, name = "service-ada-0a1b2c3d") => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { selector: { "user-id": "ada", "env-id": "0a1b2c3d" }, ports: [{ port: 80 }], ...spec },
    });
    const ingress = (host: string, backend = "service-ada-0a1b2c3d", annotations = {}) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "ingress-ada-0a1b2c3d", annotations },
      spec: {
        ingressClassName: "nginx",
        rules: [
          {
            host,
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: backend, port: { number: 80 } } },
                },
              ],
            },
          },
        ],
        tls: [{ hosts: [host], secretName: "tls-ada-0a1b2c3d" }],
      },
    });
    const create = (path: string, body: unknown) => place.backend.create(path, body);
    await create(within("secrets"), secret("user-env-ada-0a1b2c3d"));
    await create(within("services"), service({}));
    await create(ingresses, ingress("ada-0a1b2c3d.cmb.example.org"));
    const token = { "kubernetes.io/service-account.name": "cmbcluster-ksa" };
    const refused: [string, unknown, RegExp][] = [
      [within("secrets"), secret("user-env-x-1", "kubernetes.io/service-account-token", token), /no type/],
      [within("secrets"), secret("anything"), /environments alone/],
      [within("services"), service({ type: "LoadBalancer" }, "service-x-1"), /ingress alone/],
      [within("services"), service({ externalIPs: ["10.0.0.1"] }, "service-x-2"), /ingress alone/],
      [within("services"), service({ selector: { app: "x" } }, "service-x-3"), /one environment/],
      [within("services"), service({}, "cmbcluster-backend"), /environments alone/],
      [ingresses, ingress("cmb.example.org"), /one name below/],
      [ingresses, ingress("api.cmb.example.org"), /one name below/],
      [ingresses, ingress("a.b.cmb.example.org"), /one name below/],
      [ingresses, ingress("evil.example.org"), /one name below/],
      [ingresses, ingress("x.cmb.example.org", "cmbcluster-backend"), /its Service/],
      [
        ingresses,
        ingress("x.cmb.example.org", "service-x", { "nginx.ingress.kubernetes.io/server-snippet": "x" }),
        /annotation/,
      ],
    ];
    for (const [path, body, why] of refused) await expect(create(path, body)).rejects.toThrow(why);
    await api.create(within("secrets"), secret("cmbcluster-backend-secrets"));
    await expect(place.backend.delete(`${within("secrets")}/cmbcluster-backend-secrets`)).rejects.toThrow(
      /environments alone/,
    );
    await place.backend.delete(`${within("secrets")}/user-env-ada-0a1b2c3d`);
    await place.backend.delete(`${within("services")}/service-ada-0a1b2c3d`);
    await place.backend.delete(`${ingresses}/ingress-ada-0a1b2c3d`);
  }, 60_000);

  test("Kyverno killed: no environment starts, everything else does, what runs is left alone, and it heals", async () => {
    await place.kyverno.kill();
    const pod = sentPod(wishOf(cloud, { environment: "0f0f0f0f" }));
    const began = performance.now();
    const { refused } = await ask(place.backend, pod);
    expect(refused).toMatch(/failed calling webhook/);
    const other = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "cmbcluster-backend", namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "backend" } },
        template: { metadata: { labels: { app: "backend" } }, spec: plainPod },
      },
    };
    await place.plane.apply([other]);
    const running = () =>
      eventually(async () => {
        const found = await api.list<KubernetesObject & { status: { phase: string } }>(
          `${pods}?labelSelector=app%3Dbackend`,
        );
        return found.find(({ status }) => status.phase === "Running");
      }, 90);
    const first = await running();
    await api.delete(`${pods}/${first.metadata.name}`, { graceSeconds: 0 });
    const second = await eventually(async () => {
      const now = await running();
      return now.metadata.uid === first.metadata.uid ? undefined : now;
    }, 90);
    expect(second.metadata.uid).not.toBe(first.metadata.uid);
    await place.backend.delete(`${pods}/${sentPod(wishOf(cloud)).metadata.name}`, { graceSeconds: 0 });
    await place.kyverno.restart();
    const healed = await eventually(async () => (await ask(place.backend, pod)).made, 120);
    expect(healed.metadata.name).toBe(pod.metadata.name);
    console.log(
      `admission on ${cloud}: Kyverno killed and started again, ${((performance.now() - began) / 1000).toFixed(0)} s until ` +
        `an environment could start; until then: ${refused?.slice(0, 120)}`,
    );
  }, 300_000);

  test("Kyverno dead or gone, the namespace ends all the same; with its webhooks gone too, nothing unmended gets in", async () => {
    await place.kyverno.kill();
    for (const kind of ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"]) {
      for (const { metadata } of await api.list(`/apis/admissionregistration.k8s.io/v1/${kind}`)) {
        if (metadata.name.includes("resource")) {
          await api.delete(`/apis/admissionregistration.k8s.io/v1/${kind}/${metadata.name}`);
        }
      }
    }
    const pod = sentPod(wishOf(cloud, { environment: "0f0f0f01" }));
    expect((await eventually(() => ask(place.backend, pod))).refused).toMatch(
      /not mended|Not found: "user-workspace"/,
    );
    await place.kyverno.uninstall();
    await api.delete(`/api/v1/namespaces/${namespace}`);
    await eventually(
      () =>
        api.get(`/api/v1/namespaces/${namespace}`).then(
          () => undefined,
          () => true as const,
        ),
      120,
    );
  }, 300_000);
});

/** Pod Security and the walls are both asked, in no set order: either's reason will do for what both refuse. */
function named(reason: string | RegExp): RegExp {
  const own = typeof reason === "string" ? reason : reason.source;
  return new RegExp(`${own}|violates PodSecurity "restricted`, "s");
}

/** A pod of nobody's, which Pod Security restricted takes. */
const plainPod = {
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name: "main",
      image: "registry.example.org/backend:v1",
      resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    },
  ],
};
