import * as pulumi from "@pulumi/pulumi";
import { computedGcp } from "../../testing/computed-gcp";
import { record, settled } from "../../testing/record";
import type { GcpCmbClusterArgs } from "./cmb-cluster";
import { someArgs, someCluster } from "./fixtures/cluster";

const make = (overrides: Partial<GcpCmbClusterArgs> = {}) =>
  record(() => someCluster(overrides), { computed: computedGcp });
const urnsOf = (resources: readonly pulumi.Resource[]) =>
  Promise.all(resources.map(({ urn }) => settled(urn)));

test("[P1] a cluster with nothing bound to it registers exactly this", async () => {
  const { recording } = await make();
  expect(recording.list()).toEqual([
    "cmb:gcp:Buckets cmb-buckets",
    "cmb:gcp:Cluster cmb-cluster",
    "cmb:gcp:CmbCluster cmb",
    "cmb:gcp:Dns cmb-dns",
    "cmb:gcp:Identity cmb-identity",
    "cmb:gcp:IngressAddress cmb-ingress",
    "cmb:gcp:LogStore cmb-cluster-logs",
    "cmb:gcp:LogStore cmb-flow-logs",
    "cmb:gcp:Network cmb-network",
    "cmb:gcp:NodeIdentity cmb-nodes",
    "cmb:gcp:NodePools cmb-pools",
    "cmb:gcp:Registry cmb-registry",
    "cmb:gcp:Services cmb-services",
    "gcp:artifactregistry/repository:Repository cmb-registry-repository",
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember cmb-registry-reader-nodes",
    "gcp:compute/address:Address cmb-ingress-address",
    "gcp:compute/firewall:Firewall cmb-network-webhooks",
    "gcp:compute/network:Network cmb-network-vpc",
    "gcp:compute/router:Router cmb-network-router",
    "gcp:compute/routerNat:RouterNat cmb-network-nat",
    "gcp:compute/subnetwork:Subnetwork cmb-network-subnet",
    "gcp:container/cluster:Cluster cmb-cluster-gke",
    "gcp:container/nodePool:NodePool cmb-pools-system",
    "gcp:container/nodePool:NodePool cmb-pools-users",
    "gcp:dns/managedZone:ManagedZone cmb-dns-zone",
    "gcp:dns/recordSet:RecordSet cmb-dns-api",
    "gcp:dns/recordSet:RecordSet cmb-dns-environments",
    "gcp:dns/recordSet:RecordSet cmb-dns-site",
    "gcp:logging/projectBucketConfig:ProjectBucketConfig cmb-cluster-logs-bucket",
    "gcp:logging/projectBucketConfig:ProjectBucketConfig cmb-flow-logs-bucket",
    "gcp:logging/projectExclusion:ProjectExclusion cmb-cluster-logs-exclusion",
    "gcp:logging/projectExclusion:ProjectExclusion cmb-flow-logs-exclusion",
    "gcp:logging/projectSink:ProjectSink cmb-cluster-logs-sink",
    "gcp:logging/projectSink:ProjectSink cmb-flow-logs-sink",
    "gcp:projects/iAMMember:IAMMember cmb-nodes-role",
    "gcp:projects/service:Service cmb-services-artifactregistry",
    "gcp:projects/service:Service cmb-services-cloudresourcemanager",
    "gcp:projects/service:Service cmb-services-compute",
    "gcp:projects/service:Service cmb-services-container",
    "gcp:projects/service:Service cmb-services-containerscanning",
    "gcp:projects/service:Service cmb-services-dns",
    "gcp:projects/service:Service cmb-services-iam",
    "gcp:projects/service:Service cmb-services-iamcredentials",
    "gcp:projects/service:Service cmb-services-logging",
    "gcp:projects/service:Service cmb-services-monitoring",
    "gcp:projects/service:Service cmb-services-secretmanager",
    "gcp:projects/service:Service cmb-services-serviceusage",
    "gcp:projects/service:Service cmb-services-storage",
    "gcp:serviceaccount/account:Account cmb-nodes-account",
    "gcp:storage/bucket:Bucket cmb-buckets-database",
    "gcp:storage/bucket:Bucket cmb-buckets-database-logs",
    "gcp:storage/bucketIAMMember:BucketIAMMember cmb-buckets-database-logs-writer",
    "pulumi:providers:gcp gcp",
    "pulumi:providers:kubernetes cmb-kubernetes",
    "pulumi:pulumi:Stack cmbcluster-test",
  ]);
});

