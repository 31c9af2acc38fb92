import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { overBudget } from "./budget";
import { configFaults, wantedCloud } from "./config-faults";
import { listThrough } from "./kubernetes";
import { main } from "./main";
import { run } from "./process";

const root = join(__dirname, "..");

/** Asks on standard error, so that standard output stays a document. */
async function ask(question: string, word: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question} Type ${word}: `)).trim() === word;
  } finally {
    terminal.close();
  }
}

/** `npm run up`, `destroy` and `kept`: the command on this machine, for this folder. */
void main(process.argv.slice(2), {
  root,
  run,
  listThrough: (kubeconfig) => listThrough(kubeconfig, run),
  canAsk: process.stdin.isTTY && process.stderr.isTTY,
  ask,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  configFaults: (stack) => configFaults(root, stack),
  wantedCloud: (stack) => wantedCloud(root, stack),
  overBudget: (stack) => overBudget(root, stack),
}).then((code) => (process.exitCode = code));
