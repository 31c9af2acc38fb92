import { type RecordedResource } from "../../engine";
import { type Query, textAt } from "../query";
import { distinct, facts } from "../words";
import type { Describer } from ".";

const RELEASES = ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"];

/** One line a section on what runs in the cluster, the same on either cloud. */
export const kubernetes: Readonly<Record<string, Describer>> = {
  platform: (query) => releases(query) || undefined,
  application(query) {
    const lines = releases(query);
    const prepared = distinct(
      query.resources
        .filter(({ type }) => type.startsWith("kubernetes:core/"))
        .map(({ type }) => type.split(":")[2]!),
    );
    if (lines) return `chart ${lines}`;
    return prepared.length > 0 ? facts("not installed yet", `prepared: ${prepared.join(", ")}`) : undefined;
  },
};

function releases(query: Query): string {
  return query
    .ofType(...RELEASES)
    .map(releaseName)
    .join(", ");
}

/** `traefik 41.3.0`: the chart's own name, not where it comes from. */
function releaseName(release: RecordedResource): string {
  const chart = textAt(release, "chart")?.split("/").at(-1) ?? release.name;
  return [chart, textAt(release, "version")].filter((part) => part !== undefined).join(" ");
}
