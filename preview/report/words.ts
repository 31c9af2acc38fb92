/** Who a way in, or a right, is open to where nobody is left out. */
export const ANYONE = "anyone on the internet";

/** `1 node`, `3 nodes`; irregular plurals are given. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** The first few, and how many there are in all. */
export function abridged(items: readonly string[], shown = 3): string {
  if (items.length <= shown + 1) return items.join(", ");
  return `${items.slice(0, shown).join(", ")}, … (${items.length})`;
}

/** Distinct items in their first order. */
export function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

/** `0–5`, or one number where both are the same. */
export function range(min: number, max: number): string {
  return min === max ? String(min) : `${min}–${max}`;
}

/** Joins what is there with commas. */
export function facts(...parts: (string | false | undefined)[]): string {
  return parts.filter((part) => part !== false && part !== undefined && part !== "").join(", ");
}
