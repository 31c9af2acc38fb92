/**
 * Ranges that no packet of the internet comes from, as first address and bits: private (RFC 1918), shared (RFC 6598),
 * loopback, link-local, multicast and reserved (IANA IPv4 Special-Purpose Address Registry).
 */
const INSIDE: readonly (readonly [first: string, bits: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** True for the whole internet. */
export function isWorld(range: string): boolean {
  return /^(0\.0\.0\.0|::)\/0$/.test(range);
}

/** True where a range holds an address that somebody on the internet may have. */
export function isPublic(range: string): boolean {
  // Unique local and link-local addresses (RFC 4193, RFC 4291) are the only ones of IPv6 that stay inside.
  if (range.includes(":")) return !/^(f[cd]|fe[89ab])/i.test(range);
  const [address = "", length = "32"] = range.split("/");
  const number = numberOf(address);
  // What is no range (a name, a mark) tells nothing.
  if (number === undefined) return false;
  return !INSIDE.some(([first, bits]) => {
    const size = 2 ** (32 - bits);
    return Number(length) >= bits && Math.floor(number / size) === Math.floor(numberOf(first)! / size);
  });
}

function numberOf(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  const isAddress =
    parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256);
  return isAddress ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}
