import { awsPlace } from "../../testing/computed-aws";
import {
  BACKEND_SERVICE_ACCOUNT,
  RESTORE_DRILL_SERVICE_ACCOUNT,
  USER_BUCKET_PREFIXES,
  USER_SERVICE_ACCOUNT,
  workloadAccountEmail,
} from "../naming";
import { asked, everyRole, roleOf, s3 } from "./fixtures/every-role";
import { allows, type CallContext, type RecordedRole, trusts, trustsService } from "./fixtures/simulate";

/**
 * Every role that the program makes, with its trust and all its policies, asked about calls. This shows what IAM
 * would decide on these documents, not that AWS accepts them, nor what other policies of an account add.
 */

const { accountId, region } = awsPlace;
const { namespace, zone, database, userBucket, pool } = asked;

let roles: Map<string, RecordedRole>;
const role = (name: string) => roleOf(roles, name);
beforeAll(async () => {
  roles = await everyRole();
});

const mountRole = workloadAccountEmail("cmb-test", "cmb");

test("[W1] these are all roles, each attached to Amazon's policies named here and no other", () => {
  const attached = Object.fromEntries([...roles].map(([name, { managed }]) => [name, managed.sort()]));
  const aws = (policy: string) => `arn:aws:iam::aws:policy/${policy}`;
  expect(attached).toEqual({
    "cmb-test-cluster": [aws("AmazonEKSClusterPolicy")],
    "cmb-test-node": [aws("AmazonEC2ContainerRegistryPullOnly"), aws("AmazonEKSWorkerNodePolicy")],
    "cmb-test-vpc-cni": [aws("AmazonEKS_CNI_Policy")],
    "cmb-test-ebs-csi": [aws("AmazonEBSCSIDriverPolicyV2")],
    "cmb-test-flow-logs": [],
    "cmb-test-cluster-autoscaler": [],
    "cmb-test-aws-load-balancer-controller": [],
    "cmb-test-backend": [],
    "cmb-test-drill": [],
    "cmb-test-certificates": [],
    [mountRole]: [],
  });
});

describe("[W3] trust", () => {
  const accounts: [string, string][] = [
    ["cmb-test-vpc-cni", "kube-system:aws-node"],
    ["cmb-test-ebs-csi", "kube-system:ebs-csi-controller-sa"],
    ["cmb-test-cluster-autoscaler", "kube-system:cluster-autoscaler"],
    ["cmb-test-aws-load-balancer-controller", "kube-system:aws-load-balancer-controller"],
    [mountRole, "kube-system:s3-csi-driver-sa"],
    ["cmb-test-backend", `${namespace}:${BACKEND_SERVICE_ACCOUNT}`],
    ["cmb-test-drill", `${namespace}:${RESTORE_DRILL_SERVICE_ACCOUNT}`],
    ["cmb-test-certificates", "cert-manager:cert-manager"],
  ];

  test.each(accounts)("%s can be taken by %s of this cluster, and by nobody else", async (name, account) => {
    const subject = `system:serviceaccount:${account}`;
    expect(await trusts(role(name), { subject })).toBe(true);
    const [ns, sa] = account.split(":");
    for (const other of [
      `${ns}:default`,
      `default:${sa}`,
      `${ns}:${sa}x`,
      `${namespace}:${USER_SERVICE_ACCOUNT}`,
    ]) {
      expect([other, await trusts(role(name), { subject: `system:serviceaccount:${other}` })]).toEqual([
        other,
        false,
      ]);
    }
    expect(await trusts(role(name), { subject, audience: "https://kubernetes.default.svc" })).toBe(false);
    expect(await trusts(role(name), { subject, issuer: "other" })).toBe(false);
    expect(await trustsService(role(name), "ec2.amazonaws.com")).toBe(false);
  });

  test("control plane, nodes and flow logs are taken by their service alone", async () => {
    const own = { "aws:SourceAccount": accountId };
    expect(await trustsService(role("cmb-test-cluster"), "eks.amazonaws.com")).toBe(true);
    expect(await trustsService(role("cmb-test-node"), "ec2.amazonaws.com")).toBe(true);
    expect(await trustsService(role("cmb-test-flow-logs"), "vpc-flow-logs.amazonaws.com", own)).toBe(true);
    expect(await trustsService(role("cmb-test-cluster"), "ec2.amazonaws.com")).toBe(false);
    expect(await trustsService(role("cmb-test-node"), "eks.amazonaws.com")).toBe(false);
    expect(await trustsService(role("cmb-test-flow-logs"), "ec2.amazonaws.com", own)).toBe(false);
    const stranger = { "aws:SourceAccount": "210987654321" };
    expect(await trustsService(role("cmb-test-flow-logs"), "vpc-flow-logs.amazonaws.com", stranger)).toBe(
      false,
    );
    const subject = `system:serviceaccount:${namespace}:${BACKEND_SERVICE_ACCOUNT}`;
    for (const name of ["cmb-test-cluster", "cmb-test-node", "cmb-test-flow-logs"]) {
      expect([name, await trusts(role(name), { subject })]).toEqual([name, false]);
    }
  });
});

