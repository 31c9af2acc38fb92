/**
 * Compiles TypeScript as it is required, and nothing else. Preload it with `node --require`.
 *
 * The compiler is the one inside tsx, which runs the program under `pulumi up`. tsx itself also looks through
 * every JavaScript file of the SDKs and keeps Node's compile cache away from them, a third of a preview's time.
 *
 * What was compiled once is kept beside the packages, by its content; nothing is where that cannot be written.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire, enableCompileCache, Module } = require("node:module");
const { join } = require("node:path");

const cache = join(require.resolve("tsx/package.json"), "../../.cache/preview");
enableCompileCache(cache);

const fromTsx = createRequire(require.resolve("tsx/package.json"));
const options = {
  loader: "ts",
  format: "cjs",
  target: "es2023",
  sourcemap: "external",
  // import() would leave this way of loading: it becomes require in a promise.
  supported: { "dynamic-import": false },
};
const basis = JSON.stringify([fromTsx("esbuild/package.json").version, options]);

const maps = new Map();
// Traces name lines of the source: the SDK's runner installs this package, which finds no map by itself.
const sourceMaps = createRequire(require.resolve("@pulumi/pulumi/package.json"))("source-map-support");
sourceMaps.install({ retrieveSourceMap: (file) => maps.get(file) ?? null });

Module._extensions[".ts"] = (module, file) => {
  const { code, map } = compiled(file, readFileSync(file, "utf8"));
  maps.set(file, { url: file, map });
  module._compile(code, file);
};

/** JavaScript and source map of a file, from the cache where it has them. Starting the compiler takes longest. */
function compiled(file, source) {
  const key = createHash("sha256")
    .update(JSON.stringify([basis, file, source]))
    .digest("hex");
  const kept = join(cache, "ts", `${key}.json`);
  try {
    return JSON.parse(readFileSync(kept, "utf8"));
  } catch {
    const { code, map } = fromTsx("esbuild").transformSync(source, { ...options, sourcefile: file });
    keep(kept, JSON.stringify({ code, map }));
    return { code, map };
  }
}

/** Whole or not at all: several previews may run at once. */
function keep(path, text) {
  try {
    mkdirSync(join(path, ".."), { recursive: true });
    const partial = `${path}.${process.pid}`;
    writeFileSync(partial, text);
    renameSync(partial, path);
  } catch {
    // A folder that cannot be written costs time only.
  }
}
