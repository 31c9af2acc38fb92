import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { mask, type RecordedResource, type Recording } from "../../engine";
import { at, Query, textAt } from "../query";
import { sectionOf } from "../sections";

/** Finds helm: its path, or why there is none. */
export type FindHelm = () => { readonly path: string } | { readonly missing: string };

/**
 * The Kubernetes objects that the application's own chart makes of the recorded values, rendered by helm.
 * Values that only `up` knows stand as `[unknown]`, secrets as `[secret]`. Where there is nothing to render or
 * nothing to render with, says so.
 */
export function chartObjects(recording: Recording, root: string, findHelm: FindHelm): string {
  const release = applicationRelease(recording, root);
  if (!release) return "  no objects: the application is not installed yet (its images are not named)\n";
  const helm = findHelm();
  if ("missing" in helm)
    return `  no objects: ${helm.missing}
`;
  const folder = mkdtempSync(join(tmpdir(), "preview-values-"));
  try {
    const values = join(folder, "values.yaml");
    writeFileSync(values, stringify(mask(at(release, "values") ?? {})));
    const namespace = textAt(release, "namespace") ?? "default";
    const name = textAt(release, "name") ?? release.name;
    const chart = resolve(root, textAt(release, "chart")!);
    const rendered = spawnSync(
      helm.path,
      ["template", name, chart, "--namespace", namespace, "--values", values],
      {
        encoding: "utf8",
      },
    );
    return rendered.status === 0
      ? rendered.stdout
      : `  no objects: ${rendered.stderr.trim() || "helm failed"}\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The release whose chart lies in this repository. */
function applicationRelease(recording: Recording, root: string): RecordedResource | undefined {
  const query = Query.of(recording);
  return query
    .ofType("kubernetes:helm.sh/v3:Release")
    .filter((release) => sectionOf(query, release) === "application")
    .find((release) => existsSync(resolve(root, textAt(release, "chart") ?? "", "Chart.yaml")));
}
