import { drawn } from "./drawn";

test("a whole run leaves nothing out", () => {
  expect(drawn({})).toBeUndefined();
});

test("four seeds in a row draw every chapter of either cloud", () => {
  const all = [40, 41, 42, 43].map((seed) => drawn({ CMB_ENGINE: "short", CMB_ENGINE_SEED: String(seed) })!);
  expect(new Set(all.map(({ cloud, chapter }) => `${cloud} ${chapter}`)).size).toBe(4);
});

test("a seed that is not given is made up once, and stands where workers and people can read it", () => {
  const environment: NodeJS.ProcessEnv = { CMB_ENGINE: "short" };
  const first = drawn(environment);
  expect(environment["CMB_ENGINE_SEED"]).toBe(String(first?.seed));
  expect(drawn(environment)).toEqual(first);
});
