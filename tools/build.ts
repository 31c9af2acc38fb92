import { findTool, type Machine, thisMachine, toolNames, type ToolName } from "./find-tool";

/**
 * `npm run tools -- helm kubeconform`: has the tools ready, all of them where none is named.
 *
 * @returns the exit code: 0 when every one can be run
 */
export function buildTools(wanted: readonly string[], machine: Machine = thisMachine()): number {
  const unknown = wanted.filter((name) => !(toolNames as string[]).includes(name));
  if (unknown.length > 0) {
    machine.say(`There is no tool ${unknown.join(", ")}; there are ${toolNames.join(", ")}.`);
    return 2;
  }
  const names = wanted.length > 0 ? (wanted as ToolName[]) : toolNames;
  const found = names.map((name) => findTool(name, machine));
  for (const tool of found) {
    machine.say(
      "path" in tool ? `${tool.name}: ${tool.path} (${tool.from})` : `${tool.name}: ${tool.missing}`,
    );
  }
  return found.every((tool) => "path" in tool) ? 0 : 1;
}

/* The command line itself: nothing but this call. */
if (require.main === module) process.exitCode = buildTools(process.argv.slice(2));
