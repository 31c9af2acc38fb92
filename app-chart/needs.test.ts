import { execFile, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applicationNeeds } from "../components/application/needs";
import { combinations, signIns, valuesOf } from "./combinations";
import { parse, run, template, type Rendered } from "./render";
import { describeWithPython, describeWithTools } from "../testing/with-tools";

/** Where the check's script is told to look for the drill's report. */
const DRILL = "/api/v1/namespaces/science/configmaps/drill";

const values = valuesOf("aws", signIns["both, google first"]!, "prod");

test("[N5] the application names two drivers, the class of its volume and the class of its Ingresses, each with purpose and remedy", () => {
  const needs = applicationNeeds(
    {
      storage: {
        block: { provisioner: "block.example", parameters: {} },
        bucketDriver: "bucket.example",
        classes: {} as never,
      },
    },
    { storageClass: "kept" },
  );
  expect(needs.map(({ apiVersion, kind, resource, name }) => [apiVersion, kind, resource, name])).toEqual([
    ["storage.k8s.io/v1", "CSIDriver", "csidrivers", "block.example"],
    ["storage.k8s.io/v1", "CSIDriver", "csidrivers", "bucket.example"],
    ["storage.k8s.io/v1", "StorageClass", "storageclasses", "kept"],
    ["networking.k8s.io/v1", "IngressClass", "ingressclasses", "nginx"],
  ]);
  for (const { purpose, remedy } of needs) {
    expect(purpose).not.toBe("");
    expect(remedy).toMatch(/npm run up -- <stack>/);
  }
});

