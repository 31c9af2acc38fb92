import { spawnSync } from "node:child_process";
import { findTool, type FoundTool, type ToolName } from "../tools/find-tool";

const found = new Map<ToolName, FoundTool>();

/** As `findTool`, which may look for long, but asked once in a run of tests. */
export function knownTool(name: ToolName): FoundTool {
  const known = found.get(name) ?? findTool(name);
  found.set(name, known);
  return known;
}

/**
 * Runs a suite where the tools can be had; elsewhere its tests are skipped, and the title says why.
 *
 * @param also what else keeps it from running here
 */
export function describeWithTools(
  names: readonly ToolName[],
  title: string,
  suite: () => void,
  also: readonly string[] = [],
): void {
  const missing = names.map(knownTool).flatMap((each) => ("missing" in each ? [each.missing] : []));
  describeUnless([...missing, ...also], title, suite);
}

/**
 * Runs a suite where `python3` is on PATH, as it is in the backend's image, whose Python is 3.11. Elsewhere its tests are
 * skipped, and the title says why.
 *
 * @param least the oldest version that will do
 */
export function describeWithPython(title: string, suite: () => void, least: "3.8" | "3.11" = "3.8"): void {
  const asked = `import sys; sys.exit(sys.version_info < (${least.replace(".", ", ")}))`;
  const there = spawnSync("python3", ["-c", asked]).status === 0;
  describeUnless(there ? [] : [`python3, ${least} or later, is not on PATH`], title, suite);
}

function describeUnless(reasons: readonly string[], title: string, suite: () => void): void {
  if (reasons.length === 0) describe(title, suite);
  else describe.skip(`${title} (skipped: ${reasons.join("; ")})`, suite);
}
