import { InvalidArgsError } from "../errors";

/** When the cloud may upgrade control plane and nodes. */
export interface Maintenance {
  /** Start of the window, `HH:MM` in UTC. */
  readonly start: string;
  /** Length in hours. GKE asks for windows of 4 hours or more, and 48 hours in any 32 days. */
  readonly hours: number;
  /** Days of the week it starts on, as iCalendar writes them: `SA`. */
  readonly days: readonly string[];
  /** Times without upgrades. GKE takes three, of 30 days for `NO_UPGRADES` and 180 for the others. */
  readonly exclusions?: readonly MaintenanceExclusion[];
}

/** A time without upgrades. */
export interface MaintenanceExclusion {
  readonly name: string;
  /** RFC 3339: `2027-01-01T00:00:00Z`. */
  readonly from: string;
  readonly to: string;
  /** Default NO_UPGRADES. */
  readonly scope?: "NO_UPGRADES" | "NO_MINOR_UPGRADES" | "NO_MINOR_OR_NODE_UPGRADES";
}

/**
 * The window as GKE wants it: first start, first end, and a rule to repeat them. The first day is a fixed one in
 * the past, so that two runs of the program say the same.
 */
export function maintenancePolicy(maintenance: Maintenance) {
  const start = new Date(`2025-01-01T${maintenance.start}:00Z`);
  if (Number.isNaN(start.getTime())) {
    throw new InvalidArgsError(
      "maintenance.start",
      maintenance.start,
      "not a time of day",
      "Write HH:MM in UTC, like 03:00.",
    );
  }
  const end = new Date(start.getTime() + maintenance.hours * 3_600_000);
  return {
    recurringWindow: {
      startTime: rfc3339(start),
      endTime: rfc3339(end),
      recurrence: `FREQ=WEEKLY;BYDAY=${maintenance.days.join(",")}`,
    },
    maintenanceExclusions: (maintenance.exclusions ?? []).map(({ name, from, to, scope }) => ({
      exclusionName: name,
      startTime: from,
      endTime: to,
      exclusionOptions: { scope: scope ?? "NO_UPGRADES" },
    })),
  };
}

const rfc3339 = (date: Date): string => date.toISOString().replace(".000", "");
