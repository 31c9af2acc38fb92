/**
 * What a short run takes out of what a full one runs. `CMB_<NAME>=short` takes what every short run takes and something
 * drawn besides, `CMB_<NAME>=shortest` the former alone. `CMB_<NAME>_SEED` fixes what is drawn; it is made up, and passed
 * on to the workers, where it is not given. In JavaScript, because jest's configuration reads it too.
 */
function shortRun(name, environment) {
  const form = environment[`CMB_${name}`];
  if (form !== "short" && form !== "shortest") return undefined;
  environment[`CMB_${name}_SEED`] ??= String(Date.now() % 1000);
  const seed = Number(environment[`CMB_${name}_SEED`]);
  let rest = seed;
  /** One of a list; seeds in a row come to every combination of the lists that are asked one after another. */
  const pick = (list) => {
    const one = list[rest % list.length];
    rest = Math.floor(rest / list.length);
    return one;
  };
  /** What the lists asked so far have left of the seed. */
  const left = () => rest;
  return { seed, pick, left, more: form === "short", told: `CMB_${name}=${form} CMB_${name}_SEED=${seed}` };
}

module.exports = { shortRun };
