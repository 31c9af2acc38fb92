/** An IPv4 range: first and last address as numbers. */
export interface Range {
  readonly first: number;
  readonly last: number;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

/** Reads `10.0.0.0/16`; undefined when it is none, or when bits are set behind the prefix. */
export function parseCidr(text: string): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const octets = match.slice(1, 5).map(Number);
  const prefix = Number(match[5]);
  // Leading zeros are octal to some programs and decimal to others.
  const canonical = `${octets.join(".")}/${prefix}` === text;
  if (!canonical || octets.some((octet) => octet > 255) || prefix > 32) return undefined;
  const first = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

/** How many addresses a range has. */
export function sizeOf(range: Range): number {
  return range.last - range.first + 1;
}

/** True when the two share an address. */
export function overlap(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** True when every address of `inner` is in `outer`. */
export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** RFC 1918. */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) =>
  parseCidr(text)!,
);

/** Private, shared (RFC 6598), loopback and link-local: never seen as a source on the internet. */
export const unroutableRanges = [
  ...privateRanges,
  ...["100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"].map((text) => parseCidr(text)!),
];
