import { checkConfig } from "./check";
import { faultTitles } from "./faults";
import { applicationFaults } from "./fixtures/application-faults";
import { signInFaults } from "./fixtures/sign-in-faults";
import { asMap, change, sound } from "./fixtures/configs";
import type { FaultCase } from "./fixtures/fault-case";
import { networkFaults } from "./fixtures/network-faults";
import { shapeFaults } from "./fixtures/shape-faults";
import { sleepFaults } from "./fixtures/sleep-faults";

// What no test here can show: that a cloud accepts what is not refused.
const cases = [...shapeFaults, ...networkFaults, ...applicationFaults, ...signInFaults, ...sleepFaults];

const check = (entry: FaultCase, changes: Record<string, unknown>, secrets = entry.secrets ?? []) =>
  checkConfig(
    asMap(change(sound[entry.cloud], changes)),
    secrets.map((key) => `cmbcluster:${key}`),
    {
      beforeUp: entry.beforeUp ?? false,
    },
  ).faults.map(({ code, key }) => ({ code, key }));

test.each(cases)("[C1] [C2] $code is said of $key, and of nothing else", (entry) => {
  const { code, key } = entry;
  expect(check(entry, entry.red)).toEqual([{ code, key: `cmbcluster:${key}` }]);
});

test.each(cases)("[C2] $code is not said of the nearest configuration without it ($key)", (entry) => {
  const secrets = entry.code === "CMB-C008" ? [] : entry.secrets;
  expect(check(entry, entry.green, secrets)).toEqual([]);
});

test("[C1] every code has a case here", () => {
  expect([...new Set(cases.map(({ code }) => code))].sort()).toEqual(Object.keys(faultTitles).sort());
});
