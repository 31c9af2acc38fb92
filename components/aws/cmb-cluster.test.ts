import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { RecordedResource, Recording } from "../../testing/record";
import { record, settled } from "../../testing/record";
import { clusterArgs, makeCluster } from "./fixtures/make-cluster";
import { identityOf, recordAws } from "./fixtures/recorded";

const attach = { namespace: "traefik", service: "traefik", ports: { http: 80, https: 443 } };
const whole = (changes: Parameters<typeof makeCluster>[0] = {}) =>
  recordAws(() => {
    const cluster = makeCluster(changes);
    cluster.ingress.attach("ingress", attach, {});
    return cluster;
  });

let usual: Awaited<ReturnType<typeof whole>>;
beforeAll(async () => {
  usual = await whole();
});

/** Whether `later` waits, directly or through others, for `earlier`: then `earlier` is destroyed after it. */
function waitsFor(recording: Recording, later: string, earlier: string): boolean {
  const byUrn = new Map(recording.resources.map((resource) => [resource.urn, resource]));
  const target = recording.one(earlier).urn;
  const seen = new Set<string>();
  const search = (resource: RecordedResource): boolean =>
    [...resource.dependencies, resource.provider.split("::").slice(0, -1).join("::")].some((urn) => {
      if (urn === target) return true;
      const next = byUrn.get(urn);
      if (!next || seen.has(urn)) return false;
      seen.add(urn);
      return search(next);
    });
  return search(recording.one(later));
}

test("[P1] a cluster has these parts, each a component of its own", () => {
  const { recording } = usual;
  const top = recording.one("cmb", "cmb:aws:CmbCluster").urn;
  expect(
    recording.resources
      .filter((r) => r.parent === top)
      .map((r) => `${r.type} ${r.name}`)
      .sort(),
  ).toEqual(
    [
      "cmb:aws:Network cmb-network",
      "cmb:aws:Cluster cmb-cluster",
      "cmb:aws:MountIdentity cmb-mount-identity",
      "cmb:aws:NodeAddons cmb-node-addons",
      "cmb:aws:NodeGroups cmb-nodes",
      "cmb:aws:WorkloadAddons cmb-addons",
      "cmb:aws:Controllers cmb-controllers",
      "cmb:aws:LoadBalancer cmb-ingress",
      "cmb:aws:Dns cmb-dns",
      "cmb:aws:Registry cmb-registry",
      "cmb:aws:Buckets cmb-buckets",
      "pulumi:providers:kubernetes cmb-kubernetes",
    ].sort(),
  );
});

test.each([
  ["cmb-nodes-users", "cmb-cluster-eks", "nodes go before the control plane"],
  ["cmb-nodes-users", "cmb-node-addons-vpc-cni", "nodes go before their network"],
  ["cmb-nodes-users", "cmb-nodes-AmazonEKSWorkerNodePolicy", "nodes go before their role's rights"],
  ["cmb-nodes-users", "cmb-network-private-eu-central-1a-internet", "nodes go before their way out"],
  ["cmb-nodes-users", "cmb-network-s3", "nodes go before their way to the buckets"],
  ...clusterArgs.zones.flatMap((zone) =>
    ["private", "public"].flatMap((kind) => [
      ["cmb-nodes-users", `cmb-network-${kind}-${zone}-association`, "nodes go before their way out"],
      [
        "ingress-http",
        `cmb-network-${kind}-${zone}-association`,
        "bindings go while their controller has it",
      ],
    ]),
  ),
  ["cmb-addons-coredns", "cmb-nodes-users", "cluster DNS goes before the nodes"],
  ["cmb-controllers-cluster-autoscaler", "cmb-nodes-users", "the autoscaler goes before the nodes"],
  ["cmb-controllers-cluster-autoscaler", "cmb-cluster-eks", "charts go before the access entries"],
  ["cmb-ingress-nlb", "cmb-network-public-internet", "the load balancer goes before the internet"],
  ["cmb-ingress-nlb", "cmb-network-internet", "the load balancer goes before the internet gateway"],
  ...clusterArgs.zones.map((zone) => [
    "cmb-ingress-nlb",
    `cmb-network-public-${zone}-association`,
    "the load balancer goes before the internet",
  ]),
  ["cmb-ingress-http", "cmb-ingress-nlb", "listeners go before the load balancer"],
  ["ingress-http", "cmb-controllers-aws-load-balancer-controller", "bindings go before their controller"],
  [
    "ingress-http",
    "cmb-controllers-aws-load-balancer-controller-policy",
    "bindings go before the role's rights",
  ],
  ["ingress-http", "cmb-ingress-http-targets", "bindings go before the target groups"],
  ["ingress-http", "cmb-nodes-users", "bindings go before the nodes"],
  ["cmb-cluster-eks", "cmb-network-vpc", "the control plane goes before the network"],
] as [string, string, string][])("[O5] %s waits for %s: on destroy %s", (later, earlier) => {
  const { recording } = usual;
  expect(waitsFor(recording, later, earlier)).toBe(true);
  expect(waitsFor(recording, earlier, later)).toBe(false);
});

