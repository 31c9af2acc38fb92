import { CLUSTER_NAME_LIMIT } from "../naming";
import { assertRetention } from "./log-retention";
import {
  assertDomainPrefix,
  domainPrefix,
  loadBalancerName,
  mountRoleName,
  nodeGroupName,
  roleName,
  targetGroupName,
} from "./names";
import { planSubnets } from "./subnets";

const longest = "c".repeat(CLUSTER_NAME_LIMIT);

describe("names", () => {
  test("the mounting role has the name that the application computes, within IAM's 64 characters", () => {
    expect(mountRoleName("cmb-dev")).toBe("cmb-dev-workload-sa@cmb.iam.gserviceaccount.com");
    expect(mountRoleName(longest)).toHaveLength(58);
  });

  test("a role's name is cut in the middle beyond 64 characters, and two cut names stay apart", () => {
    expect(roleName("cmb", "backend")).toBe("cmb-backend");
    const whole = roleName(longest, "r".repeat(64 - CLUSTER_NAME_LIMIT - 1));
    expect(whole).toBe(`${longest}-${"r".repeat(45)}`);
    const one = roleName(longest, `a${"r".repeat(45)}`);
    const two = roleName(longest, `b${"r".repeat(45)}`);
    expect(one.length).toBeLessThanOrEqual(64);
    expect(one).not.toBe(two);
  });

  test("the longest cluster name fits load balancer and target groups without a cut", () => {
    expect(loadBalancerName(longest)).toBe(`${longest}-ingress`);
    expect(targetGroupName(longest, "https", 65535)).toBe(`${longest}-https-65535`);
    expect(targetGroupName(longest, "https", 65535).length).toBeLessThanOrEqual(32);
  });

  test("a target group's and a node group's name change with what replaces it", () => {
    expect(targetGroupName("cmb", "http", 8000)).not.toBe(targetGroupName("cmb", "http", 8080));
    expect(nodeGroupName("users", "t3.xlarge", false)).toBe("users-t3-xlarge");
    expect(nodeGroupName("users", "t3.xlarge", true)).toBe("users-t3-xlarge-spot");
    expect(nodeGroupName("g".repeat(60), "t3.xlarge", true).length).toBeLessThanOrEqual(63);
  });
});

describe("[A3] domain prefix", () => {
  test("carries the cluster's name and is the cluster's own in its account", () => {
    expect(domainPrefix("cmb-dev", "123456789012")).toMatch(/^cmb-dev-[0-9a-f]{8}$/);
    expect(domainPrefix("cmb-dev", "123456789012")).not.toBe(domainPrefix("cmb-dev", "210987654321"));
  });

  test.each([
    ["aws-dev", /^dev-[0-9a-f]{8}$/],
    ["cmb-aws", /^cmb-[0-9a-f]{8}$/],
    ["my-cognito-pool", /^my-pool-[0-9a-f]{8}$/],
    ["aawsws", /^cmb-[0-9a-f]{8}$/],
    ["amazon", /^cmb-[0-9a-f]{8}$/],
  ])("drops from %s the words that Cognito refuses", (cluster, expected) => {
    expect(domainPrefix(cluster, "123456789012")).toMatch(expected);
    expect(() => assertDomainPrefix(domainPrefix(cluster, "123456789012"))).not.toThrow();
  });

  test.each([
    ["p".repeat(64), "longer than 63"],
    ["-cmb", "hyphen"],
    ["CMB", "lower-case"],
    ["my-aws-pool", "Cognito refuses"],
  ])("%s is refused before Cognito does", (prefix, reason) => {
    expect(() => assertDomainPrefix(prefix)).toThrow(reason);
  });

  test("one of 63 characters is taken", () => {
    expect(() => assertDomainPrefix("p".repeat(63))).not.toThrow();
  });
});

describe("[N1] ranges of the subnets", () => {
  test("a /16 gives three private quarters and three public sixteenths", () => {
    expect(planSubnets("10.0.0.0/16")).toEqual({
      private: ["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"],
      public: ["10.0.192.0/20", "10.0.208.0/20", "10.0.224.0/20"],
    });
  });

  test("the smallest VPC, at the upper end of the address space", () => {
    expect(planSubnets("255.255.252.0/22")).toEqual({
      private: ["255.255.252.0/24", "255.255.253.0/24", "255.255.254.0/24"],
      public: ["255.255.255.0/26", "255.255.255.64/26", "255.255.255.128/26"],
    });
  });

  test.each([
    ["10.0.0.0/15", "/16 to /22"],
    ["10.0.0.0/23", "/16 to /22"],
    ["10.0.0.1/16", "host bits zero"],
    ["10.0.256.0/16", "not an IPv4 network"],
    ["10.0.0.0/33", "not an IPv4 network"],
    ["10.0.0.0", "not an IPv4 network"],
    ["fd00::/16", "not an IPv4 network"],
  ])("%s is refused", (cidr, reason) => {
    expect(() => planSubnets(cidr)).toThrow(reason);
  });
});

test("days that CloudWatch Logs does not know are refused with the ones it does", () => {
  expect(() => assertRetention("logsDays", 90)).not.toThrow();
  expect(() => assertRetention("logsDays", 45)).toThrow(/logsDays = 45: .*30, 60/);
});
