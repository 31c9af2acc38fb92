import * as pulumi from "@pulumi/pulumi";
import { computedGcp } from "../../testing/computed-gcp";
import { record, reveal, settled } from "../../testing/record";
import type { CognitoSignIn } from "../sign-in";
import { Identity, type IdentityArgs } from "./identity";
import { IngressAddress } from "./ingress-address";
import { KeptSecret } from "./kept-secret";
import { kubeconfig } from "./kubeconfig";
import { clusterLogs, flowLogs, LogStore } from "./log-store";
import { gcpProvider } from "./providers";

const provider = () => gcpProvider("gcp", { project: "acme-science", region: "europe-west4" });
const place = { cluster: "cmb-dev", project: "acme-science", region: "europe-west4" };

describe("the address of the ingress", () => {
  const make = () =>
    record(() => new IngressAddress("in", place, { provider: provider() }), { computed: computedGcp });

  test("is static, regional and external", async () => {
    const { recording, result } = await make();
    expect(recording.list().filter((line) => line.startsWith("gcp:"))).toEqual([
      "gcp:compute/address:Address in-address",
    ]);
    expect(recording.one("in-address").inputs).toMatchObject({
      name: "cmb-dev-ingress",
      region: "europe-west4",
      addressType: "EXTERNAL",
      networkTier: "PREMIUM",
    });
    expect(await settled(result.address)).toBe("203.0.113.10");
  });

  test("is asked for by the Service, which keeps the client's address, so nobody is trusted for it", async () => {
    const { result } = await make();
    expect(result.service.type).toBe("LoadBalancer");
    expect(await settled(result.service.annotations)).toEqual({ "cloud.google.com/l4-rbs": "enabled" });
    expect(await settled(pulumi.output(result.service.spec))).toEqual({
      externalTrafficPolicy: "Local",
      loadBalancerIP: "203.0.113.10",
    });
    expect([result.proxyProtocol, result.trustedCidrs]).toEqual([false, []]);
  });

  test("needs nothing attached: GKE leads its load balancer there", async () => {
    const { recording, result } = await make();
    const before = recording.resources.length;
    expect(result.attach()).toEqual([]);
    expect(recording.resources).toHaveLength(before);
  });
});

describe("a kept secret", () => {
  const make = (secret = "file-key", locations?: string[]) =>
    record(
      () =>
        new KeptSecret(
          "kept",
          { ...place, secret, locations, description: "Encrypts files", value: "plain as given" },
          { provider: provider() },
        ),
      { computed: computedGcp },
    );

  test("is a secret and a version of it, both kept, in regions of Google's choice", async () => {
    const { recording, result } = await make();
    expect(recording.one("kept-secret").inputs).toEqual({
      project: "acme-science",
      secretId: "cmb-dev-file-key",
      replication: { auto: {} },
      annotations: { description: "Encrypts files" },
    });
    for (const name of ["kept-secret", "kept-version"]) {
      const { protect, retainOnDelete } = recording.one(name);
      expect([protect, retainOnDelete]).toEqual([true, true]);
    }
    expect(await settled(result.id)).toMatch(/versions\/1$/);
  });

  test("stays in the regions named", async () => {
    const { recording } = await make("file-key", ["europe-west4", "europe-west1"]);
    expect(recording.one("kept-secret").inputs.replication).toEqual({
      userManaged: { replicas: [{ location: "europe-west4" }, { location: "europe-west1" }] },
    });
  });

  test("[C3] is recorded as a secret even when it came in the clear", async () => {
    const { recording } = await make();
    expect(reveal(recording.one("kept-version").inputs.secretData)).toBe("plain as given");
  });

  test("has a name of 255 characters at most", async () => {
    const { recording } = await make("s".repeat(300));
    expect(recording.one("kept-secret").inputs.secretId).toHaveLength(255);
  });
});

