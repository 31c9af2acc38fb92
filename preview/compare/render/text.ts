import { requirementRows } from "../../../tools/requirement-rows";
import { hanging } from "../../report/render/layout";
import type { Paint } from "../../report/render/paint";
import type { Comparison, CounterpartRow } from "../document";
import { type Aspect, aspectTitles } from "../subjects";

/** Two clouds side by side on a terminal. */
export function comparisonText(comparison: Comparison, paint: Paint): string {
  const { aws, gcp, felt, counterparts, unexplained } = comparison;
  const lines = [paint.bold(`${aws} on AWS, ${gcp} on Google Cloud`)];
  for (const [aspect, title] of Object.entries(aspectTitles) as [Aspect, string][]) {
    const rows = felt.filter((row) => row.aspect === aspect);
    if (rows.length === 0) continue;
    lines.push("", `  ${paint.bold(aspect === "cost" ? `${title}, US$` : title)}`);
    for (const row of rows) {
      lines.push(`    ${paint.cyan(row.subject)}`);
      lines.push(...side("AWS", row.aws), ...side("Google", row.gcp));
      if (row.why !== undefined) lines.push(...hanging("      ", row.why).map((line) => paint.dim(line)));
    }
  }
  lines.push("", `  ${paint.bold("What stands for what")}`);
  for (const row of counterparts) lines.push(...counterpartLines(row, paint));
  if (unexplained.length > 0) {
    lines.push("", paint.red(`  Not explained (${unexplained.length})`));
    lines.push(...unexplained.map((one) => `    ${one}`));
  }
  return `${lines.join("\n")}\n`;
}

function side(cloud: string, items: readonly string[]): string[] {
  const label = `      ${cloud.padEnd(8)}`;
  return (items.length > 0 ? items : ["-"]).flatMap((item, i) =>
    hanging(i === 0 ? label : " ".repeat(label.length), item),
  );
}

function counterpartLines({ requirement, what, aws, gcp, why }: CounterpartRow, paint: Paint): string[] {
  const named = (types: CounterpartRow["aws"]) =>
    types.map(({ type, count }) => `${shortType(type)}${count > 1 ? ` ×${count}` : ""}`).join(", ") || "-";
  return [
    `    ${paint.cyan(`${requirement} ${what}`)}`,
    ...side("AWS", [named(aws)]),
    ...side("Google", [named(gcp)]),
    ...(why === undefined ? [] : hanging("      ", why).map((line) => paint.dim(line))),
  ];
}

/** `aws:ec2/natGateway:NatGateway` is `ec2 NatGateway`, `kubernetes:core/v1:Secret` is `Kubernetes Secret`. */
export function shortType(type: string): string {
  const [pkg, module, name] = type.split(":");
  const own = pkg === "kubernetes" ? "Kubernetes" : pkg === "random" ? "generated" : module!.split("/")[0];
  return `${own} ${name}`;
}

/** The text of a requirement's row. */
export function requirementText(id: string): string {
  return requirementRows.find((row) => row.id === id)?.text ?? "";
}
