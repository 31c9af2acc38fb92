import * as pulumi from "@pulumi/pulumi";
import { bindEveryWorkload } from "../testing/every-workload";
import {
  record,
  settled,
  type ComputedOutputs,
  type RecordedResource,
  type Recording,
} from "../testing/record";
import type { CmbCluster } from "./cmb-cluster";
import { imageRoles } from "./images";
import { mirrorNames, mirrors, type MirrorName } from "./mirrors";
import { storageIntents } from "./storage-intents";

/** Values that must never be recorded in the clear; handed to every implementation as its sign-in secret. */
export const canary = "canary-0f3b9c-client-secret";

/** What the contract suite has to know of an implementation: how to make one, and what its cloud computes. */
export interface Implementation {
  /** Builds a cluster of the name given, in whatever account and region suits, for the domain given. */
  make(name: string, domain: string): CmbCluster;
  readonly computed: ComputedOutputs;
  /** Types that hold data, which every one of its recordings must protect. */
  readonly dataTypes: readonly string[];
}

const clusterName = "cmb-contract";
const domain = "contract.example.org";
const namespace = "science";

/** Every use that the program makes of a cluster. */
function use(cluster: CmbCluster) {
  return {
    cluster,
    ...bindEveryWorkload(cluster, namespace),
    kept: cluster.keepSecret("file-key", {
      description: "a key",
      value: pulumi.secret(pulumi.output(canary)),
    }),
  };
}

/**
 * The behaviour that the platform and the application rely on, asked of an implementation through
 * {@link CmbCluster} alone. A new cloud passes this suite before anything is deployed on it.
 *
 * It shows what is asked of a cloud, never that the cloud accepts it.
 */
