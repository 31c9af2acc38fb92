import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type ChartName, pinnedCharts } from "../../components/charts";
import { moduleFolder } from "../../tools/module-folder";
import { assembleKyvernoChart } from "./kyverno-chart";

/** A stand-in chart, packed as Helm packs charts. */
export interface ChartPackage {
  /** Name in its repository. */
  readonly name: string;
  readonly version: string;
  /** What an index and an OCI configuration say of it. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly archive: Buffer;
  /** Hexadecimal SHA-256 of the archive. */
  readonly digest: string;
}

/** Folder of the stand-ins. */
const standIns = join(__dirname, "charts");

/**
 * Packs the stand-in of every chart that the program installs, under its name and version in `components/charts.ts`,
 * with the genuine CustomResourceDefinitions where a Go module carries them. Kyverno's is no stand-in: the whole chart
 * lies in its modules.
 *
 * @param scratch a folder of its own, emptied first
 * @throws when helm refuses a chart, or a module cannot be had
 */
export function packCharts(helm: string, scratch: string): Record<ChartName, ChartPackage> {
  rmSync(scratch, { recursive: true, force: true });
  const packed = (Object.keys(pinnedCharts) as ChartName[]).map((chart) => [
    chart,
    pack(chart, helm, scratch),
  ]);
  return Object.fromEntries(packed) as Record<ChartName, ChartPackage>;
}

function pack(chart: ChartName, helm: string, scratch: string): ChartPackage {
  const { chart: reference, version, appVersion } = pinnedCharts[chart];
  const name = reference.split("/").at(-1) ?? chart;
  const folder = join(scratch, "charts", name);
  const out = join(scratch, "packed", name);
  const description = "Stand-in for runs without a network";
  const metadata = { apiVersion: "v2", name, version, appVersion, description, type: "application" };
  if (chart === "kyverno") {
    assembleKyvernoChart(folder);
  } else {
    cpSync(join(standIns, chart), folder, { recursive: true });
    writeFileSync(join(folder, "Chart.yaml"), stringify(metadata));
    definitions[chart]?.(folder);
  }
  mkdirSync(out, { recursive: true });
  execFileSync(helm, ["package", folder, "--destination", out], { stdio: "pipe" });
  const archive = readFileSync(join(out, `${name}-${version}.tgz`));
  return { name, version, metadata, archive, digest: createHash("sha256").update(archive).digest("hex") };
}

/** How the genuine definitions come into a chart, each as the real chart has it. */
const definitions: Partial<Record<ChartName, (folder: string) => void>> = {
  /** In `crds/`: installed once, never upgraded, never deleted. */
  traefik: (folder) => {
    const file = "docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml";
    mkdirSync(join(folder, "crds"));
    cpSync(join(moduleFolder("github.com/traefik/traefik/v3"), file), join(folder, "crds", "traefik.yaml"));
  },
  /** Part of the release where `crds.enabled` says so, and kept when it goes where `crds.keep` does. */
  "cert-manager": (folder) => {
    const source = join(moduleFolder("github.com/cert-manager/cert-manager"), "deploy", "crds");
    mkdirSync(join(folder, "files"));
    for (const file of readdirSync(source).filter((each) => each.endsWith(".yaml"))) {
      const definition = parse(readFileSync(join(source, file), "utf8")) as {
        metadata: { annotations?: Record<string, string> };
      };
      definition.metadata.annotations = {
        ...definition.metadata.annotations,
        // The template makes it `helm.sh/resource-policy` where the definitions are to be kept.
        "@policy@": "keep",
      };
      writeFileSync(join(folder, "files", file), stringify(definition));
    }
  },
};
