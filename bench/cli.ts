import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { command, fit, interleaved, peer, preview, type Used } from "./measure";

/**
 * `npm run bench [-- --rounds 5 --growth 3 --without-peer]`: what a preview costs, as ratios. An empty program on the
 * same engine is the measure of each cloud's; CDK EKS Blueprints, whose packages this installs into `bench/peer`, that
 * of the whole command. Prints only; no figure fails anything.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    growth: { type: "string", default: "3" },
    "without-peer": { type: "boolean", default: false },
  },
});
const out = (line: string) => void process.stdout.write(`${line}\n`);
const say = (line: string) => void process.stderr.write(`  ${line}\n`);

function ratios(title: string, { wall, cpu, mb }: Used, base: Used): string {
  const columns = [wall / base.wall, cpu / base.cpu, mb / base.mb].map((value) =>
    value.toFixed(2).padStart(7),
  );
  return `| ${title.padEnd(44)} | ${columns.join(" | ")} |`;
}

function table(title: string, rows: readonly string[]) {
  out(`\n| ${title.padEnd(44)} |    time |     CPU |  memory |\n| --- | ---: | ---: | ---: |`);
  rows.forEach(out);
}

function againstEmpty() {
  say("previews beside an empty program");
  const { empty, aws, gcp } = interleaved(
    {
      empty: () => preview("empty", "0"),
      aws: () => preview("shipped", "aws-dev"),
      gcp: () => preview("shipped", "gcp-dev"),
    },
    Number(values.rounds),
    say,
  );
  table("× an empty program", [ratios("aws-dev", aws, empty), ratios("gcp-dev", gcp, empty)]);
}

function againstPeer() {
  const folder = join(__dirname, "peer");
  if (!existsSync(join(folder, "node_modules"))) {
    say("installing the peer's packages into bench/peer (half a GB)");
    const done = spawnSync("npm", ["ci", "--no-progress"], { cwd: folder, stdio: ["ignore", 2, 2] });
    if (done.status !== 0) return out("\nThe peer's packages cannot be installed: not compared.");
  }
  say("the whole command beside CDK EKS Blueprints");
  const { ours, theirs } = interleaved(
    { ours: () => command("aws-dev"), theirs: () => peer() },
    Number(values.rounds),
    say,
  );
  // Only time can be laid side by side: of our two processes this sees the one.
  const row = `| ${"npm run preview -- aws-dev".padEnd(44)} | ${(ours.wall / theirs.wall).toFixed(2).padStart(7)} |`;
  out(`\n| ${"× the synthesis of CDK EKS Blueprints".padEnd(44)} |    time |\n| --- | ---: |\n${row}`);
}

function growth(program: string, what: string, counts: readonly number[]) {
  say(`growth: ${what}`);
  const runs = Object.fromEntries(counts.map((count) => [`n${count}`, () => preview(program, `${count}`)]));
  const used = interleaved(runs, Number(values.growth), say);
  const of = (key: keyof Used) => fit(counts.map((count) => [count, used[`n${count}`]![key]] as const));
  const first = used[`n${counts[0]!}`]!;
  const line = (key: keyof Used) => {
    const { slope, r2, bend } = of(key);
    const share = (slope / first[key]) * 100;
    return `+${share.toFixed(2)} % each, R² ${r2.toFixed(3)}, second half / first half ${bend.toFixed(2)}`;
  };
  out(`\n${what}, of what ${counts[0]} takes (${counts.join(", ")}):`);
  out(`- time: ${line("wall")}\n- CPU: ${line("cpu")}\n- memory: ${line("mb")}`);
}

out(`Node ${process.version}, ${cpus().length} × ${cpus()[0]!.model.trim()}; medians of interleaved runs`);
againstEmpty();
if (!values["without-peer"]) againstPeer();
growth("pools", "Node pools", [1, 10, 25, 50]);
growth("buckets", "Buckets", [1, 100, 250, 500]);
