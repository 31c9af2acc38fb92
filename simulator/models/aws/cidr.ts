/** An IPv4 range as its first and last address. */
interface Range {
  readonly first: number;
  readonly last: number;
}

function range(cidr: string): Range | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
  if (!match) return undefined;
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number];
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

/** Whether the first range lies in the second; false for what is no range. */
export function within(inner: string, outer: string): boolean {
  const [a, b] = [range(inner), range(outer)];
  return a !== undefined && b !== undefined && a.first >= b.first && a.last <= b.last;
}

/** Whether two ranges share an address. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [range(one), range(other)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}
