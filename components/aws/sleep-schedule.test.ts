import * as aws from "@pulumi/aws";
import { awsPlace } from "../../testing/computed-aws";
import { allows, recordedRoles, trustsService } from "./fixtures/simulate";
import { clusterArgs, makeCluster } from "./fixtures/make-cluster";
import { children, recordAws, withProvider } from "./fixtures/recorded";
import { SleepSchedule, type SleepScheduleArgs } from "./sleep-schedule";

const args: SleepScheduleArgs = {
  cluster: "cmb-test",
  accountId: awsPlace.accountId,
  region: awsPlace.region,
  times: { timezone: "Europe/Berlin", sleep: "23:50", wake: "07:00", days: ["MO", "FR"] },
  groups: [
    { role: "system-a", name: "system-a-t3a-large", min: 1, max: 2 },
    { role: "system-b", name: "system-b-t3a-large", min: 0, max: 1 },
    { role: "users", name: "users-m6a-xlarge", min: 0, max: 5 },
  ],
  dependsOn: [],
};
const make = (changes: Partial<SleepScheduleArgs> = {}) =>
  recordAws(() => {
    const opts = withProvider();
    const dependsOn = [new aws.ec2.Vpc("before", {}, opts)];
    return new SleepSchedule("s", { ...args, dependsOn, ...changes }, opts);
  });
const callOf = (inputs: Record<string, unknown>) =>
  JSON.parse((inputs.target as { input: string }).input) as unknown;

test("[O11] a sleep schedule is exactly a role and, a group, two calls to sleep and one to wake where it has a minimum", async () => {
  const { recording } = await make();
  expect(children(recording)).toEqual(
    [
      "Vpc before",
      "Role s-role",
      "RolePolicy s-policy",
      "Schedule s-system-a-sleep",
      "Schedule s-system-a-sleep-again",
      "Schedule s-system-a-wake",
      "Schedule s-system-b-sleep",
      "Schedule s-system-b-sleep-again",
      "Schedule s-users-sleep",
      "Schedule s-users-sleep-again",
      "cmb:aws:SleepSchedule s",
    ].sort(),
  );
});

test("[O11] asleep a group has no node and asks for none; awake it has its minimum; its maximum is never touched", async () => {
  const { recording } = await make();
  const call = (name: string) => callOf(recording.one(`s-${name}`).inputs);
  expect(call("system-a-sleep")).toEqual({
    ClusterName: "cmb-test",
    NodegroupName: "system-a-t3a-large",
    ScalingConfig: { MinSize: 0, MaxSize: 2, DesiredSize: 0 },
  });
  expect(call("users-sleep-again")).toMatchObject({
    ScalingConfig: { MinSize: 0, MaxSize: 5, DesiredSize: 0 },
  });
  expect(call("system-a-wake")).toMatchObject({
    ScalingConfig: { MinSize: 1, MaxSize: 2, DesiredSize: 1 },
  });
});

test("[O11] they run by the stack's own clock, the second call to sleep past midnight a day later, all after the groups", async () => {
  const { recording } = await make();
  expect(recording.one("s-users-sleep").inputs).toMatchObject({
    name: "cmb-test-users-sleep",
    scheduleExpression: "cron(50 23 ? * MON,FRI *)",
    scheduleExpressionTimezone: "Europe/Berlin",
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: "arn:aws:scheduler:::aws-sdk:eks:updateNodegroupConfig",
      roleArn: "arn:aws:iam::123456789012:role/cmb-test-sleep",
      retryPolicy: { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 10 },
    },
  });
  expect(recording.one("s-users-sleep-again").inputs.scheduleExpression).toBe("cron(10 0 ? * TUE,SAT *)");
  expect(recording.one("s-system-a-wake").inputs.scheduleExpression).toBe("cron(0 7 ? * MON,FRI *)");
  for (const { dependencies } of recording.ofType("aws:scheduler/schedule:Schedule")) {
    expect(dependencies).toEqual(
      expect.arrayContaining(["before", "s-role", "s-policy"].map((name) => recording.one(name).urn)),
    );
  }
});

test("[W5] the role resizes these groups and does nothing else, for schedules of this account alone", async () => {
  const { recording } = await make();
  const role = recordedRoles(recording).get("cmb-test-sleep")!;
  const group = (cluster: string, name: string) =>
    `arn:aws:eks:eu-central-1:123456789012:nodegroup/${cluster}/${name}/0123`;
  expect(await allows(role, "eks:UpdateNodegroupConfig", group("cmb-test", "users-m6a-xlarge"))).toBe(true);
  expect(await allows(role, "eks:UpdateNodegroupConfig", group("cmb-test", "other"))).toBe(false);
  expect(await allows(role, "eks:UpdateNodegroupConfig", group("cmb-prod", "users-m6a-xlarge"))).toBe(false);
  expect(await allows(role, "eks:DeleteNodegroup", group("cmb-test", "users-m6a-xlarge"))).toBe(false);
  const from = (account: string) => ({
    "aws:SourceAccount": account,
    "aws:SourceArn": `arn:aws:scheduler:eu-central-1:${account}:schedule-group/default`,
  });
  expect(await trustsService(role, "scheduler.amazonaws.com", from("123456789012"))).toBe(true);
  expect(await trustsService(role, "scheduler.amazonaws.com", from("210987654321"))).toBe(false);
  expect(await trustsService(role, "ec2.amazonaws.com", from("123456789012"))).toBe(false);
});

test("[O11] a cluster schedules its own groups by their names, keeps its sizes, and none without being told to", async () => {
  const times = args.times;
  const { recording } = await recordAws(() => makeCluster({ sleep: times }));
  const inputsOf = (name: string) => recording.one(name).inputs;
  const group = inputsOf("cmb-nodes-system-eu-central-1a");
  expect(callOf(inputsOf("cmb-sleep-system-eu-central-1a-wake"))).toEqual({
    ClusterName: "cmb-test",
    NodegroupName: group.nodeGroupName,
    ScalingConfig: { MinSize: 1, MaxSize: 1, DesiredSize: 1 },
  });
  expect(callOf(inputsOf("cmb-sleep-users-sleep"))).toMatchObject({
    NodegroupName: inputsOf("cmb-nodes-users").nodeGroupName,
    ScalingConfig: { MaxSize: 5 },
  });
  expect(group.scalingConfig).toMatchObject({ minSize: 1, maxSize: 1 });
  expect(recording.one("cmb-sleep-users-sleep").dependencies).toContain(recording.one("cmb-nodes-users").urn);
  const without = await recordAws(() => makeCluster());
  expect(without.recording.ofType("aws:scheduler/schedule:Schedule")).toEqual([]);
});

test("[O11] asleep by hand, a cluster's schedule still wakes it with its own sizes", async () => {
  const { recording } = await recordAws(() =>
    makeCluster({ sleep: args.times, nodes: { ...clusterArgs.nodes, asleep: true } }),
  );
  expect(recording.one("cmb-nodes-system-eu-central-1a").inputs.scalingConfig).toMatchObject({ minSize: 0 });
  expect(callOf(recording.one("cmb-sleep-system-eu-central-1a-wake").inputs)).toMatchObject({
    ScalingConfig: { MinSize: 1 },
  });
});

test("a transform changes the child it is for", async () => {
  const { recording } = await make({
    transform: {
      role: (role) => ({ ...role, path: "/cmb/" }),
      schedule: (schedule) => ({ ...schedule, state: "DISABLED" }),
    },
  });
  expect(recording.one("s-role").inputs.path).toBe("/cmb/");
  expect(recording.one("s-users-sleep").inputs.state).toBe("DISABLED");
});
