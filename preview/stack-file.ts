import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isScalar, LineCounter, parseDocument, visit } from "yaml";
import { UNKNOWN_SENTINEL } from "./engine/values";

/** A fault of a stack file or of its name, worded for the person who wrote it. */
export class StackFileError extends Error {}

/** A setting as the YAML file has it. */
export type Setting = null | boolean | number | string | Setting[] | { [key: string]: Setting };

/** A stack file: `Pulumi.<stack>.yaml`. */
export interface StackFile {
  /** The file's path. */
  readonly path: string;
  /** Settings by full key, `<namespace>:<name>`. A secret is still `{ secure: … }`. */
  readonly settings: Readonly<Record<string, Setting>>;
  /** Names of Pulumi ESC environments it imports: what is in them cannot be known offline. */
  readonly environments: readonly string[];
}

/** A configuration as the Pulumi CLI hands it to the program. */
export interface StackConfig {
  /** Every setting by full key; objects and lists as JSON. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys whose value is a secret, or has one in it. */
  readonly secretKeys: readonly string[];
}

/** Changes to settings, by full key and path as `pulumi config set --path` takes it; undefined removes. */
export type Overrides = Readonly<Record<string, Setting | undefined>>;

/** Names of the stacks that have a file below `root`, sorted. */
export function listStacks(root: string): string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/**
 * Name of the project, from Pulumi.yaml.
 *
 * @throws StackFileError when it names none, and when it sets configuration for all stacks: that is not read here
 */
export function projectName(root: string): string {
  const path = join(root, "Pulumi.yaml");
  const project = parse(path) as { name?: unknown; config?: unknown } | null;
  if (typeof project?.name !== "string") throw new StackFileError(`${path} names no project`);
  if (project.config !== undefined) {
    throw new StackFileError(
      `${path}: the offline preview reads settings from Pulumi.<stack>.yaml only, not from "config" here`,
    );
  }
  return project.name;
}

/**
 * Reads the file of a stack. Secrets are not decrypted.
 *
 * @throws StackFileError when there is no such file, when it is no YAML, and for a key without a namespace
 */
export function readStackFile(root: string, stack: string): StackFile {
  const found = listStacks(root);
  if (!found.includes(stack)) {
    const others = found.length > 0 ? `there is ${found.join(", ")}` : "there is no stack file at all";
    throw new StackFileError(
      `no stack "${stack}": Pulumi.${stack}.yaml does not exist in ${root} (${others})`,
    );
  }
  const extension = readdirSync(root).includes(`Pulumi.${stack}.yaml`) ? "yaml" : "yml";
  const path = join(root, `Pulumi.${stack}.${extension}`);
  const document = parse(path) as { config?: unknown; environment?: unknown } | null;
  if (document !== null && (typeof document !== "object" || Array.isArray(document))) {
    throw new StackFileError(`${path}: expected "config:" with the settings below it`);
  }
  const config = document?.config ?? {};
  if (typeof config !== "object" || Array.isArray(config)) {
    throw new StackFileError(`${path}: "config" must hold settings by key`);
  }
  const settings = Object.entries(config as Record<string, Setting>).map(
    ([key, value]): [string, Setting] => {
      return [fullKey(key, path), value];
    },
  );
  const imports = document?.environment;
  return {
    path,
    settings: Object.fromEntries(settings),
    environments: Array.isArray(imports) ? imports.filter((name) => typeof name === "string") : [],
  };
}

/** What the CLI would hand to the program, with the unknown mark in the place of every secret. */
export function toStackConfig(settings: Readonly<Record<string, Setting>>): StackConfig {
  const entries = Object.entries(settings).filter(([, value]) => value !== null);
  return {
    values: Object.fromEntries(entries.map(([key, value]) => [key, asText(withoutSecrets(value))])),
    secretKeys: entries.filter(([, value]) => hasSecret(value)).map(([key]) => key),
  };
}

/** Settings with some changed, added or removed. */
export function withOverrides(
  settings: Readonly<Record<string, Setting>>,
  overrides: Overrides,
  project: string,
): Record<string, Setting> {
  const changed = structuredClone(settings) as Record<string, Setting>;
  for (const [key, value] of Object.entries(overrides)) {
    const [namespace, rest] = key.includes(":") ? split(key) : [project, key];
    const [name, ...path] = rest.split(/[.[\]]+/).filter((part) => part !== "");
    assign(changed, [`${namespace}:${name}`, ...path], value);
  }
  return changed;
}

function assign(target: Record<string, Setting>, [key, ...rest]: string[], value: Setting | undefined): void {
  if (rest.length > 0) {
    const inner = target[key!];
    const next = typeof inner === "object" && inner !== null ? inner : {};
    target[key!] = next;
    assign(next as Record<string, Setting>, rest, value);
  } else if (value === undefined) delete target[key!];
  else target[key!] = value;
}

/** `ns:name`, and the older `ns:config:name` (pulumi, sdk/go/common/resource/config: `ParseKey`). */
function fullKey(key: string, path: string): string {
  const parts = key.split(":");
  if (parts.length === 3 && parts[1] === "config") parts.splice(1, 1);
  if (parts.length !== 2 || parts.some((part) => part === "")) {
    throw new StackFileError(
      `${path}: the key "${key}" needs a namespace, as in "cmbcluster:${parts.at(-1)}"`,
    );
  }
  return parts.join(":");
}

function split(key: string): [string, string] {
  const colon = key.indexOf(":");
  return [key.slice(0, colon), key.slice(colon + 1)];
}

function isSecret(value: Setting): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).join() === "secure";
}

function hasSecret(value: Setting): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

function withoutSecrets(value: Setting): Setting {
  if (isSecret(value)) return UNKNOWN_SENTINEL;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

function asText(value: Setting): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function parse(path: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, "utf8"), { lineCounter: lines, prettyErrors: true });
  const fault = document.errors[0];
  if (fault) throw new StackFileError(`${path} is not valid YAML: ${fault.message}`);
  visit(document, {
    Scalar(_key, node) {
      // A number that does not read back as it was written loses digits on its way: an account id, mostly.
      if (isScalar(node) && typeof node.value === "number" && node.source !== String(node.value)) {
        const line = lines.linePos(node.range![0]).line;
        throw new StackFileError(
          `${path}:${line}: write ${node.source} in quotes, it would be read as ${node.value}`,
        );
      }
    },
  });
  return document.toJS() as unknown;
}
