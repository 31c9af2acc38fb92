import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Names under which Chromium is installed: Debian's, other distributions', Google's own. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The path of a Chromium on this machine, or why there is none. Nothing is downloaded. */
export function findBrowser(
  path = process.env["PATH"] ?? "",
): { readonly path: string } | { readonly missing: string } {
  const found = path
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable);
  return found === undefined
    ? { missing: `no ${NAMES.join(", ")} on PATH: apt-get install chromium brings one` }
    : { path: found };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