describe("a log store", () => {
  const make = (days?: number) =>
    record(
      () =>
        new LogStore(
          "logs",
          { ...place, store: "flow-logs", filter: flowLogs("cmb-dev"), days },
          { provider: provider() },
        ),
    );

  test("[N1] keeps entries as long as asked, and takes them out of the default bucket only then", async () => {
    const { recording } = await make(14);
    expect(recording.list().filter((line) => line.startsWith("gcp:"))).toEqual([
      "gcp:logging/projectBucketConfig:ProjectBucketConfig logs-bucket",
      "gcp:logging/projectExclusion:ProjectExclusion logs-exclusion",
      "gcp:logging/projectSink:ProjectSink logs-sink",
    ]);
    expect(recording.one("logs-bucket").inputs).toMatchObject({
      bucketId: "cmb-dev-flow-logs",
      location: "europe-west4",
      retentionDays: 14,
    });
    expect(recording.one("logs-sink").inputs).toMatchObject({
      destination:
        "logging.googleapis.com/projects/acme-science/locations/europe-west4/buckets/cmb-dev-flow-logs",
      filter: flowLogs("cmb-dev"),
    });
    const exclusion = recording.one("logs-exclusion");
    expect(exclusion.inputs.filter).toBe(flowLogs("cmb-dev"));
    expect(exclusion.dependencies).toContain(recording.one("logs-sink").urn);
  });

  test("leaves its bucket behind, whose name could not be used again for a week, and keeps 30 days by default", async () => {
    const { recording } = await make();
    expect(recording.one("logs-bucket").inputs).toMatchObject({
      deletionPolicy: "ABANDON",
      retentionDays: 30,
    });
  });

  test("filters name this cluster's entries only", () => {
    expect(flowLogs("cmb-dev")).toContain('subnetwork_name="cmb-dev-nodes"');
    expect(clusterLogs("cmb-dev")).toContain('cluster_name="cmb-dev"');
  });
});

describe("identity", () => {
  const google = { clientId: "id", clientSecret: pulumi.secret("hush") };
  const cognito: CognitoSignIn = {
    region: "eu-central-1",
    userPoolId: pulumi.output("eu-central-1_abc"),
    clientId: pulumi.output("client"),
    clientSecret: pulumi.secret("hush"),
    issuer: pulumi.output("https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc"),
    created: false,
  };
  const make = (args: Omit<IdentityArgs, "site">) =>
    record(() => new Identity("id", { site: "cmb.example.org", ...args }, { provider: provider() }));

  test("[A1] [A5] makes nothing at Google, and says what to enter there", async () => {
    const { recording, result } = await make({ active: "google", google });
    expect(recording.list()).toEqual([
      "cmb:gcp:Identity id",
      "pulumi:providers:gcp gcp",
      "pulumi:pulumi:Stack cmbcluster-test",
    ]);
    expect(result.googleUris).toEqual({
      origins: ["https://cmb.example.org"],
      redirectUris: ["https://cmb.example.org/api/auth/callback/google"],
      signOutUris: ["https://cmb.example.org", "https://cmb.example.org/auth/signin"],
    });
    expect(JSON.stringify(recording.one("id").inputs)).not.toContain("hush");
  });

  test("[A1] hands on Cognito alone, or both", async () => {
    const alone = await make({ active: "cognito", cognito });
    expect(alone.result).toMatchObject({ active: "cognito", google: undefined, googleUris: undefined });
    const both = await make({ active: "cognito", cognito, google });
    expect([both.result.google, both.result.cognito]).toEqual([google, cognito]);
  });

  test("refuses an active provider that is not configured", async () => {
    await expect(make({ active: "google", cognito })).rejects.toThrow(/signIn.active = "google"/);
  });
});

test("the provider names project and region, labels everything, and charges calls to the project", async () => {
  const { recording } = await record(() =>
    gcpProvider("gcp", { project: "acme-science", region: "europe-west4", labels: { team: "cmb" } }),
  );
  const { inputs } = recording.one("gcp");
  expect(inputs).toMatchObject({ project: "acme-science", region: "europe-west4" });
  expect(inputs.billingProject).toBe("acme-science");
  expect(String(inputs.userProjectOverride)).toBe("true");
  expect(JSON.stringify(inputs.defaultLabels)).toContain("cmb");
  for (const credential of ["credentials", "accessToken"]) expect(inputs).not.toHaveProperty(credential);
});

test("[W1] a kubeconfig asks the plugin for a token, and names no certificate authority", () => {
  const config = JSON.parse(kubeconfig({ name: "cmb-dev", endpoint: "gke-1.europe-west4.gke.goog" })) as {
    clusters: { cluster: object }[];
    users: { user: { exec: { command: string } } }[];
  };
  expect(config.clusters[0]!.cluster).toEqual({ server: "https://gke-1.europe-west4.gke.goog" });
  expect(config.users[0]!.user.exec.command).toBe("gke-gcloud-auth-plugin");
});
