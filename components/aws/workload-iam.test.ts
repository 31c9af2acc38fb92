import type { Grant } from "../grants";
import { settled } from "../../testing/record";
import * as pulumi from "@pulumi/pulumi";
import { awsPlace } from "../../testing/computed-aws";
import { children, recordAws, someIdentity, withProvider } from "./fixtures/recorded";
import { KeptSecret } from "./kept-secret";
import { MountIdentity } from "./mount-identity";
import { WorkloadIam, type WorkloadIamArgs } from "./workload-iam";

const bucket = { name: "cmb-test-db-123456789012", url: "s3://cmb-test-db-123456789012", resources: [] };

const bind = (grants: Grant[], changes: Partial<WorkloadIamArgs> = {}, withMount = true) =>
  recordAws(() => {
    const opts = withProvider();
    const identity = someIdentity(opts);
    const place = { cluster: "cmb-test", accountId: awsPlace.accountId, region: awsPlace.region, identity };
    const mountIdentity = withMount
      ? new MountIdentity("mount", { ...place, adopt: false, retain: true }, opts)
      : undefined;
    const args = {
      ...place,
      workload: "backend",
      namespace: "science",
      serviceAccount: "ksa",
      grants,
      mountIdentity,
    };
    return new WorkloadIam("w", { ...args, ...changes }, opts);
  });
const standIns = ["OpenIdConnectProvider oidc"];
const mount = ["Role mount-role", "RolePolicy mount-policy", "cmb:aws:MountIdentity mount"];

test("[W1] a workload is a role and one policy, and its annotation leads to it", async () => {
  const { recording, result } = await bind([{ verb: "manage-user-buckets" }], {}, false);
  expect(children(recording)).toEqual(
    ["Role w-role", "RolePolicy w-policy", "cmb:aws:WorkloadIam w", ...standIns].sort(),
  );
  expect(recording.one("w-role").inputs).toMatchObject({
    name: "cmb-test-backend",
    description: "science/ksa in cmb-test: manage-user-buckets",
  });
  expect(await settled(result.annotations)).toEqual({
    "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/cmb-test-backend",
  });
});

test("[W2] the right to mount user buckets makes no role and no annotation: the driver has it", async () => {
  const { recording, result } = await bind([{ verb: "mount-user-buckets" }]);
  expect(children(recording)).toEqual(["cmb:aws:WorkloadIam w", ...mount, ...standIns].sort());
  expect(await settled(result.annotations)).toEqual({});
});

test("[W2] together with another right it adds nothing to the workload's own role", async () => {
  const { recording } = await bind([{ verb: "mount-user-buckets" }, { verb: "manage-user-buckets" }]);
  const alone = await bind([{ verb: "manage-user-buckets" }]);
  expect(recording.one("w-policy").inputs).toEqual(alone.recording.one("w-policy").inputs);
});

test("[W3] a policy is made of the statements of its grants, in their order", async () => {
  const sids = async (grants: Grant[], changes: Partial<WorkloadIamArgs> = {}) => {
    const { recording } = await bind(grants, changes);
    const policy = JSON.parse(recording.one("w-policy").inputs.policy as string) as {
      Statement: { Sid: string }[];
    };
    return policy.Statement.map((statement) => statement.Sid);
  };
  expect(await sids([{ verb: "replicate-database", bucket }, { verb: "manage-user-buckets" }])).toEqual([
    ...["ListDatabaseCopies", "CopyDatabase", "WriteNamesOnce", "UseDataKey"],
    ...["CreateUserBuckets", "ManageUserBuckets", "ManageUserObjects", "ListBuckets"],
  ]);
  expect(await sids([{ verb: "read-database", bucket }])).toEqual([
    ...["ListDatabaseCopies", "ReadDatabaseCopies", "UseDataKey"],
  ]);
  const zone = (id: pulumi.Input<string>) => ({ zone: { id, domain: "cmb.example.org" } });
  const dns = ["WatchChanges", "ReadRecords", "AnswerChallenges"];
  expect(await sids([{ verb: "answer-dns-challenge" }], zone("Z9"))).toEqual(dns);
  expect(await sids([{ verb: "answer-dns-challenge" }], zone(pulumi.output("Z9")))).toEqual(dns);
  const userPool = { id: "eu-central-1_aB3dE5fG7", region: "eu-central-1" };
  expect(await sids([{ verb: "sign-out-users" }], { userPool })).toEqual(["SignOutUsers"]);
});

