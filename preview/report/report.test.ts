import Ajv2020 from "ajv/dist/2020";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ConfigReport, refusedReport, reportOf } from "./build";
import { DOCUMENT_VERSION, previewDocument, previewSchemaText } from "./document";
import { awsGraph } from "./fixtures/aws";
import { gcpGraph } from "./fixtures/gcp";
import { GraphBuilder } from "./fixtures/graph";
import { Secret, UNKNOWN, type ValueMap } from "../engine";

const sound: ConfigReport = { faults: [], toSupply: [], findings: [] };
const aws = reportOf(awsGraph().recording({ outputs: { profile: "dev" } }), sound);
const gcp = reportOf(gcpGraph().recording(), sound);
const facts = (report: typeof aws) =>
  Object.fromEntries(report.sections.map(({ name, fact }) => [name, fact]));

test("sections come in reading order, each with its line of facts from the recorded graph: Amazon", () => {
  expect(Object.entries(facts(aws))).toEqual([
    ["network", "VPC 10.0.0.0/16, 3 zones, 1 NAT gateway, flow logs"],
    ["cluster", "EKS 1.35, private nodes: system 1–3 t3.large and users 0–5 t3.xlarge"],
    ["registry", "ECR, 2 repositories, tags immutable, scanned on push"],
    ["buckets", "S3 cmb-db-123456789012, and 1 more, versioned, no public access"],
    ["identity", "Cognito pool cmb, MFA required, no self sign-up"],
    ["workload-iam", "IRSA, 1 role for service accounts"],
    ["dns", "Route 53 zone example.org (made here), records example.org *.example.org"],
    ["secrets", "Secrets Manager cmb/key"],
    ["platform", "aws-load-balancer-controller, traefik 41.3.0"],
    ["application", "not installed yet, prepared: Namespace"],
    ["stack", "Role"],
  ]);
});

test("sections come in reading order, each with its line of facts from the recorded graph: Google", () => {
  expect(Object.entries(facts(gcp))).toEqual([
    [
      "network",
      "VPC, nodes 10.0.0.0/20, pods and services 10.4.0.0/14 and 10.8.0.0/20, Cloud NAT, flow logs",
    ],
    [
      "cluster",
      "GKE zonal, regular channel, private nodes: system 1–3 e2-standard-2 and users 0–6 e2-standard-4",
    ],
    ["registry", "Artifact Registry, 1 repository, tags immutable, cleaned up"],
    ["buckets", "GCS proj-cmb-db in EU, versioned, no public access"],
    ["workload-iam", "Workload Identity, 2 service accounts"],
    ["dns", "Cloud DNS zone example.org (made here), records example.org"],
    ["secrets", "Secret Manager cmb-key"],
    ["logs", "Cloud Logging cmb-logs, 7 days"],
    ["platform", "traefik 41.3.0"],
    ["application", "chart app-chart"],
    ["stack", "RepositoryIamMember, IAMBinding"],
  ]);
});

test("nodes in a subnet with a route to an internet gateway are not called private", () => {
  const graph = awsGraph();
  const urnOf = (name: string) => graph.resources.find((one) => one.name === name)!.urn;
  const network = graph.resources.find(({ type }) => type === "cmb:aws:Network")!;
  graph.add(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "wrong",
    network,
    {},
    { propertyDependencies: { routeTableId: [urnOf("public")], subnetId: [urnOf("private-a")] } },
  );
  expect(facts(reportOf(graph.recording(), sound))["cluster"]).toBe(
    "EKS 1.35: system 1–3 t3.large and users 0–5 t3.xlarge",
  );
});

