import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** An entry of package-lock.json, as far as it matters here. */
export interface LockEntry {
  version?: string;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
  optionalDependencies?: Record<string, string>;
}

const systems = [
  "darwin",
  "win32",
  "linux",
  "freebsd",
  "android",
  "openharmony",
  "openbsd",
  "netbsd",
  "sunos",
  "aix",
];
const processors = [
  "arm64",
  "x64",
  "ia32",
  "arm",
  "ppc64",
  "s390x",
  "riscv64",
  "loong64",
  "mips64el",
  "wasm32",
];

/** Optional packages that the lock's own entries ask for and the lock does not have: where, which, what version. */
export function missingOptionals(packages: Readonly<Record<string, LockEntry>>) {
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .flatMap(([path, entry]) =>
      Object.entries(entry.optionalDependencies ?? {})
        .filter(([name]) => !resolvable(packages, path, name))
        .map(([name, version]) => ({ name, version, dev: entry.dev === true })),
    );
}

/** Would Node find the package from this one: in its own node_modules, or in one further up? */
function resolvable(packages: Readonly<Record<string, LockEntry>>, from: string, name: string): boolean {
  const parts = from.split("/node_modules/");
  return (
    parts.some(
      (_, i) => `${parts.slice(0, i + 1).join("/node_modules/")}/node_modules/${name}` in packages,
    ) || `node_modules/${name}` in packages
  );
}

/** The entry of a package for another platform, whose name says which. */
export function platformEntry(name: string, version: string, dev: boolean): LockEntry {
  const words = name.split(/[-/@]/);
  const os = systems.filter((system) => words.includes(system)).slice(0, 1);
  const cpu = processors.filter((processor) => words.includes(processor)).slice(0, 1);
  if (os.length + cpu.length === 0)
    throw new Error(`the name ${name} says no platform: add its entry by hand`);
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

/**
 * `npm run lock`: writes the entries that npm left out. A registry that mirrors one platform only answers "not
 * found" for the binaries of the others; npm then forgets them, and `npm ci` refuses the lock it has just written.
 */
function main(): void {
  const file = join(__dirname, "..", "package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, LockEntry> };
  for (const { name, version, dev } of missingOptionals(lock.packages)) {
    lock.packages[`node_modules/${name}`] = platformEntry(name, version, dev);
    console.log(`added: ${name}@${version}`);
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}

if (require.main === module) main();
