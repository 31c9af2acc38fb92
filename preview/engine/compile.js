/**
 * Compiles TypeScript as it is required, and nothing else. Preload it with `node --require`.
 *
 * The compiler is the one inside tsx, which runs the program under `pulumi up`. tsx itself also looks through
 * every JavaScript file of the SDKs and keeps Node's compile cache away from them, a third of a preview's time.
 */
const { readFileSync } = require("node:fs");
const { createRequire, Module } = require("node:module");

const { transformSync } = createRequire(require.resolve("tsx/package.json"))("esbuild");
const sourceMaps = createRequire(require.resolve("@pulumi/pulumi/package.json"))("source-map-support");

const maps = new Map();
// Traces name lines of the source: the SDK's runner installs this package, which finds no map by itself.
sourceMaps.install({ retrieveSourceMap: (file) => maps.get(file) ?? null });

Module._extensions[".ts"] = (module, file) => {
  const { code, map } = transformSync(readFileSync(file, "utf8"), {
    loader: "ts",
    format: "cjs",
    target: "es2023",
    sourcefile: file,
    sourcemap: "external",
    // import() would leave this way of loading: it becomes require in a promise.
    supported: { "dynamic-import": false },
  });
  maps.set(file, { url: file, map });
  module._compile(code, file);
};
