import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

const root = join(__dirname, "..");
const compile = ["--require", join(root, "preview/engine/compile.js")];

/** What one run took and used. Only its ratio to a run beside it means anything: machines differ, and their load. */
export interface Used {
  /** Milliseconds from the start of the process to its end. */
  readonly wall: number;
  /** Milliseconds of processor time, of all its processes. */
  readonly cpu: number;
  /** Peak of resident memory in MB, of all processes that are there at the same time. */
  readonly mb: number;
}

/** @throws when the preview fails: a bench of something broken would be fast */
export function preview(program: string, subject: string): Used {
  return timed([...compile, join(__dirname, "one.ts"), program, subject], root);
}

/** The whole command as a user types it, less npm: configuration, plan, bill, report. */
export function command(stack: string): Used {
  return timed([...compile, "--require", join(__dirname, "used.js"), "preview/cli.ts", stack], root);
}

/** The peer's synthesis, where its packages are installed. */
export function peer(): Used {
  const out = mkdtempSync(join(tmpdir(), "bench-peer-"));
  try {
    return timed(["--require", join(__dirname, "used.js"), "stack.js", out], join(__dirname, "peer"));
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** What it used is the last line of standard output. */
function timed(args: readonly string[], cwd: string): Used {
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(`${args.slice(-3).join(" ")}: ${stderr.slice(-800)}`);
  return { wall, ...(JSON.parse(stdout.trim().split("\n").at(-1)!) as Omit<Used, "wall">) };
}

/** Runs all of them in turn, round after round, so that what else the machine does meets each alike. */
export function interleaved<K extends string>(
  runs: Readonly<Record<K, () => Used>>,
  rounds: number,
  say: (line: string) => void,
): Record<K, Used> {
  const names = Object.keys(runs) as K[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as Used[]])) as Record<K, Used[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const used = runs[name]();
      // The first round fills caches: of the compiler, of Node, of the disk.
      if (round > 0) taken[name].push(used);
    }
    say(round === 0 ? "warmed up" : `round ${round} of ${rounds}`);
  }
  const middle = (list: readonly Used[], key: keyof Used) => median(list.map((one) => one[key]));
  return Object.fromEntries(
    names.map((name) => {
      const list = taken[name];
      return [name, { wall: middle(list, "wall"), cpu: middle(list, "cpu"), mb: middle(list, "mb") }];
    }),
  ) as Record<K, Used>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/**
 * A straight line through points by least squares, and how much of their spread it explains. Growth is linear where
 * the steeper half is no steeper than the first: `bend` near 1.
 */
export function fit(points: readonly (readonly [x: number, y: number])[]) {
  const n = points.length;
  const mean = (pick: 0 | 1) => points.reduce((sum, point) => sum + point[pick], 0) / n;
  const [mx, my] = [mean(0), mean(1)];
  const sum = (f: (x: number, y: number) => number) =>
    points.reduce((all, [x, y]) => all + f(x - mx, y - my), 0);
  const slope = sum((x, y) => x * y) / sum((x) => x * x);
  const rest = points.reduce((all, [x, y]) => all + (y - (my + slope * (x - mx))) ** 2, 0);
  const [first, half, last] = [points[0]!, points[Math.floor(n / 2)]!, points[n - 1]!];
  const steep = (a: readonly [number, number], b: readonly [number, number]) => (b[1] - a[1]) / (b[0] - a[0]);
  return { slope, r2: 1 - rest / sum((_, y) => y * y), bend: steep(half, last) / steep(first, half) };
}
