import { maintenancePolicy } from "./maintenance";

test("[O17] a window over midnight ends on the next day", () => {
  expect(maintenancePolicy({ start: "22:30", hours: 4, days: ["FR"] })).toEqual({
    recurringWindow: {
      startTime: "2025-01-01T22:30:00Z",
      endTime: "2025-01-02T02:30:00Z",
      recurrence: "FREQ=WEEKLY;BYDAY=FR",
    },
    maintenanceExclusions: [],
  });
});

test("[O17] an exclusion forbids every upgrade unless it says which", () => {
  const policy = maintenancePolicy({
    start: "03:00",
    hours: 4,
    days: ["SA"],
    exclusions: [
      { name: "course", from: "2027-01-01T00:00:00Z", to: "2027-01-15T00:00:00Z" },
      { name: "term", from: "2027-02-01T00:00:00Z", to: "2027-06-01T00:00:00Z", scope: "NO_MINOR_UPGRADES" },
    ],
  });
  expect(policy.maintenanceExclusions.map((e) => [e.exclusionName, e.exclusionOptions.scope])).toEqual([
    ["course", "NO_UPGRADES"],
    ["term", "NO_MINOR_UPGRADES"],
  ]);
});

test("a start that is no time of day is refused", () => {
  expect(() => maintenancePolicy({ start: "25:00", hours: 4, days: ["SA"] })).toThrow(/not a time of day/);
});
