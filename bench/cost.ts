/**
 * What the estimate adds to a preview: `npx tsx bench/cost.ts [stack] [runs]`. Previews as the command makes them,
 * and the estimate of what they recorded, the first in a process (the prices are read then) and the later ones apart.
 * Ends with 1 when the first estimate takes 5 % or more of the median preview.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

const root = join(__dirname, "..");
const LIMIT = 0.05;

/** One process each, so that nothing is warm: milliseconds of a preview, and of the estimate after it. */
const probe = `
const { performance } = require("node:perf_hooks");
const [root, stack] = process.argv.slice(1);
const { previewStack } = require(root + "/preview/engine");
const start = performance.now();
previewStack({ root, stack }).then(({ resources, exit }) => {
  if (exit !== "ok") throw new Error("the stack cannot be planned");
  const planned = performance.now();
  const { estimate } = require(root + "/cost/estimate");
  const { costReport } = require(root + "/cost/document");
  costReport(estimate(resources));
  const first = performance.now();
  costReport(estimate(resources));
  const second = performance.now();
  process.stdout.write(JSON.stringify([planned - start, first - planned, second - first]));
});`;

function run(stack: string): number[] {
  const preload = join(root, "preview/engine/compile.js");
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--require", preload, "-e", probe, root, stack],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as number[];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const stack = process.argv[2] ?? "aws-dev";
const runs = Number(process.argv[3] ?? 7);
const began = performance.now();
const times = Array.from({ length: runs }, () => run(stack));
const [preview, first, second] = [0, 1, 2].map((column) => median(times.map((row) => row[column]!)));
const share = first! / preview!;
console.log(
  [
    `${stack}, ${runs} runs in ${((performance.now() - began) / 1000).toFixed(0)} s, medians:`,
    `  preview          ${preview!.toFixed(0)} ms`,
    `  estimate, first  ${first!.toFixed(1)} ms, ${(share * 100).toFixed(2)} % of it (limit ${LIMIT * 100} %)`,
    `  estimate, again  ${second!.toFixed(1)} ms`,
  ].join("\n"),
);
process.exitCode = share < LIMIT ? 0 : 1;
