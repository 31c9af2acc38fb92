import { computedGcp } from "../../testing/computed-gcp";
import { bindEveryWorkload } from "../../testing/every-workload";
import { record, type Recording } from "../../testing/record";
import { USER_BUCKET_PREFIXES } from "../naming";
import { someCluster } from "./fixtures/cluster";
import { holds, isAllowed, type Target } from "./fixtures/evaluate";
import {
  BUCKET_FACTORY_PERMISSIONS,
  CONDITION_OPERATOR_LIMIT,
  DATABASE_READ_PERMISSIONS,
  DATABASE_REPLICA_PERMISSIONS,
  DNS_CHALLENGE_PERMISSIONS,
  roleId,
  USER_BUCKET_PERMISSIONS,
  userBucketConditions,
} from "./permissions";
import * as predefined from "./fixtures/roles.json";

const email = (id: string) => `serviceAccount:${id}@acme-science.iam.gserviceaccount.com`;
const backend = email("cmb-dev-backend");
const users = email("cmb-dev-workload-sa");
const drill = email("cmb-dev-drill");
const certificates = email("cmb-dev-certificates");
const nodes = email("cmb-dev-nodes");

const project: Target = { kind: "project" };
const bucket = (name: string, object?: string): Target => ({ kind: "bucket", name, object });
const zone = (name: string): Target => ({ kind: "zone", name });
const usersBucket = "orion-nebula-0123abcd-1764000000";
const database = "acme-science-cmb-dev-db";

let recording: Recording;
beforeAll(async () => {
  const made = await record(() => bindEveryWorkload(someCluster(), "science"), { computed: computedGcp });
  recording = made.recording;
});

/** Written out once more: a permission added to a grant has to be added here, where the reviewer asks why. */
const factory = ["storage.buckets.create", "storage.buckets.list"];
const replica = ["storage.objects.create", "storage.objects.get", "storage.objects.list"];
const challenge = [
  "dns.changes.create",
  "dns.changes.get",
  "dns.resourceRecordSets.create",
  "dns.resourceRecordSets.delete",
  "dns.resourceRecordSets.list",
  "dns.resourceRecordSets.update",
];

/** Every permission that any role in sight could carry, so that a forbidden one need not be thought of. */
const allPermissions = [...new Set(Object.values(predefined.roles).flat())];

describe("[S3] the backend on the buckets of users: each call of its storage provider", () => {
  test.each([
    ["create a bucket", "storage.buckets.create", project],
    ["list all buckets", "storage.buckets.list", project],
    ["look whether one is there, reload it", "storage.buckets.get", bucket(usersBucket)],
    ["delete one", "storage.buckets.delete", bucket(usersBucket)],
    ["read its policy", "storage.buckets.getIamPolicy", bucket(usersBucket)],
    ["grant it to the mounting identity", "storage.buckets.setIamPolicy", bucket(usersBucket)],
    ["change its settings", "storage.buckets.update", bucket(usersBucket)],
    ["list objects and versions", "storage.objects.list", bucket(usersBucket)],
    ["upload", "storage.objects.create", bucket(usersBucket, "a/b.txt")],
    ["overwrite or delete, versions too", "storage.objects.delete", bucket(usersBucket, "a/b.txt")],
    ["download", "storage.objects.get", bucket(usersBucket, "a/b.txt")],
  ])("may %s", (_what, permission, target) => {
    expect(isAllowed(recording, backend, permission, target)).toBe(true);
  });

  test.each(USER_BUCKET_PREFIXES)(
    "manages buckets that begin with %s-, and not with the bare word",
    (word) => {
      expect(isAllowed(recording, backend, "storage.buckets.delete", bucket(`${word}-x`))).toBe(true);
      expect(isAllowed(recording, backend, "storage.buckets.delete", bucket(`${word}x`))).toBe(false);
      expect(isAllowed(recording, backend, "storage.buckets.delete", bucket(`x-${word}-x`))).toBe(false);
    },
  );

  test("[W3] may do nothing else there: no policy of an object, no lock, no restore", () => {
    const target = bucket(usersBucket, "a/b.txt");
    expect(allPermissions.filter((p) => isAllowed(recording, backend, p, target)).sort()).toEqual([
      "storage.buckets.create",
      "storage.buckets.delete",
      "storage.buckets.get",
      "storage.buckets.getIamPolicy",
      "storage.buckets.list",
      "storage.buckets.setIamPolicy",
      "storage.buckets.update",
      "storage.objects.create",
      "storage.objects.delete",
      "storage.objects.get",
      "storage.objects.list",
    ]);
  });

  test("[W3] has no other right on any other bucket, on the project, on a zone", () => {
    const elsewhere = [
      bucket("acme-payroll"),
      bucket("acme-payroll", "orion-/x"),
      bucket(`${database}-logs`),
      project,
      zone("cmb-dev-zone"),
    ];
    const found = elsewhere.map((target) =>
      allPermissions.filter((permission) => isAllowed(recording, backend, permission, target)),
    );
    // The two that Google only asks of the project hold everywhere in it; nothing else does.
    for (const list of found) expect(list.sort()).toEqual(factory);
  });
});

