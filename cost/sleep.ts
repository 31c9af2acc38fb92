import { hoursAsleep, type SleepSchedule } from "../components/sleep";
import { type CostLine, type Estimate, monthly } from "./model";

/** What sleeping saves, in US$ a month. */
export interface SleepSaving {
  /** Owed in any case while awake, and while asleep. */
  readonly awake: number;
  readonly asleep: number;
  /** The difference, were it asleep all month. */
  readonly saving: number;
  /** Of that, what a schedule's hours come to; absent without one. */
  readonly bySchedule?: number;
  /** What goes on costing, the dearest first. */
  readonly stays: readonly CostLine[];
}

/** Hours of a week. */
const WEEK = 7 * 24;

/**
 * What a stack saves asleep: the same stack planned awake and asleep, and what is owed by being there compared. Use
 * is left out: what is stored stays stored.
 *
 * @requirement O11
 */
export function sleepSaving(awake: Estimate, asleep: Estimate, schedule?: SleepSchedule): SleepSaving {
  const saving = awake.totals.fixed - asleep.totals.fixed;
  return {
    awake: awake.totals.fixed,
    asleep: asleep.totals.fixed,
    saving,
    ...(schedule && { bySchedule: (saving * hoursAsleep(schedule)) / WEEK }),
    stays: asleep.lines.filter((line) => line.fixed && monthly(line) > 0),
  };
}
