import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cloudNames, type CloudName } from "../components/cmb-cluster";
import { signIns, valuesOf } from "./combinations";
import { objectsOf, one, type Rendered } from "./render";
import { describeWithTools } from "../testing/with-tools";

const google = signIns["both, google first"]!;

/** What stands beside the database in the backend's pod. No test here shows that a cloud's bucket takes the copies. */
describeWithTools(["helm"], "the database's keepers", () => {
  let rendered: Record<CloudName, Rendered[]>;
  beforeAll(() => {
    rendered = {
      gcp: objectsOf(valuesOf("gcp", google, "prod")),
      aws: objectsOf(valuesOf("aws", google, "dev")),
    };
  });
  const template = (cloud: CloudName) =>
    one(rendered[cloud], "Deployment", "cmbcluster-backend").spec.template;
  const spec = (cloud: CloudName) => template(cloud).spec;
  const container = (cloud: CloudName, name: string) => {
    const found = spec(cloud).initContainers.filter((each) => each.name === name);
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const variables = (cloud: CloudName, name: string) =>
    Object.fromEntries(container(cloud, name).env.map((each) => [each.name, each.value]));

  test.each(cloudNames)(
    "[S5] on %s the database is taken over first, then keeper and Litestream go on beside the backend",
    (cloud) => {
      const order = spec(cloud).initContainers.map(({ name, restartPolicy }) => [name, restartPolicy]);
      expect(order).toEqual([
        ["litestream-program", undefined],
        ["prepare", undefined],
        ["keeper", "Always"],
        ["litestream", "Always"],
      ]);
      expect(spec(cloud).containers.map(({ name }) => name)).toEqual(["backend"]);
      expect(container(cloud, "prepare").command).toEqual(["python", "-m", "keeper", "prepare"]);
      expect(container(cloud, "keeper").command).toEqual(["python", "-m", "keeper", "watch"]);
      expect(container(cloud, "litestream").args).toEqual(["replicate", "-config", "/keeper/litestream.yml"]);
    },
  );

  test("[S5] the backend starts only while the database is this pod's and copied, and is reached only then", () => {
    const keeper = container("gcp", "keeper");
    expect(keeper.startupProbe.httpGet).toEqual({ path: "/ready", port: "keeper" });
    expect(keeper.readinessProbe.httpGet).toEqual({ path: "/ready", port: "keeper" });
    expect(keeper).not.toHaveProperty("livenessProbe");
    expect(container("gcp", "litestream").startupProbe.httpGet).toEqual({
      path: "/metrics",
      port: "litestream",
    });
  });

  test("[S5] the copies go to the bucket by its own address; nothing in the chart asks which cloud it is", () => {
    expect(variables("gcp", "prepare")).toMatchObject({
      KEEPER_URL: "gs://cmb-test-db",
      KEEPER_REGION: "europe-west4",
      KEEPER_SNAPSHOT_SECONDS: "3600",
    });
    expect(variables("aws", "prepare")).toMatchObject({
      KEEPER_URL: "s3://cmb-test-db",
      KEEPER_REGION: "eu-central-1",
      KEEPER_SNAPSHOT_SECONDS: "21600",
    });
    for (const cloud of cloudNames) {
      expect(variables(cloud, "keeper")).toEqual(variables(cloud, "prepare"));
      expect(variables(cloud, "keeper")).toMatchObject({
        KEEPER_DATABASE: "/app/data/cmbcluster.db",
        KEEPER_UPLOADS: "/app/data/uploads",
        KEEPER_SYNC_SECONDS: "0.4",
        KEEPER_BEAT_SECONDS: "15",
        KEEPER_LEASE_SECONDS: "45",
        KEEPER_ACCEPT_EPOCH: "0",
      });
    }
    const templates = join(__dirname, "templates", "backend");
    for (const file of readdirSync(templates)) {
      expect(readFileSync(join(templates, file), "utf8")).not.toMatch(
        /CLOUD_PROVIDER|eq .*"(aws|gcp|s3|gs)"/,
      );
    }
  });

  test("[S5] an end leaves time for the backend, Litestream's last copy of 30 s and the release", () => {
    for (const cloud of cloudNames) expect(spec(cloud).terminationGracePeriodSeconds).toBe(90);
    expect(one(rendered.gcp, "Deployment", "cmbcluster-frontend").spec.template.spec).toMatchObject({
      terminationGracePeriodSeconds: 30,
    });
  });

  test("[S5] the program in the ConfigMap is every file of the keeper, and another program restarts the pod", () => {
    const data = one(rendered.gcp, "ConfigMap", "cmbcluster-keeper").data;
    const folder = join(__dirname, "files", "keeper");
    const files = readdirSync(folder).filter((file) => file.endsWith(".py"));
    expect(Object.keys(data).sort()).toEqual(files.sort());
    for (const file of files) expect(data[file]).toBe(readFileSync(join(folder, file), "utf8"));
    expect(template("gcp").metadata.annotations["checksum/keeper"]).toMatch(/^[0-9a-f]{64}$/);
  });

  test("[O9] both serve metrics on ports of their own", () => {
    const ports = spec("gcp").initContainers.flatMap((each) => each.ports ?? []);
    expect(ports).toEqual([
      { name: "keeper", containerPort: 9091 },
      { name: "litestream", containerPort: 9090 },
    ]);
  });

  test("[S5] they run as the backend does: no root, nothing writable but their volumes, requests of their own, no secrets", () => {
    for (const each of spec("aws").initContainers) {
      expect(each.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(each.resources.requests).toEqual({ cpu: "20m", memory: "128Mi" });
      expect(each).not.toHaveProperty("envFrom");
      expect((each.env ?? []).filter(({ valueFrom }) => valueFrom?.secretKeyRef)).toEqual([]);
    }
  });

  test("[O1] Litestream comes from the stack's own registry, Python from the backend's own image", () => {
    const images = spec("gcp").initContainers.map(({ image }) => image);
    const own = "registry.example.org/cmb-test-backend:v1.2.3";
    const litestream = "registry.example.org/cmb-test-mirror-litestream:0.5.16";
    expect(images).toEqual([litestream, own, own, litestream]);
  });
});
