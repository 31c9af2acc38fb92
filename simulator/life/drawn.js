const { shortRun } = require("../../testing/short-run.js");

/** Chapters of which a short run tells one, after those that every run tells. */
const CHAPTERS = ["changes", "switch", "end", "gone"];
/**
 * Files of which a short run takes one line beside the life: a minute or two of one core each. The whole run alone has
 * `prod`, `profiles`, `sign-in`, `rehearse` and the campaign's, which take longer.
 */
const OTHERS = [
  ["simulator/lab"],
  ["simulator/kubernetes/processes", "simulator/kubernetes/cluster", "simulator/kubernetes/spare-room"],
  ["simulator/kubernetes/charts"],
  ["simulator/faults"],
  ["simulator/life/strays"],
  ["simulator/life/move", "app-chart/needs", "operate/failover"],
];

function drawn(environment = process.env) {
  const short = shortRun("ENGINE", environment);
  if (!short) return undefined;
  const [cloud, chapter] = [short.pick(["aws", "gcp"]), short.pick(CHAPTERS)];
  const others = short.more ? short.pick(OTHERS) : [];
  return {
    seed: short.seed,
    chapter,
    files: [`simulator/life/life-${cloud}`, ...others],
    told: `${[`${cloud}, chapter "${chapter}"`, ...others].join(", ")} (${short.told})`,
  };
}

module.exports = { drawn };
