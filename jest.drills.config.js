const engine = require("./jest.engine.config.js");

/** Of these a short run takes one, drawn by the seed; the one that kills the database's pod is always run, beside it. */
const DRAWN = [
  "admission/admission",
  "database/faults",
  "database/prune",
  "database/restore-drill",
  "ingress/ingress",
  "readiness/readiness",
];
const seed = Number(process.env.CMB_DRILLS_SEED ?? Date.now() % 1000);
const short = process.env.CMB_DRILLS === "short" ? ["database/kills", DRAWN[seed % DRAWN.length]] : undefined;
if (short) console.log(`drills, short: ${short.join(", ")} (CMB_DRILLS=short CMB_DRILLS_SEED=${seed})`);

/**
 * The drills: what keeps people's data and keeps people apart, shown with the genuine programs (Litestream, Kyverno,
 * Traefik, the scheduler) and printed in figures. In full by default; `CMB_DRILLS=short` takes two drills and
 * fewer rounds of them.
 */
module.exports = {
  ...engine,
  displayName: "drills",
  testMatch: short
    ? short.map((drill) => `<rootDir>/drills/${drill}.drill.test.ts`)
    : ["<rootDir>/**/*.drill.test.ts"],
  maxWorkers: short ? 2 : 1,
  reporters: ["default", ["<rootDir>/testing/count-reporter.js", { file: "drill-counts.json" }]],
};
