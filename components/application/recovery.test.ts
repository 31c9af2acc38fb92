import { recoveryGoals, recoveryStartSeconds, recoverySteps } from "./recovery";

test("[O9] what a recovery takes besides the restore is the sum of its steps, each with its source, well within the goal", () => {
  expect(recoverySteps.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(recoveryStartSeconds);
  // docs/data-safety.md and the restore drill's report name this figure.
  expect(recoveryStartSeconds).toBe(380);
  for (const { what, source, seconds } of recoverySteps) {
    expect([what, source]).not.toContain("");
    expect(seconds).toBeGreaterThan(0);
  }
  expect(recoveryStartSeconds).toBeLessThan(recoveryGoals.timeSeconds / 2);
});
