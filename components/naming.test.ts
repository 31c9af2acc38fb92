import {
  assertClusterName,
  CLUSTER_NAME_LIMIT,
  databaseBucketName,
  hostNames,
  PROJECT_ID_ON_AWS,
  shorten,
  USER_BUCKET_PREFIXES,
  userBucketPrefixOf,
  workloadAccountEmail,
  workloadAccountId,
} from "./naming";

const longest = "a".repeat(CLUSTER_NAME_LIMIT);

test("a cluster name of 18 characters is taken, one of 19 is refused with the limit and whose it is", () => {
  expect(() => assertClusterName(longest)).not.toThrow();
  expect(() => assertClusterName(`${longest}a`)).toThrow(/19 characters, 18 at most: .*Google's 30/);
});

test.each(["Cmb", "1cmb", "cmb-", "cmb_dev", "c", ""])("the cluster name %j is refused", (name) => {
  expect(() => assertClusterName(name)).toThrow(/clusterName = /);
});

test("the workload account of the longest cluster name is exactly as long as Google allows", () => {
  expect(workloadAccountId(longest)).toHaveLength(30);
});

test("on AWS the role of the computed name fits IAM's 64 characters for the longest cluster name", () => {
  const name = workloadAccountEmail(longest, PROJECT_ID_ON_AWS);
  expect(name).toBe(`${longest}-workload-sa@cmb.iam.gserviceaccount.com`);
  expect(name.length).toBeLessThanOrEqual(64);
  expect(name).toMatch(/^[\w+=,.@-]+$/);
});

test("[S1] the database bucket is named as the application's seeds name it, on each cloud", () => {
  expect(databaseBucketName.gcp("cmb-dev", "science-1")).toBe("science-1-cmb-dev-db");
  expect(databaseBucketName.aws("cmb-dev", "123456789012")).toBe("cmb-dev-db-123456789012");
});

test("[D1] a stack serves its domain, the API below it, and everything else below it", () => {
  expect(hostNames("x.org")).toEqual({ site: "x.org", api: "api.x.org", environments: "*.x.org" });
});

test("the user bucket prefixes are the application's twenty-eight words, each once", () => {
  expect(USER_BUCKET_PREFIXES).toHaveLength(28);
  expect(new Set(USER_BUCKET_PREFIXES).size).toBe(28);
});

test("a name looks like a user's bucket only when a prefix stands before a hyphen", () => {
  expect(userBucketPrefixOf("orion-db-1")).toBe("orion");
  expect(userBucketPrefixOf("orionis-db-1")).toBeUndefined();
  expect(userBucketPrefixOf("my-orion-db")).toBeUndefined();
});

describe("shortening a physical name", () => {
  test("a name at the limit stays, one past it is cut to the limit", () => {
    expect(shorten("x".repeat(32), 32)).toBe("x".repeat(32));
    expect(shorten("x".repeat(33), 32)).toHaveLength(32);
  });

  test("the tail that tells names apart is kept whole", () => {
    expect(shorten("a-very-long-cluster-name-for-science-https", 32, 5)).toMatch(/-https$/);
  });

  test("names whose cut forms would be equal stay apart", () => {
    const [one, two] = ["alpha", "gamma"].map((m) => shorten(`begin-${m}${"x".repeat(30)}-end`, 24, 3));
    expect(one).not.toBe(two);
  });

  test("no double hyphens at the seams", () => {
    expect(shorten("abcdefghijk-lmnopqrstu-vwxyz0123456789", 24, 6)).not.toContain("--");
    expect(shorten(`abc${"-".repeat(40)}xyz`, 24, 6)).toMatch(/^abc-[0-9a-f]{6}-xyz$/);
  });

  test("a limit without room for a head is refused", () => {
    expect(() => shorten("x".repeat(40), 12, 12)).toThrow(/no room/);
  });
});