test("[O11] spot nodes, a NAT instance and a schedule for sleep are told; of types alike the first stands for all", () => {
  const amazon = awsGraph();
  const network = amazon.resources.find(({ type }) => type === "cmb:aws:Network")!;
  amazon.add("aws:ec2/instance:Instance", "nat", network, { sourceDestCheck: false });
  amazon.add("aws:ec2/instance:Instance", "other", network, {});
  const sleep = amazon.component("aws", "SleepSchedule");
  amazon.add("aws:scheduler/schedule:Schedule", "evening", sleep);
  const groups = amazon.component("aws", "NodeGroups2");
  amazon.add("aws:eks/nodeGroup:NodeGroup", "extra", groups, {
    capacityType: "SPOT",
    instanceTypes: ["t3a.large", "t3.large"],
    scalingConfig: { minSize: 1, maxSize: 1 },
  });
  const told = facts(reportOf(amazon.recording(), sound));
  expect(told["network"]).toContain("1 NAT gateway, NAT instance");
  expect(told["cluster"]).toMatch(/extra 1 spot t3a\.large; sleeps by schedule$/);

  const google = gcpGraph();
  const jobs = google.component("gcp", "SleepSchedule");
  google.add("gcp:cloudscheduler/job:Job", "evening", jobs);
  google.add("gcp:container/nodePool:NodePool", "system-two", jobs, {
    autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 1 },
    nodeConfig: { machineType: "e2-standard-2", spot: true },
  });
  expect(facts(reportOf(google.recording(), sound))["cluster"]).toMatch(
    /system 1 spot e2-standard-2; sleeps by schedule$/,
  );
});

test("the sections' counts add up to all that providers make, components and providers left out", () => {
  for (const report of [aws, gcp]) {
    expect(report.sections.reduce((sum, { count }) => sum + count, 0)).toBe(report.count);
    expect(report.count).toBe(
      report.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:providers:")).length,
    );
  }
});

test("cloud and region are read from the graph", () => {
  expect(aws).toMatchObject({ cloud: "aws", region: "eu-central-1", profile: "dev" });
  expect(gcp).toMatchObject({ cloud: "gcp", region: "europe-west4" });
});

test("every way in from outside is named with who can take it: Amazon", () => {
  expect(aws.exposure.map(({ what, who, internet }) => [what, who, internet])).toEqual([
    ["EKS API, public endpoint", "192.0.2.0/24, with IAM rights", true],
    ["EKS API, private endpoint", "the VPC only", false],
    ["NLB cmb-nlb, ports 80, 443", "anyone on the internet", true],
    ["Cognito sign-in page cmb-sign-in", "anyone on the internet", true],
    ["DNS zone example.org", "anyone on the internet (reads its records)", true],
  ]);
});

test("every way in from outside is named with who can take it: Google", () => {
  expect(gcp.exposure.map(({ what, who, internet }) => [what, who, internet])).toEqual([
    ["GKE API, DNS endpoint", "anyone on the internet with IAM rights", true],
    ["load balancer of traefik", "anyone on the internet", true],
    ["DNS zone example.org", "anyone on the internet (reads its records)", true],
  ]);
});

