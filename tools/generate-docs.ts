import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedFiles, root } from "./generated";

/**
 * `npm run docs`: writes what is generated from the code. With `--check` it writes nothing, names what is stale
 * and ends with 1 if anything is.
 */
async function main(check: boolean): Promise<void> {
  for (const { path, text } of await generatedFiles()) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    if (check) {
      console.log(`stale: ${path}; npm run docs writes it anew`);
      process.exitCode = 1;
    } else {
      writeFileSync(file, text);
      console.log(`written: ${path}`);
    }
  }
}

void main(process.argv.includes("--check"));