test("every resource has a plain name of its own: nothing is left to the engine or to Google", async () => {
  const { recording } = await make();
  const named = ["name", "accountId", "repositoryId", "bucketId", "service", "member"];
  for (const r of recording.resources.filter((one) => one.type.startsWith("gcp:"))) {
    expect([r.name, named.some((key) => typeof r.inputs[key] === "string")]).toEqual([r.name, true]);
  }
});

test("nothing is made before its API is enabled", async () => {
  const { recording } = await make();
  const enabledBy: Record<string, string> = {
    "cmb-network-vpc": "compute",
    "cmb-cluster-gke": "container",
    "cmb-nodes-account": "iam",
    "cmb-registry-repository": "artifactregistry",
    "cmb-buckets-database": "storage",
    "cmb-ingress-address": "compute",
    "cmb-dns-zone": "dns",
    "cmb-flow-logs-bucket": "logging",
  };
  for (const [name, api] of Object.entries(enabledBy)) {
    expect(recording.one(name).dependencies).toContain(recording.one(`cmb-services-${api}`).urn);
  }
});

test("[O5] a destroy takes the pools, then the cluster, then what nodes live on", async () => {
  const { recording } = await make();
  const gke = recording.one("cmb-cluster-gke");
  for (const pool of ["cmb-pools-system", "cmb-pools-users"]) {
    const { dependencies } = recording.one(pool);
    expect(dependencies).toContain(gke.urn);
    expect(dependencies).toContain(recording.one("cmb-nodes-account").urn);
    expect(dependencies).toContain(recording.one("cmb-network-nat").urn);
  }
  for (const below of ["cmb-network-subnet", "cmb-nodes-account", "cmb-nodes-role"]) {
    expect(gke.dependencies).toContain(recording.one(below).urn);
  }
  // The control plane would wait for the NAT's seconds for nothing.
  expect(gke.dependencies).not.toContain(recording.one("cmb-network-nat").urn);
});

test("[O5] kept data drags no cluster along: it depends on neither cluster, network nor pools", async () => {
  const { recording } = await record(
    () => {
      const cluster = someCluster({ protect: { cluster: false } });
      cluster.bindWorkload("users", {
        namespace: "n",
        serviceAccount: "s",
        grants: [{ verb: "mount-user-buckets" }],
      });
      cluster.keepSecret("word", { description: "a word", value: pulumi.secret("hush") });
    },
    { computed: computedGcp },
  );
  const kept = recording.resources.filter((r) => r.protect);
  expect(kept.map((r) => r.name).sort()).toEqual([
    "cmb-buckets-database",
    "cmb-buckets-database-logs",
    "cmb-buckets-database-logs-writer",
    "cmb-dns-zone",
    "cmb-users-account",
    "cmb-word-secret",
    "cmb-word-version",
  ]);
  for (const { name, retainOnDelete, dependencies } of kept) {
    expect([name, retainOnDelete]).toEqual([name, true]);
    for (const urn of dependencies) expect(urn).toMatch(/projects\/service:|::cmb-buckets-|::cmb-word-/);
  }
});

test("[P9] a profile opts out of protection, visibly, for data and cluster apart", async () => {
  const { recording } = await make({ protect: { data: false, cluster: false } });
  expect(recording.resources.filter((r) => r.protect)).toEqual([]);
  expect(recording.one("cmb-cluster-gke").inputs.deletionProtection).toBe(false);
  const half = await make({ protect: { cluster: false } });
  expect(half.recording.one("cmb-buckets-database").protect).toBe(true);
});

test("the Kubernetes provider is told the cluster by a name that changes only with the cluster", async () => {
  const { recording } = await make();
  const { inputs } = recording.one("cmb-kubernetes");
  expect(inputs.clusterIdentifier).toMatch(/^gke-.*gke\.goog$/);
  expect(String(inputs.enableServerSideApply)).toBe("true");
  for (const absent of ["deleteUnreachable", "skipUpdateUnreachable", "renderYamlToDirectory"]) {
    expect(inputs).not.toHaveProperty(absent);
  }
});

