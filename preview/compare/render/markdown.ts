import type { Comparison, CounterpartRow } from "../document";
import { type Aspect, aspectTitles } from "../subjects";
import { requirementText, shortType } from "./text";

/** Said where both sides have something and nothing else needs a word. */
const IN_NAME = "in name only";

/** Two clouds side by side as a Markdown document: `docs/parity.md`, or a job summary. */
export function comparisonMarkdown(comparison: Comparison, opening: readonly string[] = []): string {
  const { felt, counterparts, unexplained } = comparison;
  const lines = ["# The two clouds side by side", "", ...opening];
  lines.push("## What a user notices", "");
  for (const [aspect, title] of Object.entries(aspectTitles) as [Aspect, string][]) {
    const rows = felt.filter((row) => row.aspect === aspect);
    if (rows.length === 0) continue;
    lines.push(`### ${title}${aspect === "cost" ? ", in US$" : ""}`, "");
    lines.push("| | AWS | Google Cloud | why they differ |", "|---|---|---|---|");
    for (const row of rows) {
      lines.push(
        tableRow([
          cell(row.subject),
          many(row.aws),
          many(row.gcp),
          row.why === undefined ? "**not explained**" : cell(row.why),
        ]),
      );
    }
    lines.push("");
  }
  lines.push("## What stands for what", "");
  const ids = [...new Set(counterparts.map(({ requirement }) => requirement))];
  lines.push("| row | | AWS | Google Cloud | why they differ |", "|---|---|---|---|---|");
  for (const id of ids) {
    const own = counterparts.filter(({ requirement }) => requirement === id);
    for (const row of own) {
      const { what, aws, gcp, why } = row;
      lines.push(tableRow([id, cell(what), types(aws), types(gcp), cell(why ?? IN_NAME)]));
    }
  }
  lines.push("", "Rows:", "", ...ids.map((id) => `- ${id}: ${requirementText(id)}`), "");
  if (unexplained.length > 0) {
    lines.push("## Not explained", "", ...unexplained.map((one) => `- ${cell(one)}`), "");
  }
  return lines.join("\n");
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function many(items: readonly string[]): string {
  return items.length > 0 ? items.map(cell).join("<br>") : "-";
}

function types(list: CounterpartRow["aws"]): string {
  return many(list.map(({ type }) => shortType(type)));
}

function cell(text: string): string {
  return text.replaceAll("*", "\\*").replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
