import { findTool, type FoundTool, type Machine, thisMachine, toolNames, type ToolName } from "./find-tool";

const usage = "npm run tools [-- <name>… --budget <minutes> --json]";

/** What the command line asks for, or what is wrong with it. */
type Wanted =
  | { readonly names: readonly ToolName[]; readonly budget?: number; readonly json: boolean }
  | { readonly fault: string };

/**
 * `npm run tools -- helm kubeconform`: has the tools ready, all of them where none is named, in the order in which
 * {@link toolNames} lists them.
 *
 * `--budget 50` ends all building after that many minutes: a build that is cut goes on at the next run, and what
 * follows it is only looked for. `--json` prints one array of what was found or is missing.
 *
 * @returns the exit code: 0 when every one can be run, 1 when one cannot, 2 for a command it does not understand
 */
export function buildTools(
  line: readonly string[],
  machine: Machine = thisMachine(),
  print: (text: string) => void = (text) => void process.stdout.write(text),
): number {
  const wanted = understood(line);
  if ("fault" in wanted) {
    machine.say(wanted.fault);
    return 2;
  }
  const end = wanted.budget === undefined ? undefined : machine.now() + wanted.budget * 60;
  const found = toolNames
    .filter((name) => wanted.names.includes(name))
    .map((name) => findTool(name, machine, end === undefined ? undefined : end - machine.now()));
  if (wanted.json) print(`${JSON.stringify(found, null, 2)}\n`);
  else found.forEach((tool) => machine.say(described(tool)));
  return found.every((tool) => "path" in tool) ? 0 : 1;
}

function described(tool: FoundTool): string {
  return "path" in tool ? `${tool.name}: ${tool.path} (${tool.from})` : `${tool.name}: ${tool.missing}`;
}

function understood(line: readonly string[]): Wanted {
  const words = [...line];
  const names: ToolName[] = [];
  let budget: number | undefined;
  let json = false;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--json") json = true;
    else if (word === "--budget") {
      budget = Number(words.shift());
      if (!(budget >= 0)) return { fault: `--budget needs a number of minutes. ${usage}` };
    } else if ((toolNames as string[]).includes(word)) names.push(word as ToolName);
    else if (word.startsWith("-")) return { fault: `There is no option ${word}. ${usage}` };
    else return { fault: `There is no tool ${word}; there are ${toolNames.join(", ")}.` };
  }
  return { names: names.length > 0 ? names : toolNames, budget, json };
}

/* The command line itself: nothing but this call. */
if (require.main === module) process.exitCode = buildTools(process.argv.slice(2));
