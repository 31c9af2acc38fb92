import type { Difference } from "../document";
import { type Block, blocksOf, headline, type Row } from "./blocks";

/**
 * Characters that fit. A comment on GitHub takes 65,536 (api.github.com answers 422 "body is too long"), a job
 * summary 1 MiB a step; the smaller one holds for both, less some for whatever a workflow writes around it.
 */
export const COMMENT_LIMIT = 60_000;

/** First line of the comment, by which a workflow finds it again to edit it in place. */
export const MARKER = "<!-- cmbcluster-preview -->";

/** What a change does, for a job summary or a comment: the grave in the open, all else to unfold, per stack. */
export function differenceMarkdown(differences: readonly Difference[], limit = COMMENT_LIMIT): string {
  const opening = `${MARKER}\n\n`;
  const room = Math.floor((limit - opening.length) / Math.max(1, differences.length));
  return opening + differences.map((one) => stackMarkdown(one, room)).join("\n");
}

function stackMarkdown(difference: Difference, room: number): string {
  const blocks = blocksOf(difference);
  const grave = blocks.filter((block) => block.grave);
  const rest = blocks.filter((block) => !block.grave);
  const title = `### ${escaped(difference.stack)}: ${escaped(headline(difference))}\n\n`;
  const base = `<sub>against ${escaped(difference.base)}</sub>\n`;
  const opened = fitted(grave, room - title.length - base.length - 400);
  const folded = fitted(rest, room - title.length - base.length - opened.length - 200);
  const details = folded === "" ? "" : `<details><summary>All changes</summary>\n\n${folded}</details>\n\n`;
  return `${title}${opened}${details}${base}`;
}

/** Blocks in full while there is room, then without details, then by their number only. */
function fitted(blocks: readonly Block[], room: number): string {
  let text = "";
  for (const block of blocks) {
    const choices = [
      blockText(block, block.rows),
      blockText(
        block,
        block.rows.map((one) => ({ ...one, details: [] })),
      ),
      `**${escaped(block.title)}**: too many to list here; npm run preview lists them\n\n`,
    ];
    text += choices.find((one) => text.length + one.length <= room) ?? "";
  }
  return text;
}

function blockText({ title, grave }: Block, shown: readonly Row[]): string {
  const lines = shown.flatMap(({ mark, head, details }) => [
    `- ${code(mark)} ${escaped(head)}`,
    ...details.map((detail) => `  - ${escaped(detail)}`),
  ]);
  return `**${grave ? "⚠️ " : ""}${escaped(title)}**\n\n${lines.join("\n")}\n\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}

/** Nothing of a plan may become markup: names are chosen by whoever opened the pull request. */
function escaped(text: string): string {
  return (
    text
      .replaceAll(/\s+/g, " ")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll(/[\\`*_{}[\]|~!#]/g, "\\$&")
      // A zero-width space keeps GitHub from notifying people and linking issues.
      .replaceAll("@", "@\u200b")
      .replaceAll("://", ":\u200b//")
  );
}
