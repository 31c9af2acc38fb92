import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { later, type Moment, momentOf, type SleepSchedule as Times, type Weekday } from "../sleep";
import { policyDocument } from "./irsa";
import { roleArn, roleName } from "./names";
import { transformed, type Transform } from "./transform";

/** A node group and the sizes it wakes up with. */
export interface SleepingGroup {
  /** Names its schedules: `system-eu-central-1a`. */
  readonly role: string;
  /** Name in EKS, which the schedules call. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

/** What sleeps when. */
export interface SleepScheduleArgs {
  readonly cluster: string;
  readonly accountId: string;
  readonly region: string;
  readonly times: Times;
  /** The groups themselves: their schedules are made after them. */
  readonly groups: readonly SleepingGroup[];
  readonly dependsOn: readonly pulumi.Resource[];
  /** Ways out, one a child. */
  readonly transform?: {
    readonly role?: Transform<aws.iam.RoleArgs>;
    readonly schedule?: Transform<aws.scheduler.ScheduleArgs>;
  };
}

/**
 * Minutes after which all groups are sent to sleep once more. While the groups drain, the autoscaler may move from
 * one system node to the next and ask for a new one; the second time it has nowhere left to go.
 */
const AGAIN = 20;

/** Seconds for which a call that EKS is too busy for is tried again. */
const PATIENCE = 900;

/**
 * Sends all node groups to zero in the evening and wakes the system groups in the morning, by EventBridge Scheduler:
 * nothing in a cluster without nodes could wake it. Scheduler calls EKS directly; 14 million calls a month are free.
 *
 * What stays is control plane, load balancer, way out, volumes and buckets. User environments that still run end:
 * their pods do not come back, their files do. The user group needs no waking, its minimum being 0: the autoscaler
 * finds it as soon as it runs again.
 *
 * A wake-up sets the size of the system groups to their minimum, also of a cluster that somebody woke earlier: nodes
 * beyond the minimum are drained then, platform pods move, and no user environment is on them, because a schedule
 * closes system nodes to those.
 *
 * @requirement O11
 */
export class SleepSchedule extends pulumi.ComponentResource {
  private readonly roleArn: string;

  constructor(
    private readonly name: string,
    private readonly args: SleepScheduleArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { cluster, times, groups } = args;
    super("cmb:aws:SleepSchedule", name, { cluster, times, groups }, opts);
    this.roleArn = roleArn(args.accountId, roleName(cluster, "sleep"));
    const ready = this.makeRole();
    const evening = momentOf(times.sleep, times.days);
    const morning = momentOf(times.wake, times.days);
    for (const group of groups) {
      const asleep = { MinSize: 0, MaxSize: group.max, DesiredSize: 0 };
      this.makeSchedule(group, "sleep", evening, asleep, ready);
      this.makeSchedule(group, "sleep-again", later(evening, AGAIN), asleep, ready);
      if (group.min > 0) {
        const awake = { MinSize: group.min, MaxSize: group.max, DesiredSize: group.min };
        this.makeSchedule(group, "wake", morning, awake, ready);
      }
    }
    this.registerOutputs();
  }

  /** It may change the sizes of these groups, and nothing else. */
  private makeRole(): pulumi.Resource[] {
    const { accountId, cluster, groups, region, transform } = this.args;
    const role = new aws.iam.Role(
      `${this.name}-role`,
      transformed<aws.iam.RoleArgs>(transform?.role, {
        name: roleName(cluster, "sleep"),
        description: `Puts the nodes of ${cluster} to sleep and wakes them`,
        assumeRolePolicy: JSON.stringify(
          policyDocument({
            Effect: "Allow",
            Principal: { Service: "scheduler.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: {
                "aws:SourceAccount": accountId,
                // A group of schedules, because Scheduler names no single one (its guide, confused deputy).
                "aws:SourceArn": `arn:aws:scheduler:${region}:${accountId}:schedule-group/${GROUP}`,
              },
            },
          }),
        ),
      }),
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${this.name}-policy`,
      {
        name: "resize-node-groups",
        role: role.name,
        policy: JSON.stringify(
          policyDocument({
            Effect: "Allow",
            Action: "eks:UpdateNodegroupConfig",
            // The last part is an id that EKS makes up.
            Resource: groups.map(
              (group) => `arn:aws:eks:${region}:${accountId}:nodegroup/${cluster}/${group.name}/*`,
            ),
          }),
        ),
      },
      { parent: this },
    );
    return [role, policy];
  }

  private makeSchedule(
    group: SleepingGroup,
    what: string,
    moment: Moment,
    scalingConfig: Record<string, number>,
    ready: pulumi.Resource[],
  ): void {
    const { cluster, dependsOn, times, transform } = this.args;
    new aws.scheduler.Schedule(
      `${this.name}-${group.role}-${what}`,
      transformed<aws.scheduler.ScheduleArgs>(transform?.schedule, {
        name: `${cluster}-${group.role}-${what}`,
        groupName: GROUP,
        description: `${what}: nodes ${group.role} of ${cluster}`,
        scheduleExpression: cron(moment),
        scheduleExpressionTimezone: times.timezone,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: "arn:aws:scheduler:::aws-sdk:eks:updateNodegroupConfig",
          roleArn: this.roleArn,
          // Names of the service's model, in capitals: Scheduler refuses those of the EKS API, which begin small.
          input: JSON.stringify({
            ClusterName: cluster,
            NodegroupName: group.name,
            ScalingConfig: scalingConfig,
          }),
          retryPolicy: { maximumEventAgeInSeconds: PATIENCE, maximumRetryAttempts: 10 },
        },
      }),
      { parent: this, dependsOn: [...ready, ...dependsOn] },
    );
  }
}

/** The group of schedules that every account has. */
const GROUP = "default";

const dayNames: Readonly<Record<Weekday, string>> = {
  MO: "MON",
  TU: "TUE",
  WE: "WED",
  TH: "THU",
  FR: "FRI",
  SA: "SAT",
  SU: "SUN",
};

/** As EventBridge writes it: minute, hour, any day of the month, any month, days of the week, any year. */
function cron({ minute, hour, days }: Moment): string {
  return `cron(${minute} ${hour} ? * ${days.map((day) => dayNames[day]).join(",")} *)`;
}