export function describeContract(title: string, implementation: Implementation): void {
  describe(`[P2] ${title} behaves as a CmbCluster`, () => {
    let recording: Recording;
    let used: ReturnType<typeof use>;
    let cluster: CmbCluster;

    beforeAll(async () => {
      const made = await record(() => use(implementation.make(clusterName, domain)), {
        computed: implementation.computed,
      });
      recording = made.recording;
      used = made.result;
      cluster = used.cluster;
    });

    test("it has the name asked for and says where it is, before anything exists", () => {
      expect(cluster.name).toBe(clusterName);
      expect(cluster.place.account).not.toBe("");
      expect(cluster.place.region).not.toBe("");
      expect(cluster.place.zones.length).toBeGreaterThan(0);
    });

    test("[W1] its kubeconfig is secret, names this cluster, and carries no long-lived credential", async () => {
      expect(await pulumi.isSecret(cluster.kubeconfig)).toBe(true);
      const text = await settled(cluster.kubeconfig);
      const config = JSON.parse(text) as {
        users: { user: Record<string, unknown> & { exec?: { command: string } } }[];
        clusters: { cluster: { server: string } }[];
      };
      expect(config.clusters).toHaveLength(1);
      expect(config.clusters[0]!.cluster.server).toMatch(/^https:\/\//);
      expect(config.users).toHaveLength(1);
      expect(Object.keys(config.users[0]!.user)).toEqual(["exec"]);
      expect(text).not.toMatch(/"(token|password|client-key-data|client-certificate-data)"/);
    });

    test("its Kubernetes provider is told the cluster's identity, so a new endpoint replaces nothing", () => {
      const providers = recording
        .ofType("pulumi:providers:kubernetes")
        .filter((p) => !p.name.endsWith("-eks-k8s"));
      expect(providers).toHaveLength(1);
      expect(providers[0]!.inputs.clusterIdentifier).toBeTruthy();
    });

    test("an unreachable API server never empties the state", () => {
      for (const provider of recording.ofType("pulumi:providers:kubernetes")) {
        expect(provider.inputs).not.toHaveProperty("deleteUnreachable");
      }
    });

    test("[N3] what the platform's nodes ask to be tolerated are plain tolerations, each naming one taint", () => {
      for (const { key, operator, effect } of cluster.systemTolerations) {
        expect(key).not.toBe("");
        expect(["Equal", "Exists"]).toContain(operator);
        expect(effect).toBe("NoSchedule");
      }
    });

    test("[O5] it names what everything inside the cluster goes with, a resource other than its provider", () => {
      expect(pulumi.Resource.isInstance(cluster.apiServer)).toBe(true);
      expect(cluster.apiServer).not.toBe(cluster.kubernetes);
    });

    test("it names what a pod has to wait for", () => {
      expect(cluster.ready.length).toBeGreaterThan(0);
    });

    test("[O1] it has one image name for each role, known before the registry exists, without a tag", () => {
      expect(Object.keys(cluster.registry.repositories).sort()).toEqual([...imageRoles].sort());
      for (const role of imageRoles) {
        const repository = cluster.registry.repositories[role];
        expect(repository.startsWith(cluster.registry.prefix)).toBe(true);
        expect(repository.endsWith(`/${clusterName}-${role}`)).toBe(true);
        expect(repository.split("/").pop()).not.toContain(":");
      }
      expect(cluster.registry.loginCommand).not.toBe("");
    });

    test("[O1] it has a place of its own for each copy of another project's image, named with its version", () => {
      expect(Object.keys(cluster.registry.mirrors).sort()).toEqual([...mirrorNames].sort());
      for (const [name, reference] of Object.entries(cluster.registry.mirrors)) {
        expect(reference.startsWith(`${cluster.registry.prefix}/`)).toBe(true);
        const tag = mirrors[name as MirrorName].version;
        expect(reference.endsWith(`/${clusterName}-mirror-${name}:${tag}`)).toBe(true);
        expect(Object.values(cluster.registry.repositories)).not.toContain(reference.split(":")[0]);
      }
    });

    test("[H5] what is inside its network is known beforehand, and the API server and name servers are part of it", () => {
      const { internalCidrs, apiServer, dnsCidrs, identity, bucketMount } = cluster.network;
      expect(internalCidrs.length).toBeGreaterThan(0);
      const inside = (cidr: string) =>
        [...internalCidrs, "169.254.0.0/16"].some((range) => within(cidr, range));
      for (const { cidr, port } of apiServer) expect([cidr, inside(cidr), port]).toEqual([cidr, true, 443]);
      for (const cidr of dnsCidrs) expect([cidr, inside(cidr)]).toEqual([cidr, true]);
      for (const { cidr, port } of [...identity, ...bucketMount]) {
        // One address, on the node itself: credentials are asked for there and nowhere else.
        expect([cidr, within(cidr, "169.254.0.0/16"), cidr.endsWith("/32")]).toEqual([cidr, true, true]);
        expect([80, 988]).toContain(port);
      }
      for (const endpoint of bucketMount) expect(identity).toContainEqual(endpoint);
    });

    test("[S1] its database bucket has a name and address known before it exists, and is what its grant needs", () => {
      const { name, url, resources } = cluster.buckets.database;
      expect(name).toContain(clusterName);
      expect(name.length).toBeLessThanOrEqual(63);
      expect(url).toMatch(new RegExp(`^(gs|s3)://${name}$`));
      expect(resources.length).toBeGreaterThan(0);
    });

    test("[D1] the domain, its name servers and a DNS-01 solver for it are known", async () => {
      expect(cluster.dns.domain).toBe(domain);
      expect((await settled(cluster.dns.nameServers)).length).toBeGreaterThan(0);
      expect(Object.keys(await settled(cluster.dns.challengeSolver))).toHaveLength(1);
    });

    test("the load balancer is trusted with the client's address from narrow ranges only, and only if it hides it", () => {
      if (cluster.ingress.proxyProtocol) expect(cluster.ingress.trustedCidrs.length).toBeGreaterThan(0);
      else expect(cluster.ingress.trustedCidrs).toEqual([]);
      for (const cidr of cluster.ingress.trustedCidrs) {
        expect(Number(cidr.split("/")[1])).toBeGreaterThanOrEqual(16);
      }
    });

    test("the ingress has a public address and says what the controller's Service looks like", async () => {
      expect(await settled(cluster.ingress.address)).not.toBe("");
      expect(["LoadBalancer", "ClusterIP"]).toContain(cluster.ingress.service.type);
      expect(await settled(cluster.ingress.service.annotations)).toBeDefined();
      expect(await settled(pulumi.output(cluster.ingress.service.spec))).toBeDefined();
    });

    test("[S2] every storage intent has a class, and none that a mount would have to wait for", () => {
      expect(Object.keys(cluster.storage.classes).sort()).toEqual([...storageIntents].sort());
      for (const storageClass of Object.values(cluster.storage.classes)) {
        expect(storageClass).not.toMatch(/^(GLACIER|DEEP_ARCHIVE)$/);
      }
      expect(cluster.storage.block.provisioner).not.toBe("");
      expect(cluster.storage.bucketDriver).not.toBe("");
    });

    test("[S4] a user's bucket is mounted by that driver, for the user's own id, by nodes that take environments", () => {
      const { userVolumes } = cluster;
      expect(userVolumes.driver).toBe(cluster.storage.bucketDriver);
      expect(userVolumes.mountOptions).toEqual(expect.arrayContaining(["uid=1000", "gid=1000"]));
      for (const volume of userVolumes.helper?.volumes ?? []) expect(volume).not.toMatch(/^user-/);
      expect(Object.keys(cluster.userPlacement.nodeSelector)).not.toEqual([]);
      for (const { key } of cluster.userPlacement.tolerations) {
        expect(cluster.systemTolerations.map((toleration) => toleration.key)).not.toContain(key);
      }
    });

    test("its environment is plain text and says which cloud the application runs on", () => {
      expect(cluster.environment.CLOUD_PROVIDER).toBe(cluster.cloud);
      expect(cluster.environment.PROJECT_ID).toBeTruthy();
      for (const value of Object.values(cluster.environment)) expect(typeof value).toBe("string");
      expect(JSON.stringify(cluster.environment)).not.toContain(canary);
    });

    test("[W3] annotations of a workload resolve only once every resource of its permission exists", async () => {
      const made = recording.resources.filter(
        (r) => r.custom && under(recording, r, /WorkloadIam$/, "backend"),
      );
      expect(made.length).toBeGreaterThan(0);
      const waited = await dependencies(used.backend.annotations);
      for (const resource of made) expect(waited).toContain(resource.urn);
      expect(Object.keys(await settled(used.backend.annotations)).length).toBeGreaterThan(0);
    });

    test("[W2] backend and user pods are different identities", async () => {
      const backend = await settled(used.backend.annotations);
      const users = await settled(used.users.annotations);
      for (const [key, value] of Object.entries(users)) expect(backend[key]).not.toBe(value);
    });

    test("an identity without rights is refused, and names the workload", async () => {
      await expect(
        record(
          () =>
            implementation
              .make(clusterName, domain)
              .bindWorkload("idle", { namespace, serviceAccount: "idle", grants: [] }),
          { computed: implementation.computed },
        ),
      ).rejects.toThrow(/idle/);
    });

    test("a kept secret is protected, retained, and recorded as a secret only", async () => {
      expect(await settled(used.kept.id)).not.toBe("");
      const kept = recording.resources.filter((r) => r.custom && r.name.includes("file-key"));
      expect(kept.length).toBeGreaterThan(0);
      for (const resource of kept) {
        expect([resource.name, resource.protect, resource.retainOnDelete]).toEqual([
          resource.name,
          true,
          true,
        ]);
      }
    });

    test("[C3] no secret is recorded in the clear", () => {
      for (const resource of recording.resources) {
        const clear = JSON.stringify(withoutSecrets(resource.inputs));
        expect([resource.name, clear.includes(canary)]).toEqual([resource.name, false]);
      }
    });

    test("what holds data is protected and retained", () => {
      const holding = recording.resources.filter((r) => implementation.dataTypes.includes(r.type));
      expect(holding.length).toBeGreaterThan(0);
      for (const resource of holding) {
        expect([resource.name, resource.protect, resource.retainOnDelete]).toEqual([
          resource.name,
          true,
          true,
        ]);
      }
    });

    test("nothing is left to a default provider", () => {
      const cloudless = recording.resources.filter(
        (r) =>
          r.custom && !r.type.startsWith("pulumi:") && !r.type.startsWith("random:") && r.provider === "",
      );
      expect(cloudless.map((r) => r.name)).toEqual([]);
    });

    test("no registration makes up a value: two runs ask for the same", async () => {
      const again = await record(() => use(implementation.make(clusterName, domain)), {
        computed: implementation.computed,
      });
      const inputs = (r: Recording) =>
        Object.fromEntries(r.resources.map((x) => [x.urn, JSON.stringify(x.inputs)]));
      expect(inputs(again.recording)).toEqual(inputs(recording));
    });
  });
}

/** Does an address range lie within another? */
function within(inner: string, outer: string): boolean {
  const bits = (cidr: string) => {
    const [address, length] = cidr.split("/") as [string, string];
    const binary = address.split(".").map((byte) => Number(byte).toString(2).padStart(8, "0"));
    return binary.join("").slice(0, Number(length));
  };
  return bits(inner).startsWith(bits(outer));
}

/** Is the resource below a component whose type matches and whose name contains `name`? */
function under(recording: Recording, resource: RecordedResource, type: RegExp, name: string): boolean {
  const parent = recording.resources.find((r) => r.urn === resource.parent);
  if (!parent) return false;
  return (type.test(parent.type) && parent.name.includes(name)) || under(recording, parent, type, name);
}

/** URNs of all resources an output waits for; the SDK keeps them behind a method without a public type. */
async function dependencies(output: pulumi.Output<unknown>): Promise<string[]> {
  const inner = output as unknown as { allResources(): Promise<Set<pulumi.Resource>> };
  const resources = await inner.allResources();
  return Promise.all([...resources].map((resource) => settled(resource.urn)));
}

/** A copy with every secret's content removed. */
function withoutSecrets(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
  }
  return value;
}
