import { existsSync } from "node:fs";
import { join } from "node:path";
import { drawn } from "./drawn";

const short = (seed: number, form = "short") => drawn({ CMB_ENGINE: form, CMB_ENGINE_SEED: String(seed) })!;

test("a whole run leaves nothing out", () => {
  expect(drawn({})).toBeUndefined();
});

test("eight seeds in a row draw every chapter of either cloud", () => {
  const all = [40, 41, 42, 43, 44, 45, 46, 47].map((seed) => short(seed));
  expect(new Set(all.map(({ files, chapter }) => `${files[0]} ${chapter}`)).size).toBe(8);
});

test("the seeds come to every file that is drawn beside the life, and each is there", () => {
  const all = Array.from({ length: 48 }, (_, seed) => short(seed).files);
  expect(new Set(all.map((files) => files.slice(1).join())).size).toBe(6);
  for (const file of all.flat())
    expect([file, existsSync(join(__dirname, `../../${file}.engine.test.ts`))]).toEqual([file, true]);
});

test("the shortest run tells the same of the same life, and nothing beside it", () => {
  for (const seed of [0, 1, 2, 3]) {
    const { files, chapter } = short(seed, "shortest");
    expect([files, chapter]).toEqual([[short(seed).files[0]], short(seed).chapter]);
  }
});

test("a seed that is not given is made up once, and stands where workers and people can read it", () => {
  const environment: NodeJS.ProcessEnv = { CMB_ENGINE: "short" };
  const first = drawn(environment);
  expect(environment["CMB_ENGINE_SEED"]).toBe(String(first?.seed));
  expect(drawn(environment)).toEqual(first);
  expect(first?.told).toContain(`CMB_ENGINE=short CMB_ENGINE_SEED=${first?.seed}`);
});
