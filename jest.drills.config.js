const engine = require("./jest.engine.config.js");
const { drawn } = require("./drills/drawn.js");

const short = drawn();
if (short)
  console.log(
    `drills, short: database/kills for both clouds, ${short.drill} for ${short.cloud} (CMB_DRILLS=short CMB_DRILLS_SEED=${short.seed})`,
  );

/**
 * The drills: what keeps people's data and keeps people apart, shown with the genuine programs (Litestream, Kyverno,
 * Traefik, the scheduler) and printed in figures. In full by default; `CMB_DRILLS=short` takes two drills and
 * fewer rounds of them.
 */
module.exports = {
  ...engine,
  displayName: "drills",
  testMatch: short
    ? ["database/kills", short.drill].map((drill) => `<rootDir>/drills/${drill}.drill.test.ts`)
    : ["<rootDir>/**/*.drill.test.ts"],
  maxWorkers: short ? 2 : 1,
  reporters: ["default", ["<rootDir>/testing/count-reporter.js", { file: "drill-counts.json" }]],
};
