import { recoveryGoals, recoverySteps } from "../components/application/recovery";
import { signIns, valuesOf } from "./combinations";
import { all, objectsOf, one, type Rendered } from "./render";
import { describeWithTools } from "../testing/with-tools";

const values = valuesOf("gcp", signIns["both, google first"]!, "prod");
const drill = "cmbcluster-restore-drill";

describeWithTools(["helm"], "[O9] the weekly restore drill", () => {
  let objects: Rendered[];
  beforeAll(() => (objects = objectsOf(values)));
  const job = () => one(objects, "CronJob", drill).spec;
  const pod = () => job().jobTemplate.spec.template.spec;
  const container = () => pod().containers[0]!;

  test("runs once a week, one at a time, and what it finds is not tried again", () => {
    expect(job()).toMatchObject({ schedule: "23 4 * * 1", timeZone: "Etc/UTC", concurrencyPolicy: "Forbid" });
    expect(job().jobTemplate.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 4200 });
    expect(pod().restartPolicy).toBe("Never");
  });

  test("restores by the program and the images that the backend restores with, to a disk that goes with its pod", () => {
    const backend = one(objects, "Deployment", "cmbcluster-backend").spec.template.spec;
    const prepare = backend.initContainers.find(({ name }) => name === "prepare")!;
    expect(container().command).toEqual(["python", "-m", "keeper", "drill"]);
    expect(container().image).toBe(prepare.image);
    expect(container().volumeMounts).toEqual(prepare.volumeMounts);
    expect(pod().initContainers[0]).toEqual(
      backend.initContainers.find(({ name }) => name === "litestream-program"),
    );
    const data = pod().volumes.find(({ name }) => name === "data")!;
    expect(data).not.toHaveProperty("persistentVolumeClaim");
    expect(data.ephemeral.volumeClaimTemplate.spec).toEqual({
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "50Gi" } },
    });
    expect(
      pod()
        .volumes.map(({ name }) => name)
        .sort(),
    ).toEqual(["data", "keeper", "keeper-program", "tmp"]);
  });

  test("is told what the backend's keeper is told, and what is promised", () => {
    const backend = one(objects, "Deployment", "cmbcluster-backend").spec.template.spec;
    const prepare = backend.initContainers.find(({ name }) => name === "prepare")!;
    expect(container().env.slice(0, prepare.env.length)).toEqual(prepare.env);
    const told = Object.fromEntries(
      container()
        .env.slice(prepare.env.length)
        .map(({ name, value }) => [name, value]),
    );
    expect(told).toEqual({
      DRILL_SCRATCH: "/app/data/drill",
      DRILL_POINT_LIMIT_SECONDS: "300",
      DRILL_TIME_LIMIT_SECONDS: "3600",
      DRILL_START_SECONDS: "380",
      DRILL_STATUS: drill,
      DRILL_NAMESPACE: "science",
    });
    expect(recoveryGoals).toEqual({ pointSeconds: 300, timeSeconds: 3600 });
    expect(recoverySteps.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(380);
  });

  test("[W3] its account may change the one ConfigMap and has an identity of its own, which no other pod uses", () => {
    expect(pod()).toMatchObject({ serviceAccountName: drill, automountServiceAccountToken: true });
    expect(one(objects, "Role", drill).rules).toEqual([
      { apiGroups: [""], resources: ["configmaps"], resourceNames: [drill], verbs: ["patch"] },
    ]);
    expect(one(objects, "RoleBinding", drill)).toMatchObject({
      roleRef: { kind: "Role", name: drill },
      subjects: [{ kind: "ServiceAccount", name: drill, namespace: "science" }],
    });
    expect(one(objects, "ServiceAccount", drill).metadata.annotations).toEqual({
      "identity.example/of": "drill",
    });
    for (const { spec } of all(objects, "Deployment"))
      expect(spec.template.spec.serviceAccountName).not.toBe(drill);
  });

  test("its report is an object without data in the chart, so that no upgrade takes a report away", () => {
    expect(one(objects, "ConfigMap", drill)).not.toHaveProperty("data");
  });

  test("[H5] it passes Pod Security restricted, and has the platform's priority, which ends no environment", () => {
    expect(pod().securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const each of [...pod().initContainers, ...pod().containers])
      expect(each.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    expect(pod().priorityClassName).toBe("science-platform");
    expect(one(objects, "PriorityClass" as "Role", "science-platform")).toMatchObject({
      preemptionPolicy: "Never",
    });
  });
});
