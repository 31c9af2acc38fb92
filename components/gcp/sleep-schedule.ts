import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { later, type Moment, momentOf, type SleepSchedule as Times, type Weekday } from "../sleep";
import { childOptions, shaped, type ChildOptions, type Transform } from "./child";
import { roleId } from "./permissions";

/** A node pool and the sizes between which it is scaled while awake. */
export interface SleepingPool {
  /** `system` or `users`: names its jobs. */
  readonly role: "system" | "users";
  /** Name in GKE, which the jobs call. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

/** What sleeps when. */
export interface SleepScheduleArgs {
  readonly cluster: string;
  readonly project: string;
  readonly region: string;
  /** Of the cluster: a zone, or a region. */
  readonly location: string;
  readonly times: Times;
  /** Users first: their pods end before what they work with. */
  readonly pools: readonly SleepingPool[];
  /** Number in the role's id, see `WorkloadIamArgs.roleRevision`. */
  readonly roleRevision?: number;
  readonly transform?: {
    readonly account?: Transform<gcp.serviceaccount.AccountArgs>;
    readonly role?: Transform<gcp.projects.IAMCustomRoleArgs>;
    readonly job?: Transform<gcp.cloudscheduler.JobArgs>;
  };
}

/** Minutes between two calls: GKE changes one thing of a cluster at a time and refuses the next meanwhile. */
const APART = 5;

/** `setSize` and `setAutoscaling` of a node pool ask for this one, of its cluster (GKE API, IAM reference). */
const PERMISSIONS = ["container.clusters.update"] as const;

/**
 * Sends both node pools to zero in the evening and wakes them in the morning, by Cloud Scheduler, which calls the
 * GKE API: 0.10 US$ a month and job above three a billing account, six jobs here.
 *
 * GKE's autoscaler is not in the cluster and does not sleep: it would bring nodes for every pod that waits. So the
 * evening takes both pools from it before it empties them, and the morning gives them back. It then brings nodes for
 * what waits; a pool that somebody woke earlier keeps its nodes and whoever works there.
 *
 * What stays is control plane, load balancer, NAT, volumes and buckets. User environments that still run end: their
 * pods do not come back, their files do.
 *
 * @requirement O11
 */
export class SleepSchedule extends pulumi.ComponentResource {
  private readonly email: string;

  constructor(
    private readonly name: string,
    private readonly args: SleepScheduleArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { cluster, location, pools, times } = args;
    super("cmb:gcp:SleepSchedule", name, { cluster, location, times, pools }, opts);
    const child = childOptions(this, opts);
    this.email = `${sleeperAccountId(cluster)}@${args.project}.iam.gserviceaccount.com`;
    const ready = this.makeIdentity(child);
    const evening = momentOf(times.sleep, times.days);
    const morning = momentOf(times.wake, times.days);
    const steps = [
      ...pools.map((pool) => ({ pool, ...keepSize(pool), from: evening })),
      ...pools.map((pool) => ({ pool, ...empty(pool), from: evening })),
      ...[...pools].reverse().map((pool) => ({ pool, ...scale(pool), from: morning })),
    ];
    for (const [from, own] of groupBy(steps, ({ from }) => from)) {
      own.forEach((step, i) => {
        this.makeJob(step.pool, step, later(from, i * APART), {
          ...child,
          dependsOn: [...child.dependsOn, ...ready],
        });
      });
    }
    this.registerOutputs({});
  }

