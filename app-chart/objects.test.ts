import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { signIns, valuesOf } from "./combinations";
import { all, objectsOf, one, run, type Rendered } from "./render";
import { describeWithTools } from "../testing/with-tools";

const values = valuesOf("gcp", signIns["both, google first"]!, "prod");

describeWithTools(["helm"], "the objects", () => {
  let objects: Rendered[];
  beforeAll(() => (objects = objectsOf(values)));
  const pod = (name: string) => one(objects, "Deployment", name).spec.template.spec;

  test("[H1] are exactly these", () => {
    expect(objects.map((object) => `${object.kind} ${object.metadata.name}`).sort()).toEqual([
      "ConfigMap cmbcluster-backend",
      "ConfigMap cmbcluster-frontend",
      "ConfigMap cmbcluster-keeper",
      "ConfigMap cmbcluster-restore-drill",
      "CronJob cmbcluster-restore-drill",
      "Deployment cmbcluster-backend",
      "Deployment cmbcluster-frontend",
      "HorizontalPodAutoscaler cmbcluster-frontend",
      "Ingress cmbcluster-backend",
      "Ingress cmbcluster-frontend",
      "LimitRange environments",
      "NetworkPolicy cmbcluster-environments",
      "NetworkPolicy cmbcluster-everyone",
      "NetworkPolicy cmbcluster-from-backend",
      "NetworkPolicy cmbcluster-frontend",
      "NetworkPolicy cmbcluster-to-backend",
      "PersistentVolumeClaim cmbcluster-database",
      "PodDisruptionBudget cmbcluster-backend",
      "PodDisruptionBudget cmbcluster-frontend",
      "PriorityClass science-platform",
      "ResourceQuota environments",
      "Role cmbcluster-backend",
      "Role cmbcluster-restore-drill",
      "RoleBinding cmbcluster-backend",
      "RoleBinding cmbcluster-restore-drill",
      "Service cmbcluster-backend",
      "Service cmbcluster-frontend",
      "ServiceAccount cmbcluster-frontend",
      "ServiceAccount cmbcluster-ksa",
      "ServiceAccount cmbcluster-restore-drill",
      "ServiceAccount cmbcluster-user-sa",
    ]);
  });

  test("[H1] all but the priority class are in the release's namespace", () => {
    for (const object of objects.filter(({ kind }) => kind !== "PriorityClass")) {
      expect(object.metadata.namespace).toBe("science");
    }
  });

  test("[C3] the chart makes no Secret and holds no secret: it knows names only", () => {
    expect(objects.filter(({ kind }) => kind === "Secret")).toEqual([]);
  });

  test("[H2] the backend's account may do what the application calls and nothing else, in one namespace", () => {
    expect(one(objects, "Role", "cmbcluster-backend").rules).toEqual([
      { apiGroups: [""], resources: ["pods"], verbs: ["create", "get", "list", "delete"] },
      { apiGroups: [""], resources: ["services"], verbs: ["create", "list", "delete"] },
      { apiGroups: [""], resources: ["secrets"], verbs: ["create", "delete"] },
      { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["list"] },
      { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: ["create", "list", "delete"] },
    ]);
    const binding = one(objects, "RoleBinding", "cmbcluster-backend");
    expect(binding.subjects).toEqual([
      { kind: "ServiceAccount", name: "cmbcluster-ksa", namespace: "science" },
    ]);
    expect(binding.roleRef).toMatchObject({ kind: "Role", name: "cmbcluster-backend" });
    expect(objects.filter(({ kind }) => kind.startsWith("Cluster"))).toEqual([]);
  });

  test("[W2] only the backend's pods get a token; the accounts of users and front end give none", () => {
    for (const account of all(objects, "ServiceAccount")) {
      expect(account.automountServiceAccountToken).toBe(false);
    }
    expect(pod("cmbcluster-backend")).toMatchObject({
      serviceAccountName: "cmbcluster-ksa",
      automountServiceAccountToken: true,
    });
    expect(pod("cmbcluster-frontend")).toMatchObject({
      serviceAccountName: "cmbcluster-frontend",
      automountServiceAccountToken: false,
    });
    expect(one(objects, "ServiceAccount", "cmbcluster-ksa").metadata.annotations).toEqual({
      "identity.example/of": "backend",
    });
    expect(one(objects, "ServiceAccount", "cmbcluster-user-sa").metadata).not.toHaveProperty("annotations");
  });

  test("[H1] pods run as their images' own users, on a read-only root, without capabilities or service links", () => {
    for (const [name, user] of [
      ["cmbcluster-backend", 1000],
      ["cmbcluster-frontend", 1001],
    ] as const) {
      const spec = pod(name);
      expect(spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(spec.enableServiceLinks).toBe(false);
      expect(spec.containers).toHaveLength(1);
      expect(spec.containers[0]!.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(spec).not.toHaveProperty("hostNetwork");
    }
  });

  test("[H1] each pod can write where its program writes, and nowhere else", () => {
    const mounts = (name: string) => pod(name).containers[0]!.volumeMounts.map((mount) => mount.mountPath);
    expect(mounts("cmbcluster-backend")).toEqual(["/app/data", "/tmp"]);
    expect(mounts("cmbcluster-frontend")).toEqual(["/tmp", "/app/.next/cache"]);
    for (const volume of [...pod("cmbcluster-backend").volumes, ...pod("cmbcluster-frontend").volumes]) {
      expect(volume.persistentVolumeClaim ?? volume.configMap ?? volume.emptyDir.sizeLimit).toBeTruthy();
    }
  });

  test("[S5] the database lies on a block volume of one pod, whose claim outlives the release", () => {
    const claim = one(objects, "PersistentVolumeClaim", "cmbcluster-database");
    expect(claim.metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
    expect(claim.spec).toEqual({
      accessModes: ["ReadWriteOncePod"],
      volumeMode: "Filesystem",
      storageClassName: "cmb-block-retained",
      resources: { requests: { storage: "50Gi" } },
    });
    expect(pod("cmbcluster-backend").volumes[0]).toEqual({
      name: "data",
      persistentVolumeClaim: { claimName: "cmbcluster-database" },
    });
    expect(JSON.stringify(objects)).not.toContain('"csi"');
  });

  test("[H4] the backend is one pod, stopped before its successor starts, and a drain may evict it", () => {
    const { spec } = one(objects, "Deployment", "cmbcluster-backend");
    expect(spec.replicas).toBe(1);
    expect(spec.strategy).toEqual({ type: "Recreate" });
    expect(one(objects, "PodDisruptionBudget", "cmbcluster-backend").spec).toMatchObject({
      maxUnavailable: 1,
    });
    expect(one(objects, "PodDisruptionBudget", "cmbcluster-backend").spec).not.toHaveProperty("minAvailable");
    expect(spec.template.metadata.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"]).toBe(
      "false",
    );
  });

  test("[H4] the front end scales at 70 % CPU between the profile's bounds, and nothing else sets its number", () => {
    const scaler = one(objects, "HorizontalPodAutoscaler", "cmbcluster-frontend").spec;
    expect(scaler.scaleTargetRef).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: "cmbcluster-frontend",
    });
    expect([scaler.minReplicas, scaler.maxReplicas]).toEqual([3, 10]);
    expect(scaler.metrics).toEqual([
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
    ]);
    const { spec } = one(objects, "Deployment", "cmbcluster-frontend");
    expect(spec).not.toHaveProperty("replicas");
    expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
    expect(one(objects, "PodDisruptionBudget", "cmbcluster-frontend").spec.maxUnavailable).toBe(1);
    const keys = spec.template.spec.topologySpreadConstraints.map((each) => each.topologyKey);
    expect(keys).toEqual(["topology.kubernetes.io/zone", "kubernetes.io/hostname"]);
  });

  test("[H4] the quota counts environments only, so they cannot keep the platform's own pods from starting", () => {
    const quota = one(objects, "ResourceQuota", "environments").spec;
    expect(quota.hard).toEqual({ pods: "600", "requests.cpu": "480", "requests.memory": "1800Gi" });
    expect(quota.scopeSelector.matchExpressions).toEqual([
      { scopeName: "PriorityClass", operator: "DoesNotExist" },
    ]);
    expect(one(objects, "PriorityClass", "science-platform")).toMatchObject({
      preemptionPolicy: "Never",
      globalDefault: false,
    });
    for (const name of ["cmbcluster-backend", "cmbcluster-frontend"]) {
      expect(pod(name).priorityClassName).toBe("science-platform");
    }
  });

  test("[H4] a container without resources, as the application's waiting one, gets some; none exceeds the largest", () => {
    expect(one(objects, "LimitRange", "environments").spec.limits).toEqual([
      {
        type: "Container",
        defaultRequest: { cpu: "50m", memory: "64Mi" },
        default: { cpu: "500m", memory: "256Mi" },
        max: { cpu: "7", memory: "24Gi" },
      },
    ]);
  });

  test("[H1] probes ask what the application answers: never an address that always fails", () => {
    const paths = (name: string) => {
      const { startupProbe, readinessProbe, livenessProbe } = pod(name).containers[0]!;
      return [startupProbe, readinessProbe, livenessProbe].map((probe) => probe.httpGet.path);
    };
    expect(new Set(paths("cmbcluster-backend"))).toEqual(new Set(["/health"]));
    expect(new Set(paths("cmbcluster-frontend"))).toEqual(new Set(["/api/health"]));
  });

  test("[H1] the Services are 8000 and 8501, inside the cluster", () => {
    for (const [name, port] of [
      ["cmbcluster-backend", 8000],
      ["cmbcluster-frontend", 8501],
    ] as const) {
      const { spec } = one(objects, "Service", name);
      expect(spec.type).toBe("ClusterIP");
      expect(spec.ports).toEqual([{ name: "http", port, targetPort: "http" }]);
      expect(pod(name).containers[0]!.ports).toEqual([{ name: "http", containerPort: port }]);
    }
  });

  test("pods are selected by app.kubernetes.io labels only, which users cannot choose", () => {
    const selectors = [
      ...all(objects, "Service").map(({ spec }) => spec.selector),
      ...all(objects, "Deployment").map(({ spec }) => spec.selector.matchLabels),
      ...all(objects, "PodDisruptionBudget").map(({ spec }) => spec.selector.matchLabels),
    ];
    expect(selectors).toHaveLength(6);
    for (const selector of selectors) {
      expect(Object.keys(selector).sort()).toEqual([
        "app.kubernetes.io/component",
        "app.kubernetes.io/instance",
        "app.kubernetes.io/name",
      ]);
    }
  });

  test("[H7] site and API are limited in size, rate and time, in the words the ingress controller reads", () => {
    for (const [name, host] of [
      ["cmbcluster-backend", "api.cmb.example.org"],
      ["cmbcluster-frontend", "cmb.example.org"],
    ] as const) {
      const { metadata, spec } = one(objects, "Ingress", name);
      const prefix = "nginx.ingress.kubernetes.io";
      expect(metadata.annotations).toEqual({
        [`${prefix}/ssl-redirect`]: "true",
        [`${prefix}/proxy-request-buffering`]: "on",
        [`${prefix}/proxy-body-size`]: "100m",
        [`${prefix}/proxy-connect-timeout`]: "10",
        [`${prefix}/proxy-read-timeout`]: "3600",
        [`${prefix}/proxy-send-timeout`]: "3600",
        [`${prefix}/limit-rpm`]: "600",
        [`${prefix}/limit-burst-multiplier`]: "1",
      });
      expect(spec.ingressClassName).toBe("nginx");
      expect(spec.rules.map((rule) => rule.host)).toEqual([host]);
    }
  });

  test("[D2] both hosts are served under the default certificate: no secret named, no certificate asked for", () => {
    const ingresses = all(objects, "Ingress");
    for (const { spec } of ingresses) expect(spec.tls).toEqual([{ hosts: [spec.rules[0]!.host] }]);
    expect(JSON.stringify(ingresses)).not.toMatch(/cert-manager|secretName|snippet/);
  });

  test("without TLS neither Ingress mentions it, and nothing is redirected to it", () => {
    const plain = structuredClone(values);
    plain.ingress.tls = false;
    Object.assign(plain.backend.environment, {
      DEV_MODE: "true",
      TLS_ENABLED: "false",
      FRONTEND_URL: "http://cmb.example.org",
      API_URL: "http://api.cmb.example.org",
    });
    Object.assign(plain.frontend.environment, {
      NEXTAUTH_URL: "http://cmb.example.org",
      API_URL: "http://api.cmb.example.org",
    });
    for (const { metadata, spec } of all(objectsOf(plain), "Ingress")) {
      expect(spec).not.toHaveProperty("tls");
      expect(metadata.annotations["nginx.ingress.kubernetes.io/ssl-redirect"]).toBe("false");
    }
  });

  test("a changed setting restarts the pods that read it and no others; a changed secret only by its number", () => {
    const annotations = (from: Rendered[], name: string) =>
      one(from, "Deployment", name).spec.template.metadata.annotations as Record<string, string>;
    const changed = structuredClone(values);
    changed.backend.environment.TOKEN_EXPIRE_HOURS = "9";
    const after = objectsOf(changed);
    expect(annotations(after, "cmbcluster-backend")).not.toEqual(annotations(objects, "cmbcluster-backend"));
    expect(annotations(after, "cmbcluster-frontend")).toEqual(annotations(objects, "cmbcluster-frontend"));
    const rotated = objectsOf({ ...values, secretsVersion: 2 });
    for (const name of ["cmbcluster-backend", "cmbcluster-frontend"]) {
      expect(annotations(rotated, name)).toEqual({ ...annotations(objects, name), "secrets-version": "2" });
    }
  });

  test("node selectors and tolerations arrive where they are given, and are absent where not", () => {
    expect(pod("cmbcluster-backend")).not.toHaveProperty("nodeSelector");
    const placed = structuredClone(values);
    const toleration = { key: "pool", operator: "Equal", value: "system", effect: "NoSchedule" } as const;
    placed.backend.nodeSelector = { pool: "system" };
    placed.backend.tolerations = [toleration];
    placed.backend.terminationGracePeriodSeconds = 45;
    const spec = one(objectsOf(placed), "Deployment", "cmbcluster-backend").spec.template.spec;
    expect(spec).toMatchObject({
      nodeSelector: { pool: "system" },
      tolerations: [toleration],
      terminationGracePeriodSeconds: 45,
    });
  });

  test("a release carries templates and schema to the cluster, no tests and no fixtures", () => {
    const folder = mkdtempSync(join(tmpdir(), "package-"));
    try {
      expect(run("helm", ["package", __dirname, "--destination", folder]).ok).toBe(true);
      const archive = gunzipSync(readFileSync(join(folder, "cmbcluster-0.1.0.tgz"))).toString("latin1");
      const files = [...archive.matchAll(/^cmbcluster\/[\w./-]+|(?<=\0)cmbcluster\/[\w./-]+/g)].map(
        ([file]) => file,
      );
      const programs = files.filter((file) => file.startsWith("cmbcluster/files/"));
      expect(programs.filter((file) => !/^cmbcluster\/files\/\w+\/\w+\.py$/.test(file))).toEqual([]);
      const top = files.filter((file) => !/^cmbcluster\/(templates|files)\//.test(file));
      expect(top.sort()).toEqual([
        "cmbcluster/.helmignore",
        "cmbcluster/Chart.yaml",
        "cmbcluster/values.schema.json",
        "cmbcluster/values.yaml",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
