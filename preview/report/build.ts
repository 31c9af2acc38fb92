import { mask, type RecordedResource, type Recording } from "../engine";
import { type Budget, judgeBudget } from "../../cost/budget";
import { costReport } from "../../cost/document";
import { estimate } from "../../cost/estimate";
import { findData } from "./data";
import { findAccess } from "./access";
import { describeSections } from "./describe";
import type { Finding, Note, ResourceReport, StackReport, Supply } from "./document";
import { findExposure } from "./exposure";
import { findGrants } from "./grants";
import { Query, textAt } from "./query";
import { isCounted, sectionOf } from "./sections";

/** What the check of a stack's configuration said, before anything was run: `checkConfig` of infra/config. */
export interface ConfigReport {
  readonly faults: readonly Finding[];
  /** Remarks that stop nothing. */
  readonly findings: readonly Note[];
  readonly toSupply: readonly Supply[];
  /** The limit that the bill is held against, where the configuration has one. */
  readonly budget?: Budget;
}

/** Makes the report of a stack whose program ran, or tried to. */
export function reportOf(recording: Recording, config: ConfigReport): StackReport {
  const query = Query.of(recording);
  const cloud = cloudOf(query);
  return {
    stack: recording.stack,
    project: recording.project,
    exit: recording.exit,
    ...(recording.error === undefined ? {} : { error: recording.error }),
    ...(cloud === undefined ? {} : { cloud }),
    ...optional("region", cloud && regionOf(query, cloud)),
    ...optional("profile", textOutput(recording, "profile")),
    ...optional("application", textOutput(recording, "application")),
    count: recording.resources.filter(isCounted).length,
    sections: describeSections(query),
    resources: recording.resources.map((resource) => resourceReport(query, resource)),
    ...rightsOf(recording),
    data: findData(query),
    ...optional("cost", costOf(recording, config.budget)),
    outputs: mask(recording.outputs) as StackReport["outputs"],
    findings: [...config.faults],
    toSupply: [...config.toSupply],
    notes: [...config.findings],
    logs: recording.logs.flatMap(({ severity, message, urn }) =>
      severity === "debug" ? [] : [{ severity, message, ...optional("urn", urn) }],
    ),
  };
}

/** Who may do what and who reaches what, read off a plan. */
export function rightsOf(recording: Recording): Pick<StackReport, "grants" | "access" | "exposure"> {
  const query = Query.of(recording);
  return { grants: findGrants(query), access: findAccess(query), exposure: findExposure(query) };
}

/** The bill of a plan that is whole; a program without a cluster, or one that was stopped, has none. */
function costOf({ exit, resources }: Recording, budget: Budget | undefined): StackReport["cost"] {
  const has = (type: string) => resources.some((one) => one.type === type);
  if (exit !== "ok" || !(has("aws:eks/cluster:Cluster") || has("gcp:container/cluster:Cluster"))) {
    return undefined;
  }
  const cost = costReport(estimate(resources));
  return budget ? { ...cost, budget: judgeBudget(cost, budget) } : cost;
}

/** The report of a stack whose configuration has faults: nothing was run. */
export function refusedReport(stack: string, project: string, config: ConfigReport): StackReport {
  return reportOf(
    { stack, project, resources: [], outputs: {}, logs: [], invokes: [], exit: "refused" },
    config,
  );
}

/** Fields of a recording that are no part of the published document. */
const UNTOLD = new Set(["replaceOnChanges", "additionalSecretOutputs", "outputs"]);

function resourceReport(query: Query, resource: RecordedResource): ResourceReport {
  const told = Object.entries(resource).filter(([field]) => !UNTOLD.has(field));
  const fields = { ...Object.fromEntries(told), section: sectionOf(query, resource) };
  return JSON.parse(JSON.stringify(fields)) as ResourceReport;
}

/** The cloud whose components were registered: `cmb:aws:Network` is one of Amazon's. */
function cloudOf(query: Query): "gcp" | "aws" | undefined {
  const cluster = query.resources.find(({ type }) => /^cmb:(gcp|aws):Cluster$/.test(type));
  return cluster && (cluster.type.split(":")[1] as "gcp" | "aws");
}

/** Where the cloud's provider points; the cluster's own provider, when a second one serves the sign-in. */
function regionOf(query: Query, cloud: "gcp" | "aws"): string | undefined {
  const cluster = query.resources.find(({ type }) => type === `cmb:${cloud}:Cluster`)!;
  const reference = cluster.providers[cloud];
  const own = reference && query.byUrn(reference.slice(0, reference.lastIndexOf("::")));
  const provider = own ?? query.ofType(`pulumi:providers:${cloud}`)[0];
  return provider && textAt(provider, "region");
}

function textOutput({ outputs }: Recording, name: string): string | undefined {
  const value = outputs[name];
  return typeof value === "string" ? value : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
