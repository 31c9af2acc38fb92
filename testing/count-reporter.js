const { mkdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * Writes how many tests passed, failed and were skipped to a file in `.cache`, and says so in one plain
 * line, so that a run made of several commands can add them up.
 */
module.exports = class CountReporter {
  /** @param {{ file?: string }} options `file`: name below `.cache`; each command of a run has its own */
  constructor(_globalConfig, options = {}) {
    this.file = options.file ?? "test-counts.json";
  }

  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    // A suite that cannot be loaded runs no test; it must not pass for nothing.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const folder = join(__dirname, "..", ".cache");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, this.file), JSON.stringify({ passed, failed, skipped }));
    process.stdout.write(`\njest: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
};
