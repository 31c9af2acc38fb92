import { InvalidArgsError } from "../errors";

/** Thousandths of a CPU core in a Kubernetes quantity: `250m`, `1`, `0.5`. */
export function milliCores(quantity: string): number {
  const match = /^(\d+)m$/.exec(quantity);
  if (match) return Number(match[1]);
  if (/^\d+(\.\d{1,3})?$/.test(quantity)) return Math.round(Number(quantity) * 1000);
  throw new InvalidArgsError("cpu", quantity, "not an amount of CPU", "Write 250m, 0.5 or 2.");
}

/** MiB in a Kubernetes quantity: `512Mi`, `2Gi`. */
export function mebibytes(quantity: string): number {
  const match = /^(\d+)(Mi|Gi)$/.exec(quantity);
  if (!match) {
    throw new InvalidArgsError(
      "memory",
      quantity,
      "not an amount of memory in Mi or Gi",
      "Write 512Mi or 2Gi.",
    );
  }
  return Number(match[1]) * (match[2] === "Gi" ? 1024 : 1);
}
