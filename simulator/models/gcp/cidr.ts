/** An IPv4 range: first address and how many follow. */
interface Range {
  readonly first: number;
  readonly size: number;
}

function parse(cidr: string): Range | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
  if (!match) return undefined;
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((part) => part > 255) || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { first: address - (address % size), size };
}

/** Do two IPv4 ranges share an address? What is no range shares none. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)];
  return a !== undefined && b !== undefined && a.first < b.first + b.size && b.first < a.first + a.size;
}

/** Is every address of `inner` in `outer`? */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [parse(outer), parse(inner)];
  return a !== undefined && b !== undefined && a.first <= b.first && b.first + b.size <= a.first + a.size;
}

/** The address at a place in the range: 1 is a subnetwork's gateway. */
export function addressAt(cidr: string, index: number): string {
  const range = parse(cidr);
  if (!range) return "";
  const address = range.first + index;
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** How many addresses the range has; 0 for what is no range. */
export function sizeOf(cidr: string): number {
  return parse(cidr)?.size ?? 0;
}
