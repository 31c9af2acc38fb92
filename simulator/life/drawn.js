const { shortRun } = require("../../testing/short-run.js");

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

/** Of a stack's life a part, and some of the files beside it; undefined in a full run. */
function drawn(environment = process.env) {
  const short = shortRun("ENGINE", environment);
  return (
    short && {
      seed: short.seed,
      cloud: short.pick(["aws", "gcp"]),
      chapter: short.pick(CHAPTERS),
      others: short.pick(OTHERS),
    }
  );
}

module.exports = { drawn };
