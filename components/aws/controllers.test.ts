import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import { awsPlace } from "../../testing/computed-aws";
import { pinnedCharts } from "../charts";
import { Controllers, type ControllersArgs } from "./controllers";
import { systemTolerations } from "./node-groups";
import { children, recordAws, someIdentity, withProvider } from "./fixtures/recorded";

const make = (changes: Partial<ControllersArgs> = {}) =>
  recordAws(() => {
    const opts = withProvider();
    const args: ControllersArgs = {
      cluster: "cmb-test",
      accountId: awsPlace.accountId,
      region: awsPlace.region,
      vpcId: "vpc-1",
      identity: someIdentity(opts),
      kubernetes: new k8s.Provider("k8s", { kubeconfig: "{}" }),
      tolerations: [],
      dependsOn: [new aws.ec2.Vpc("before", {}, opts)],
    };
    return new Controllers("x", { ...args, ...changes }, opts);
  });

test("[N4] the controllers are two charts, each with a role of its own", async () => {
  const { recording } = await make();
  expect(children(recording)).toEqual(
    [
      "OpenIdConnectProvider oidc",
      "Vpc before",
      "pulumi:providers:kubernetes k8s",
      "Release x-aws-load-balancer-controller",
      "Release x-cluster-autoscaler",
      "Role x-aws-load-balancer-controller-role",
      "Role x-cluster-autoscaler-role",
      "RolePolicy x-aws-load-balancer-controller-policy",
      "RolePolicy x-cluster-autoscaler-policy",
      "cmb:aws:Controllers x",
    ].sort(),
  );
});

test.each(["cluster-autoscaler", "aws-load-balancer-controller"] as const)(
  "[N4] %s runs on tainted system nodes, and tolerates nothing where there is no taint",
  async (chart) => {
    const tolerations = systemTolerations({ spot: true });
    const on = async (given: ControllersArgs["tolerations"]) => {
      const { recording } = await make({ tolerations: given });
      return (recording.one(`x-${chart}`).inputs.values as { tolerations: unknown }).tolerations;
    };
    expect(await on(tolerations)).toEqual(tolerations);
    expect(await on([])).toEqual([]);
  },
);

test("[N4] the autoscaler runs on system nodes only: with the last of them it sleeps, and wakes none", async () => {
  const { recording } = await make();
  const values = recording.one("x-cluster-autoscaler").inputs.values;
  expect(values).toMatchObject({ nodeSelector: { "cmb.dev/pool": "system" } });
});

test.each(["cluster-autoscaler", "aws-load-balancer-controller"] as const)(
  "[N4] %s comes from its own project, pinned, and waits for nodes, DNS and its role",
  async (chart) => {
    const { recording } = await make();
    const release = recording.one(`x-${chart}`);
    expect(release.inputs).toMatchObject({
      chart,
      version: pinnedCharts[chart].version,
      repositoryOpts: { repo: pinnedCharts[chart].repository },
      name: chart,
      namespace: "kube-system",
    });
    expect(release.dependencies).toEqual(
      expect.arrayContaining(
        ["before", `x-${chart}-role`, `x-${chart}-policy`].map((it) => recording.one(it).urn),
      ),
    );
    expect(release.provider).toMatch(/::k8s::/);
  },
);

test("[N3] the autoscaler looks for the groups of this cluster and spreads over its zones", async () => {
  const { recording } = await make();
  const values = recording.one("x-cluster-autoscaler").inputs.values as Record<string, unknown>;
  expect(values).toMatchObject({
    autoDiscovery: { clusterName: "cmb-test" },
    cloudProvider: "aws",
    awsRegion: "eu-central-1",
    rbac: {
      serviceAccount: {
        name: "cluster-autoscaler",
        annotations: {
          "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/cmb-test-cluster-autoscaler",
        },
      },
    },
    extraArgs: { "balance-similar-node-groups": true, expander: "least-waste" },
  });
});

test("[N4] the load balancer controller asks no metadata, guards no Ingress or Service, and manages no group", async () => {
  const { recording } = await make();
  expect(recording.one("x-aws-load-balancer-controller").inputs.values).toMatchObject({
    clusterName: "cmb-test",
    region: "eu-central-1",
    vpcId: "vpc-1",
    serviceAccount: {
      name: "aws-load-balancer-controller",
      annotations: {
        "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/cmb-test-aws-load-balancer-controller",
      },
    },
    enableServiceMutatorWebhook: false,
    webhookConfig: { disableIngressValidation: true },
    createIngressClassResource: false,
    ingressClassParams: { create: false },
    enableBackendSecurityGroup: false,
  });
});

test("a chart can come from another place, whose version is its own", async () => {
  const { recording } = await make({ charts: { "cluster-autoscaler": { path: "/charts/ca" } } });
  const { inputs } = recording.one("x-cluster-autoscaler");
  expect(inputs.chart).toBe("/charts/ca");
  expect(inputs).not.toHaveProperty("version");
  expect(inputs).not.toHaveProperty("repositoryOpts");
});