  private makeIdentity(opts: ChildOptions): pulumi.Resource[] {
    const { cluster, location, name, project, roleRevision, transform } = { ...this.args, name: this.name };
    const account = new gcp.serviceaccount.Account(
      `${name}-account`,
      ...shaped(
        transform?.account,
        {
          accountId: sleeperAccountId(cluster),
          project,
          displayName: `Sleep of ${cluster}`,
          description: "Puts the nodes of the cluster to sleep and wakes them, by schedule",
        },
        opts,
      ),
    );
    const role = new gcp.projects.IAMCustomRole(
      `${name}-role`,
      ...shaped(
        transform?.role,
        {
          roleId: roleId(cluster, "sleep", "pools", roleRevision ?? 1),
          project,
          title: `Sleep of ${cluster}`,
          description: "Changes the size of node pools",
          permissions: [...PERMISSIONS],
        },
        opts,
      ),
    );
    const member = new gcp.projects.IAMMember(
      `${name}-member`,
      {
        project,
        role: role.name,
        member: `serviceAccount:${this.email}`,
        // The permission is the cluster's, and a call may name the pool in it. GKE is among the services whose
        // resources have names in conditions; in which of these two forms, its documentation does not say.
        condition: {
          title: "this-cluster",
          description: `The cluster ${cluster} in ${location} and its node pools`,
          expression: [
            `resource.name.endsWith("/clusters/${cluster}")`,
            `resource.name.extract("/clusters/{name}/") == "${cluster}"`,
          ].join(" || "),
        },
      },
      { ...opts, dependsOn: [...opts.dependsOn, account] },
    );
    return [account, member];
  }

  private makeJob(pool: SleepingPool, call: Call, moment: Moment, opts: ChildOptions): void {
    const { cluster, location, project, region, times, transform } = this.args;
    const at = `projects/${project}/locations/${location}/clusters/${cluster}/nodePools/${pool.name}`;
    new gcp.cloudscheduler.Job(
      `${this.name}-${pool.role}-${call.what}`,
      ...shaped(
        transform?.job,
        {
          name: `${cluster}-${pool.role}-${call.what}`,
          project,
          region,
          description: `${call.what}: nodes ${pool.role} of ${cluster}`,
          schedule: cron(moment),
          timeZone: times.timezone,
          attemptDeadline: "60s",
          // While the cluster is busy with another change, GKE answers 400 or 409.
          retryConfig: { retryCount: 5, minBackoffDuration: "60s", maxBackoffDuration: "240s" },
          httpTarget: {
            uri: `https://container.googleapis.com/v1/${at}:${call.method}`,
            httpMethod: "POST",
            headers: { "Content-Type": "application/json" },
            body: Buffer.from(JSON.stringify(call.body)).toString("base64"),
            oauthToken: {
              serviceAccountEmail: this.email,
              scope: "https://www.googleapis.com/auth/cloud-platform",
            },
          },
        },
        opts,
      ),
    );
  }
}

interface Call {
  readonly what: string;
  readonly method: "setAutoscaling" | "setSize";
  readonly body: unknown;
}

/** Takes a pool from the autoscaler. */
const keepSize = (_: SleepingPool): Call => ({
  what: "sleep",
  method: "setAutoscaling",
  body: { autoscaling: { enabled: false } },
});

/** Drains and deletes all nodes of a pool. */
const empty = (_: SleepingPool): Call => ({ what: "sleep-nodes", method: "setSize", body: { nodeCount: 0 } });

/** Gives a pool back to the autoscaler, with its bounds over all zones. */
const scale = ({ max, min, role }: SleepingPool): Call => ({
  what: "wake",
  method: "setAutoscaling",
  body: {
    autoscaling: {
      enabled: true,
      totalMinNodeCount: min,
      totalMaxNodeCount: max,
      locationPolicy: role === "system" ? "BALANCED" : "ANY",
    },
  },
});

function groupBy<T, K>(all: readonly T[], key: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

const dayNumbers: Readonly<Record<Weekday, number>> = { MO: 1, TU: 2, WE: 3, TH: 4, FR: 5, SA: 6, SU: 0 };

/** As unix-cron writes it: minute, hour, any day of any month, days of the week from Sunday as 0. */
function cron({ minute, hour, days }: Moment): string {
  return `${minute} ${hour} * * ${days.map((day) => dayNumbers[day]).join(",")}`;
}

/** Account id of what resizes a cluster's pools. */
function sleeperAccountId(cluster: string): string {
  return `${cluster}-sleep`;
}
