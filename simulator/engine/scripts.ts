import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Packages whose plugin is a script here. */
export const PLUGINS = ["aws", "gcp", "eks", "random", "kubernetes"] as const;

/** Command-line tools that the program, a plugin or a kubeconfig runs. */
export const TOOLS = ["aws", "gcloud", "gke-gcloud-auth-plugin"] as const;

/** Variable with the port on which the clouds are held. */
export const PORT_VARIABLE = "CMBCLUSTER_SIMULATOR_PORT";

const OPEN = `exec 3<>"/dev/tcp/127.0.0.1/\${${PORT_VARIABLE}}" || exit 1`;

/**
 * Writes what has to be on PATH: plugins that lead the engine to a provider inside the process which holds the
 * clouds, and stand-ins for the clouds' own tools. Each starts in milliseconds.
 */
export function writeScripts(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of PLUGINS) write(folder, `pulumi-resource-${name}`, pluginScript(name));
  for (const name of TOOLS) write(folder, name, toolScript(name));
}

function write(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** Prints the port of the provider, as a plugin must, and lives until the engine ends it. */
function pluginScript(name: string): string {
  return `#!/bin/bash
${OPEN}
printf 'plugin ${name} %s %s %s\\n' "$$" "$PPID" "$1" >&3
IFS= read -r port <&3 || exit 1
printf '%s\\n' "$port"
read -r _ <&3
`;
}

function toolScript(name: string): string {
  return `#!/bin/bash
${OPEN}
printf 'tool ${name} %s\\n' "$$" >&3
IFS= read -r code <&3 || exit 1
while IFS= read -r line <&3; do
  case "$line" in
    1*) printf '%s\\n' "\${line:1}" ;;
    2*) printf '%s\\n' "\${line:1}" >&2 ;;
  esac
done
exit "$code"
`;
}
