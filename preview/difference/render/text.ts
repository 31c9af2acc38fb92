import { hanging } from "../../report/render/layout";
import type { Paint } from "../../report/render/paint";
import type { Difference } from "../document";
import { blocksOf, headline, type Row } from "./blocks";

/** What a change does, on a terminal. */
export function differenceText(difference: Difference, paint: Paint): string {
  const lines = [`${paint.bold(difference.stack)} against ${difference.base}   ${headline(difference)}`];
  for (const { title, grave, rows } of blocksOf(difference)) {
    lines.push("", `  ${paint.bold(grave ? paint.yellow(title) : title)}`);
    lines.push(...rows.flatMap((row) => rowLines(row, paint)));
  }
  return `${lines.join("\n")}\n`;
}

const COLOURS: Readonly<Record<Row["mark"], keyof Paint>> = {
  "+": "green",
  "-": "red",
  "~": "cyan",
  "±": "yellow",
  ">": "cyan",
  "!": "red",
  $: "cyan",
};

function rowLines({ mark, head, details }: Row, paint: Paint): string[] {
  const [first, ...more] = hanging("      ", head);
  return [
    `    ${paint[COLOURS[mark]](mark)} ${first!.slice(6)}`,
    ...more,
    ...details.flatMap((detail) => hanging("        ", detail)).map((line) => paint.dim(line)),
  ];
}
