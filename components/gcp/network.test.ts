import { computedGcp } from "../../testing/computed-gcp";
import { record } from "../../testing/record";
import { Network, type NetworkArgs } from "./network";
import { gcpProvider } from "./providers";

const make = (args: Partial<NetworkArgs> = {}) =>
  record(
    () =>
      new Network(
        "net",
        {
          cluster: "cmb-dev",
          project: "acme-science",
          region: "europe-west4",
          nodesCidr: "10.0.0.0/20",
          podsCidr: "10.4.0.0/14",
          servicesCidr: "10.8.0.0/20",
          controlPlaneCidr: "172.16.0.0/28",
          ...args,
        },
        { provider: gcpProvider("gcp", { project: "acme-science", region: "europe-west4" }) },
      ),
    { computed: computedGcp },
  );

test("[N1] a network is a VPC, a subnet, a router and its NAT: nothing that lets anything in", async () => {
  const { recording } = await make();
  expect(recording.list().filter((line) => !line.startsWith("pulumi:"))).toEqual([
    "cmb:gcp:Network net",
    "gcp:compute/network:Network net-vpc",
    "gcp:compute/router:Router net-router",
    "gcp:compute/routerNat:RouterNat net-nat",
    "gcp:compute/subnetwork:Subnetwork net-subnet",
  ]);
  expect(recording.one("net-vpc").inputs).toMatchObject({
    name: "cmb-dev",
    project: "acme-science",
    autoCreateSubnetworks: false,
  });
});

test("[N1] the subnet has ranges for pods and services, private access to Google, and flow logs", async () => {
  const { recording } = await make();
  expect(recording.one("net-subnet").inputs).toEqual({
    name: "cmb-dev-nodes",
    project: "acme-science",
    region: "europe-west4",
    network: "net-vpc-id",
    ipCidrRange: "10.0.0.0/20",
    secondaryIpRanges: [
      { rangeName: "pods", ipCidrRange: "10.4.0.0/14" },
      { rangeName: "services", ipCidrRange: "10.8.0.0/20" },
    ],
    privateIpGoogleAccess: true,
    logConfig: {
      aggregationInterval: "INTERVAL_5_MIN",
      flowSampling: 0.5,
      metadata: "INCLUDE_ALL_METADATA",
    },
  });
  const sampled = await make({ flowSampling: 1 });
  expect(sampled.recording.one("net-subnet").inputs.logConfig).toMatchObject({ flowSampling: 1 });
});

test("[N1] the NAT gives ports as nodes need them, which excludes endpoint-independent mapping", async () => {
  const { recording } = await make();
  const nat = recording.one("net-nat").inputs;
  expect(nat).toMatchObject({
    enableDynamicPortAllocation: true,
    enableEndpointIndependentMapping: false,
    minPortsPerVm: 64,
    maxPortsPerVm: 4096,
    natIpAllocateOption: "AUTO_ONLY",
    sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    logConfig: { enable: true, filter: "ERRORS_ONLY" },
  });
  expect(nat).not.toHaveProperty("natIps");
  const sized = await make({ natMinPortsPerVm: 128, natMaxPortsPerVm: 8192 });
  expect(sized.recording.one("net-nat").inputs).toMatchObject({ minPortsPerVm: 128, maxPortsPerVm: 8192 });
});

test("reserved addresses take the place of those that Google picks", async () => {
  const { recording } = await make({ natAddresses: 2 });
  expect(recording.ofType("gcp:compute/address:Address").map((a) => a.inputs.name)).toEqual([
    "cmb-dev-nat-1",
    "cmb-dev-nat-2",
  ]);
  const nat = recording.one("net-nat").inputs;
  expect(nat.natIpAllocateOption).toBe("MANUAL_ONLY");
  expect(nat.natIps).toHaveLength(2);
});

test("webhook ports are open to the control plane's range only, on this cluster's nodes only", async () => {
  const { recording, result } = await make({ webhookPorts: [9443, 8443] });
  expect(recording.one("net-webhooks").inputs).toMatchObject({
    name: "cmb-dev-webhooks",
    direction: "INGRESS",
    sourceRanges: ["172.16.0.0/28"],
    targetTags: [result.nodeTag],
    allows: [{ protocol: "tcp", ports: ["9443", "8443"] }],
  });
  expect(recording.ofType("gcp:compute/firewall:Firewall")).toHaveLength(1);
});
