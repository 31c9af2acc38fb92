import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import { settled } from "../../testing/record";
import { children, recordAws, withProvider } from "./fixtures/recorded";
import { LoadBalancer, type LoadBalancerArgs } from "./load-balancer";

const make = (changes: Partial<LoadBalancerArgs> = {}) =>
  recordAws(() => {
    const opts = withProvider();
    const args: LoadBalancerArgs = {
      cluster: "cmb-test",
      vpcId: "vpc-1",
      subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
      internet: [new aws.ec2.Vpc("internet", {}, opts)],
      subnetCidrs: ["10.0.192.0/20"],
      clusterSecurityGroupId: "sg-nodes",
      podPorts: { http: 8000, https: 8443 },
      kubernetes: new k8s.Provider("k8s", { kubeconfig: "{}" }),
      controller: [new aws.ec2.Vpc("controller", {}, opts)],
    };
    const balancer = new LoadBalancer("lb", { ...args, ...changes }, opts);
    const service = new aws.ec2.Vpc("service", {}, opts);
    const attachment = { namespace: "traefik", service: "traefik", ports: { http: 80, https: 443 } };
    return { balancer, bound: balancer.attach("bind", attachment, { dependsOn: [service] }) };
  });

test("a load balancer is exactly these resources", async () => {
  const { recording } = await make();
  expect(children(recording)).toEqual(
    [
      "Vpc controller",
      "Vpc internet",
      "Vpc service",
      "pulumi:providers:kubernetes k8s",
      "cmb:aws:LoadBalancer lb",
      "SecurityGroup lb-group",
      "SecurityGroupEgressRule lb-http-to-pods",
      "SecurityGroupEgressRule lb-https-to-pods",
      "SecurityGroupIngressRule lb-http-from-internet",
      "SecurityGroupIngressRule lb-http-into-pods",
      "SecurityGroupIngressRule lb-https-from-internet",
      "SecurityGroupIngressRule lb-https-into-pods",
      "LoadBalancer lb-nlb",
      "Listener lb-http",
      "Listener lb-https",
      "TargetGroup lb-http-targets",
      "TargetGroup lb-https-targets",
      "TargetGroupBinding bind-http",
      "TargetGroupBinding bind-https",
    ].sort(),
  );
});

test("the internet reaches ports 80 and 443 of the load balancer and nothing else", async () => {
  const { recording } = await make();
  const rules = recording.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
  const open = rules.filter(
    (rule) => rule.inputs.cidrIpv4 !== undefined || rule.inputs.cidrIpv6 !== undefined,
  );
  expect(
    open.map(({ inputs }) => [inputs.cidrIpv4, inputs.fromPort, inputs.toPort, inputs.securityGroupId]),
  ).toEqual([
    ["0.0.0.0/0", 80, 80, "lb-group-id"],
    ["0.0.0.0/0", 443, 443, "lb-group-id"],
  ]);
});

test.each([
  ["http", 8000],
  ["https", 8443],
])(
  "%s goes from the load balancer's group to the nodes' group on the pods' port %d only",
  async (role, port) => {
    const { recording } = await make();
    expect(recording.one(`lb-${role}-into-pods`).inputs).toMatchObject({
      securityGroupId: "sg-nodes",
      referencedSecurityGroupId: "lb-group-id",
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
    });
    expect(recording.one(`lb-${role}-to-pods`).inputs).toMatchObject({
      securityGroupId: "lb-group-id",
      referencedSecurityGroupId: "sg-nodes",
      fromPort: port,
      toPort: port,
    });
  },
);

test("it is a public network load balancer over all zones, in a security group from its first day", async () => {
  const { recording } = await make();
  expect(recording.one("lb-nlb").dependencies).toContain(recording.one("internet").urn);
  // Replaced when it leaves a zone, under the name it has.
  expect(recording.one("lb-nlb").deleteBeforeReplace).toBe(true);
  expect(recording.one("lb-nlb").inputs).toEqual({
    name: "cmb-test-ingress",
    loadBalancerType: "network",
    internal: false,
    ipAddressType: "ipv4",
    subnets: ["subnet-a", "subnet-b", "subnet-c"],
    securityGroups: ["lb-group-id"],
    enableCrossZoneLoadBalancing: true,
  });
  expect(recording.one("lb-https").inputs).toMatchObject({
    port: 443,
    protocol: "TCP",
    defaultActions: [
      { type: "forward", targetGroupArn: expect.stringContaining("cmb-test-https-8443") as string },
    ],
  });
});

test("targets are pods' addresses that hear of the client by PROXY protocol, checked by plain TCP", async () => {
  const { recording } = await make();
  const targets = recording.one("lb-http-targets");
  expect(targets.inputs).toEqual({
    name: "cmb-test-http-8000",
    vpcId: "vpc-1",
    port: 8000,
    protocol: "TCP",
    targetType: "ip",
    proxyProtocolV2: true,
    preserveClientIp: "false",
    deregistrationDelay: 120,
    healthCheck: {
      protocol: "TCP",
      port: "traffic-port",
      interval: 10,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    },
  });
  expect(targets.deleteBeforeReplace).toBe(false);
});

test("[O5] a binding waits for controller, listeners and Service, so on destroy it goes while they still run", async () => {
  const { recording, result } = await make();
  expect(result.bound).toHaveLength(2);
  const binding = recording.one("bind-https");
  expect(binding.inputs).toEqual({
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding",
    metadata: { name: "traefik-https", namespace: "traefik" },
    spec: {
      serviceRef: { name: "traefik", port: 443 },
      targetGroupARN: expect.stringContaining("targetgroup/cmb-test-https-8443/") as string,
      targetType: "ip",
    },
  });
  expect(binding.dependencies).toEqual(
    expect.arrayContaining(
      ["controller", "service", "lb-http", "lb-https"].map((name) => recording.one(name).urn),
    ),
  );
  expect(binding.provider).toMatch(/::k8s::/);
});

test("it says what the controller's Service looks like and from where to trust the PROXY protocol", async () => {
  const { result } = await make();
  expect(result.balancer.service.type).toBe("ClusterIP");
  expect(await settled(result.balancer.service.annotations)).toEqual({});
  expect(result.balancer.service.spec).toEqual({});
  expect(result.balancer.proxyProtocol).toBe(true);
  expect(result.balancer.trustedCidrs).toEqual(["10.0.192.0/20"]);
  expect(await settled(result.balancer.address)).toBe(
    "cmb-test-ingress-0123456789abcdef.elb.eu-central-1.amazonaws.com",
  );
});