describe("variants of the ways in", () => {
  const exposureOf = (type: string, inputs: Parameters<GraphBuilder["add"]>[3]) => {
    const graph = new GraphBuilder();
    graph.add(type, "x", graph.root, inputs);
    return reportOf(graph.recording(), sound).exposure.map(({ what, who, internet }) => [
      what,
      who,
      internet,
    ]);
  };

  test("an EKS endpoint without ranges is open to anyone; a private one has no public line", () => {
    expect(exposureOf("aws:eks/cluster:Cluster", {})).toEqual([
      ["EKS API, public endpoint", "anyone on the internet with IAM rights", true],
    ]);
    const vpcConfig = { endpointPublicAccess: false, endpointPrivateAccess: true };
    expect(exposureOf("aws:eks/cluster:Cluster", { vpcConfig })).toEqual([
      ["EKS API, private endpoint", "the VPC only", false],
    ]);
  });

  test("a GKE address is open to its ranges, to nobody, to anyone, or to the VPC", () => {
    const byAddress = (inputs: object) => exposureOf("gcp:container/cluster:Cluster", { ...inputs })[1];
    const ranges = { cidrBlocks: [{ cidrBlock: "192.0.2.0/24" }] };
    expect(byAddress({ masterAuthorizedNetworksConfig: ranges })).toEqual([
      "GKE API, public address",
      "192.0.2.0/24, with IAM rights",
      true,
    ]);
    expect(byAddress({ masterAuthorizedNetworksConfig: {} })).toEqual([
      "GKE API, public address",
      "nobody",
      false,
    ]);
    expect(byAddress({})![1]).toBe("anyone on the internet with IAM rights");
    expect(byAddress({ privateClusterConfig: { enablePrivateEndpoint: true } })![1]).toBe("the VPC only");
    expect(exposureOf("gcp:container/cluster:Cluster", {})[0]).toEqual([
      "GKE API, DNS endpoint",
      "Google's network only, with IAM rights",
      false,
    ]);
  });

  test("a balancer inside, a Service, a private zone", () => {
    expect(exposureOf("aws:lb/loadBalancer:LoadBalancer", { internal: true })).toEqual([
      ["load balancer x, ports none", "the VPC only", false],
    ]);
    expect(exposureOf("kubernetes:core/v1:Service", { spec: { type: "LoadBalancer" } })).toHaveLength(1);
    expect(exposureOf("kubernetes:core/v1:Service", { spec: { type: "ClusterIP" } })).toEqual([]);
    expect(
      exposureOf("kubernetes:helm.sh/v3:Release", { values: { list: [{ type: "LoadBalancer" }] } }),
    ).toHaveLength(1);
    expect(exposureOf("gcp:dns/managedZone:ManagedZone", { visibility: "private" })).toEqual([]);
    expect(exposureOf("aws:route53/zone:Zone", { vpcs: [{}] })).toEqual([]);
  });

  test("a chart whose Service is known only after up is judged by what its component says", () => {
    const installed = (serviceType: string) => {
      const graph = new GraphBuilder();
      const ingress = graph.component("platform", "Ingress", { serviceType });
      graph.add("kubernetes:helm.sh/v3:Release", "t", ingress, { values: { service: { spec: UNKNOWN } } });
      return reportOf(graph.recording(), sound).exposure.length;
    };
    expect(installed("LoadBalancer")).toBe(1);
    expect(installed("ClusterIP")).toBe(0);
  });

  test("a balancer whose group lets in one range, or none", () => {
    const behind = (ingress: { cidrBlocks: string[] }[]) => {
      const graph = new GraphBuilder();
      const group = graph.add("aws:ec2/securityGroup:SecurityGroup", "g", graph.root, { ingress });
      graph.add(
        "aws:lb/loadBalancer:LoadBalancer",
        "x",
        graph.root,
        {},
        { propertyDependencies: { securityGroups: [group.urn] } },
      );
      return reportOf(graph.recording(), sound).exposure[0]!.who;
    };
    expect(behind([{ cidrBlocks: ["192.0.2.0/24"] }])).toBe("192.0.2.0/24");
    expect(behind([])).toBe("nobody: no range is let in");
  });
});

test("what holds data is told with how it is kept, and nothing else is", () => {
  expect(aws.data.map(({ name, kept }) => [name, kept])).toEqual([
    ["database", "protected and retained"],
    ["logs", "no"],
    ["pool", "protected"],
    ["mount", "no"],
    ["zone", "protected"],
    ["key", "retained"],
    ["keys-file-encryption", "protected"],
  ]);
  expect(gcp.data.map(({ name, kept }) => [name, kept])).toEqual([
    ["database", "no"],
    ["mount", "retained"],
    ["zone", "no"],
    ["key", "retained"],
    ["the-database", "retained"],
  ]);
});

test("the database's volume is lost where its class does not retain it, or is not known to", () => {
  const graph = gcpGraph();
  const kept = (resources: typeof graph.resources) =>
    reportOf({ ...graph.recording(), resources }, sound).data.find(({ name }) => name === "the-database")!
      .kept;
  expect(kept(graph.resources)).toBe("retained");
  const isClass = ({ type }: (typeof graph.resources)[number]) => type.endsWith(":StorageClass");
  expect(kept(graph.resources.filter((one) => !isClass(one)))).toBe("no");
  const deleting = { reclaimPolicy: "Delete", metadata: { name: "kept" } };
  expect(kept(graph.resources.map((one) => (isClass(one) ? { ...one, inputs: deleting } : one)))).toBe("no");
});

test("a cluster counts as data where it is kept", () => {
  const graph = new GraphBuilder();
  graph.add("gcp:container/cluster:Cluster", "c", graph.root, {}, { protect: true });
  expect(reportOf(graph.recording(), sound).data).toMatchObject([{ name: "c", kept: "protected" }]);
});

