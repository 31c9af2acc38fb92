import { join } from "node:path";
import { type Machine, thisMachine } from "./find-tool";

/** Modules whose files are wanted, and the folder under `tools/` whose go.mod pins each. */
const pinnedBy = {
  "github.com/cert-manager/cert-manager": "crds",
  "github.com/traefik/traefik/v3": "crds",
  "github.com/kyverno/kyverno": "kyverno",
  "github.com/kyverno/api": "kyverno",
} as const;

/** One of them. */
export type PinnedModule = keyof typeof pinnedBy;

/**
 * Folder of a Go module of which only files are wanted, downloaded into Go's own cache where it is not there yet.
 *
 * @throws when there is no Go, or the module cannot be had
 */
export function moduleFolder(module: PinnedModule, machine: Machine = thisMachine()): string {
  const { ok, output } = machine.run(
    "go",
    ["mod", "download", "-json", module],
    join(machine.root, "tools", pinnedBy[module]),
  );
  // Progress of the download stands around the document.
  const document = output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1);
  const folder = ok && document ? (JSON.parse(document) as { Dir?: string }).Dir : undefined;
  if (!folder) throw new Error(`the Go module ${module} cannot be had: ${output.slice(0, 300)}`);
  return folder;
}
