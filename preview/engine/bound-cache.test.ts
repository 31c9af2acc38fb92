import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript: it is loaded before a compiler is
const { bound } = require("./bound-cache.js") as { bound: (cache: string, limit?: number) => void };

let around: string;
let cache: string;
beforeEach(() => {
  around = mkdtempSync(join(tmpdir(), "bound-"));
  cache = join(around, "preview");
  for (const folder of ["ts", "v24"]) {
    mkdirSync(join(cache, folder), { recursive: true });
    for (const name of ["a", "b"]) writeFileSync(join(cache, folder, name), "");
  }
});
afterEach(() => rmSync(around, { recursive: true }));

test("a cache up to its limit stays as it is", () => {
  bound(cache, 4);
  expect(readdirSync(join(cache, "ts"))).toEqual(["a", "b"]);
});

test("a cache over its limit is emptied, and nothing of it stays beside it", () => {
  bound(cache, 3);
  expect(readdirSync(around)).toEqual([]);
});

test("a cache that is not there, or goes meanwhile, is no fault", () => {
  rmSync(cache, { recursive: true });
  expect(() => bound(cache, 0)).not.toThrow();
  expect(existsSync(cache)).toBe(false);
});