describe("[S1] the backend on the database bucket", () => {
  test.each(replica)("may use %s", (p) => {
    expect(isAllowed(recording, backend, p, bucket(database, "ltx/0/1.ltx"))).toBe(true);
  });

  test("may do nothing else: neither delete nor overwrite an object or version, nor touch the bucket", () => {
    const may = allPermissions.filter((p) =>
      isAllowed(recording, backend, p, bucket(database, "ltx/0/1.ltx")),
    );
    expect(may.sort()).toEqual([...factory, ...replica]);
  });
});

test("[O9] the restore drill reads the database bucket, and has no other right there or anywhere", () => {
  const may = (target: Target) => allPermissions.filter((p) => isAllowed(recording, drill, p, target));
  expect(may(bucket(database, "claims/1")).sort()).toEqual(["storage.objects.get", "storage.objects.list"]);
  for (const target of [
    project,
    bucket(usersBucket, "x"),
    bucket(`${database}-logs`, "x"),
    zone("cmb-dev-zone"),
  ])
    expect(may(target)).toEqual([]);
});

test("[W2] the identity of user pods has no right of its own on anything", () => {
  const targets = [project, bucket(usersBucket, "x"), bucket(database, "x"), zone("cmb-dev-zone")];
  for (const target of targets) {
    expect(allPermissions.filter((p) => isAllowed(recording, users, p, target))).toEqual([]);
  }
});

describe("[D2] cert-manager", () => {
  test.each(challenge)("may use %s in the stack's zone", (permission) => {
    expect(isAllowed(recording, certificates, permission, zone("cmb-dev-zone"))).toBe(true);
  });

  test("may do nothing else there, and nothing in another zone or on the project", () => {
    const may = (target: Target) =>
      allPermissions.filter((p) => isAllowed(recording, certificates, p, target));
    expect(may(zone("cmb-dev-zone")).sort()).toEqual(challenge);
    expect(may(zone("corporate"))).toEqual([]);
    expect(may(project)).toEqual([]);
    expect(may(bucket(usersBucket))).toEqual([]);
  });
});

test("[N3] nodes write logs and metrics, and can neither read a bucket nor act as an account", () => {
  expect(isAllowed(recording, nodes, "logging.logEntries.create", project)).toBe(true);
  expect(isAllowed(recording, nodes, "monitoring.timeSeries.create", project)).toBe(true);
  const risky = allPermissions.filter((p) => /^(storage|iam|dns|resourcemanager)\./.test(p));
  expect(risky.length).toBeGreaterThan(50);
  for (const target of [project, bucket(database, "x"), bucket(usersBucket, "x")]) {
    expect(risky.filter((p) => isAllowed(recording, nodes, p, target))).toEqual([]);
  }
});

