const { shortRun } = require("../testing/short-run.js");

/** Of these a short run takes one, on one cloud; the one that kills the database's pod is always run, for both. */
const DRILLS = [
  "admission/admission",
  "database/faults",
  "database/memory",
  "database/prune",
  "database/restore-drill",
  "ingress/ingress",
  "readiness/readiness",
];

/** The seed, the drill and its cloud (`ingress` has none) of a short run; undefined in a full one. */
function drawn(environment = process.env) {
  const short = shortRun("DRILLS", environment);
  return short && { seed: short.seed, drill: short.pick(DRILLS), cloud: short.pick(["aws", "gcp"]) };
}

module.exports = { drawn };
