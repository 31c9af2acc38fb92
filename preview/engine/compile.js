/**
 * Compiles TypeScript as it is required, and nothing else. Preload it with `node --require`.
 *
 * The compiler is the one inside tsx, which runs the program under `pulumi up`. tsx itself also looks through
 * every JavaScript file of the SDKs and keeps Node's compile cache away from them, a third of a preview's time.
 *
 * What was compiled once is kept beside the packages, by its content, up to a limit; nothing is where that cannot be
 * written.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire, enableCompileCache, Module } = require("node:module");
const { join } = require("node:path");
const { bound } = require("./bound-cache");

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

/** Where the source map of each file that was loaded is kept, or the map itself. */
const maps = new Map();

/** For source-map-support, which the SDK's runner uses and which finds no map by itself. */
function retrieveSourceMap(file) {
  const map = maps.get(file);
  return map ? { url: file, map: map.text ?? readFileSync(map.kept, "utf8") } : null;
}

/** Traces name lines of the source from here on. */
function translateTraces() {
  Object.defineProperty(Error, "prepareStackTrace", { configurable: true, writable: true, value: undefined });
  const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  sdk("source-map-support").install({ retrieveSourceMap });
}

// What translates is loaded for the first trace: most runs have none.
Object.defineProperty(Error, "prepareStackTrace", {
  configurable: true,
  get: () => (error, frames) => {
    translateTraces();
    return Error.prepareStackTrace(error, frames);
  },
  set(value) {
    translateTraces();
    Error.prepareStackTrace = value;
  },
});

Module._extensions[".ts"] = (module, file) =>
  module._compile(compiled(file, readFileSync(file, "utf8")), file);

let compiledAnew = false;
process.once("exit", () => compiledAnew && bound(cache));

/** JavaScript of a file, from the cache where it has it. Starting the compiler takes longest. */
function compiled(file, source) {
  const key = createHash("sha256").update(basis).update(file).update("\0").update(source).digest("hex");
  const kept = join(cache, "ts", `${key}.js`);
  try {
    const code = readFileSync(kept, "utf8");
    maps.set(file, { kept: `${kept}.map` });
    return code;
  } catch {
    const { code, map } = fromTsx("esbuild").transformSync(source, { ...options, sourcefile: file });
    maps.set(file, { text: map });
    // The map first: where there is code there is a map.
    keep(`${kept}.map`, map);
    keep(kept, code);
    compiledAnew = true;
    return code;
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
