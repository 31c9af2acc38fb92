import { execFile, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applicationNeeds } from "../components/application/needs";
import { combinations, signIns, valuesOf } from "./combinations";
import { parse, run, template, type Rendered } from "./render";
import { describeWithPython, describeWithTools } from "../testing/with-tools";

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
    for (const each of [account!, role!, binding!]) {
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
        response.end("{}");
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
    writeFileSync(file, JSON.stringify({ needs, answers }));
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
      text: "CSIDriver a: there\nCSIDriver b: there\n0 of 2 checks failed\n",
    });
    const path = "/apis/storage.k8s.io/v1/csidrivers";
    expect(asked).toEqual([`Bearer abc ${path}/a`, `Bearer abc ${path}/b`]);
  });

  test("[N5] names everything that fails, with the remedy, and ends with 1", async () => {
    const { port } = server.address() as { port: number };
    const { code, text } = await check(["a", "missing", "forbidden"], { site: `http://127.0.0.1:${port}/` });
    expect(code).toBe(1);
    expect(text).toContain("CSIDriver a: there\n");
    expect(text).toContain("CSIDriver missing: not there. Remedy: switch it on.\n");
    expect(text).toContain("CSIDriver forbidden: answered 403. Remedy: switch it on.\n");
    expect(text).toMatch(/site at http:\S+: no answer: /);
    expect(text).toContain("3 of 4 checks failed");
  });
});