test.each<[Grant, string]>([
  [{ verb: "answer-dns-challenge" }, "backend.zone"],
  [{ verb: "sign-out-users" }, "backend.userPool"],
])("%j is refused where there is nothing to grant it on", async (grant, key) => {
  await expect(bind([grant])).rejects.toThrow(key);
});

test("mounting is refused where there is no role for it", async () => {
  await expect(bind([{ verb: "mount-user-buckets" }], {}, false)).rejects.toThrow("backend.mountIdentity");
});

describe("the mounting role", () => {
  const make = (adopt: boolean, retain: boolean) =>
    recordAws(() => {
      const opts = withProvider();
      const identity = someIdentity(opts);
      const place = { cluster: "cmb-test", accountId: awsPlace.accountId, identity };
      return new MountIdentity("mount", { ...place, adopt, retain }, opts);
    });

  test("[O5] is kept in the state through a destroy, and holds back neither cluster nor identity provider", async () => {
    const { recording } = await make(false, true);
    const [role, policy] = ["mount-role", "mount-policy"].map((name) => recording.one(name));
    expect([role!.protect, role!.retainOnDelete]).toEqual([true, true]);
    expect([policy!.protect, policy!.retainOnDelete]).toEqual([true, true]);
    // `--exclude-protected` keeps all that these depend on.
    expect(role!.dependencies).toEqual([]);
    expect(policy!.dependencies).toEqual([role!.urn]);
    const free = (await make(false, false)).recording.one("mount-role");
    expect([free.protect, free.retainOnDelete]).toEqual([false, false]);
  });

  test("its trust is made from the cluster all the same: unknown while that is, and then its issuer", async () => {
    const { recording } = await make(false, true);
    expect(recording.one("mount-role").inputs.assumeRolePolicy).toContain("oidc-provider/");
    expect(recording.one("mount-role").inputs.assumeRolePolicy).toContain("kube-system:s3-csi-driver-sa");
  });

  test("one that is there is taken over as it is, with its unique id", async () => {
    const { recording } = await make(true, true);
    expect(recording.one("mount-role").ignoreChanges).toEqual([
      "assumeRolePolicy",
      "description",
      "tags",
      "tagsAll",
    ]);
    expect((await make(false, true)).recording.one("mount-role").ignoreChanges).toEqual([]);
  });
});

describe("a kept secret", () => {
  test("[O9] has a copy in the second region where there is one", async () => {
    const value = pulumi.output("hidden");
    const args = {
      cluster: "cmb-test",
      role: "file-key",
      description: "a key",
      value,
      copyRegion: "eu-west-1",
    };
    const { recording } = await recordAws(() => new KeptSecret("s", args, withProvider()));
    expect(recording.one("s-secret").inputs).toMatchObject({ replicas: [{ region: "eu-west-1" }] });
  });

  test("[O5] is one secret and one version, protected, retained, and secret in the state", async () => {
    const { recording, result } = await recordAws(
      () =>
        new KeptSecret(
          "s",
          { cluster: "cmb-test", role: "file-key", description: "a key", value: pulumi.output("hidden") },
          withProvider(),
        ),
    );
    expect(children(recording)).toEqual([
      "Secret s-secret",
      "SecretVersion s-version",
      "cmb:aws:KeptSecret s",
    ]);
    expect(recording.one("s-secret").inputs).toEqual({
      name: "cmb-test/file-key",
      description: "a key",
      recoveryWindowInDays: 30,
    });
    for (const name of ["s-secret", "s-version"]) {
      const { protect, retainOnDelete } = recording.one(name);
      expect([name, protect, retainOnDelete]).toEqual([name, true, true]);
    }
    expect(pulumi.runtime.isRpcSecret(recording.one("s-version").inputs.secretString)).toBe(true);
    expect(await settled(result.id)).toBe(
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cmb-test/file-key-a1B2c3",
    );
  });
});
