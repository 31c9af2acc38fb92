/**
 * What a short run takes out of what a full one runs: `CMB_<NAME>=short`, drawn by `CMB_<NAME>_SEED`, which is made up
 * and passed on to the workers where it is not given. In JavaScript, because jest's configuration reads it too.
 */
function shortRun(name, environment) {
  if (environment[`CMB_${name}`] !== "short") return undefined;
  environment[`CMB_${name}_SEED`] ??= String(Date.now() % 1000);
  const seed = Number(environment[`CMB_${name}_SEED`]);
  let rest = seed;
  /** One of a list; seeds in a row come to every combination of the lists that are asked one after another. */
  const pick = (list) => {
    const one = list[rest % list.length];
    rest = Math.floor(rest / list.length);
    return one;
  };
  return { seed, pick };
}

module.exports = { shortRun };
