import { momentOf } from "../../../components/sleep";
import type { Rule } from "../judge";

/** Minutes that nodes sleep at least: the last calls of an evening come that long after the first. */
const SHORTEST = 60;

/** Time zones, times and days that no schedule can keep. @requirement O11 */
export const refuseImpossibleSchedule: Rule = ({ draft, refuse }) => {
  const schedule = draft.sleep.schedule;
  if (!schedule) return;
  const { days, sleep, timezone, wake } = schedule;
  if (!isTimezone(timezone)) {
    const cause = "not a time zone of the IANA database, such as Europe/Berlin or America/New_York";
    refuse("CMB-C062", "sleep.schedule.timezone", cause, { set: "Europe/Berlin" });
  }
  if (days.length === 0) {
    refuse("CMB-C062", "sleep.schedule.days", "no day: it would never sleep", { remove: true });
  }
  const minutes = (time: string) => {
    const { hour, minute } = momentOf(time, days);
    return hour * 60 + minute;
  };
  const DAY = 24 * 60;
  const between = (minutes(wake) - minutes(sleep) + DAY) % DAY;
  const awake = DAY - between;
  if (between < SHORTEST || awake < SHORTEST) {
    const cause = `${Math.min(between, awake)} minutes from sleep.schedule.sleep = ${sleep}: an hour is needed to fall asleep and to wake`;
    refuse("CMB-C062", "sleep.schedule.wake", cause, { set: "07:00" }, ["sleep.schedule.sleep"]);
  }
};

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    // Offsets such as +01:00 pass so far, but for no scheduler.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/**
 * User nodes kept warm beside a schedule: bringing them back in the morning would set the size of a pool in which
 * somebody may work by then, and end environments. @requirement O11
 */
export const refuseWarmUserNodesAsleep: Rule = ({ draft, refuse }) => {
  if (!draft.sleep.schedule) return;
  for (const cloud of ["gcp", "aws"] as const) {
    const { users, warm } = draft[cloud]?.nodes ?? {};
    const cause = "a schedule brings no user node back: the first environment of a morning does";
    const kept = { "users.min": users?.min ?? 0, "warm.count": warm?.count ?? 0 };
    for (const [key, nodes] of Object.entries(kept)) {
      if (nodes > 0) refuse("CMB-C063", `${cloud}.nodes.${key}`, cause, { set: 0 }, ["sleep.schedule"]);
    }
  }
};
