import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { previewSchemaText } from "../preview/report/document";
import { render as chartSchema } from "./generate-chart-schema";
import { render as configDocs } from "./generate-config-docs";
import { render as parity } from "./generate-parity";
import { render as requirements } from "./generate-requirements";

/** Folder of the project. */
export const root = join(__dirname, "..");

/**
 * Every document and schema that is written from the code, as it would be written today: path from the root, and
 * text in the format that lint checks.
 */
export async function generatedFiles(): Promise<{ path: string; text: string }[]> {
  const files = [
    ...configDocs(),
    ...chartSchema(),
    ...requirements(),
    ...(await parity()),
    { path: "docs/preview.schema.json", text: previewSchemaText() },
  ];
  return Promise.all(
    files.map(async ({ path, text }) => {
      const filepath = join(root, path);
      return { path, text: await format(text, { ...(await resolveConfig(filepath)), filepath }) };
    }),
  );
}
