const { readdirSync, renameSync, rmSync } = require("node:fs");
const { join } = require("node:path");

/** Files, of some 5 kB: what is kept of a hundred versions of this program. */
const LIMIT = 20_000;

/**
 * Empties a cache whose folders hold more files than `limit`. All of it: which are still of use no file says, and
 * what is missed is made again within seconds.
 */
function bound(cache, limit = LIMIT) {
  try {
    const folders = readdirSync(cache).map((name) => readdirSync(join(cache, name)).length);
    if (folders.reduce((sum, files) => sum + files, 0) <= limit) return;
    // At once for whoever reads it meanwhile.
    const old = `${cache}.old.${process.pid}`;
    renameSync(cache, old);
    rmSync(old, { recursive: true });
  } catch {
    // Somebody else empties it, or nobody can: it costs room only.
  }
}

module.exports = { bound };
