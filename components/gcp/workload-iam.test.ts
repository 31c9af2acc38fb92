import { computedGcp } from "../../testing/computed-gcp";
import { record, settled } from "../../testing/record";
import type { Grant } from "../grants";
import { someCluster } from "./fixtures/cluster";
import { gcpProvider } from "./providers";
import { WorkloadIam, type WorkloadIamArgs } from "./workload-iam";

const bucket = { name: "acme-science-cmb-db", url: "gs://acme-science-cmb-db", resources: [] };
const grants = (...verbs: Exclude<Grant["verb"], "replicate-database" | "read-database">[]): Grant[] =>
  verbs.map((verb) => ({ verb }));

function bind(args: Partial<WorkloadIamArgs>) {
  return record(
    () =>
      new WorkloadIam(
        "cmb-backend",
        {
          cluster: "cmb-dev",
          project: "acme-science",
          workload: "backend",
          namespace: "science",
          serviceAccount: "cmbcluster-ksa",
          grants: grants("manage-user-buckets"),
          pool: [],
          ...args,
        },
        { provider: gcpProvider("gcp", { project: "acme-science", region: "europe-west4" }) },
      ),
    { computed: computedGcp },
  );
}

test("[W1] a workload gets one account and one trust, in which namespace and account stand, and no key", async () => {
  const { recording, result } = await bind({});
  const account = recording.one("cmb-backend-account");
  expect(account.inputs).toMatchObject({ accountId: "cmb-dev-backend", project: "acme-science" });
  expect([account.protect, account.retainOnDelete]).toEqual([false, false]);
  expect(account.inputs).not.toHaveProperty("createIgnoreAlreadyExists");
  expect(recording.one("cmb-backend-trust").inputs).toEqual({
    serviceAccountId:
      "projects/acme-science/serviceAccounts/cmb-dev-backend@acme-science.iam.gserviceaccount.com",
    role: "roles/iam.workloadIdentityUser",
    member: "serviceAccount:acme-science.svc.id.goog[science/cmbcluster-ksa]",
  });
  expect(recording.resources.filter((r) => /key/i.test(r.type))).toEqual([]);
  expect(await settled(result.annotations)).toEqual({
    "iam.gke.io/gcp-service-account": "cmb-dev-backend@acme-science.iam.gserviceaccount.com",
  });
});

test("the trust waits for the cluster, because the pool is not there before it; the account does not", async () => {
  const { recording } = await record(
    () => {
      const cluster = someCluster();
      cluster.bindWorkload("users", {
        namespace: "science",
        serviceAccount: "cmbcluster-user-sa",
        grants: grants("mount-user-buckets"),
      });
    },
    { computed: computedGcp },
  );
  const gke = recording.one("cmb-cluster-gke").urn;
  expect(recording.one("cmb-users-trust").dependencies).toContain(gke);
  expect(recording.one("cmb-users-account").dependencies).not.toContain(gke);
});

test("[S3] manage-user-buckets: two roles, one project-wide binding, three with a condition", async () => {
  const { recording } = await bind({});
  expect(recording.list().filter((line) => !line.startsWith("pulumi:"))).toEqual([
    "cmb:gcp:WorkloadIam cmb-backend",
    "gcp:projects/iAMCustomRole:IAMCustomRole cmb-backend-role-buckets",
    "gcp:projects/iAMCustomRole:IAMCustomRole cmb-backend-role-factory",
    "gcp:projects/iAMMember:IAMMember cmb-backend-factory",
    "gcp:projects/iAMMember:IAMMember cmb-backend-user-buckets-1",
    "gcp:projects/iAMMember:IAMMember cmb-backend-user-buckets-2",
    "gcp:projects/iAMMember:IAMMember cmb-backend-user-buckets-3",
    "gcp:serviceaccount/account:Account cmb-backend-account",
    "gcp:serviceaccount/iAMMember:IAMMember cmb-backend-trust",
  ]);
  expect(recording.one("cmb-backend-factory").inputs).toEqual({
    project: "acme-science",
    role: "projects/acme-science/roles/cmb.cmb_dev.backend.factory",
    member: "serviceAccount:cmb-dev-backend@acme-science.iam.gserviceaccount.com",
  });
  const conditional = recording.one("cmb-backend-user-buckets-1");
  expect(conditional.inputs.condition).toMatchObject({ title: "user-buckets-1" });
  expect(conditional.dependencies).toContain(recording.one("cmb-backend-role-buckets").urn);
  expect(conditional.dependencies).toContain(recording.one("cmb-backend-account").urn);
});

