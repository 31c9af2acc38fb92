/** Text as it may stand in HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** HTML with every value in it escaped: `markup\`<b>${name}</b>\``; what {@link raw} marks stays as it is. */
export function markup(
  parts: TemplateStringsArray,
  ...values: (string | number | Raw | readonly Raw[])[]
): Raw {
  const text = parts.map((part, i) => {
    const value = values[i];
    if (value === undefined) return part;
    if (value instanceof Raw) return part + value.text;
    if (typeof value === "string" || typeof value === "number") return part + escapeHtml(String(value));
    return part + value.map((one) => one.text).join("");
  });
  return new Raw(text.join(""));
}

/** HTML that is complete. */
export class Raw {
  constructor(readonly text: string) {}
}

/** Marks a text as HTML. For the page's own, never for what comes from a plan. */
export function raw(text: string): Raw {
  return new Raw(text);
}
