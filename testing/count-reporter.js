const { mkdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * Writes how many tests passed, failed and were skipped to `.cache/test-counts.json`, and says so in one plain
 * line, so that a run made of several commands can add them up.
 */
module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    // A suite that cannot be loaded runs no test; it must not pass for nothing.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const folder = join(__dirname, "..", ".cache");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "test-counts.json"), JSON.stringify({ passed, failed, skipped }));
    process.stdout.write(`\njest: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
};
