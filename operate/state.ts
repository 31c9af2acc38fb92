import type { StackFacts } from "../infra/record/facts";
import { factsOfState, RECORD } from "../infra/record/record";
import { CLUSTERS } from "../preview/report/holdings";
import type { ResourceState } from "./plan";
import type { State } from "./pulumi";

/** Where a stack is, as its state has it. */
export interface Place {
  readonly cloud: "gcp" | "aws";
  /** Google project or AWS account. */
  readonly account: string;
  readonly region: string;
  readonly clusterName: string;
  /** Of the application; undefined where no run came that far. */
  readonly namespace?: string;
}

/** The cluster that a state has. */
export interface RecordedCluster {
  readonly urn: string;
  readonly name: string;
  /** Region, or zone of a zonal cluster. */
  readonly location: string;
  /** It refuses to be deleted, by the engine or by its cloud, until `protect.cluster` is false and applied. */
  readonly protected: boolean;
}

/** What the stack is bound to, as the program itself reads it; undefined for one that has nothing in any cloud. */
export function recordedIn({ resources }: State): StackFacts | undefined {
  return factsOfState(resources.map(({ type, outputs }) => ({ type, outputs: outputs ?? {} })));
}

/** Where the stack is; undefined for one that no run has come far with. */
export function placeOf({ resources }: State): Place | undefined {
  const facts = resources.find(({ type }) => type === RECORD.type)?.outputs as StackFacts | undefined;
  const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  const text = (...values: unknown[]) => values.find((value): value is string => typeof value === "string");
  const cloud = text(facts?.["cloud"], outputs["cloud"]);
  const account = text(facts?.["gcp.project"], facts?.["aws.accountId"], outputs["account"]);
  const region = text(facts?.["gcp.region"], facts?.["aws.region"], outputs["region"]);
  const clusterName = text(facts?.["clusterName"], outputs["clusterName"]);
  const namespace = text(facts?.["namespace"], outputs["namespace"]);
  if ((cloud !== "gcp" && cloud !== "aws") || !account || !region || !clusterName) return undefined;
  return { cloud, account, region, clusterName, ...(namespace !== undefined && { namespace }) };
}

/** The cluster in a state; undefined once it is gone from it. */
export function clusterOf(state: State, place: Place): RecordedCluster | undefined {
  const cluster = living(state).find(({ type }) => CLUSTERS.includes(type));
  if (!cluster) return undefined;
  const { name, location } = cluster.inputs ?? {};
  return {
    urn: cluster.urn,
    name: typeof name === "string" ? name : place.clusterName,
    location: typeof location === "string" ? location : place.region,
    protected: cluster.protect === true || cluster.inputs?.["deletionProtection"] === true,
  };
}

/** What a provider made, without what a run has yet to delete. */
export function living({ resources }: State): ResourceState[] {
  return resources.filter((one) => one.custom === true && !one.delete && !one.type.startsWith("pulumi:"));
}
