import { join } from "node:path";
import { previewStack } from "../preview/engine";
import { readStackFile } from "../preview/stack-file";

/**
 * One preview in a process of its own: `one.ts <program> <stack or count>`. Prints what engine and program used, which
 * are two processes: their memory adds up, being there at the same time.
 */
async function main([program = "", subject = ""]: readonly string[]) {
  const root = join(__dirname, "..");
  const shipped = program === "shipped";
  const config = shipped ? readStackFile(root, subject).settings : { "cmbcluster:count": Number(subject) };
  const recording = await previewStack({
    root,
    stack: shipped ? subject : "bench",
    config,
    program: `bench/programs/${program}.ts`,
  });
  if (recording.exit !== "ok") throw new Error(recording.error);
  const { bench } =
    recording.logs.map(({ message }) => used(message)).find((one) => one.bench !== undefined) ?? {};
  if (bench === undefined) throw new Error("the program did not say what it used");
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stdout.write(
    JSON.stringify({
      resources: recording.resources.length,
      mb: maxRSS / 1024 + bench.mb,
      cpu: (userCPUTime + systemCPUTime) / 1000 + bench.cpu,
    }),
  );
}

function used(message: string): { bench?: { mb: number; cpu: number } } {
  return message.startsWith('{"bench"')
    ? (JSON.parse(message) as { bench: { mb: number; cpu: number } })
    : {};
}

void main(process.argv.slice(2));