test("[H1] the application is told where it runs, and of Amazon only where Cognito is", async () => {
  const { result } = await make();
  expect(result.environment).toEqual({
    CLOUD_PROVIDER: "gcp",
    PROJECT_ID: "acme-science",
    REGION: "europe-west4",
    ZONE: "europe-west4-b",
    DATABASE_BUCKET: "acme-science-cmb-dev-db",
    REGISTRY_URL: "europe-west4-docker.pkg.dev/acme-science/cmb-dev",
  });
  const cognito = {
    region: "eu-central-1",
    userPoolId: pulumi.output("p"),
    clientId: pulumi.output("c"),
    clientSecret: pulumi.secret("s"),
    issuer: pulumi.output("i"),
    created: true,
  };
  const withCognito = await make({ signIn: { active: "cognito", cognito } });
  expect(withCognito.result.environment.AWS_REGION).toBe("eu-central-1");
});

test("labels reach the machines, which default labels do not", async () => {
  const { recording } = await make({ labels: { team: "cmb" } });
  expect(recording.one("cmb-pools-users").inputs.nodeConfig).toMatchObject({
    resourceLabels: { team: "cmb" },
  });
  expect(recording.one("cmb-cluster-gke").inputs.resourceLabels).toEqual({ team: "cmb" });
});

test("images are scanned, at a price, unless told not to; then the API is left alone", async () => {
  const { recording } = await make({ registry: { scan: false } });
  expect(recording.resources.map((r) => r.name)).not.toContain("cmb-services-containerscanning");
});

test("logs are kept as long as asked", async () => {
  const { recording } = await make({ logs: { flowDays: 14, clusterDays: 90 } });
  expect(recording.one("cmb-flow-logs-bucket").inputs.retentionDays).toBe(14);
  expect(recording.one("cmb-cluster-logs-bucket").inputs.retentionDays).toBe(90);
});

test("in a preview nothing that promises access is resolved", async () => {
  let resolved = false;
  await record(
    () => {
      someCluster()
        .bindWorkload("users", {
          namespace: "n",
          serviceAccount: "s",
          grants: [{ verb: "mount-user-buckets" }],
        })
        .annotations.apply(() => (resolved = true));
    },
    { computed: computedGcp, preview: true },
  );
  expect(resolved).toBe(false);
});

test("[H6] what goes onto nodes waits for every pool, the warm one among them where it is kept", async () => {
  const { system, users } = someArgs().nodes;
  const warm = { machineType: "e2-standard-2", count: 1, diskGb: 30, maxPods: 64 };
  const kept = await make({ nodes: { system, users, warm } });
  expect(await urnsOf(kept.result.ready)).toEqual(
    ["system", "users", "warm"].map((pool) => kept.recording.one(`cmb-pools-${pool}`).urn),
  );
  const plain = await make();
  expect(await urnsOf(plain.result.ready)).toEqual(
    ["system", "users"].map((pool) => plain.recording.one(`cmb-pools-${pool}`).urn),
  );
});

test("environments tolerate the taint of a dedicated pool, as it is set on its nodes, and none elsewhere", async () => {
  const { system, users } = someArgs().nodes;
  const { recording, result } = await make({ nodes: { system, users: { ...users, dedicated: true } } });
  const { taints } = recording.one("cmb-pools-users").inputs.nodeConfig as {
    taints: { key: string; value: string; effect: string }[];
  };
  expect(taints).toHaveLength(1);
  const { key, value } = taints[0]!;
  expect(result.userPlacement.tolerations).toEqual([{ key, operator: "Equal", value, effect: "NoSchedule" }]);
  expect((await make()).result.userPlacement.tolerations).toEqual([]);
});

test("the kubeconfig is complete once the cluster is there", async () => {
  const { result } = await make();
  expect(await settled(result.kubeconfig)).toContain("gke.goog");
});

describe("refused, before anything is registered:", () => {
  test.each<[string, Partial<GcpCmbClusterArgs>, RegExp]>([
    ["a name of 19 characters", { name: "a".repeat(19) }, /18 at most/],
    ["no zone", { zones: [] }, /nodes need a zone/],
    ["a database bucket that looks like a user's", { project: "orion-science" }, /orion-.*may delete/],
  ])("%s", async (_what, overrides, message) => {
    await expect(make(overrides)).rejects.toThrow(message);
  });
});
