import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout } from "node:timers/promises";
import { overBudget } from "./budget";
import { configFaults, wantedCloud } from "./config-faults";
import { listThrough, reach } from "./kubernetes";
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

/** `npm run up` and the other commands of `usages`: the command on this machine, for this folder. */
void main(process.argv.slice(2), {
  root,
  run,
  reach: (kubeconfig) => reach(kubeconfig, run),
  wait: (seconds) => setTimeout(seconds * 1000),
  now: () => Date.now() / 1000,
  listThrough: (kubeconfig) => listThrough(kubeconfig, run),
  canAsk: process.stdin.isTTY && process.stderr.isTTY,
  ask,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  configFaults: (stack) => configFaults(root, stack),
  wantedCloud: (stack) => wantedCloud(root, stack),
  overBudget: (stack) => overBudget(root, stack),
}).then((code) => (process.exitCode = code));
