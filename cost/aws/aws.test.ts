import { amounts, type Add, billOf, holes } from "../fixtures/plan";

const bill = (build: (add: Add) => void, region = "us-east-1") => billOf("aws", region, build);
const template = (add: Add, ebs = {}) =>
  add("aws:ec2/launchTemplate:LaunchTemplate", "t", {
    instanceType: "m6i.large",
    blockDeviceMappings: [{ ebs: { volumeType: "gp3", volumeSize: 50, ...ebs } }],
  }).urn;
const group = (add: Add, inputs = {}, links: Record<string, string[]> = {}, name = "g") =>
  add(
    "aws:eks/nodeGroup:NodeGroup",
    name,
    { instanceTypes: ["t3.large"], scalingConfig: { minSize: 1, maxSize: 3 }, ...inputs },
    links.launchTemplate ? links : { launchTemplate: [template(add)], ...links },
  );

test("[O11] groups alike are one line, from the pools' minimum to their maximum", () => {
  const found = bill((add) => {
    const links = { launchTemplate: [template(add)] };
    group(add, {}, links, "a");
    group(add, { scalingConfig: { minSize: 0, maxSize: 2 } }, links, "b");
  });
  expect(amounts(found)).toEqual(["nodes t3.large: 60.74–303.68", "boot disks gp3, GB: 4.00–20.00"]);
  expect(found.lines[0]!.resources).toHaveLength(2);
});

test("[O11] nodes labelled for users are the users', and an hour of an environment is priced by them", () => {
  const found = bill((add) => group(add, { labels: { "cmb.dev/pool": "users" } }));
  expect(found.lines.map(({ group: where, share }) => [where, share])).toEqual([
    ["user nodes", "users"],
    ["user nodes", "users"],
  ]);
  expect(found.totals.platform).toBe(0);
  // Half a core of two: a quarter of the machine and of its disk.
  const hour = 0.0832 + (50 * 0.08) / 730;
  expect(found.units[0]).toMatchObject({ unit: "hour", least: hour / 4, most: hour });
  expect(bill((add) => group(add)).units).toEqual([]);
});

test("[O11] spot nodes cost what the list has less the region's average saving, and say so", () => {
  const found = bill((add) => group(add, { capacityType: "SPOT" }));
  const line = found.lines.find(({ what }) => what === "spot nodes t3.large")!;
  expect(line.price.amount).toBeCloseTo(0.0832 * (1 - 0.62), 9);
  expect(line.price.date).toBe("2025-06");
  expect(line.basis).toContain("average saving of spot 62 %");
});

test("[O11] where other types may stand in for a spot node, the maximum reckons with the dearest of them", () => {
  const found = bill((add) =>
    group(add, {
      capacityType: "SPOT",
      instanceTypes: ["t3.large", "m5.large", "m7i-flex.large", "t3a.large"],
    }),
  );
  const [t3, m5] = [0.0832 * (1 - 0.62), 0.096 * (1 - 0.66)];
  expect(t3).toBeLessThan(m5);
  const line = found.lines.find(({ what }) => what === "spot nodes t3.large")!;
  expect(line.quantity).toBe(730);
  expect(line.most).toBeCloseTo((3 * 730 * m5) / t3, 6);
  expect(line.basis).toContain("up to 1.03 times that");
  const cheaper = bill((add) =>
    group(add, { capacityType: "SPOT", instanceTypes: ["m5.large", "t3a.large"] }),
  );
  expect(cheaper.lines[0]!.most).toBe(3 * 730);
});

test("[O11] a spot type whose saving is not known has no price, not even that on demand", () => {
  const found = bill((add) => group(add, { capacityType: "SPOT", instanceTypes: ["t3.nano"] }));
  expect(amounts(found)).toEqual(["boot disks gp3, GB: 4.00–12.00"]);
  expect(holes(found)).toEqual(["spot nodes t3.nano: aws saving of spot t3.nano in us-east-1"]);
});

test("[O11] a region without prices borrows none", () => {
  const found = bill((add) => group(add), "eu-north-1");
  expect(found.lines).toEqual([]);
  expect(holes(found)).toEqual([
    "nodes t3.large: aws ec2.t3.large in eu-north-1",
    "boot disks gp3, GB: aws ebs.gp3.gb in eu-north-1",
  ]);
  expect(found.prices).toBeUndefined();
});