test("[O5] nothing that is protected holds back the cluster or the network", () => {
  const { recording } = usual;
  const kept = recording.resources.filter((resource) => resource.protect);
  expect(kept.length).toBeGreaterThan(15);
  for (const { name } of kept) {
    for (const costly of ["cmb-cluster-eks", "cmb-network-vpc", "cmb-nodes-users"]) {
      expect([name, costly, waitsFor(recording, name, costly)]).toEqual([name, costly, false]);
    }
  }
});

test("[O5] the import that the troubleshooting page names for the log group is of this group", () => {
  const { recording } = usual;
  const group = recording.one("cmb-cluster-logs");
  const page = readFileSync(join(__dirname, "../../docs/troubleshooting.md"), "utf8");
  expect(page).toContain(
    `pulumi import ${group.type} ${group.name} ${(group.inputs.name as string).replace("cmb-test", "cmb-dev")}`,
  );
  const [types, name] = identityOf(recording, recording.one("cmb-cluster", "cmb:aws:Cluster")).split("::");
  expect(page).toContain(`cluster=urn:pulumi:aws-dev::cmbcluster::${types!}::${name!}'`);
  expect(page).toContain("aws=urn:pulumi:aws-dev::cmbcluster::pulumi:providers:aws::aws'");
});

test("[P9] cluster protection reaches the control plane and the images, data protection the rest", async () => {
  const { recording } = await whole({ protect: { data: false, cluster: true } });
  expect(recording.one("cmb-cluster-eks").protect).toBe(true);
  expect(recording.one("cmb-registry-backend").inputs.forceDelete).toBe(false);
  expect(recording.one("cmb-buckets-database").protect).toBe(false);
  expect(recording.one("cmb-dns-zone").protect).toBe(false);
  expect(recording.one("cmb-mount-identity-role").protect).toBe(false);
});

test("the Kubernetes provider is bound to this cluster and applies on the server", () => {
  const { recording } = usual;
  const { inputs } = recording.one("cmb-kubernetes");
  expect(inputs.clusterIdentifier).toBe("arn:aws:eks:eu-central-1:123456789012:cluster/cmb-test");
  expect(inputs.enableServerSideApply).toBe("true");
  expect(pulumi.runtime.isRpcSecret(inputs.kubeconfig)).toBe(true);
});

test("[N3] nodes follow the control plane's version, or lag behind it where asked", async () => {
  const follow = await whole({ cluster: { ...clusterArgs.cluster, version: "1.36" } });
  expect(follow.recording.one("cmb-nodes-users").inputs.version).toBe("1.36");
  const lag = await recordAws(() => {
    const { nodes } = clusterArgs;
    return makeCluster({
      cluster: { ...clusterArgs.cluster, version: "1.36" },
      nodes: { ...nodes, version: "1.35" },
    });
  });
  expect(lag.recording.one("cmb-nodes-users").inputs.version).toBe("1.35");
  expect(lag.recording.one("cmb-addons-coredns").inputs.addonVersion).toBe("v1.14.3-eksbuild.3");
});

