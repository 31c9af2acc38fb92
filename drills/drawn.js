const { shortRun } = require("../testing/short-run.js");

/** Every short run plays this one, for both clouds: it kills the database's pod. */
const ALWAYS = "database/kills";
/** Of these a short run takes one, on one cloud. */
const DRILLS = [
  "admission/admission",
  "database/faults",
  "database/memory",
  "database/prune",
  "database/restore-drill",
  "ingress/ingress",
  "readiness/readiness",
];

function drawn(environment = process.env) {
  const short = shortRun("DRILLS", environment);
  if (!short) return undefined;
  const [drill, cloud] = [short.pick(DRILLS), short.pick(["aws", "gcp"])];
  const and = short.more ? `, ${drill} for ${cloud}` : "";
  return {
    seed: short.seed,
    // What the choice of drill and cloud has left of it: of a drill's own cases each comes on either cloud.
    rest: short.left(),
    drills: short.more ? [ALWAYS, drill] : [ALWAYS],
    cloud,
    told: `${ALWAYS} for both clouds${and} (${short.told})`,
  };
}

module.exports = { drawn };
