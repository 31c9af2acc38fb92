import type { Rule } from "../judge";
import { cloudWatchRetentions } from "../places";

/** Minima above their maxima. */
export const refuseMinAboveMax: Rule = ({ draft, refuse }) => {
  const pair = (min: number, max: number, path: string, minKey = "min", maxKey = "max"): void => {
    if (min <= max) return;
    const cause = `above ${path}.${maxKey} = ${max}`;
    refuse("CMB-C031", `${path}.${minKey}`, cause, { set: max }, [`${path}.${maxKey}`]);
  };
  for (const cloud of ["gcp", "aws"] as const) {
    for (const pool of ["system", "users"] as const) {
      const nodes = draft[cloud]?.nodes[pool];
      if (nodes) pair(nodes.min, nodes.max, `${cloud}.nodes.${pool}`);
    }
  }
  const { minReplicas, maxReplicas } = draft.frontend;
  pair(minReplicas, maxReplicas, "frontend", "minReplicas", "maxReplicas");
  const nat = draft.gcp?.network;
  if (nat)
    pair(nat.natMinPortsPerVm, nat.natMaxPortsPerVm, "gcp.network", "natMinPortsPerVm", "natMaxPortsPerVm");
};

/** Platform nodes that cannot be one a zone (EKS), or none at all. */
export const refuseTooFewSystemNodes: Rule = ({ draft, refuse }) => {
  const { aws } = draft;
  if (aws?.zones.length === 3 && aws.nodes.system.max < 3) {
    const cause =
      "each of the three zones has a node group of its own, and EKS takes none with a maximum of 0";
    refuse("CMB-C032", "aws.nodes.system.max", cause, { set: 3 });
  }
  for (const cloud of ["gcp", "aws"] as const) {
    if (draft[cloud]?.nodes.system.min !== 0) continue;
    const cause = "the platform needs a node: the autoscaler itself runs on one";
    refuse("CMB-C032", `${cloud}.nodes.system.min`, cause, { set: 1 });
  }
};

/** Google machine series with Arm processors (cloud.google.com/compute/docs/instances/arm-on-compute). */
const gcpArm = /^(t2a|c4a|n4a|a4x)-/;
/** Series that take Hyperdisk only, while boot disks and volumes here are pd-balanced (compute/docs/disks/hyperdisks). */
const gcpWithoutPd = /^(n4d?|c4d?|h4d|m4|x4)-/;
const gcpType = /^[a-z][a-z0-9]*-[a-z0-9]+(-[a-z0-9]+)*$/;
/** Graviton families carry a g behind the generation: m7g, c6gn, t4g, r8gd, im4gn, is4gen; a1 is the first of them. */
const awsArm = /^(a1|[a-z]+\d+g[a-z]*)\./;
const awsType = /^[a-z][a-z0-9-]*\d[a-z0-9-]*\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/;

/** Machine types that are none, or for which the application's images are not built. */
export const refuseMachineType: Rule = ({ draft, refuse }) => {
  const judge = (path: string, type: string, shape: RegExp, arm: RegExp, example: string): void => {
    const cause = !shape.test(type)
      ? `not a machine type of this cloud, which look like ${example}`
      : arm.test(type)
        ? "an Arm machine: the application's images are built for x86-64"
        : path.startsWith("gcp") && gcpWithoutPd.test(type)
          ? "takes Hyperdisk only, while boot disks and volumes here are pd-balanced"
          : undefined;
    if (cause) refuse("CMB-C048", path, cause, { set: example });
  };
  for (const pool of ["system", "users", "warm"] as const) {
    const gcp = draft.gcp?.nodes[pool];
    const aws = draft.aws?.nodes[pool];
    if (gcp) judge(`gcp.nodes.${pool}.machineType`, gcp.machineType, gcpType, gcpArm, "e2-standard-4");
    if (aws) judge(`aws.nodes.${pool}.instanceType`, aws.instanceType, awsType, awsArm, "m6i.xlarge");
  }
};

/** Room for which the autoscaler would keep a whole machine that no estimate shows. @requirement H6 */
export const refuseRoomWithoutMachine: Rule = ({ draft, refuse }) => {
  const { least } = draft.environments.spare;
  if (least === 0) return;
  for (const cloud of ["gcp", "aws"] as const) {
    const nodes = draft[cloud]?.nodes;
    if (!nodes || nodes.users.min + nodes.warm.count > 0) continue;
    const cause = "no user node is always there: the autoscaler would bring one for this room, and keep it";
    refuse("CMB-C065", "environments.spare.least", cause, { set: 0 }, [
      `${cloud}.nodes.warm.count`,
      `${cloud}.nodes.users.min`,
    ]);
  }
};

/** An environment that the quota over all of them would never admit. */
export const refuseEnvironmentAboveQuota: Rule = ({ draft: { environments }, refuse }) => {
  const { largest, maxCpu, maxMemoryGi } = environments;
  const judge = (key: string, one: number, allKey: string, all: number): void => {
    if (one <= all) return;
    const cause = `above environments.${allKey} = ${all}, the bound on all of them together`;
    refuse("CMB-C054", `environments.largest.${key}`, cause, { set: all }, [`environments.${allKey}`]);
  };
  judge("cpu", largest.cpu, "maxCpu", maxCpu);
  judge("memoryGi", largest.memoryGi, "maxMemoryGi", maxMemoryGi);
};

/** Ports Cloud NAT cannot give out. */
export const refuseNatPorts: Rule = ({ draft: { gcp }, refuse }) => {
  for (const key of ["natMinPortsPerVm", "natMaxPortsPerVm"] as const) {
    const ports = gcp?.network[key];
    if (ports === undefined || Number.isInteger(Math.log2(ports))) continue;
    const cause = "Cloud NAT's dynamic ports are powers of two from 32 to 65536";
    refuse("CMB-C052", `gcp.network.${key}`, cause, { set: 2 ** Math.round(Math.log2(ports)) });
  }
};

/** Windows in which GKE could not do its work: it wants 48 hours in any 32 days. */
export const refuseShortMaintenance: Rule = ({ draft: { gcp }, refuse }) => {
  if (!gcp) return;
  const { hours, days } = gcp.cluster.maintenance;
  const total = (hours * new Set(days).size * 32) / 7;
  if (total >= 48) return;
  const cause = `${Math.floor(total)} hours in 32 days, GKE wants 48: more days or longer ones`;
  refuse("CMB-C049", "gcp.cluster.maintenance.hours", cause, { set: days.length > 1 ? 6 : 12 }, [
    "gcp.cluster.maintenance.days",
  ]);
};

/** Days of retention CloudWatch has no setting for. */
export const refuseRetentionNotOffered: Rule = ({ draft, refuse }) => {
  if (!draft.aws) return;
  for (const key of ["logsDays", "flowLogsDays"] as const) {
    const days = draft.retention[key];
    if (cloudWatchRetentions.includes(days)) continue;
    const longer = cloudWatchRetentions.find((offered) => offered > days)!;
    const cause = `CloudWatch Logs keeps ${cloudWatchRetentions.filter((d) => d <= 400).join(", ")} days or certain longer times`;
    refuse("CMB-C050", `retention.${key}`, cause, { set: longer });
  }
};
