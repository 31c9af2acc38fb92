import { join } from "node:path";
import { findTool } from "../../tools/find-tool";
import { LIFE_TOOLS } from "../needed-tools";
import { duration } from "../timeline-text";
import { rehearse } from "./acts";
import { parseOptions, type RehearsalOptions } from "./options";
import { stageText } from "./stage";

const SAID =
  "Nothing was deployed: this was a rehearsal on simulated clouds, which accept what real ones may refuse.";

async function main(args: readonly string[]): Promise<number> {
  let options: RehearsalOptions;
  try {
    options = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
  const tell = (text: string) => void process.stderr.write(`${text}\n`);
  haveTools(tell);
  const done = await rehearse(options.act, options.stack, join(__dirname, "../.."), tell);
  tell("");
  if (options.json) process.stdout.write(`${JSON.stringify(done, null, 2)}\n`);
  else {
    const total = done.stages.reduce((sum, { seconds }) => sum + seconds, 0);
    const parts = [...done.stages.map(stageText), `in all ${duration(total)} simulated`, SAID];
    process.stdout.write(`${parts.join("\n\n")}\n`);
  }
  return done.ok ? 0 : 1;
}

/** @throws Error when a tool cannot be had */
function haveTools(tell: (text: string) => void): void {
  const began = Date.now();
  // Missing ones are built.
  for (const name of LIFE_TOOLS) {
    const found = findTool(name);
    if ("missing" in found) throw new Error(found.missing);
  }
  const seconds = (Date.now() - began) / 1000;
  if (seconds > 10)
    tell(`the tools were built, which took ${duration(seconds)}; they are kept for the next time`);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
