import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { chartValues } from "../components/application/values";

/** A generated file, its path from the root of the project. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** `app-chart/values.schema.json`, from the type of the program's values. Draft 7, which every Helm 3 reads. */
export function render(): GeneratedFile[] {
  const schema = z.toJSONSchema(chartValues, { target: "draft-7" });
  return [{ path: "app-chart/values.schema.json", text: `${JSON.stringify(schema, null, 2)}\n` }];
}

/** Writes them, in the format that lint checks. */
async function main(): Promise<void> {
  const { format, resolveConfig } = await import("prettier");
  for (const { path, text } of render()) {
    const target = join(resolve(__dirname, ".."), path);
    writeFileSync(target, await format(text, { ...(await resolveConfig(target)), filepath: target }));
  }
}

if (require.main === module) void main();
