const units: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Bytes of a Kubernetes quantity such as `20Gi`; 0 for what is none. */
export function bytesOf(quantity: string): number {
  const [, amount, unit] = /^([0-9.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  return amount === undefined ? 0 : Math.round(Number(amount) * (units[unit ?? ""] ?? 0));
}
