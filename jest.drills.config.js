const engine = require("./jest.engine.config.js");

/**
 * The drills: what keeps people's data and keeps people apart, shown with the genuine programs (Litestream, Kyverno,
 * Traefik, the scheduler) and printed in figures. In full by default; `CMB_DRILLS=short` takes fewer rounds.
 */
module.exports = {
  ...engine,
  displayName: "drills",
  testMatch: ["<rootDir>/**/*.drill.test.ts"],
  reporters: ["default", ["<rootDir>/testing/count-reporter.js", { file: "drill-counts.json" }]],
};
