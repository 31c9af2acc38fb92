import { existsSync } from "node:fs";
import { join } from "node:path";
import { drawn } from "./drawn";

test("a full run of the drills draws nothing", () => {
  expect(drawn({})).toBeUndefined();
});

test("the seeds of a short run come to every drill on every cloud beside the kills, and each has its file", () => {
  const all = Array.from({ length: 14 }, (_, seed) =>
    drawn({ CMB_DRILLS: "short", CMB_DRILLS_SEED: String(seed) })!,
  );
  expect(new Set(all.map(({ drills, cloud }) => `${drills.join()} ${cloud}`)).size).toBe(14);
  for (const { drills } of all) expect([drills.length, drills[0]]).toEqual([2, "database/kills"]);
  for (const drill of all.flatMap(({ drills }) => drills))
    expect([drill, existsSync(join(__dirname, `${drill}.drill.test.ts`))]).toEqual([drill, true]);
});

test("every case of a drill comes on either cloud", () => {
  const all = Array.from({ length: 14 * 6 }, (_, seed) =>
    drawn({ CMB_DRILLS: "short", CMB_DRILLS_SEED: String(seed) })!,
  );
  const faults = all.filter(({ drills }) => drills[1] === "database/faults");
  expect(new Set(faults.map(({ cloud, rest }) => `${cloud} ${rest % 2} ${rest % 3}`)).size).toBe(12);
});

test("the shortest run kills, and does nothing besides", () => {
  expect(drawn({ CMB_DRILLS: "shortest", CMB_DRILLS_SEED: "3" })!.drills).toEqual(["database/kills"]);
});

test("a seed that is made up is passed on, so that every process draws the same", () => {
  const environment: NodeJS.ProcessEnv = { CMB_DRILLS: "short" };
  const first = drawn(environment);
  expect(environment["CMB_DRILLS_SEED"]).toBe(String(first!.seed));
  expect(drawn(environment)).toEqual(first);
});
