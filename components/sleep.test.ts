import { hoursAsleep, later, momentOf, type SleepSchedule, weekdays } from "./sleep";

const schedule: SleepSchedule = {
  timezone: "Europe/Berlin",
  sleep: "20:00",
  wake: "07:00",
  days: ["MO", "TU", "WE", "TH", "FR"],
};

test("a moment is a time on days; what is no time is refused", () => {
  expect(momentOf("07:05", ["MO"])).toEqual({ hour: 7, minute: 5, days: ["MO"] });
  for (const time of ["24:00", "12:60", "noon", "7"]) {
    expect(() => momentOf(time, ["MO"])).toThrow("not a time of day");
  }
});

test("some minutes later may be the next hour, and after midnight the next day", () => {
  expect(later(momentOf("20:50", ["MO"]), 20)).toEqual({ hour: 21, minute: 10, days: ["MO"] });
  expect(later(momentOf("23:50", ["FR", "SU"]), 20)).toEqual({ hour: 0, minute: 10, days: ["SA", "MO"] });
});

test("[P9] working days from 7 to 20 leave 103 of 168 hours asleep, the weekend among them", () => {
  expect(hoursAsleep(schedule)).toBe(4 * 11 + 59);
  expect(hoursAsleep({ ...schedule, days: weekdays })).toBe(7 * 11);
  expect(hoursAsleep({ ...schedule, days: ["MO"] })).toBe(168 - 13);
  // Awake by night: asleep from seven in the morning to eight in the evening.
  expect(hoursAsleep({ ...schedule, sleep: "07:00", wake: "20:00", days: weekdays })).toBe(7 * 13);
});