describeWithTools(["helm", "kubeconform"], "what `helm test` brings", () => {
  interface Hook extends Rendered {
    readonly rules?: readonly unknown[];
    readonly data?: Readonly<Record<string, string>>;
    readonly spec?: { readonly [key: string]: unknown };
  }
  const hooks = () =>
    parse(template(values, "with tests").text).filter(
      ({ metadata }) => metadata.annotations?.["helm.sh/hook"] === "test",
    ) as Hook[];

  test("[N5] is a pod, its account, its rights and three openings in the walls, and nothing of an ordinary release", () => {
    expect(
      hooks()
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
        .sort(),
    ).toEqual([
      "ClusterRole science-cmbcluster-check",
      "ClusterRoleBinding science-cmbcluster-check",
      "ConfigMap cmbcluster-check",
      "NetworkPolicy cmbcluster-check-out",
      "NetworkPolicy cmbcluster-check-to-backend",
      "NetworkPolicy cmbcluster-check-to-frontend",
      "Pod cmbcluster-check",
      "Role cmbcluster-check",
      "RoleBinding cmbcluster-check",
      "ServiceAccount cmbcluster-check",
    ]);
    expect(template(values).text).not.toContain("cmbcluster-check");
  });

  test("[N5] its account may get exactly what is checked, by name, and does not outlive the run", () => {
    const found = hooks();
    const [account, role, binding] = ["ServiceAccount", "ClusterRole", "ClusterRoleBinding"].map((name) =>
      found.find(({ kind }) => kind === name),
    );
    expect(role!.rules).toEqual(
      values.needs.map(({ apiVersion, resource, name }) => ({
        apiGroups: [apiVersion.split("/")[0]],
        resources: [resource],
        resourceNames: [name],
        verbs: ["get"],
      })),
    );
    const [drill, drillBinding] = ["Role", "RoleBinding"].map((name) =>
      found.find(({ kind }) => kind === name),
    );
    expect(drill!.rules).toEqual([
      {
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: ["cmbcluster-restore-drill"],
        verbs: ["get"],
      },
    ]);
    for (const each of [account!, role!, binding!, drill!, drillBinding!]) {
      expect(each.metadata.annotations!["helm.sh/hook-delete-policy"]).toContain("hook-succeeded");
    }
  });

  test("[N5] Kubernetes 1.35 knows every field, in each combination", () => {
    const folder = mkdtempSync(join(tmpdir(), "checks-"));
    try {
      combinations.forEach((combination, i) => {
        const { text } = template(combination.values, "with tests");
        writeFileSync(join(folder, `${i}.yaml`), text);
      });
      const schemas = `${__dirname}/fixtures/kubernetes-schemas/{{.ResourceKind}}{{.KindSuffix}}.json`;
      expect(run("kubeconform", ["-strict", "-schema-location", schemas, folder])).toEqual({
        ok: true,
        text: "",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("without a cluster nothing is looked up: a need that no cluster has renders", () => {
    const needs = [{ ...values.needs[0]!, name: "nobody.example" }];
    expect(template({ ...values, needs }).ok).toBe(true);
  });
});

/** A server in the API server's place: what the script asks, and what it says of the answers. */
describeWithPython("the check's script", () => {
  let folder: string;
  let server: Server;
  const asked: string[] = [];
  /** What the drill's ConfigMap is. */
  let status: object;
  const ago = (days: number) =>
    new Date(Date.now() - days * 86_400_000).toISOString().replace(/\.\d+Z$/, "Z");
  const left = (created: number, data?: Readonly<Record<string, string>>) => ({
    metadata: { name: "drill", creationTimestamp: ago(created) },
    ...(data && { data }),
  });
  beforeEach(() => {
    status = left(0);
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "check-"));
    const key = join(folder, "key.pem");
    const made = spawnSync(
      "openssl",
      // prettier-ignore
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", join(folder, "ca.crt"),
       "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
    );
    expect(made.status).toBe(0);
    writeFileSync(join(folder, "token"), "abc\n");
    server = createServer(
      { key: readFileSync(key), cert: readFileSync(join(folder, "ca.crt")) },
      (request, response) => {
        asked.push(`${request.headers.authorization} ${request.url}`);
        const end = request.url!.split("/").at(-1);
        response.statusCode = { missing: 404, forbidden: 403 }[end!] ?? 200;
        response.end(JSON.stringify(end === "drill" ? status : {}));
      },
    );
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  function check(names: readonly string[], answers: Record<string, string> = {}) {
    asked.length = 0;
    const needs = names.map((name) => ({
      apiVersion: "storage.k8s.io/v1",
      kind: "CSIDriver",
      resource: "csidrivers",
      name,
      purpose: "mounts",
      remedy: "switch it on",
    }));
    const file = join(folder, "checks.json");
    writeFileSync(file, JSON.stringify({ needs, answers, drill: DRILL }));
    const { port } = server.address() as { port: number };
    return new Promise<{ code: number; text: string }>((done) => {
      const env = {
        PATH: process.env.PATH,
        ACCOUNT_FOLDER: folder,
        KUBERNETES_SERVICE_HOST: "127.0.0.1",
        KUBERNETES_SERVICE_PORT: String(port),
      };
      execFile("python3", [join(__dirname, "files/check/check.py"), file], { env }, (error, stdout, stderr) =>
        done({ code: Number(error?.code ?? 0), text: stdout + stderr }),
      );
    });
  }

  test("[N5] asks for each object with the account's token, and ends well when all are there", async () => {
    expect(await check(["a", "b"])).toEqual({
      code: 0,
      text: "CSIDriver a: there\nCSIDriver b: there\nrestore drill: none yet, the first comes within a week\n0 of 3 checks failed\n",
    });
    const path = "/apis/storage.k8s.io/v1/csidrivers";
    expect(asked).toEqual([`Bearer abc ${path}/a`, `Bearer abc ${path}/b`, `Bearer abc ${DRILL}`]);
  });

  test("[N5] names everything that fails, with the remedy, and ends with 1", async () => {
    const { port } = server.address() as { port: number };
    const { code, text } = await check(["a", "missing", "forbidden"], { site: `http://127.0.0.1:${port}/` });
    expect(code).toBe(1);
    expect(text).toContain("CSIDriver a: there\n");
    expect(text).toContain("CSIDriver missing: not there. Remedy: switch it on.\n");
    expect(text).toContain("CSIDriver forbidden: answered 403. Remedy: switch it on.\n");
    expect(text).toMatch(/site at http:\S+: no answer: /);
    expect(text).toContain("3 of 5 checks failed");
  });

  test.each([
    ["passed this week", 400, { result: "passed", at: 6, lastPassed: 6 }, 0, /drill: passed at 20/],
    [
      "failed",
      400,
      { result: "failed", at: 1, lastPassed: 8 },
      1,
      /failed at \S+, the last that passed: 20.*--last/,
    ],
    ["failed, and none ever passed", 400, { result: "failed", at: 1 }, 1, /the last that passed: none ever/],
    ["overdue", 400, { result: "passed", at: 9.5, lastPassed: 9.5 }, 1, /the last was 9 days ago/],
    ["never, on a fresh install", 7, undefined, 0, /none yet/],
    ["never, though it was due", 20, undefined, 1, /none in 20 days/],
    ["unreadable", 20, { result: "passed", at: "yesterday" }, 1, /not as the drill writes it/],
  ] as const)("[O9] the restore drill is among the checks: %s", async (_, created, found, code, words) => {
    const times = (value: unknown) => (typeof value === "number" ? ago(value) : String(value));
    const data =
      found && Object.fromEntries(Object.entries(found).map(([key, value]) => [key, times(value)]));
    status = left(created, data);
    const told = await check([]);
    expect([told.code, told.text]).toEqual([code, expect.stringMatching(words)]);
    expect(told.text).toContain(`${code} of 1 checks failed`);
  });
});
