import type { AwsCmbClusterArgs } from "./cmb-cluster";
import { makeCluster } from "./fixtures/make-cluster";
import { recordAws, withProvider } from "./fixtures/recorded";
import { Identity } from "./identity";
import { KeptSecret } from "./kept-secret";
import type { Transform } from "./transform";

/** Arguments that take any text: one of them carries the mark by which the child that was reached is found. */
const carriers = ["region", "description", "proxy", "comment", "setIdentifier", "billingViewArn"] as const;

function mark<T>(as: string, carrier: (typeof carriers)[number] = "region"): Transform<T> {
  return (args) => ({ ...args, [carrier]: `marked ${as}` });
}

const transform: Required<NonNullable<AwsCmbClusterArgs["transform"]>> = {
  network: {
    vpc: mark("vpc"),
    publicSubnet: mark("publicSubnet"),
    privateSubnet: mark("privateSubnet"),
    natGateway: mark("natGateway"),
    s3Endpoint: mark("s3Endpoint"),
    flowLog: mark("flowLog"),
    flowLogGroup: mark("flowLogGroup"),
  },
  cluster: {
    eks: mark("eks", "proxy"),
    role: mark("role", "description"),
    secretsKey: mark("secretsKey"),
    logGroup: mark("logGroup"),
  },
  nodes: {
    role: mark("nodeRole", "description"),
    launchTemplate: mark("launchTemplate"),
    system: mark("systemGroup"),
    users: mark("userGroup"),
  },
  addons: { coredns: mark("coredns"), "vpc-cni": mark("vpc-cni") },
  controllers: {
    autoscaler: mark("autoscaler", "description"),
    loadBalancerController: mark("loadBalancerController", "description"),
  },
  loadBalancer: { loadBalancer: mark("nlb"), targetGroup: mark("targetGroup"), listener: mark("listener") },
  sleep: { role: mark("sleepRole", "description"), schedule: mark("schedule", "description") },
  registry: { repository: mark("repository"), lifecyclePolicy: mark("lifecyclePolicy") },
  buckets: { dataKey: mark("dataKey"), database: mark("database"), accessLogs: mark("accessLogs") },
  dns: { zone: mark("zone", "comment"), record: mark("record", "setIdentifier") },
  budget: { budget: mark("budget", "billingViewArn") },
};

test("every way out leads to its child and to no other", async () => {
  const { recording } = await recordAws(() => {
    makeCluster({
      sleep: { timezone: "UTC", sleep: "20:00", wake: "07:00", days: ["MO"] },
      transform,
      budget: { monthly: 9, emails: [] },
    });
    new Identity(
      "id",
      {
        kind: "create",
        cluster: "cmb-test",
        accountId: "123456789012",
        region: "eu-central-1",
        site: "cmb.example.org",
        mfa: "off",
        selfSignUp: false,
        protect: true,
        transform: { userPool: mark("userPool"), client: mark("client"), domain: mark("domain") },
      },
      withProvider(),
    );
    new KeptSecret("s", {
      cluster: "cmb-test",
      role: "key",
      description: "a key",
      value: "v" as never,
      transform: { secret: mark("secret") },
    });
  });
  const reached = new Map<string, string[]>();
  for (const { inputs, name } of recording.resources) {
    const marked = carriers.map((carrier) => String(inputs[carrier])).find((it) => it.startsWith("marked "));
    const as = marked?.replace("marked ", "");
    if (as) reached.set(as, [...(reached.get(as) ?? []), name.replace(/eu-central-1/, "")].sort());
  }
  expect(Object.fromEntries(reached)).toEqual({
    budget: ["cmb-budget-monthly"],
    vpc: ["cmb-network-vpc"],
    publicSubnet: ["cmb-network-public-a", "cmb-network-public-b", "cmb-network-public-c"],
    privateSubnet: ["cmb-network-private-a", "cmb-network-private-b", "cmb-network-private-c"],
    natGateway: ["cmb-network-nat-a"],
    s3Endpoint: ["cmb-network-s3"],
    flowLog: ["cmb-network-flows-log"],
    flowLogGroup: ["cmb-network-flows-group"],
    eks: ["cmb-cluster-eks"],
    role: ["cmb-cluster-role"],
    secretsKey: ["cmb-cluster-secrets-key"],
    logGroup: ["cmb-cluster-logs"],
    nodeRole: ["cmb-nodes-role"],
    launchTemplate: ["cmb-nodes-system-template", "cmb-nodes-users-template"],
    systemGroup: ["cmb-nodes-system-a", "cmb-nodes-system-b", "cmb-nodes-system-c"],
    userGroup: ["cmb-nodes-users"],
    coredns: ["cmb-addons-coredns"],
    "vpc-cni": ["cmb-node-addons-vpc-cni"],
    autoscaler: ["cmb-controllers-cluster-autoscaler"],
    loadBalancerController: ["cmb-controllers-aws-load-balancer-controller"],
    nlb: ["cmb-ingress-nlb"],
    targetGroup: ["cmb-ingress-http-targets", "cmb-ingress-https-targets"],
    listener: ["cmb-ingress-http", "cmb-ingress-https"],
    sleepRole: ["cmb-sleep-role"],
    schedule: [
      ...["a", "b", "c"].flatMap((zone) => [
        `cmb-sleep-system-${zone}-sleep`,
        `cmb-sleep-system-${zone}-sleep-again`,
      ]),
      "cmb-sleep-system-a-wake",
      "cmb-sleep-users-sleep",
      "cmb-sleep-users-sleep-again",
    ].sort(),
    repository: [
      "cmb-registry-backend",
      "cmb-registry-frontend",
      "cmb-registry-mirror-busybox",
      "cmb-registry-mirror-litestream",
      "cmb-registry-user-environment",
    ],
    lifecyclePolicy: [
      "cmb-registry-backend-cleanup",
      "cmb-registry-frontend-cleanup",
      "cmb-registry-user-environment-cleanup",
    ],
    dataKey: ["cmb-buckets-data-key"],
    database: ["cmb-buckets-database"],
    accessLogs: ["cmb-buckets-access-logs"],
    zone: ["cmb-dns-zone"],
    record: ["cmb-dns-api", "cmb-dns-environments", "cmb-dns-site"],
    userPool: ["id-pool"],
    client: ["id-client"],
    domain: ["id-domain"],
    secret: ["s-secret"],
  });
});
