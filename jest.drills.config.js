const engine = require("./jest.engine.config.js");
const { drawn } = require("./drills/drawn.js");

const short = drawn();
if (short) console.log(`drills, short: ${short.told}`);

/**
 * The drills: what keeps people's data and keeps people apart, shown with the genuine programs (Litestream, Kyverno,
 * Traefik, the scheduler) and printed in figures. In full by default; `CMB_DRILLS=short` takes two drills and
 * fewer rounds of them, `CMB_DRILLS=shortest` one.
 */
module.exports = {
  ...engine,
  displayName: "drills",
  testMatch: short
    ? short.drills.map((drill) => `<rootDir>/drills/${drill}.drill.test.ts`)
    : ["<rootDir>/**/*.drill.test.ts"],
  maxWorkers: short ? 2 : 1,
  reporters: ["default", ["<rootDir>/testing/count-reporter.js", { file: "drill-counts.json" }]],
};
