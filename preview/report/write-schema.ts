import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { previewSchemaText } from "./document";

/** Writes `docs/preview.schema.json`, in the format that the lint step checks. */
async function main(): Promise<void> {
  const path = join(__dirname, "../../docs/preview.schema.json");
  writeFileSync(path, await format(previewSchemaText(), { ...(await resolveConfig(path)), filepath: path }));
}

void main();
