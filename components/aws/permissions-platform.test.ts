import { isWildcardOnlyAction } from "@cloud-copilot/iam-simulate";
import { awsPlace } from "../../testing/computed-aws";
import { asked, everyRole, roleOf, s3 } from "./fixtures/every-role";
import { allows, type CallContext, type RecordedRole } from "./fixtures/simulate";
import unscopable from "./fixtures/unscopable-actions.json";

/* What `permissions.test.ts` asks of the application's roles, asked of the platform's; then of all together. */

const { accountId, region } = awsPlace;
const { zone, database } = asked;

let roles: Map<string, RecordedRole>;
const role = (name: string) => roleOf(roles, name);
beforeAll(async () => {
  roles = await everyRole();
});

describe("[D2] certificates", () => {
  const change = (types: string[], names: string[]): CallContext => ({
    "route53:ChangeResourceRecordSetsRecordTypes": types,
    "route53:ChangeResourceRecordSetsNormalizedRecordNames": names,
    "route53:ChangeResourceRecordSetsActions": ["UPSERT"],
  });
  const act = (context: CallContext, where = zone) =>
    allows(role("cmb-test-certificates"), "route53:ChangeResourceRecordSets", where, context);

  test("writes the TXT records of its challenges, reads the zone, and watches the change", async () => {
    expect(await act(change(["TXT"], ["_acme-challenge.cmb.example.org"]))).toBe(true);
    expect(await act(change(["TXT"], ["_acme-challenge.api.cmb.example.org"]))).toBe(true);
    expect(await allows(role("cmb-test-certificates"), "route53:ListResourceRecordSets", zone)).toBe(true);
    expect(
      await allows(role("cmb-test-certificates"), "route53:GetChange", "arn:aws:route53:::change/C0123"),
    ).toBe(true);
  });

  test("writes no other type, no other name, no other zone, and nothing without saying what", async () => {
    expect(await act(change(["A"], ["_acme-challenge.cmb.example.org"]))).toBe(false);
    expect(await act(change(["TXT", "A"], ["_acme-challenge.cmb.example.org"]))).toBe(false);
    expect(await act(change(["TXT"], ["cmb.example.org"]))).toBe(false);
    expect(await act(change(["TXT"], ["_acme-challenge.cmb.example.org", "_dmarc.cmb.example.org"]))).toBe(
      false,
    );
    expect(
      await act(change(["TXT"], ["_acme-challenge.cmb.example.org"]), "arn:aws:route53:::hostedzone/Z9"),
    ).toBe(false);
    expect(await act({})).toBe(false);
    expect(await act({ "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] })).toBe(false);
    const name = ["_acme-challenge.cmb.example.org"];
    expect(await act({ "route53:ChangeResourceRecordSetsNormalizedRecordNames": name })).toBe(false);
    expect(await allows(role("cmb-test-certificates"), "route53:DeleteHostedZone", zone)).toBe(false);
  });
});

describe("[N4] controllers", () => {
  const group = (name: string) =>
    `arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:0a1b2c3d:autoScalingGroupName/${name}`;
  const of = (cluster: string): CallContext => ({
    [`aws:ResourceTag/k8s.io/cluster-autoscaler/${cluster}`]: "owned",
  });

  test("the autoscaler scales the groups of this cluster only", async () => {
    const scaler = role("cmb-test-cluster-autoscaler");
    for (const action of [
      "autoscaling:SetDesiredCapacity",
      "autoscaling:TerminateInstanceInAutoScalingGroup",
    ]) {
      expect(await allows(scaler, action, group("eks-users-0123"), of("cmb-test"))).toBe(true);
      expect(await allows(scaler, action, group("eks-users-0123"), of("other"))).toBe(false);
      expect(await allows(scaler, action, group("eks-users-0123"))).toBe(false);
      expect(await allows(scaler, action, group("web"), of("cmb-test"))).toBe(false);
    }
    const nodegroup = (cluster: string) =>
      `arn:aws:eks:${region}:${accountId}:nodegroup/${cluster}/users/0a1b`;
    expect(await allows(scaler, "eks:DescribeNodegroup", nodegroup("cmb-test"))).toBe(true);
    expect(await allows(scaler, "eks:DescribeNodegroup", nodegroup("other"))).toBe(false);
    expect(await allows(scaler, "autoscaling:DescribeAutoScalingGroups", "*")).toBe(true);
    expect(await allows(scaler, "ec2:DescribeInstanceTypes", "*")).toBe(true);
    expect(
      await allows(scaler, "autoscaling:DeleteAutoScalingGroup", group("eks-users-0123"), of("cmb-test")),
    ).toBe(false);
  });

  test("the load balancer controller binds targets of this cluster and makes nothing", async () => {
    const controller = role("cmb-test-aws-load-balancer-controller");
    const targets = (name: string) =>
      `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/${name}/0123456789abcdef`;
    for (const action of ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"]) {
      expect(await allows(controller, action, targets("cmb-test-http-8000"))).toBe(true);
      expect(await allows(controller, action, targets("other-http-8000"))).toBe(false);
    }
    for (const action of [
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
      "ec2:DescribeVpcs",
      "ec2:DescribeSecurityGroups",
    ]) {
      expect([action, await allows(controller, action, "*")]).toEqual([action, true]);
    }
    const securityGroup = `arn:aws:ec2:${region}:${accountId}:security-group/sg-0123`;
    for (const action of ["ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup"]) {
      expect([action, await allows(controller, action, securityGroup)]).toEqual([action, false]);
    }
    expect(
      await allows(controller, "elasticloadbalancing:DeleteTargetGroup", targets("cmb-test-http-8000")),
    ).toBe(false);
  });

  test("the flow-log service writes to its own group only", async () => {
    const logs = role("cmb-test-flow-logs");
    const stream = (group: string) =>
      `arn:aws:logs:${region}:${accountId}:log-group:${group}:log-stream:eni-1`;
    expect(await allows(logs, "logs:PutLogEvents", stream("/cmb/cmb-test/flow-logs"))).toBe(true);
    expect(await allows(logs, "logs:PutLogEvents", stream("/aws/eks/cmb-test/cluster"))).toBe(false);
    expect(await allows(logs, "logs:DescribeLogGroups", "*")).toBe(true);
  });

  test("nodes pull images and read no bucket", async () => {
    const node = role("cmb-test-node");
    const repository = `arn:aws:ecr:${region}:${accountId}:repository/cmb-test-backend`;
    expect(await allows(node, "ecr:BatchGetImage", repository)).toBe(true);
    expect(await allows(node, "ecr:PutImage", repository)).toBe(false);
    expect(await allows(node, "s3:GetObject", s3(`${database}/a`))).toBe(false);
    const subnet = `arn:aws:ec2:${region}:${accountId}:network-interface/*`;
    expect(await allows(node, "ec2:DeleteNetworkInterface", subnet)).toBe(false);
  });
});

describe("own policies", () => {
  const statements = () =>
    [...roles].flatMap(([name, { policies, managed }]) => {
      const amazons = managed.map((arn) => arn.split("/").pop());
      return policies
        .filter((policy) => !amazons.includes(policy.name))
        .flatMap(({ policy }) => policy.Statement.map((statement) => ({ name, statement })));
    });

  test("[W3] no action is a pattern", () => {
    const actions = statements().flatMap(({ statement }) => [statement.Action].flat());
    expect(actions.length).toBeGreaterThan(40);
    expect(actions.filter((action) => action.includes("*") || action.includes("?"))).toEqual([]);
  });

  test("[W3] the resource * is named for exactly the actions that accept nothing else", () => {
    const unbound = statements()
      .filter(({ statement }) => [statement.Resource].flat().includes("*"))
      .flatMap(({ statement }) => [statement.Action].flat());
    expect([...new Set(unbound)].sort()).toEqual(unscopable.actions);
  });

  test.each(unscopable.actions)(
    "%s accepts no resource but *, says the service authorization reference",
    async (it) => {
      const [service, action] = it.split(":");
      expect(await isWildcardOnlyAction(service!, action!)).toBe(true);
    },
  );

  test("each fits IAM's limit of 10,240 characters for all inline policies of a role", () => {
    for (const [name, { policies }] of roles) {
      const size = policies.reduce((sum, { policy }) => sum + JSON.stringify(policy).length, 0);
      expect([name, size < 10_240]).toEqual([name, true]);
    }
  });
});
