import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import type { RecordedResource, Recording } from "../../engine";
import { at, Query, textAt } from "../query";
import { sectionOf } from "../sections";
import { chartValues, type ValuesSchema } from "./chart-values";

/** Finds helm: its path, or why there is none. */
export type FindHelm = () => { readonly path: string } | { readonly missing: string };

/**
 * The Kubernetes objects that the application's own chart makes of the recorded values, rendered by helm.
 * Values that only `up` knows stand as `[unknown]`, secrets as `[secret]`. Where there is nothing to render or
 * nothing to render with, says so.
 */
export function chartObjects(recording: Recording, root: string, findHelm: FindHelm): string {
  const release = applicationRelease(recording, root);
  if (!release) return "  No Kubernetes objects: the application is installed once its images are named.\n";
  const helm = findHelm();
  if ("missing" in helm) return `  no objects: ${helm.missing}\n`;
  const folder = mkdtempSync(join(tmpdir(), "preview-values-"));
  try {
    const values = join(folder, "values.yaml");
    const chart = resolve(root, textAt(release, "chart")!);
    writeFileSync(values, stringify(chartValues(at(release, "values") ?? {}, schemaOf(chart))));
    const args = [
      ...["template", textAt(release, "name") ?? release.name, chart],
      ...["--namespace", textAt(release, "namespace") ?? "default", "--values", values],
      ...kubeVersion(recording, chart),
    ];
    const rendered = spawnSync(helm.path, args, { encoding: "utf8" });
    return rendered.status === 0
      ? rendered.stdout
      : `  no objects: ${rendered.stderr.trim() || "helm failed"}\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function schemaOf(chart: string): ValuesSchema | undefined {
  const path = join(chart, "values.schema.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ValuesSchema) : undefined;
}

/**
 * Helm renders for the version it was built with unless told another: the cluster's where the plan names it, else
 * the oldest the chart takes.
 */
function kubeVersion(recording: Recording, chart: string): string[] {
  const [cluster] = Query.of(recording).ofType("aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster");
  const planned = cluster && (textAt(cluster, "version") ?? textAt(cluster, "minMasterVersion"));
  const { kubeVersion: range } = parse(readFileSync(join(chart, "Chart.yaml"), "utf8")) as {
    kubeVersion?: string;
  };
  const version = /\d+\.\d+/.exec(planned ?? range ?? "")?.[0];
  return version === undefined ? [] : ["--kube-version", version];
}

/** The release whose chart lies in this repository. */
function applicationRelease(recording: Recording, root: string): RecordedResource | undefined {
  const query = Query.of(recording);
  return query
    .ofType("kubernetes:helm.sh/v3:Release")
    .filter((release) => sectionOf(query, release) === "application")
    .find((release) => existsSync(resolve(root, textAt(release, "chart") ?? "", "Chart.yaml")));
}
