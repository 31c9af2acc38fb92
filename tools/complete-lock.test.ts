import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type LockEntry, missingOptionals, platformEntry } from "./complete-lock";

test("the lock has every optional package of every platform, or npm ci refuses it; if not: npm run lock", () => {
  const text = readFileSync(join(__dirname, "..", "package-lock.json"), "utf8");
  const { packages } = JSON.parse(text) as { packages: Record<string, LockEntry> };
  expect(Object.keys(packages).length).toBeGreaterThan(500);
  expect(missingOptionals(packages)).toEqual([]);
});

test("an optional package counts as there in any node_modules on the way up, and as missing elsewhere", () => {
  const packages = {
    "": {},
    "node_modules/a": {
      optionalDependencies: { "x-linux-x64": "1.0.0", "y-darwin-arm64": "2.0.0" },
      dev: true,
    },
    "node_modules/a/node_modules/x-linux-x64": {},
    "node_modules/b": { optionalDependencies: { "x-linux-x64": "1.0.0" } },
  };
  expect(missingOptionals(packages)).toEqual([
    { name: "y-darwin-arm64", version: "2.0.0", dev: true },
    { name: "x-linux-x64", version: "1.0.0", dev: false },
  ]);
});

test("an entry says the platform that its name says, and a name without one is refused", () => {
  expect(platformEntry("@swc/core-darwin-arm64", "1.0.0", true)).toEqual({
    version: "1.0.0",
    cpu: ["arm64"],
    dev: true,
    optional: true,
    os: ["darwin"],
  });
  expect(() => platformEntry("plain", "1.0.0", false)).toThrow(/by hand/);
});
