import * as pulumi from "@pulumi/pulumi";
import type { FakeCluster } from "../../testing/fake-cluster";
import { reveal, type Recording } from "../../testing/record";
import type { Toleration } from "../cmb-cluster";
import { canaries, cognito, deploy, google, settings } from "./fixtures";

const chartType = "kubernetes:helm.sh/v3:Release";

/** Without what `admission/admission.test.ts` counts. */
const own = (recording: Recording) =>
  recording
    .list()
    .filter((line) => line.includes(" application") && !line.includes(" application-admission-"));
const secretOf = (recording: Recording, name: string) => reveal(recording.one(name).inputs.stringData);

describe("with images", () => {
  let recording: Recording;
  let cluster: FakeCluster;
  beforeAll(async () => ({ recording, cluster } = await deploy()));

  test("[H1] it registers exactly these", () => {
    expect(own(recording)).toEqual([
      "cmb:application:Admission application-admission",
      "cmb:application:Application application",
      "cmb:application:Keys application-workspace-keys",
      "cmb:application:Release application-release",
      "cmb:application:Workspace application-workspace",
      "kubernetes:core/v1:Namespace application-workspace-namespace",
      "kubernetes:core/v1:Secret application-workspace-backend-secrets",
      "kubernetes:core/v1:Secret application-workspace-frontend-secrets",
      `${chartType} application-release-helm`,
      "random:index/randomPassword:RandomPassword application-workspace-keys-file-encryption",
      "random:index/randomPassword:RandomPassword application-workspace-keys-next-auth",
      "random:index/randomPassword:RandomPassword application-workspace-keys-session",
    ]);
  });

  test("[W2, W3] the backend's and the users' accounts are bound apart, in the real namespace, to these verbs only", () => {
    expect(cluster.calls.bindings).toEqual([
      {
        name: "backend",
        namespace: "science",
        serviceAccount: "cmbcluster-ksa",
        grants: [
          { verb: "manage-user-buckets" },
          { verb: "replicate-database", bucket: cluster.buckets.database },
        ],
      },
      {
        name: "drill",
        namespace: "science",
        serviceAccount: "cmbcluster-restore-drill",
        grants: [{ verb: "read-database", bucket: cluster.buckets.database }],
      },
      {
        name: "users",
        namespace: "science",
        serviceAccount: "cmbcluster-user-sa",
        grants: [{ verb: "mount-user-buckets" }],
      },
    ]);
  });

  test("[O5] the namespace waits for the nodes, so that a destroy empties it while they still run", () => {
    const waits = recording
      .one("application-workspace-namespace")
      .dependencies.map((urn) => urn.split("::").pop());
    expect(waits).toContain("fake-nodes");
  });

  test("[H5] the namespace enforces the restricted standard, which pods of users meet once admission has mended them", () => {
    expect(recording.one("application-workspace-namespace").inputs.metadata).toEqual({
      name: "science",
      labels: {
        "app.kubernetes.io/part-of": "cmbcluster",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
      },
    });
  });

  test("[C3] keys are generated once: 64 characters, not to be made anew by a later edit, only the file key protected", () => {
    const keys = recording.ofType("random:index/randomPassword:RandomPassword");
    for (const key of keys) {
      expect(key.inputs).toMatchObject({ length: 64, special: false });
      expect(key.ignoreChanges).toEqual(["length", "special"]);
      expect(key.protect).toBe(key.name.endsWith("file-encryption"));
    }
  });

  test("[C3] secrets are recorded as secrets and appear nowhere else, least of all in chart values", () => {
    expect(secretOf(recording, "application-workspace-backend-secrets")).toEqual({
      SECRET_KEY: `${canaries.generated}application-workspace-keys-session`,
      FILE_ENCRYPTION_KEY: `${canaries.generated}application-workspace-keys-file-encryption`,
      GOOGLE_CLIENT_SECRET: canaries.google,
      COGNITO_CLIENT_SECRET: canaries.cognito,
    });
    expect(secretOf(recording, "application-workspace-frontend-secrets")).toEqual({
      NEXTAUTH_SECRET: `${canaries.generated}application-workspace-keys-next-auth`,
      GOOGLE_CLIENT_SECRET: canaries.google,
      COGNITO_CLIENT_SECRET: canaries.cognito,
    });
    for (const resource of recording.resources.filter(({ type }) => !type.endsWith(":Secret"))) {
      expect(JSON.stringify(resource.inputs)).not.toContain("canary-");
    }
  });

  test("[C3] the file key is kept in the cloud's secret store, as a secret", async () => {
    expect(cluster.calls.secrets.map(({ name }) => name)).toEqual(["file-encryption-key"]);
    expect(await pulumi.isSecret(cluster.calls.secrets[0]!.value)).toBe(true);
  });

  test("backend and front end tolerate what the platform's nodes ask for, and user environments are told nothing", async () => {
    const systemTolerations: Toleration[] = [
      { key: "only", operator: "Equal", value: "platform", effect: "NoSchedule" },
    ];
    const made = await deploy({}, { systemTolerations });
    const values = made.recording.one("application-release-helm").inputs.values as Record<string, object>;
    expect(values.backend).toMatchObject({ tolerations: systemTolerations });
    expect(values.frontend).toMatchObject({ tolerations: systemTolerations });
    expect(JSON.stringify(values.environments)).not.toContain("NoSchedule");
    const plain = recording.one("application-release-helm").inputs.values as Record<string, object>;
    expect(plain.backend).toMatchObject({ tolerations: [] });
  });

  test("[P3, O14] the release is the chart of this repository, awaited and rolled back as a whole", () => {
    const { inputs } = recording.one("application-release-helm");
    expect(inputs).toMatchObject({
      name: "cmbcluster",
      chart: "./app-chart",
      namespace: "science",
      createNamespace: false,
      atomic: true,
      cleanupOnFail: true,
      resetValues: true,
      timeout: 900,
    });
    expect(inputs.skipAwait ?? false).toBe(false);
  });

  test("the release waits for nodes, platform, namespace, secrets and all permissions", () => {
    const { dependencies } = recording.one("application-release-helm");
    for (const name of [
      ...[
        "fake-nodes",
        "fake-platform",
        "fake-binding-backend",
        "fake-binding-drill",
        "fake-binding-users",
        "application-workspace-namespace",
      ],
      ...["application-workspace-backend-secrets", "application-workspace-frontend-secrets"],
    ]) {
      expect(dependencies).toContain(recording.one(name).urn);
    }
  });

  test("the release's accounts carry what the bindings gave", () => {
    const values = recording.one("application-release-helm").inputs.values as {
      backend: { serviceAccount: unknown };
      environments: { serviceAccount: unknown };
      restoreDrill: { serviceAccount: unknown };
    };
    expect(values.restoreDrill.serviceAccount).toEqual({
      name: "cmbcluster-restore-drill",
      annotations: { "fake.example/identity": "identity-of-drill" },
    });
    expect(values.backend.serviceAccount).toEqual({
      name: "cmbcluster-ksa",
      annotations: { "fake.example/identity": "identity-of-backend" },
    });
    expect(values.environments.serviceAccount).toEqual({
      name: "cmbcluster-user-sa",
      annotations: { "fake.example/identity": "identity-of-users" },
    });
  });

  test("everything in the cluster uses the cluster's own provider", () => {
    const provider = recording.one("fake-kubernetes").urn;
    for (const { type, provider: used } of recording.resources.filter((r) =>
      r.name.startsWith("application"),
    )) {
      if (type.startsWith("kubernetes:")) expect(used.startsWith(provider)).toBe(true);
    }
  });

  test("[O5] no protected thing drags the cluster along: the components that hold the file key depend on nothing", () => {
    for (const name of ["application", "application-workspace", "application-workspace-keys"]) {
      expect(recording.one(name).dependencies).toEqual([]);
    }
    expect(recording.one("application-workspace-keys-file-encryption").dependencies).toEqual([]);
  });
});

