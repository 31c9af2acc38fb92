import { InvalidArgsError } from "../errors";

/** The ranges of a VPC by zone, in the order of the zones. */
export interface SubnetPlan {
  /** Load balancer and NAT gateways: a sixteenth of the VPC each. */
  readonly public: readonly string[];
  /** Nodes and pods: a quarter of the VPC each. */
  readonly private: readonly string[];
}

/** Largest and smallest VPC (EC2 allows /16 to /28; below /22 the prefixes of 16 addresses that pods get run short). */
const WIDEST = 16;
const NARROWEST = 22;

/** Zones a plan has room for: three quarters for private subnets, the fourth for public ones and growth. */
export const ZONES = 3;

/**
 * Cuts a VPC into one public and one private subnet a zone. A /16 gives private subnets of 16,379 usable
 * addresses (a node takes them by 16 for its pods) and public ones of 4,091; one sixteenth stays free.
 *
 * @throws InvalidArgsError for a range that is not a network address of /16 to /22
 */
export function planSubnets(cidr: string): SubnetPlan {
  const { base, bits } = parseCidr(cidr);
  if (bits < WIDEST || bits > NARROWEST) {
    throw new InvalidArgsError(
      "network.cidr",
      cidr,
      `a VPC of /${WIDEST} to /${NARROWEST} is needed: EC2 allows none wider, pods need room`,
      "Write for example 10.0.0.0/16.",
    );
  }
  const quarter = 2 ** (32 - bits - 2);
  const sixteenth = quarter / 4;
  const zones = Array.from({ length: ZONES }, (_, zone) => zone);
  return {
    private: zones.map((zone) => `${format(base + zone * quarter)}/${bits + 2}`),
    public: zones.map((zone) => `${format(base + 3 * quarter + zone * sixteenth)}/${bits + 4}`),
  };
}

function parseCidr(cidr: string): { base: number; bits: number } {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const [, ...numbers] = (match ?? []).map(Number);
  const octets = numbers.slice(0, 4);
  const bits = numbers[4] ?? 33;
  const base = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  if (!match || octets.some((octet) => octet > 255) || bits > 32 || base % 2 ** (32 - bits) !== 0) {
    throw new InvalidArgsError(
      "network.cidr",
      cidr,
      "not an IPv4 network: an address with its host bits zero, a slash, a prefix length",
      "Write for example 10.0.0.0/16.",
    );
  }
  return { base, bits };
}

function format(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