const bucketActions = [
  ...["CreateBucket", "DeleteBucket", "ListBucket", "ListBucketVersions", "GetBucketLocation"],
  ...["GetBucketVersioning", "PutBucketVersioning", "GetLifecycleConfiguration", "PutLifecycleConfiguration"],
  ...["PutBucketTagging", "GetBucketPolicy", "PutBucketPolicy"],
].map((action) => `s3:${action}`);
const objectActions = [
  "GetObject",
  "GetObjectVersion",
  "PutObject",
  "DeleteObject",
  "DeleteObjectVersion",
].map((action) => `s3:${action}`);
describe("[S3] the backend", () => {
  const backend = () => role("cmb-test-backend");

  test.each(USER_BUCKET_PREFIXES)("creates and manages buckets named %s-…", async (prefix) => {
    const name = `${prefix}-supernova-0a1b2c3d-1763700000`;
    for (const action of bucketActions) {
      expect([action, await allows(backend(), action, s3(name))]).toEqual([action, true]);
    }
    for (const action of objectActions) {
      expect([action, await allows(backend(), action, s3(`${name}/a/b`))]).toEqual([action, true]);
    }
  });

  test("lists the account's buckets", async () => {
    expect(await allows(backend(), "s3:ListAllMyBuckets", "*")).toBe(true);
  });

  test.each([
    database,
    `cmb-test-db-logs-${accountId}`,
    "andromeda",
    "andromeda-nebula-0a1b2c3d-176370000",
    "andromeda-nebula-0a1b2c3-1763700000",
    "my-andromeda-nebula-0a1b2c3d-1763700000",
    "pluto-nebula-0a1b2c3d-1763700000",
    "somebody-elses-bucket",
  ])("has no right to create, delete or open up the bucket %s", async (name) => {
    const forbidden = [
      "s3:CreateBucket",
      "s3:DeleteBucket",
      "s3:PutBucketPolicy",
      "s3:PutLifecycleConfiguration",
    ];
    for (const action of forbidden) {
      expect([action, await allows(backend(), action, s3(name))]).toEqual([action, false]);
    }
    expect(await allows(backend(), "s3:DeleteObjectVersion", s3(`${name}/a`))).toBe(false);
  });

  test("cannot use a stranger's bucket of a fitting name", async () => {
    const stranger = { "aws:ResourceAccount": "210987654321" };
    for (const action of bucketActions.filter((name) => name !== "s3:CreateBucket")) {
      expect([action, await allows(backend(), action, s3(userBucket), stranger)]).toEqual([action, false]);
    }
    for (const action of objectActions) {
      expect([action, await allows(backend(), action, s3(`${userBucket}/a`), stranger)]).toEqual([
        action,
        false,
      ]);
    }
  });

  test("cannot make its own buckets public or give them away", async () => {
    const forbidden = ["PutBucketPublicAccessBlock", "PutBucketAcl", "PutReplicationConfiguration"];
    forbidden.push("PutBucketOwnershipControls", "PutBucketNotification", "PutBucketLogging");
    for (const action of forbidden.map((name) => `s3:${name}`)) {
      expect([action, await allows(backend(), action, s3(userBucket))]).toEqual([action, false]);
    }
  });

  test("[S5] copies the database and can neither destroy a copy nor put another in its place", async () => {
    const ltx = s3(`${database}/epochs/0000000001/db/ltx/0/0000000001-0000000001.ltx`);
    expect(await allows(backend(), "s3:ListBucket", s3(database))).toBe(true);
    for (const action of ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]) {
      expect([action, await allows(backend(), action, ltx)]).toEqual([action, true]);
    }
    const forbidden = [
      ...["PutBucketVersioning", "DeleteBucket", "PutEncryptionConfiguration", "DeleteBucketPolicy"],
      ...["PutLifecycleConfiguration", "PutReplicationConfiguration"],
    ];
    for (const action of forbidden.map((name) => `s3:${name}`)) {
      expect([action, await allows(backend(), action, s3(database))]).toEqual([action, false]);
    }
    for (const action of [
      "DeleteObject",
      "DeleteObjectVersion",
      "BypassGovernanceRetention",
      "PutObjectAcl",
    ]) {
      expect([action, await allows(backend(), `s3:${action}`, ltx)]).toEqual([action, false]);
    }
  });

  test.each(["claims/1", "releases/1", "beats/1/2", "files/ab12", "epochs/1/manifests/3"])(
    "[S5] writes %s only under a name that nobody has written yet",
    async (key) => {
      const put = (context: CallContext) =>
        allows(backend(), "s3:PutObject", s3(`${database}/${key}`), context);
      expect(await put({ "s3:if-none-match": "*", "s3:ObjectCreationOperation": "true" })).toBe(true);
      expect(await put({ "s3:ObjectCreationOperation": "true" })).toBe(false);
      // Parts of a large object, whose completion carries the header.
      expect(await put({ "s3:ObjectCreationOperation": "false" })).toBe(true);
    },
  );

  test("[O9] has no right on the copy in a second region, by its name or through it", async () => {
    const copy = `cmb-test-db-copy-${accountId}`;
    expect(await allows(backend(), "s3:ListBucket", s3(copy))).toBe(false);
    for (const action of objectActions)
      expect([action, await allows(backend(), action, s3(`${copy}/a`))]).toEqual([action, false]);
  });

  test("uses the data key, through S3, and no other key", async () => {
    const key = `arn:aws:kms:${region}:${accountId}:key/0a1b2c3d-0000-0000-0000-000000000000`;
    const through = `s3.${region}.amazonaws.com`;
    const own: CallContext = { "kms:ResourceAliases": ["alias/cmb-test-data"], "kms:ViaService": through };
    const other: CallContext = {
      "kms:ResourceAliases": ["alias/cmb-test-secrets"],
      "kms:ViaService": through,
    };
    const direct: CallContext = { "kms:ResourceAliases": ["alias/cmb-test-data"] };
    for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
      expect([action, await allows(backend(), action, key, own)]).toEqual([action, true]);
      expect([action, await allows(backend(), action, key, other)]).toEqual([action, false]);
      expect([action, await allows(backend(), action, key, direct)]).toEqual([action, false]);
      expect([action, await allows(backend(), action, key)]).toEqual([action, false]);
    }
    for (const action of ["kms:ScheduleKeyDeletion", "kms:CreateGrant", "kms:PutKeyPolicy"]) {
      expect([action, await allows(backend(), action, key, own)]).toEqual([action, false]);
    }
  });

  test("[A3] signs users out of the one pool, because it was granted, and does nothing else to them", async () => {
    expect(await allows(backend(), "cognito-idp:AdminUserGlobalSignOut", pool)).toBe(true);
    expect(await allows(backend(), "cognito-idp:AdminUserGlobalSignOut", `${pool.slice(0, -1)}8`)).toBe(
      false,
    );
    for (const action of ["AdminDeleteUser", "AdminSetUserPassword", "ListUsers", "DeleteUserPool"]) {
      expect([action, await allows(backend(), `cognito-idp:${action}`, pool)]).toEqual([action, false]);
    }
  });

  test("has nothing to do with IAM, DNS or its cluster", async () => {
    expect(await allows(backend(), "iam:PassRole", role(mountRole).arn)).toBe(false);
    expect(await allows(backend(), "iam:UpdateAssumeRolePolicy", role(mountRole).arn)).toBe(false);
    expect(await allows(backend(), "route53:ChangeResourceRecordSets", zone)).toBe(false);
    expect(await allows(backend(), "sts:AssumeRole", role(mountRole).arn)).toBe(false);
  });
});

