import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findTool, type ToolName } from "../../tools/find-tool";
import { type CampaignCloud, cloudOf, CLOUDS, only, sample, type Sort, SORTS, wholeCampaign } from "./cases";
import { live, undisturbed, type Verdict } from "./live";
import { countsLine, countsOf, succeeded, testCounts, verdictLines } from "./report";

const USAGE = `Fails, loses and kills what can be failed, lost and killed in the life of a stack on simulated clouds, and
looks whether the next runs end where an undisturbed life ends.

  npm run campaign -- [--cloud aws|gcp|any] [--sample <cases of each sort>] [--seed <text>] [--only <sort>] [--case <name>] [--genuine] [--json]

--cloud any takes one of them, drawn by the seed.
--only takes one of refused, lost, killed-up, killed-destroy, and can be given several times. --case takes one by the name that it is
reported under ("lost cmb-network-vpc"), and can be given several times as well.

Without --sample everything: each creation refused once and its answer lost once, and the process killed at 20 points
of up and of destroy. That takes about an hour. A sample is drawn by the seed, which is printed. Objects in Kubernetes are records, unless
--genuine asks for an API server behind each cluster.`;

/** Programs that a campaign runs. */
export const NEEDED: readonly ToolName[] = ["pulumi", "pulumi-language-nodejs"];

interface Wish {
  readonly clouds: readonly CampaignCloud[];
  readonly count: number | undefined;
  readonly seed: string;
  readonly sorts: readonly Sort[];
  /** Names of the cases that are wanted; empty: all. */
  readonly names: readonly string[];
  readonly genuine: boolean;
  readonly json: boolean;
}

/** @throws Error for what is no option */
export function wishOf(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cloud: { type: "string" },
      sample: { type: "string" },
      seed: { type: "string" },
      only: { type: "string", multiple: true },
      case: { type: "string", multiple: true },
      genuine: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const seed = values.seed ?? String(Date.now());
  const wanted = values.cloud === "any" ? cloudOf(seed) : values.cloud;
  const clouds = CLOUDS.filter((cloud) => wanted === undefined || wanted === cloud);
  if (clouds.length === 0) throw new Error(`--cloud is aws, gcp or any, not ${values.cloud}`);
  const count = values.sample === undefined ? undefined : Number(values.sample);
  if (count !== undefined && !(Number.isInteger(count) && count > 0))
    throw new Error(`--sample is a number of cases, not ${values.sample}`);
  const sorts = SORTS.filter((sort) => values.only?.includes(sort) ?? true);
  if (sorts.length < (values.only?.length ?? 1))
    throw new Error(`--only takes ${SORTS.join(", ")}, not ${values.only?.join(", ")}`);
  return {
    clouds,
    count,
    sorts,
    names: values.case ?? [],
    seed,
    genuine: values.genuine,
    json: values.json,
  };
}

async function campaignOn(
  cloud: CampaignCloud,
  { count, seed, sorts, names, genuine }: Wish,
  tell: (text: string) => void,
) {
  tell(`${cloud}: an undisturbed life first`);
  const reference = await undisturbed(cloud, genuine);
  const all = count === undefined ? wholeCampaign(reference) : sample(reference, count, seed);
  const lives = only(sorts, all, names);
  const total = lives.flat().length;
  tell(`${cloud}: ${reference.created.length} creations; ${total} cases in ${lives.length} lives`);
  const verdicts: Verdict[] = [];
  for (const cases of lives) {
    const found = await live(cloud, cases, reference, tell, genuine);
    verdicts.push(...found);
    for (const verdict of found) tell(verdictLines(verdict).join("\n"));
  }
  return verdicts;
}

/** The command: runs what is asked for, prints it and its counts. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let wish: Wish;
  try {
    wish = wishOf(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    return 2;
  }
  const missing = NEEDED.flatMap((name) => {
    const found = findTool(name);
    return "missing" in found ? [found.missing] : [];
  });
  if (missing.length > 0) throw new Error(missing.join("\n"));
  const tell = (text: string) => void (wish.json ? process.stderr : process.stdout).write(`${text}\n`);
  if (wish.count !== undefined) tell(`seed ${wish.seed}`);
  const verdicts = (await Promise.all(wish.clouds.map((cloud) => campaignOn(cloud, wish, tell)))).flat();
  const counts = countsOf(verdicts);
  const folder = join(__dirname, "../../.cache");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "campaign-counts.json"), JSON.stringify(testCounts(counts)));
  if (wish.json) process.stdout.write(`${JSON.stringify({ seed: wish.seed, counts, verdicts }, null, 2)}\n`);
  else tell(countsLine(counts));
  return succeeded(counts, wish.count === undefined && wish.names.length === 0) ? 0 : 1;
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
