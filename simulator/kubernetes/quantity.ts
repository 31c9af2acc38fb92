const units: Readonly<Record<string, number>> = {
  m: 1e-3,
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

/** Thousandths of a Kubernetes quantity such as `500m` or `20Gi`; undefined for what is none. */
export function thousandthsOf(quantity: string): number | undefined {
  const [, amount, unit] = /^([0-9.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  const size = units[unit ?? "?"];
  return amount === undefined || size === undefined ? undefined : Math.round(Number(amount) * size * 1000);
}

/** Bytes of a Kubernetes quantity; 0 for what is none. */
export function bytesOf(quantity: string): number {
  return Math.round((thousandthsOf(quantity) ?? 0) / 1000);
}
