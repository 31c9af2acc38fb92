import { InvalidArgsError } from "../errors";

/** Days for which CloudWatch Logs can keep events (PutRetentionPolicy). */
const retentionDays = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288],
  3653,
] as const;

/** Refuses a number of days that CloudWatch Logs would refuse in the middle of a deployment. */
export function assertRetention(key: string, days: number): void {
  if (!retentionDays.some((allowed) => allowed === days)) {
    throw new InvalidArgsError(
      key,
      days,
      `CloudWatch Logs keeps events for one of ${retentionDays.join(", ")} days`,
      "Choose the next larger one.",
    );
  }
}