test("[O1] without images namespace, identities, keys and secrets are there, and no release", async () => {
  const { recording, application } = await deploy({ images: undefined });
  expect(application.release).toBeUndefined();
  expect(recording.ofType(chartType)).toEqual([]);
  expect(recording.ofType("kubernetes:core/v1:Secret")).toHaveLength(2);
});

test("[A1] the secret of a provider that is not configured is absent", async () => {
  const googleOnly = await deploy({}, { signIn: { active: "google", google } });
  const backend = secretOf(googleOnly.recording, "application-workspace-backend-secrets") as object;
  expect(Object.keys(backend).sort()).toEqual(["FILE_ENCRYPTION_KEY", "GOOGLE_CLIENT_SECRET", "SECRET_KEY"]);
  const cognitoOnly = await deploy({}, { signIn: { active: "cognito", cognito } });
  const frontend = secretOf(cognitoOnly.recording, "application-workspace-frontend-secrets") as object;
  expect(Object.keys(frontend).sort()).toEqual(["COGNITO_CLIENT_SECRET", "NEXTAUTH_SECRET"]);
});

test("[C3] supplied keys are used, and the generated ones stay in the state, so that nothing protected is deleted", async () => {
  const { recording } = await deploy({
    keys: {
      // An Output that was not marked: it becomes secret all the same.
      session: pulumi.output(canaries.session),
      nextAuth: pulumi.secret(canaries.nextAuth),
      fileEncryption: pulumi.secret(canaries.fileEncryption),
    },
  });
  expect(secretOf(recording, "application-workspace-backend-secrets")).toMatchObject({
    SECRET_KEY: canaries.session,
    FILE_ENCRYPTION_KEY: canaries.fileEncryption,
  });
  expect(secretOf(recording, "application-workspace-frontend-secrets")).toMatchObject({
    NEXTAUTH_SECRET: canaries.nextAuth,
  });
  expect(recording.ofType("random:index/randomPassword:RandomPassword")).toHaveLength(3);
});

