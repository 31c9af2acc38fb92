/**
 * What a short run of the drills takes out of them: `CMB_DRILLS=short`, drawn by `CMB_DRILLS_SEED`, which is made up and
 * passed on to the workers where it is not given. In JavaScript, because jest's configuration reads it too.
 */
const CLOUDS = ["aws", "gcp"];
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
  if (environment.CMB_DRILLS !== "short") return undefined;
  environment.CMB_DRILLS_SEED ??= String(Date.now() % 1000);
  const seed = Number(environment.CMB_DRILLS_SEED);
  return {
    seed,
    drill: DRILLS[seed % DRILLS.length],
    cloud: CLOUDS[Math.floor(seed / DRILLS.length) % CLOUDS.length],
  };
}

module.exports = { drawn };
