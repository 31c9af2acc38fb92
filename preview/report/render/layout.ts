/** Widest line of the report. */
export const WIDTH = 100;

/** Breaks a text at spaces into lines of at most `width` characters; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** As {@link wrap}, at commas and semicolons where that fits: `cert-manager v1.21.1` stays together. */
export function wrapList(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const item of text.split(/(?<=[,;]) /)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + item.length <= width) {
      lines[lines.length - 1] = `${line} ${item}`;
    } else lines.push(...wrap(item, width));
  }
  return lines;
}

/** A text after a label, its further lines below its first. */
export function hanging(label: string, text: string, width = WIDTH): string[] {
  return wrap(text, width - label.length).map(
    (line, i) => (i === 0 ? label : " ".repeat(label.length)) + line,
  );
}

/** The longest of some texts, in characters. */
export function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
