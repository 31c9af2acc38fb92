import { existsSync } from "node:fs";
import { join } from "node:path";
import { drawn } from "./drawn";

test("a full run of the drills draws nothing", () => {
  expect(drawn({})).toBeUndefined();
});

test("the seeds of a short run come to every drill on every cloud, and each has its file", () => {
  const all = Array.from({ length: 14 }, (_, seed) =>
    drawn({ CMB_DRILLS: "short", CMB_DRILLS_SEED: String(seed) }),
  );
  const pairs = new Set(all.map((one) => `${one!.drill} ${one!.cloud}`));
  expect(pairs.size).toBe(14);
  for (const one of all) expect(existsSync(join(__dirname, `${one!.drill}.drill.test.ts`))).toBe(true);
});

test("a seed that is made up is passed on, so that every process draws the same", () => {
  const environment: NodeJS.ProcessEnv = { CMB_DRILLS: "short" };
  const first = drawn(environment);
  expect(environment["CMB_DRILLS_SEED"]).toBe(String(first!.seed));
  expect(drawn(environment)).toEqual(first);
});