test("the load balancer leads to the ingress controller's ports, Traefik's unless told otherwise", async () => {
  const { recording } = usual;
  expect(recording.one("cmb-ingress-https-targets").inputs.port).toBe(8443);
  const other = await whole({ ingressPodPorts: { http: 9080, https: 9443 } });
  expect(other.recording.one("cmb-ingress-https-targets").inputs.port).toBe(9443);
});

test("the load balancer has an address in as many zones as asked, the first ones, and in all by default", async () => {
  const subnets = async (loadBalancerZones?: number) => {
    const { recording } = await whole({ network: { ...clusterArgs.network, loadBalancerZones } });
    return recording.one("cmb-ingress-nlb").inputs.subnets;
  };
  expect(await subnets(1)).toEqual(["cmb-network-public-eu-central-1a-id"]);
  expect(await subnets()).toHaveLength(3);
});

test("[D1] an existing zone's id is in the DNS policy before anything is made", async () => {
  const { recording } = await recordAws(() => {
    const cluster = makeCluster({ dns: { domain: "cmb.example.org", existingZone: "Z9" } });
    cluster.bindWorkload("certificates", {
      namespace: "cert-manager",
      serviceAccount: "cert-manager",
      grants: [{ verb: "answer-dns-challenge" }],
    });
  });
  expect(recording.one("cmb-certificates-policy").inputs.policy).toContain("hostedzone/Z9");
});

test("[W2] a mounting role that is there is taken over only where asked", async () => {
  const { recording } = await whole({ adoptMountRole: true });
  expect(recording.one("cmb-mount-identity-role").ignoreChanges).toContain("assumeRolePolicy");
  expect(usual.recording.one("cmb-mount-identity-role").ignoreChanges).toEqual([]);
});

test("[H1] it tells the application its place, in the names that its code reads", async () => {
  const { result } = usual;
  expect(result.environment).toEqual({
    CLOUD_PROVIDER: "aws",
    PROJECT_ID: "cmb",
    AWS_ACCOUNT_ID: "123456789012",
    AWS_REGION: "eu-central-1",
    EKS_CLUSTER_NAME: "cmb-test",
    ECR_REGISTRY_URL: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    S3_DATABASE_BUCKET: "cmb-test-db-123456789012",
  });
  expect(await settled(result.dns.zoneId)).toBe("Z0123456789ABCDEFGHIJ");
});

test("the provider touches one account only and tags what it makes", () => {
  const { recording } = usual;
  const { inputs } = recording.one("aws", "pulumi:providers:aws");
  expect(inputs.region).toBe("eu-central-1");
  expect(JSON.parse(inputs.allowedAccountIds as string)).toEqual(["123456789012"]);
  expect(JSON.parse(inputs.defaultTags as string)).toEqual({ tags: { project: "cmbcluster" } });
});

test("[P8] a preview of it needs no answer from AWS", () => {
  const { recording } = usual;
  expect(recording.calls).toEqual([]);
});

test("[P8] it previews while every id of AWS is still unknown, with the policies that need none of them plain", async () => {
  const { recording } = await record(
    () => {
      const cluster = makeCluster();
      cluster.bindWorkload("backend", {
        namespace: "science",
        serviceAccount: "cmbcluster-ksa",
        grants: [{ verb: "manage-user-buckets" }],
      });
    },
    { preview: true },
  );
  expect(recording.one("cmb-backend-policy").inputs.policy).toContain("s3:CreateBucket");
  expect(recording.one("cmb-nodes-users").inputs.clusterName).toBe("cmb-test");
  expect(recording.resources.length).toBeGreaterThan(100);
});

test("[Q1] what the platform waits for names no controller: these come up beside it", async () => {
  const names = await Promise.all(
    usual.result.ready.map(async (resource) => (await settled(resource.urn)).split("::").at(-1)),
  );
  expect(names).toContain("cmb-addons-coredns");
  expect(names.filter((name) => name?.includes("controllers"))).toEqual([]);
});
