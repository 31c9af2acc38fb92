import { children, recordAws, withProvider } from "./fixtures/recorded";
import { NatInstance, type NatInstanceArgs } from "./nat-instance";

const args: NatInstanceArgs = {
  cluster: "cmb-test",
  vpcId: "vpc-1",
  subnetId: "subnet-public",
  sourceCidrs: ["10.0.0.0/18", "10.0.64.0/18"],
  internet: [],
  tags: { project: "cmbcluster" },
};
const make = (changes: Partial<NatInstanceArgs> = {}) =>
  recordAws(() => new NatInstance("nat", { ...args, ...changes }, withProvider()));
const bootScript = (inputs: Record<string, unknown>) =>
  Buffer.from(inputs.userData as string, "base64").toString();

test("[N1] a NAT instance is exactly these resources: no key, no role", async () => {
  const { recording } = await make();
  expect(children(recording)).toEqual(
    [
      "cmb:aws:NatInstance nat",
      "Eip nat-address",
      "Instance nat-instance",
      "LaunchTemplate nat-template",
      "SecurityGroup nat-group",
      "SecurityGroupEgressRule nat-to-internet",
      "SecurityGroupIngressRule nat-from-private-1",
      "SecurityGroupIngressRule nat-from-private-2",
    ].sort(),
  );
  const { inputs } = recording.one("nat-template");
  expect(inputs).not.toHaveProperty("keyName");
  expect(inputs).not.toHaveProperty("iamInstanceProfile");
});

test("[N1] nothing reaches it but what the private subnets send out", async () => {
  const { recording } = await make();
  const sources = recording.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
  expect(sources.map(({ inputs }) => inputs.cidrIpv4)).toEqual(args.sourceCidrs);
});

test("[N1] it forwards, under an address of its own, once the internet is there", async () => {
  const { recording } = await recordAws(() => {
    const opts = withProvider();
    const way = new NatInstance("way", args, opts);
    return new NatInstance("nat", { ...args, internet: way.resources }, opts);
  });
  expect(recording.one("nat-instance").inputs).toEqual({
    subnetId: "subnet-public",
    launchTemplate: { id: "nat-template-id", version: "1" },
    sourceDestCheck: false,
    tags: { Name: "cmb-test-nat" },
  });
  expect(recording.one("nat-address").inputs).toMatchObject({ domain: "vpc", instance: "nat-instance-id" });
  const internet = ["way-instance", "way-address"].map((name) => recording.one(name).urn);
  for (const part of ["nat-instance", "nat-address"]) {
    expect(recording.one(part).dependencies).toEqual(expect.arrayContaining(internet));
  }
});

test("[N1] a new image of Amazon's is no reason to replace it: the template names a parameter, the instance none", async () => {
  const { recording } = await make();
  expect(recording.one("nat-template").inputs.imageId).toMatch(
    /^resolve:ssm:.*al2023-ami-kernel-default-arm64$/,
  );
  expect(recording.one("nat-instance").inputs).not.toHaveProperty("ami");
});

test("[N1] it keeps its metadata to itself, encrypts its disk, borrows no processor time, and tags what it makes", async () => {
  const { recording } = await make();
  const tags = { project: "cmbcluster", Name: "cmb-test-nat" };
  expect(recording.one("nat-template").inputs).toMatchObject({
    instanceType: "t4g.nano",
    metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    creditSpecification: { cpuCredits: "standard" },
    blockDeviceMappings: [{ ebs: { volumeSize: 8, volumeType: "gp3", encrypted: "true" } }],
    tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
      resourceType,
      tags,
    })),
  });
  const bare = await make({ tags: undefined });
  expect(bare.recording.one("nat-template").inputs.tags).toEqual({ Name: "cmb-test-nat" });
});

// That the instance carries this out is not shown: nothing here boots.
test("[N1] its boot script rewrites what comes from each range, and nothing else, and keeps that over a restart", async () => {
  const { recording } = await make();
  const script = bootScript(recording.one("nat-template").inputs);
  expect(script.match(/MASQUERADE/g)).toHaveLength(2);
  for (const cidr of args.sourceCidrs) expect(script).toContain(`-s ${cidr} -o "$interface" -j MASQUERADE`);
  expect(script.indexOf("ip_forward=1")).toBeGreaterThan(0);
  expect(script.trimEnd().endsWith("service iptables save")).toBe(true);
});

test("a transform changes the child it is for", async () => {
  const { recording } = await make({
    transform: {
      launchTemplate: (template) => ({ ...template, instanceType: "t4g.micro" }),
      instance: (instance) => ({ ...instance, disableApiTermination: true }),
    },
  });
  expect(recording.one("nat-template").inputs.instanceType).toBe("t4g.micro");
  expect(recording.one("nat-instance").inputs.disableApiTermination).toBe(true);
});
