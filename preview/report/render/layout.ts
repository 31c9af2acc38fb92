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