describe("[O9] the restore drill", () => {
  const drill = () => role("cmb-test-drill");
  const key = `arn:aws:kms:${region}:${accountId}:key/0a1b2c3d-0000-0000-0000-000000000000`;
  const own: CallContext = {
    "kms:ResourceAliases": ["alias/cmb-test-data"],
    "kms:ViaService": `s3.${region}.amazonaws.com`,
  };

  test("reads what the backend wrote", async () => {
    expect(await allows(drill(), "s3:ListBucket", s3(database))).toBe(true);
    expect(await allows(drill(), "s3:GetObject", s3(`${database}/claims/1`))).toBe(true);
    expect(await allows(drill(), "kms:Decrypt", key, own)).toBe(true);
  });

  test("writes, deletes and encrypts nothing, and sees no user's bucket", async () => {
    for (const action of ["PutObject", "DeleteObject", "DeleteObjectVersion", "AbortMultipartUpload"])
      expect([action, await allows(drill(), `s3:${action}`, s3(`${database}/claims/1`))]).toEqual([
        action,
        false,
      ]);
    for (const action of objectActions)
      expect([action, await allows(drill(), action, s3(`${userBucket}/a`))]).toEqual([action, false]);
    expect(await allows(drill(), "s3:ListAllMyBuckets", "*")).toBe(false);
    expect(await allows(drill(), "kms:GenerateDataKey", key, own)).toBe(false);
    expect(await allows(drill(), "kms:Decrypt", key, { ...own, "kms:ResourceAliases": ["alias/x"] })).toBe(
      false,
    );
  });
});

describe("[W2] the mounting role", () => {
  test("aborts uploads in user buckets; every other right comes from the bucket's own policy", async () => {
    const mount = role(mountRole);
    expect(await allows(mount, "s3:AbortMultipartUpload", s3(`${userBucket}/a`))).toBe(true);
    expect(await allows(mount, "s3:AbortMultipartUpload", s3(`${database}/a`))).toBe(false);
    for (const action of objectActions) {
      expect([action, await allows(mount, action, s3(`${userBucket}/a`))]).toEqual([action, false]);
    }
    for (const action of [...bucketActions]) {
      expect([action, await allows(mount, action, s3(userBucket))]).toEqual([action, false]);
    }
    expect(await allows(mount, "s3:ListAllMyBuckets", "*")).toBe(false);
  });

  test("user pods have no role: none trusts their service account", async () => {
    for (const [name, recorded] of roles) {
      const subject = `system:serviceaccount:${namespace}:${USER_SERVICE_ACCOUNT}`;
      expect([name, await trusts(recorded, { subject })]).toEqual([name, false]);
    }
  });
});