test("[W3] no binding is for everyone, no role is a basic one, and no custom role has a wildcard", () => {
  const bindings = recording.resources.filter((r) => r.inputs.member !== undefined);
  expect(bindings.length).toBeGreaterThan(8);
  for (const { inputs } of bindings) {
    expect(inputs.member).not.toMatch(/^(allUsers|allAuthenticatedUsers)$/);
    expect(inputs.role).not.toMatch(/^roles\/(owner|editor|viewer|storage\.admin|dns\.admin)$/);
  }
  for (const { inputs } of recording.ofType("gcp:projects/iAMCustomRole:IAMCustomRole")) {
    expect(JSON.stringify(inputs.permissions)).not.toContain("*");
  }
});

test("every permission asked for is one that Google knows", () => {
  const asked = [
    ...BUCKET_FACTORY_PERMISSIONS,
    ...USER_BUCKET_PERMISSIONS,
    ...DATABASE_REPLICA_PERMISSIONS,
    ...DATABASE_READ_PERMISSIONS,
    ...DNS_CHALLENGE_PERMISSIONS,
  ];
  expect(asked.filter((p) => !allPermissions.includes(p))).toEqual([]);
});

describe("conditions", () => {
  test("[S3] none has more logical operators than IAM takes, and together they name each prefix once", () => {
    const conditions = userBucketConditions();
    expect(conditions).toHaveLength(3);
    const words = conditions.flatMap(({ expression }) =>
      [...expression.matchAll(/buckets\/([a-z]+)-/g)].map((match) => match[1]),
    );
    expect(words).toEqual([...USER_BUCKET_PREFIXES]);
    for (const { expression } of conditions) {
      expect((expression.match(/\|\||&&|!/g) ?? []).length).toBeLessThanOrEqual(CONDITION_OPERATOR_LIMIT);
    }
  });

  test("one prefix more than fits makes one condition more", () => {
    const words = (n: number) => Array.from({ length: n }, (_, i) => `w${i}`);
    expect(userBucketConditions(words(CONDITION_OPERATOR_LIMIT))).toHaveLength(1);
    expect(userBucketConditions(words(CONDITION_OPERATOR_LIMIT + 1))).toHaveLength(2);
  });

  test("the evaluator refuses what it does not understand", () => {
    expect(() => holds({ expression: 'resource.type == "x"' }, "x")).toThrow("not in the part of CEL");
    expect(() => holds({ expression: 'resource.name.startsWith("a") && true' }, "a")).toThrow();
    expect(() =>
      isAllowed(
        {
          ...recording,
          resources: [
            {
              ...recording.resources[0]!,
              type: "gcp:projects/iAMMember:IAMMember",
              inputs: { project: "acme-science", member: "m", role: "roles/unheard.of" },
            },
          ],
          ofType: () => [],
        } as unknown as Recording,
        "m",
        "p",
        project,
      ),
    ).toThrow("nothing is known of the role roles/unheard.of");
  });
});

describe("ids of custom roles", () => {
  test("are told apart even where the hyphens of names would blur, and carry a revision from the second on", () => {
    expect(roleId("cmb-dev", "backend", "buckets", 1)).toBe("cmb.cmb_dev.backend.buckets");
    expect(roleId("cmb-dev", "backend", "buckets", 2)).toBe("cmb.cmb_dev.backend.buckets.r2");
    expect(roleId("a", "b-c", "d", 1)).not.toBe(roleId("a-b", "c", "d", 1));
  });

  test("have 64 characters at most", () => {
    const longest = "w".repeat(64 - "cmb.c..d".length);
    expect(roleId("c", longest, "d", 1)).toHaveLength(64);
    expect(() => roleId("c", `${longest}w`, "d", 1)).toThrow("longer than 64 characters");
  });
});