test("secrets are masks in the document, wherever they stand", () => {
  const graph = new GraphBuilder();
  graph.add("t:m:T", "x", graph.root, { deep: [{ token: new Secret("hush") }] });
  const report = reportOf(graph.recording({ outputs: { key: new Secret("hush") } }), sound);
  expect(JSON.stringify(report)).not.toContain("hush");
  expect(report.outputs).toEqual({ key: "[secret]" });
  expect(report.resources[1]!.inputs).toEqual({ deep: [{ token: "[secret]" }] });
});

test("a stack with faults has its findings and nothing planned", () => {
  const finding = { code: "CMB-C001", key: "k", value: "1", cause: "c", fix: "f" };
  const report = refusedReport("dev", "p", { ...sound, faults: [finding] });
  expect(report).toMatchObject({
    exit: "refused",
    findings: [finding],
    resources: [],
    sections: [],
    count: 0,
  });
  expect(report).not.toHaveProperty("cloud");
});

describe.each([
  ["Amazon", awsGraph],
  ["Google", gcpGraph],
])("a graph of which little is known: %s", (_cloud, graphOf) => {
  /** The same resources with every input dropped or unknown. */
  const hollow = (inputOf: () => ValueMap) => {
    const graph = graphOf();
    const resources = graph.resources.map((resource) => ({
      ...resource,
      inputs: resource.custom ? inputOf() : resource.inputs,
      propertyDependencies: {},
      dependencies: [],
    }));
    return reportOf({ ...graph.recording(), resources }, sound);
  };
  const unknowns = () => new Proxy({}, { get: () => UNKNOWN, has: () => true }) as ValueMap;

  test.each([
    ["nothing given", () => ({})],
    ["everything unknown", unknowns],
  ])("%s: every section is still there, and nothing is claimed that is not known", (_what, inputOf) => {
    const full = reportOf(graphOf().recording(), sound);
    const report = hollow(inputOf);
    expect(report.sections.map(({ name, count }) => [name, count])).toEqual(
      full.sections.map(({ name, count }) => [name, count]),
    );
    const text = report.sections.map(({ fact }) => fact).join("\n");
    expect(text).not.toMatch(
      /immutable|scanned|versioned|no public access|private nodes|MFA|sign-up|zone,|undefined|\[object|NaN/,
    );
    expect(previewDocument.safeParse({ version: 1, stacks: [report] }).error).toBeUndefined();
  });
});

test("a cloud's own controllers are counted with the platform", () => {
  const graph = new GraphBuilder();
  graph.add("kubernetes:helm.sh/v3:Release", "r", graph.component("aws", "Controllers"), {
    chart: "a",
    version: "1",
  });
  expect(facts(reportOf(graph.recording(), sound))).toEqual({ platform: "a 1" });
});

test("an existing zone is told as existing", () => {
  for (const [cloud, type] of [
    ["aws", "aws:route53/record:Record"],
    ["gcp", "gcp:dns/recordSet:RecordSet"],
  ]) {
    const graph = new GraphBuilder();
    graph.add(type!, "r", graph.component(cloud!, "Dns"), { name: "a.example.org." });
    expect(facts(reportOf(graph.recording(), sound))["dns"]).toContain("(existing), records a.example.org");
  }
});

describe("the document", () => {
  const document = { version: DOCUMENT_VERSION, stacks: [aws, gcp, refusedReport("x", "p", sound)] };
  const published = join(__dirname, "../../docs/preview.schema.json");

  test("fits its type and its published schema, and the schema is closed", () => {
    expect(previewDocument.parse(document)).toEqual(document);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(previewSchemaText()) as object);
    expect(validate(JSON.parse(JSON.stringify(document)))).toBe(true);
    expect(validate({ ...document, more: 1 })).toBe(false);
    expect(validate({ ...document, stacks: [{ ...aws, count: "many" }] })).toBe(false);
  });

  test("has its schema published as it is: npm run docs makes it anew", () => {
    expect(JSON.parse(readFileSync(published, "utf8"))).toEqual(JSON.parse(previewSchemaText()));
  });
});
