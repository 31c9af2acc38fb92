const UNITS: Readonly<Record<string, number>> = {
  Mi: 1 / 1024,
  Gi: 1,
  Ti: 1024,
  M: 1e6 / 2 ** 30,
  G: 1e9 / 2 ** 30,
};

/** A Kubernetes quantity of storage in GiB: `10Gi`; undefined for what is none. */
export function gibibytes(quantity: string | undefined): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)(Mi|Gi|Ti|M|G)$/.exec(quantity ?? "");
  return parts ? Number(parts[1]) * UNITS[parts[2]!]! : undefined;
}
