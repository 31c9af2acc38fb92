import { computedGcp } from "../../testing/computed-gcp";
import { record, settled } from "../../testing/record";
import { Cluster, clusterLocation, type ClusterArgs } from "./cluster";
import { gcpProvider } from "./providers";

const make = (args: Partial<ClusterArgs> = {}) =>
  record(
    () =>
      new Cluster(
        "plane",
        {
          cluster: "cmb-dev",
          project: "acme-science",
          region: "europe-west4",
          zones: ["europe-west4-b"],
          network: "vpc-id",
          subnetwork: "subnet-id",
          controlPlaneCidr: "172.16.0.0/28",
          nodeServiceAccount: "cmb-dev-nodes@acme-science.iam.gserviceaccount.com",
          ...args,
        },
        { provider: gcpProvider("gcp", { project: "acme-science", region: "europe-west4" }) },
      ),
    { computed: computedGcp },
  );
const inputs = async (args: Partial<ClusterArgs> = {}) =>
  (await make(args)).recording.one("plane-gke").inputs;

test("[N2] a cluster is one private GKE Standard cluster whose API is reached by its DNS name alone", async () => {
  const { recording, result } = await make();
  expect(recording.list().filter((line) => line.startsWith("gcp:"))).toEqual([
    "gcp:container/cluster:Cluster plane-gke",
  ]);
  const gke = recording.one("plane-gke");
  expect(gke.inputs).toMatchObject({
    name: "cmb-dev",
    project: "acme-science",
    network: "vpc-id",
    subnetwork: "subnet-id",
    networkingMode: "VPC_NATIVE",
    ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
    privateClusterConfig: { enablePrivateNodes: true, masterIpv4CidrBlock: "172.16.0.0/28" },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: true },
      ipEndpointsConfig: { enabled: false },
    },
    anonymousAuthenticationConfig: { mode: "LIMITED" },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
  });
  for (const absent of ["enableAutopilot", "masterAuthorizedNetworksConfig", "networkPolicy", "nodePools"]) {
    expect(gke.inputs).not.toHaveProperty(absent);
  }
  expect(await settled(result.dnsEndpoint)).toMatch(/^gke-.*\.europe-west4\.gke\.goog$/);
});

test("[N2] Dataplane V2, Workload Identity, a release channel, shielded nodes, costs by namespace", async () => {
  const { recording, result } = await make();
  const gke = recording.one("plane-gke").inputs;
  expect(gke).toMatchObject({
    datapathProvider: "ADVANCED_DATAPATH",
    workloadIdentityConfig: { workloadPool: "acme-science.svc.id.goog" },
    releaseChannel: { channel: "REGULAR" },
    enableShieldedNodes: true,
    costManagementConfig: { enabled: true },
    loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
    monitoringConfig: { enableComponents: ["SYSTEM_COMPONENTS"], managedPrometheus: { enabled: false } },
  });
  expect(result.workloadPool).toBe("acme-science.svc.id.goog");
  expect(gke).not.toHaveProperty("minMasterVersion");
  expect(gke).not.toHaveProperty("maintenancePolicy");
});

test("[N4] the CSI drivers for disks and for buckets are on, and the controller of load balancers stays", async () => {
  expect((await inputs()).addonsConfig).toEqual({
    gcsFuseCsiDriverConfig: { enabled: true },
    gcePersistentDiskCsiDriverConfig: { enabled: true },
    horizontalPodAutoscaling: { disabled: false },
    httpLoadBalancing: { disabled: false },
  });
});

test("the default pool is removed, runs as the nodes' account while it lasts, and is not missed afterwards", async () => {
  const { recording } = await make();
  const gke = recording.one("plane-gke");
  expect(gke.inputs).toMatchObject({
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    nodeConfig: {
      serviceAccount: "cmb-dev-nodes@acme-science.iam.gserviceaccount.com",
      shieldedInstanceConfig: { enableSecureBoot: true },
    },
  });
  expect(gke.ignoreChanges).toEqual(["nodeConfig", "privateClusterConfig.masterIpv4CidrBlock"]);
});

test("one zone makes a zonal control plane, more a regional one with nodes in just these zones", async () => {
  const zonal = await inputs();
  expect(zonal.location).toBe("europe-west4-b");
  expect(zonal).not.toHaveProperty("nodeLocations");
  const zones = ["europe-west4-a", "europe-west4-b"];
  expect(await inputs({ zones })).toMatchObject({ location: "europe-west4", nodeLocations: zones });
  expect(clusterLocation({ region: "r", zones: [] })).toBe("r");
});

test("it refuses to be deleted unless told otherwise", async () => {
  expect((await inputs()).deletionProtection).toBe(true);
  expect((await inputs({ deletionProtection: false })).deletionProtection).toBe(false);
});

test("authorized networks open the public IP endpoint to themselves only", async () => {
  const gke = await inputs({ authorizedNetworks: ["198.51.100.0/24"] });
  expect(gke).toMatchObject({
    privateClusterConfig: { enablePrivateEndpoint: false },
    controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: true } },
    masterAuthorizedNetworksConfig: {
      cidrBlocks: [{ cidrBlock: "198.51.100.0/24" }],
      gcpPublicCidrsAccessEnabled: false,
    },
  });
  expect((await inputs({ authorizedNetworks: [] })).controlPlaneEndpointsConfig).toMatchObject({
    ipEndpointsConfig: { enabled: false },
  });
});

test("version, channel, labels, logs, metrics and the maintenance window are as asked", async () => {
  const gke = await inputs({
    version: "1.35",
    releaseChannel: "STABLE",
    labels: { team: "cmb" },
    logging: ["SYSTEM_COMPONENTS"],
    managedPrometheus: true,
    maintenance: { start: "03:00", hours: 6, days: ["SA", "SU"] },
  });
  expect(gke).toMatchObject({
    minMasterVersion: "1.35",
    releaseChannel: { channel: "STABLE" },
    resourceLabels: { team: "cmb" },
    loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS"] },
    monitoringConfig: { managedPrometheus: { enabled: true } },
    maintenancePolicy: {
      recurringWindow: {
        startTime: "2025-01-01T03:00:00Z",
        endTime: "2025-01-01T09:00:00Z",
        recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
      },
    },
  });
});

test("a cluster without a DNS endpoint yet has an empty one", async () => {
  const { result } = await record(
    () =>
      new Cluster("plane", {
        cluster: "c",
        project: "p",
        region: "r",
        zones: ["r-a"],
        network: "n",
        subnetwork: "s",
        controlPlaneCidr: "172.16.0.0/28",
        nodeServiceAccount: "sa",
      }),
    { computed: () => ({ controlPlaneEndpointsConfig: {} }) },
  );
  expect(await settled(result.dnsEndpoint)).toBe("");
});

test.each([true, false])(
  "[O5] deletion protection %s: the preview of a destroy stops at it, before GKE's own guard would",
  async (on) => {
    const cluster = (await make({ deletionProtection: on })).recording.one("plane-gke");
    expect([cluster.protect, cluster.inputs.deletionProtection]).toEqual([on, on]);
  },
);
