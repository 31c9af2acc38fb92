import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { shown } from "../shown-inputs";
import { childOptions, shaped, type Transform } from "./child";

/** Which logs, and for how long. */
export interface LogStoreArgs {
  readonly cluster: string;
  readonly project: string;
  readonly region: string;
  /** What it is called after the cluster's name. */
  readonly store: string;
  /** Which log entries, in the query language of Cloud Logging. It must name the cluster's own entries only. */
  readonly filter: string;
  /** Days an entry is kept; default 30. More than 30 cost 0.01 US$ a GiB and month. */
  readonly days?: number;
  readonly transform?: {
    readonly bucket?: Transform<gcp.logging.ProjectBucketConfigArgs>;
    readonly sink?: Transform<gcp.logging.ProjectSinkArgs>;
    readonly exclusion?: Transform<gcp.logging.ProjectExclusionArgs>;
  };
}

/**
 * A log bucket for some of a cluster's logs, with a retention of its own: the retention of the project's default
 * bucket is one number for everything in the project. The entries no longer go there, so each is billed once
 * (0.50 US$ a GiB above the project's first 50).
 *
 * The log bucket is left behind by a destroy, where it empties itself and costs nothing: Google would keep the
 * name of a deleted one for 7 days, and the next stack takes an existing one over. Audit logs of
 * administration go to a bucket of Google's own for 400 days, whatever is set here.
 */
export class LogStore extends pulumi.ComponentResource {
  constructor(name: string, args: LogStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:gcp:LogStore", name, shown(args), opts);
    const { project, region, filter } = args;
    const child = childOptions(this, opts);
    const id = `${args.cluster}-${args.store}`;
    const bucket = new gcp.logging.ProjectBucketConfig(
      `${name}-bucket`,
      ...shaped(
        args.transform?.bucket,
        {
          project,
          location: region,
          bucketId: id,
          description: `${args.store} of ${args.cluster}`,
          retentionDays: args.days ?? 30,
          deletionPolicy: "ABANDON",
        },
        child,
      ),
    );
    const sink = new gcp.logging.ProjectSink(
      `${name}-sink`,
      ...shaped(
        args.transform?.sink,
        {
          project,
          name: id,
          destination: `logging.googleapis.com/projects/${project}/locations/${region}/buckets/${id}`,
          filter,
          uniqueWriterIdentity: true,
        },
        { ...child, dependsOn: [...child.dependsOn, bucket] },
      ),
    );
    new gcp.logging.ProjectExclusion(
      `${name}-exclusion`,
      // Only once they are kept elsewhere.
      ...shaped(
        args.transform?.exclusion,
        { project, name: id, description: `Kept in the log bucket ${id}`, filter },
        { ...child, dependsOn: [...child.dependsOn, sink] },
      ),
    );
    this.registerOutputs({});
  }
}

/** The flow logs of a cluster's subnet. */
export function flowLogs(cluster: string): string {
  return `log_id("compute.googleapis.com/vpc_flows") AND resource.labels.subnetwork_name="${cluster}-nodes"`;
}

/** The logs of a cluster and of the pods in it, but for its audit logs. */
export function clusterLogs(cluster: string): string {
  return `resource.labels.cluster_name="${cluster}" AND NOT log_id("cloudaudit.googleapis.com/activity")`;
}
