/** Ways to set text apart on a terminal. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const CODES: Readonly<Record<keyof Paint, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Paints with terminal codes, or not at all. */
export function paint(coloured: boolean): Paint {
  const inside = (name: keyof Paint) => (text: string) => {
    const [on, off] = CODES[name];
    return coloured && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
  return {
    bold: inside("bold"),
    dim: inside("dim"),
    red: inside("red"),
    green: inside("green"),
    yellow: inside("yellow"),
    cyan: inside("cyan"),
  };
}

/** What decides about colour. */
export interface ColourArgs {
  readonly choice: "always" | "never" | "auto";
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Colour on a terminal only, and never against NO_COLOR (no-color.org) unless it was asked for by option. */
export function isColoured({ choice, isTerminal, environment }: ColourArgs): boolean {
  if (choice !== "auto") return choice === "always";
  return isTerminal && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
}
