import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { previewSchemaText } from "./document";

writeFileSync(join(__dirname, "../../docs/preview.schema.json"), previewSchemaText());
