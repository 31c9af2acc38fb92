import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { moduleFolder } from "../../tools/module-folder";

interface ChartFile {
  dependencies: { name: string; condition: string; version: string; repository?: string }[];
  [key: string]: unknown;
}

/**
 * Kyverno's own chart, put together from its Go modules: the only one of the charts of others that lies in a package
 * registry. Two dependencies that the values leave out (reports of another kind, and a server for them) are in none,
 * and are taken out of its list, since Helm wants to see even what it does not install.
 *
 * @param folder where it goes; replaced
 */
export function assembleKyvernoChart(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  copy(join(moduleFolder("github.com/kyverno/kyverno"), "charts", "kyverno"), folder);
  const api = join(folder, "charts", "kyverno-api");
  copy(join(moduleFolder("github.com/kyverno/api"), "charts", "kyverno-api"), api);
  const file = join(folder, "Chart.yaml");
  const chart = parse(readFileSync(file, "utf8")) as ChartFile;
  const here = readdirSync(join(folder, "charts"));
  const { version } = parse(readFileSync(join(api, "Chart.yaml"), "utf8")) as { version: string };
  chart.dependencies = chart.dependencies
    .filter(({ name }) => here.includes(name))
    .map(({ name, condition, ...rest }) => ({
      name,
      condition,
      version: name === "kyverno-api" ? version : rest.version,
    }));
  writeFileSync(file, stringify(chart));
  rmSync(join(folder, "Chart.lock"));
}

/** What lies in Go's cache is read-only, and so would be its copy. */
function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}
