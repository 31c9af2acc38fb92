import { InvalidArgsError } from "./errors";

/** Days as iCalendar (RFC 5545) writes them, from Monday. */
export const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof weekdays)[number];

/** When a cluster's nodes go, and when they come back. */
export interface SleepSchedule {
  /** Name of the IANA database: `Europe/Berlin`. Both clouds follow its summer time. */
  readonly timezone: string;
  /** `HH:MM`: the evening of each of the days. */
  readonly sleep: string;
  /** `HH:MM`: the morning of each of the days. */
  readonly wake: string;
  /** Days on which people work; on the others it stays as the last evening left it. */
  readonly days: readonly Weekday[];
}

/** A time of certain days. */
export interface Moment {
  readonly hour: number;
  readonly minute: number;
  readonly days: readonly Weekday[];
}

/** A `HH:MM` on the days given. */
export function momentOf(time: string, days: readonly Weekday[]): Moment {
  const [hour, minute] = time.split(":").map(Number);
  const whole = [hour, minute].every((part) => part !== undefined && Number.isInteger(part));
  if (!whole || hour! > 23 || minute! > 59) {
    throw new InvalidArgsError("time", time, "not a time of day", "Write it as HH:MM, such as 20:00.");
  }
  return { hour: hour!, minute: minute!, days };
}

/** The same some minutes later, past midnight on the days after. */
export function later({ hour, minute, days }: Moment, minutes: number): Moment {
  const total = hour * 60 + minute + minutes;
  const nextDay = Math.floor(total / (24 * 60));
  return {
    hour: Math.floor(total / 60) % 24,
    minute: total % 60,
    days: days.map((day) => weekdays[(weekdays.indexOf(day) + nextDay) % 7]!),
  };
}

/** Hours of a week in which a schedule has the nodes asleep: each evening to the next morning of one of the days. */
export function hoursAsleep({ sleep, wake, days }: SleepSchedule): number {
  const at = (time: string, day: Weekday) => {
    const { hour, minute } = momentOf(time, days);
    return weekdays.indexOf(day) * 24 + hour + minute / 60;
  };
  const WEEK = 7 * 24;
  const mornings = days.map((day) => at(wake, day));
  const spans = days.map((day) => {
    const evening = at(sleep, day);
    return Math.min(...mornings.map((morning) => (morning - evening + WEEK) % WEEK));
  });
  return spans.reduce((sum, span) => sum + span, 0);
}