test("[O11] the machine comes from the template where the group names none; without disks the group has a hole", () => {
  const found = bill((add) => {
    group(add, { instanceTypes: undefined as never });
    add("aws:eks/nodeGroup:NodeGroup", "bare", { scalingConfig: { minSize: 1, maxSize: 1 } });
  });
  expect(amounts(found)[0]).toBe("nodes m6i.large: 70.08–210.24");
  expect(holes(found)).toEqual([
    "nodes not known: aws ec2.not known in us-east-1",
    "boot disks: the disk of bare: no launch template tells it",
  ]);
});

test("[O11] disks pay for IOPS and throughput above the free base, and nothing at it", () => {
  const disks = (ebs: Record<string, number>) =>
    amounts(bill((add) => group(add, {}, { launchTemplate: [template(add, ebs)] }))).slice(1);
  expect(disks({ iops: 3000, throughput: 125 })).toEqual(["boot disks gp3, GB: 4.00–12.00"]);
  expect(disks({ iops: 4000, throughput: 225 })).toEqual([
    "boot disks gp3, IOPS above 3,000: 5.00–15.00",
    "boot disks gp3, GB: 4.00–12.00",
    "boot disks gp3, MiB/s above 125: 4.00–12.00",
  ]);
});

test("[O11] nodes in subnets that give addresses pay for one each", () => {
  const found = bill((add) => {
    const subnet = add("aws:ec2/subnet:Subnet", "s", { mapPublicIpOnLaunch: true });
    group(add, {}, { subnetIds: [subnet.urn] });
  });
  expect(amounts(found)).toContain("public addresses of nodes t3.large: 3.65–10.95");
});

test("[O11] a machine that forwards packets costs itself and its disk", () => {
  const found = bill((add) => {
    add(
      "aws:ec2/instance:Instance",
      "nat",
      { instanceType: "t4g.nano" },
      { launchTemplate: [template(add)] },
    );
  });
  expect(amounts(found)).toEqual(["boot disks gp3, GB: 4.00–4.00", "machine t4g.nano: 3.07–3.07"]);
  const untold = bill((add) => {
    add("aws:ec2/instance:Instance", "a", {}, { launchTemplate: [template(add)] });
    add("aws:ec2/instance:Instance", "b");
  });
  expect(amounts(untold)[0]).toBe("machine m6i.large: 70.08–70.08");
  expect(holes(untold)).toHaveLength(2);
});

test("[O11] a regional NAT gateway is told to have no price, and is not counted as a zonal one", () => {
  const nat = (add: Add, name: string, inputs = {}) => add("aws:ec2/natGateway:NatGateway", name, inputs);
  const found = bill((add) => {
    nat(add, "a");
    nat(add, "b", { availabilityMode: "regional" });
  });
  expect(amounts(found)).toEqual(["NAT gateways: 32.85–32.85", "through NAT, both ways: 0.90–0.90"]);
  expect(holes(found)).toEqual(["regional NAT gateway: aws nat, regional"]);
  expect(bill((add) => nat(add, "b", { availabilityMode: "regional" })).lines).toEqual([]);
});

describe("[O11] load balancers", () => {
  const balancer = (inputs: Record<string, never> | object, links: Record<string, string[]> = {}) =>
    bill((add) => add("aws:lb/loadBalancer:LoadBalancer", "lb", { ...inputs }, links));

  test("one that faces the internet has an address a zone; its own are counted where they are", () => {
    const internet = { loadBalancerType: "network" };
    const addresses = "public addresses of the load balancer";
    expect(amounts(balancer({ ...internet, subnets: ["a", "b"] }))).toContain(`${addresses}: 7.30–7.30`);
    expect(amounts(balancer(internet, { subnets: ["a", "b", "c"] }))).toContain(`${addresses}: 10.95–10.95`);
    expect(amounts(balancer(internet))).toContain(`${addresses}: 0.00–0.00`);
    const mapped = [{ subnetId: "a", allocationId: "e" }, { subnetId: "b" }];
    expect(amounts(balancer({ ...internet, subnetMappings: mapped }))).toContain(`${addresses}: 3.65–3.65`);
  });

  test("one inside has none, and sends nothing to the internet", () => {
    expect(amounts(balancer({ internal: true }))).toEqual([
      "load balancer (application): 16.43–16.43",
      "capacity units of the load balancer: 0.00–0.00",
    ]);
  });

  test("a kind that the lists lack has no price", () => {
    expect(holes(balancer({ loadBalancerType: "gateway" }))).toEqual([
      "load balancer (gateway): aws gateway load balancer",
    ]);
  });
});

