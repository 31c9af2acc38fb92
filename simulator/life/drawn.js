/**
 * What a short run of the engine tests takes: of a stack's life a part, and some of the files beside it. `CMB_ENGINE=short`,
 * drawn by `CMB_ENGINE_SEED`, which is made up and passed on to the workers where it is not given. In JavaScript, because
 * jest's configuration reads it too.
 */
const CLOUDS = ["aws", "gcp"];
/** Chapters of which a short run tells one, after those that every run tells. */
const CHAPTERS = ["changes", "end"];
/** Files of which a short run takes one line beside the life: a minute or two of one core each. */
const OTHERS = [
  ["simulator/lab"],
  ["simulator/kubernetes/processes", "simulator/kubernetes/cluster", "simulator/kubernetes/spare-room"],
  ["simulator/kubernetes/charts"],
  ["simulator/faults"],
  ["simulator/life/strays"],
  ["simulator/life/move", "app-chart/needs", "operate/failover"],
];

function drawn(environment = process.env) {
  if (environment.CMB_ENGINE !== "short") return undefined;
  environment.CMB_ENGINE_SEED ??= String(Date.now() % 1000);
  const seed = Number(environment.CMB_ENGINE_SEED);
  return {
    seed,
    cloud: CLOUDS[seed % CLOUDS.length],
    chapter: CHAPTERS[Math.floor(seed / CLOUDS.length) % CHAPTERS.length],
    others: OTHERS[Math.floor(seed / CLOUDS.length / CHAPTERS.length) % OTHERS.length],
  };
}

module.exports = { drawn };