test("read-database: the same binding to a role that only reads", async () => {
  const { recording } = await bind({ workload: "drill", grants: [{ verb: "read-database", bucket }] });
  expect(recording.one("cmb-backend-role-database").inputs).toMatchObject({
    roleId: "cmb.cmb_dev.drill.database",
    title: "cmb-dev drill: read database copies",
    permissions: ["storage.objects.get", "storage.objects.list"],
  });
  expect(recording.one("cmb-backend-database").inputs).toMatchObject({ bucket: bucket.name });
});

test("replicate-database: a role bound on the one bucket, and nothing on the project", async () => {
  const { recording } = await bind({ grants: [{ verb: "replicate-database", bucket }] });
  expect(recording.one("cmb-backend-database").inputs).toEqual({
    bucket: "acme-science-cmb-db",
    role: "projects/acme-science/roles/cmb.cmb_dev.backend.database",
    member: "serviceAccount:cmb-dev-backend@acme-science.iam.gserviceaccount.com",
  });
  expect(recording.ofType("gcp:projects/iAMMember:IAMMember")).toEqual([]);
});

test("answer-dns-challenge: a role bound on the one zone, and nothing on the project", async () => {
  const { recording } = await bind({
    grants: grants("answer-dns-challenge"),
    zone: { name: "corporate", resources: [] },
  });
  expect(recording.one("cmb-backend-dns").inputs).toMatchObject({
    managedZone: "corporate",
    role: "projects/acme-science/roles/cmb.cmb_dev.backend.dns",
  });
  expect(recording.ofType("gcp:projects/iAMMember:IAMMember")).toEqual([]);
});

test("mount-user-buckets: the account has the name the application computes, is kept and taken over, has no right", async () => {
  const { recording } = await bind({ workload: "users", grants: grants("mount-user-buckets") });
  const account = recording.one("cmb-backend-account");
  expect(account.inputs).toMatchObject({
    accountId: "cmb-dev-workload-sa",
    createIgnoreAlreadyExists: true,
  });
  expect([account.protect, account.retainOnDelete]).toEqual([true, true]);
  expect(recording.list().filter((line) => line.startsWith("gcp:"))).toEqual([
    "gcp:serviceaccount/account:Account cmb-backend-account",
    "gcp:serviceaccount/iAMMember:IAMMember cmb-backend-trust",
  ]);
  const loose = await bind({ grants: grants("mount-user-buckets"), protect: false });
  expect(loose.recording.one("cmb-backend-account").protect).toBe(false);
});

test("a raised revision makes roles of another id, for use while Google keeps the old ones' ids", async () => {
  const { recording } = await bind({ roleRevision: 2 });
  expect(recording.one("cmb-backend-role-factory").inputs.roleId).toBe("cmb.cmb_dev.backend.factory.r2");
});

test("an account id has 30 characters at most, and keeps its end", async () => {
  const cluster = "c".repeat(18);
  const fits = await bind({ cluster, workload: "elevenlettr" });
  expect(fits.recording.one("cmb-backend-account").inputs.accountId).toBe(`${cluster}-elevenlettr`);
  const cut = await bind({ cluster, workload: "certificates" });
  const id = String(cut.recording.one("cmb-backend-account").inputs.accountId);
  expect(id.length).toBeLessThanOrEqual(30);
  expect(id).toMatch(/^c+-[0-9a-f]{6}-ificates$/);
});

describe("refused, before anything is registered:", () => {
  test.each<[string, Partial<WorkloadIamArgs>, RegExp]>([
    ["no grant", { grants: [] }, /bindWorkload\(backend\).*without rights/],
    ["a grant twice", { grants: grants("manage-user-buckets", "manage-user-buckets") }, /twice/],
    [
      "a mounting identity with another right",
      { grants: grants("mount-user-buckets", "manage-user-buckets") },
      /code of users/,
    ],
    ["signing users out of Cognito", { grants: grants("sign-out-users") }, /allowSignOutEverywhere/],
    ["a DNS challenge without a zone", { grants: grants("answer-dns-challenge") }, /no zone is given/],
    ["a name too short for an account", { cluster: "ab", workload: "cd" }, /6 characters or more/],
    ["the nodes' account", { workload: "nodes" }, /account of somebody else/],
    ["the mounting account under another grant", { workload: "workload-sa" }, /account of somebody else/],
  ])("%s", async (_what, args, message) => {
    await expect(bind(args)).rejects.toThrow(message);
  });
});