test("[O11] interface endpoints pay by zone, gateway endpoints nothing", () => {
  const endpoint = (add: Add, name: string, inputs: object) =>
    add("aws:ec2/vpcEndpoint:VpcEndpoint", name, { ...inputs });
  expect(bill((add) => endpoint(add, "s3", { vpcEndpointType: "Gateway" })).lines).toEqual([]);
  const found = bill((add) => {
    endpoint(add, "ecr", { vpcEndpointType: "Interface", subnetIds: ["a", "b"] });
    endpoint(add, "sts", { vpcEndpointType: "Interface" });
  });
  expect(amounts(found)).toEqual(["interface endpoints: 21.90–21.90"]);
});

test("[O11] a cluster that may enter extended support says what it costs then, and adds nothing before", () => {
  const cluster = (inputs: object) =>
    bill((add) => add("aws:eks/cluster:Cluster", "c", { version: "1.35", ...inputs }));
  const standard = cluster({ upgradePolicy: { supportType: "STANDARD" } });
  expect([standard.units, standard.lines[0]!.basis]).toEqual([[], "1 × 730 h"]);
  for (const extended of [cluster({ upgradePolicy: { supportType: "EXTENDED" } }), cluster({})]) {
    expect(amounts(extended)).toEqual(["EKS control plane: 73.00–73.00"]);
    expect(extended.lines[0]!.basis).toContain("0.60 an hour once 1.35 leaves standard support");
    expect(extended.units).toEqual([expect.objectContaining({ least: 0.1, most: 0.6, unit: "hour" })]);
  }
  expect(bill((add) => add("aws:eks/cluster:Cluster", "c"), "eu-north-1").units).toEqual([]);
  expect(cluster({ version: undefined }).lines[0]!.basis).toContain("its version");
});

test("[O11] by use: data, access logs, images, logs by kind, people by tier; each says what it assumes", () => {
  const found = bill((add) => {
    const logs = add("aws:s3/bucket:Bucket", "logs", { bucket: "logs" });
    add("aws:s3/bucket:Bucket", "data");
    add("aws:s3/bucketLogging:BucketLogging", "l", { targetBucket: "x" }, { targetBucket: [logs.urn] });
    add("aws:ecr/repository:Repository", "a");
    add("aws:ecr/repository:Repository", "b");
    const flows = add("aws:cloudwatch/logGroup:LogGroup", "flows");
    add("aws:cloudwatch/logGroup:LogGroup", "cluster");
    add("aws:ec2/flowLog:FlowLog", "f", {}, { logDestination: [flows.urn] });
    add("aws:cognito/userPool:UserPool", "p", { userPoolTier: "PLUS" });
    add("aws:cognito/userPool:UserPool", "q");
  });
  expect(found.lines.map(({ what, basis, fixed }) => `${what}: ${basis}, ${fixed}`).sort()).toEqual([
    "data, stored: assumed 20 GB, false",
    "images in ECR: assumed 5 GB, false",
    "logs of the control plane: assumed 3 GB written, false",
    "logs, stored: assumed 1 GB, false",
    "network flow logs: assumed 1 GB written, false",
    "people in Cognito (essentials): assumed 50 people, false",
    "people in Cognito (plus): assumed 50 people, false",
  ]);
  // The free tier is Essentials' alone.
  expect(found.credits.map(({ what, amount }) => [what, amount])).toEqual([
    ["first 10,000 people in Cognito", 0.75],
  ]);
  expect(found.totals.fixed).toBe(0);
});

test("[O9] a secret's copy in another region costs as much again", () => {
  const secret = (inputs: object) =>
    bill((add) => add("aws:secretsmanager/secret:Secret", "s", { ...inputs }));
  const [alone, copied] = [secret({}), secret({ replicas: [{ region: "us-west-2" }] })];
  expect(copied.totals.fixed).toBeCloseTo(2 * alone.totals.fixed, 6);
});

test("[O9] what is copied to a second region is told by the GB: nobody knows beforehand how much is written", () => {
  const type = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
  const found = bill((add) => {
    add(type, "copy", { bucket: "data" });
    add(type, "nameless");
  });
  expect(found.lines).toEqual([]);
  expect(found.units.map(({ what, least, most, unit }) => [what, least, most, unit])).toEqual([
    ["data, copied to a second region", 0.025, 0.162, "GB written"],
    ["nameless, copied to a second region", 0.025, 0.162, "GB written"],
  ]);
});

test("[O11] a resource's own region comes before its provider's; without either nothing is priced", () => {
  const zone = (inputs: object) => bill((add) => add("aws:kms/key:Key", "k", { ...inputs }), "eu-north-1");
  expect(amounts(zone({ region: "us-east-1" }))).toEqual(["KMS keys: 1.00–1.00"]);
  expect(holes(zone({}))).toEqual(["KMS keys: aws kms.key.month in eu-north-1"]);
});