test("[A3] the right to sign users out is asked for only when switched on", async () => {
  const { cluster } = await deploy({ allowSignOutEverywhere: true });
  expect(cluster.calls.bindings[0]!.grants.map(({ verb }) => verb)).toContain("sign-out-users");
  expect(cluster.calls.bindings[1]!.grants.map(({ verb }) => verb)).not.toContain("sign-out-users");
});

test("[P9] protection follows the profile: the file key with the data, the namespace with the cluster", async () => {
  const open = await deploy({ protect: { data: false, cluster: false } });
  expect(open.recording.resources.filter(({ protect }) => protect)).toEqual([]);
  const half = await deploy({ protect: { data: false, cluster: true } });
  expect(half.recording.resources.filter(({ protect }) => protect).map(({ name }) => name)).toEqual([
    "application-workspace-namespace",
  ]);
  const closed = await deploy({ protect: { data: true, cluster: true } });
  expect(
    closed.recording.resources
      .filter(({ protect }) => protect)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["application-workspace-keys-file-encryption", "application-workspace-namespace"]);
});

test("[H3] values that the chart would refuse are refused before anything is deployed", async () => {
  const tooMany = { ...settings, database: { ...settings.database, volumeGb: 0 } };
  await expect(deploy({ settings: tooMany })).rejects.toThrow("sizeGi");
});

test("[H4] no container is limited beyond what the namespace admits, or the pod would be refused", async () => {
  const largest = { cpu: 1, memoryGi: 4 };
  const small = { ...settings, backend: { ...settings.backend, cpu: "500m" } };
  const { recording } = await deploy({
    settings: { ...small, environments: { ...settings.environments, largest } },
  });
  const values = recording.one("application-release-helm").inputs.values as {
    backend: { resources: unknown };
    frontend: { resources: unknown };
  };
  expect(values.backend.resources).toEqual({
    requests: { cpu: "500m", memory: "1024Mi" },
    limits: { cpu: "1000m", memory: "1024Mi" },
  });
  expect(values.frontend.resources).toEqual({
    requests: { cpu: "100m", memory: "512Mi" },
    limits: { cpu: "400m", memory: "512Mi" },
  });
});

test("another chart may be named, as a test engine does", async () => {
  const { recording } = await deploy({ chart: "./elsewhere" });
  expect(recording.one("application-release-helm").inputs.chart).toBe("./elsewhere");
});
