import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { types } from "@pulumi/kubernetes";
import { parseAllDocuments } from "yaml";
import type { ChartValues } from "../components/application/values";
import { knownTool } from "../testing/with-tools";
import type { ToolName } from "../tools/find-tool";
import { namespace } from "./combinations";

/** The chart's kinds, with their fields as Kubernetes names them. */
export interface Kinds {
  readonly ConfigMap: types.output.core.v1.ConfigMap;
  readonly CronJob: types.output.batch.v1.CronJob;
  readonly Deployment: types.output.apps.v1.Deployment;
  readonly HorizontalPodAutoscaler: types.output.autoscaling.v2.HorizontalPodAutoscaler;
  readonly Ingress: types.output.networking.v1.Ingress;
  readonly LimitRange: types.output.core.v1.LimitRange;
  readonly PersistentVolumeClaim: types.output.core.v1.PersistentVolumeClaim;
  readonly PodDisruptionBudget: types.output.policy.v1.PodDisruptionBudget;
  readonly PriorityClass: types.output.scheduling.v1.PriorityClass;
  readonly ResourceQuota: types.output.core.v1.ResourceQuota;
  readonly Role: types.output.rbac.v1.Role;
  readonly RoleBinding: types.output.rbac.v1.RoleBinding;
  readonly Service: types.output.core.v1.Service;
  readonly ServiceAccount: types.output.core.v1.ServiceAccount;
}

/** A rendered object of any kind. */
export interface Rendered {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
}

/** What `helm template` said. */
export interface Rendering {
  readonly ok: boolean;
  /** Manifests, or what was wrong. */
  readonly text: string;
}

/** Runs a tool that was found. */
export function run(name: ToolName, args: readonly string[]): Rendering {
  const each = knownTool(name);
  if ("missing" in each) throw new Error(each.missing);
  const { status, stdout, stderr } = spawnSync(each.path, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  return { ok: status === 0, text: status === 0 ? stdout : `${stdout}${stderr}` };
}

/**
 * Renders the chart as a release of the program's name in the namespace of the combinations: without what
 * `helm test` brings, unless asked for.
 */
export function template(
  values: unknown,
  tests: "with tests" | "without tests" = "without tests",
): Rendering {
  const folder = mkdtempSync(join(tmpdir(), "chart-"));
  try {
    const file = join(folder, "values.json");
    writeFileSync(file, JSON.stringify(values));
    const where = ["--namespace", namespace, "--kube-version", "1.35.0"];
    const skip = tests === "without tests" ? ["--skip-tests"] : [];
    return run("helm", ["template", "cmbcluster", __dirname, ...where, ...skip, "--values", file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The objects of a rendering that must succeed. */
export function objectsOf(values: ChartValues): Rendered[] {
  const { ok, text } = template(values);
  if (!ok) throw new Error(text);
  return parse(text);
}

/** The objects in a stream of manifests. */
export function parse(text: string): Rendered[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Rendered | null)
    .filter((object): object is Rendered => object !== null);
}

/** The objects of a kind. */
export function all<K extends keyof Kinds>(objects: readonly Rendered[], kind: K): Kinds[K][] {
  return objects.filter((object) => object.kind === kind) as unknown as Kinds[K][];
}

/** The one object of a kind with a name. */
export function one<K extends keyof Kinds>(objects: readonly Rendered[], kind: K, name: string): Kinds[K] {
  const matches = all(objects, kind).filter(({ metadata }) => metadata.name === name);
  if (matches.length !== 1) throw new Error(`${matches.length} objects are ${kind} ${name}`);
  return matches[0]!;
}
