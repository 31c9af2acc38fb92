import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { coloursOf, documentOf, type Planned, type Surroundings } from "./command";
import { comparisonOf } from "./compare";
import { comparisonMarkdown } from "./compare/render/markdown";
import { comparisonText } from "./compare/render/text";
import { differencesOf } from "./difference/planned";
import { differenceMarkdown } from "./difference/render/markdown";
import { differenceText } from "./difference/render/text";
import { page } from "./html/page";
import { type Options, UsageError } from "./options";

/**
 * What the command prints of plans in any form but its own: a page, two stacks side by side, what the plans change.
 *
 * @throws UsageError where the stacks are not one on each cloud, RevisionError where there is no base
 */
export async function inOtherForm(
  planned: readonly Planned[],
  options: Options,
  world: Surroundings,
): Promise<string> {
  if (options.html !== undefined) return writePage(options.html, planned, world);
  return options.compare ? sideBySide(planned, options, world) : changes(planned, options, world);
}

/** `--html`: a page of its own, of all stacks. */
function writePage(file: string, planned: readonly Planned[], world: Surroundings): string {
  const path = resolve(world.cwd, file);
  writeFileSync(path, page(planned.map(({ report }) => report)));
  return `${path}\n`;
}

/** `--compare`: one stack on each cloud. */
function sideBySide(planned: readonly Planned[], options: Options, world: Surroundings): string {
  const on = (cloud: "aws" | "gcp") => planned.filter(({ report }) => report.cloud === cloud);
  const [[aws, ...more], [gcp, ...others]] = [on("aws"), on("gcp")];
  if (!aws || !gcp || more.length + others.length > 0) {
    const found = planned.map(({ report }) => `${report.stack} (${report.cloud ?? report.exit})`).join(", ");
    throw new UsageError(`--compare takes one stack on each cloud, not ${found}: name two`);
  }
  const comparison = comparisonOf(aws.report, gcp.report);
  if (options.json) return json({ ...documentOf(planned), comparison });
  if (options.markdown) return comparisonMarkdown(comparison);
  return comparisonText(comparison, coloursOf(options, world));
}

/** `--against`: what the plans change. */
async function changes(planned: readonly Planned[], options: Options, world: Surroundings): Promise<string> {
  const differences = await differencesOf(planned, { ...world, ...options, against: options.against! });
  if (options.json) return json({ ...documentOf(planned), differences });
  if (options.markdown) return differenceMarkdown(differences);
  return differences.map((one) => differenceText(one, coloursOf(options, world))).join("\n");
}

function json(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
