import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stored } from "../engine/store";
import { errorsOf, type StackLife } from "../life/stack-life";

/** What is to be typed, by docs/troubleshooting.md, to take over what a run has named as existing. */
export function takeoverCommand(stack: string, { object, urn = "" }: Stored): string {
  // Parents and providers are what the engine's own preview says, with `--import-file`.
  return (
    `pulumi preview --stack ${stack} --import-file lost.json; in lost.json keep the components and ` +
    `${nameIn(urn)} (${object.kind}) with the id '${object.id}'; ` +
    `pulumi import --stack ${stack} --file lost.json --protect=false --generate-code=false`
  );
}

interface ImportFile {
  readonly nameTable?: Readonly<Record<string, string>>;
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly logicalName?: string;
    readonly id?: string;
    readonly component?: boolean;
  }[];
}

/** Imports under the parents and providers that the program gives them: the engine's own preview tells both. */
export async function takeOver(life: StackLife, named: readonly Stored[]): Promise<void> {
  const file = join(life.lab.workFolder, "lost.json");
  const planned = await life.pulumi("preview", "--import-file", file);
  const document = readImportFile(file);
  if (!document) throw new Error(`the preview wrote no import file: ${errorsOf(planned)}`);
  const ids = new Map(named.map(({ object, urn = "" }) => [keyOf(object.kind, nameIn(urn)), object.id]));
  const resources = document.resources.flatMap((entry) => {
    const id = ids.get(keyOf(entry.type, entry.logicalName ?? entry.name));
    if (id !== undefined) return [{ ...entry, id }];
    return entry.component ? [entry] : [];
  });
  writeFileSync(file, JSON.stringify({ ...document, resources }, null, 2));
  const flags = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
  const result = await life.pulumi("import", "--file", file, ...flags);
  if (result.code !== 0) throw new Error(`import: ${errorsOf(result)}`);
}

function readImportFile(file: string): ImportFile | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ImportFile;
  } catch {
    return undefined;
  }
}

/** Logical name in a URN. */
export function nameIn(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

function keyOf(type: string, name: string): string {
  return `${type}\n${name}`;
}
