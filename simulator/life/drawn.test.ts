import { existsSync } from "node:fs";
import { join } from "node:path";
import { drawn } from "./drawn";

test("a whole run leaves nothing out", () => {
  expect(drawn({})).toBeUndefined();
});

test("four seeds in a row draw every chapter of either cloud", () => {
  const all = [40, 41, 42, 43].map((seed) => drawn({ CMB_ENGINE: "short", CMB_ENGINE_SEED: String(seed) })!);
  expect(new Set(all.map(({ cloud, chapter }) => `${cloud} ${chapter}`)).size).toBe(4);
});

test("the seeds come to every file that is drawn beside the life, and each is there", () => {
  const seeds = Array.from({ length: 24 }, (_, seed) => String(seed));
  const lines = seeds.map((seed) => drawn({ CMB_ENGINE: "short", CMB_ENGINE_SEED: seed })!.others);
  expect(new Set(lines).size).toBe(6);
  for (const file of lines.flat())
    expect([file, existsSync(join(__dirname, `../../${file}.engine.test.ts`))]).toEqual([file, true]);
});

test("a seed that is not given is made up once, and stands where workers and people can read it", () => {
  const environment: NodeJS.ProcessEnv = { CMB_ENGINE: "short" };
  const first = drawn(environment);
  expect(environment["CMB_ENGINE_SEED"]).toBe(String(first?.seed));
  expect(drawn(environment)).toEqual(first);
});
