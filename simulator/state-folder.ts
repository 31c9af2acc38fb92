import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * A state in a folder (`file://`) has a file of attributes beside each of its own, which is not written in one step
 * (gocloud.dev fileblob, attrs.go): killed in between, it is empty, and the engine says `failed to load checkpoint: EOF`.
 * The state itself is whole. Bucket backends have no such files.
 */
export function removeEmptyAttributes(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, entry);
    if (path.endsWith(".attrs") && statSync(path).size === 0) rmSync(path);
  }
}
