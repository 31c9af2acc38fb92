import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../preview/engine/values";
import type { ChartValues } from "../components/application/values";
import type { ControlPlane } from "../simulator/kubernetes";
import { eventually, tool } from "../simulator/kubernetes/fixtures/cluster";
import { startTestPlane } from "../simulator/kubernetes/fixtures/test-plane";
import { namespace, signIns, valuesOf } from "./combinations";

/*
 * The genuine Helm against the genuine API server. What they cannot show: that a driver which is registered works.
 */

const sound = valuesOf("aws", signIns["both, google first"]!, "dev");
let folder: string;
let plane: ControlPlane;
let end: () => Promise<void>;

interface Ran {
  readonly code: number;
  readonly text: string;
}

const execute = (command: string, args: readonly string[], env: NodeJS.ProcessEnv) =>
  new Promise<Ran>((done) =>
    execFile(command, args, { env, timeout: 120_000 }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), text: stdout + stderr }),
    ),
  );

/** Helm as the installer. */
const helm = (...args: string[]) =>
  execute(tool("helm"), [...args, "--kubeconfig", plane.adminKubeconfig, "--namespace", namespace], {
    PATH: process.env.PATH,
    HOME: folder,
  });

function install(values: ChartValues): Promise<Ran> {
  const file = join(folder, "values.json");
  writeFileSync(file, JSON.stringify(values));
  return helm("upgrade", "--install", "cmbcluster", __dirname, "--values", file);
}

/** The objects that the needs name, in their least form. */
const objects = sound.needs.map(({ apiVersion, kind, name }) => ({
  apiVersion,
  kind,
  metadata: { name },
  ...(kind === "StorageClass" && { provisioner: "ebs.csi.aws.com" }),
  ...(kind === "IngressClass" && { spec: { controller: "example.org/ingress" } }),
  ...(kind === "CSIDriver" && { spec: { attachRequired: false } }),
})) as unknown as readonly { readonly metadata: { readonly name: string } }[] & Json[];

beforeAll(async () => {
  ({ plane, folder, end } = await startTestPlane("needs"));
  await plane.api.create("/api/v1/namespaces", { metadata: { name: namespace } });
});

afterAll(() => end());

const releases = async () => (await plane.api.list(`/api/v1/namespaces/${namespace}/secrets`)).length;

test("[N5] everything that is missing is named at once, each with its remedy, and nothing is installed", async () => {
  await plane.apply([objects[0]!]);
  const { code, text } = await install(sound);
  expect(code).not.toBe(0);
  expect(text).toContain("the cluster lacks what the application needs; nothing was installed or changed");
  for (const { kind, name, purpose, remedy } of sound.needs.slice(1)) {
    expect(text).toContain(`- ${kind} ${name}, which ${purpose}. Remedy: ${remedy}.`);
  }
  expect(text).not.toContain(sound.needs[0]!.name);
  expect(await releases()).toBe(0);
  expect(await plane.api.list(`/api/v1/namespaces/${namespace}/services`)).toEqual([]);
});

test("[N5] a kind that the cluster does not know is named among the rest instead of ending the search", async () => {
  const policy = {
    apiVersion: "policies.example.org/v1",
    kind: "Policy",
    resource: "policies",
    name: "users-pods",
    purpose: "mends the users' pods",
    remedy: "install it",
  };
  const { text } = await install({ ...sound, needs: [policy, ...sound.needs] });
  expect(text).toContain(
    "Policy users-pods, which mends the users' pods: the cluster does not even know Policy of policies.example.org/v1",
  );
  expect(text).toContain("IngressClass nginx");
});

test("[N5] with everything there it is installed; a driver that went later stops the upgrade and leaves the release", async () => {
  await plane.apply(objects);
  expect(await install(sound)).toMatchObject({ code: 0 });
  expect(await releases()).toBe(1);
  const bucketDriver = objects.filter(({ metadata }) => metadata.name === "s3.csi.aws.com");
  await plane.remove(bucketDriver);
  const { code, text } = await install({ ...sound, secretsVersion: 2 });
  expect(code).not.toBe(0);
  expect(text).toContain("CSIDriver s3.csi.aws.com, which mounts a user's bucket");
  expect(text).not.toContain("ebs.csi.aws.com");
  expect(await releases()).toBe(1);
  await plane.apply(bucketDriver);
});

/** No container runs here: the check's own script is run beside the cluster, with its pod's account and input. */
test("[N5] helm test: the account may ask for just what is needed, the script finds it, and only the pod stays", async () => {
  const name = "cmbcluster-check";
  const home = `/api/v1/namespaces/${namespace}`;
  const running = helm("test", "cmbcluster");
  await eventually(() => plane.api.get(`${home}/pods/${name}`));
  const { data } = await plane.api.get<{ data: Record<string, string> }>(`${home}/configmaps/${name}`);
  const { status } = await plane.api.create<{ status: { token: string } }>(
    `${home}/serviceaccounts/${name}/token`,
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  );
  const asked = JSON.parse(data["checks.json"]!) as {
    needs: ChartValues["needs"];
    answers: object;
    drill: string;
  };
  expect(Object.values(asked.answers)).toEqual([
    "http://cmbcluster-backend:8000/health",
    "http://cmbcluster-frontend:8501/api/health",
  ]);
  writeFileSync(join(folder, "check.py"), data["check.py"]!);
  writeFileSync(join(folder, "token"), status.token);
  writeFileSync(join(folder, "ca.crt"), plane.caPem);
  const check = (needs: readonly object[]) => {
    writeFileSync(join(folder, "checks.json"), JSON.stringify({ needs, answers: {}, drill: asked.drill }));
    return execute("python3", [join(folder, "check.py"), join(folder, "checks.json")], {
      PATH: process.env.PATH,
      ACCOUNT_FOLDER: folder,
      KUBERNETES_SERVICE_HOST: "127.0.0.1",
      KUBERNETES_SERVICE_PORT: String(plane.port),
    });
  };
  expect(await check(asked.needs)).toMatchObject({
    code: 0,
    text: expect.stringContaining("restore drill: none yet") as string,
  });
  const report = { result: "failed", at: new Date().toISOString().replace(/\.\d+Z$/, "Z") };
  await plane.api.patch(`${home}/configmaps/cmbcluster-restore-drill`, { data: report });
  expect((await check(asked.needs)).text).toContain("restore drill: failed at 20");
  const others = await check([{ ...asked.needs[0]!, name: "other.example" }]);
  expect(others.text).toContain("CSIDriver other.example: answered 403");

  await plane.api.patch(`${home}/pods/${name}/status`, { status: { phase: "Succeeded" } }, "strategic");
  expect(await running).toMatchObject({ code: 0 });
  expect(await plane.api.get(`${home}/pods/${name}`)).toBeDefined();
  for (const gone of [
    `${home}/serviceaccounts/${name}`,
    `${home}/configmaps/${name}`,
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/${name}`,
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/${name}`,
    `/apis/rbac.authorization.k8s.io/v1/clusterroles/${namespace}-${name}`,
    `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${namespace}-${name}`,
  ]) {
    await expect(plane.api.get(gone)).rejects.toMatchObject({ code: 404 });
  }
});
