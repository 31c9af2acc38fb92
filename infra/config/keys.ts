/** The Pulumi project's name and with it the namespace of its keys. */
export const NAMESPACE = "cmbcluster";

/** Keys and indexes from the top: `["aws", "zones", 1]`. */
export type KeyPath = readonly (string | number)[];

/** A path as the Pulumi CLI writes it after the namespace: `aws.zones[1]`. */
export function writePath(path: KeyPath): string {
  return path
    .map((part, i) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[A-Za-z0-9_-]+$/.test(part)) return `["${part.replace(/(["\\])/g, "\\$1")}"]`;
      return i === 0 ? part : `.${part}`;
    })
    .join("");
}

/** The full key: `cmbcluster:aws.zones[1]`. */
export function fullKey(path: KeyPath): string {
  return `${NAMESPACE}:${writePath(path)}`;
}

/** Reads a path that a rule wrote as `aws.zones[1]`. */
export function readPath(text: string): KeyPath {
  return text.split(/\.|(?=\[\d)/).map((part) => (/^\[\d+\]$/.test(part) ? Number(part.slice(1, -1)) : part));
}

/** Quotes what a POSIX shell would otherwise read. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

/** The command that sets a key. */
export function setCommand(path: KeyPath, value: string): string {
  const nested = path.length > 1 ? "--path " : "";
  // A value such as -1 would be taken for an option.
  const end = value.startsWith("-") ? "-- " : "";
  return `pulumi config set ${nested}${end}${shellQuote(fullKey(path))} ${shellQuote(value)}`;
}

/** The command that asks for a secret's value, so that it never reaches the shell's history. */
export function secretCommand(key: string): string {
  return `pulumi config set --secret ${fullKey([key])}`;
}

/** The command that removes a key. */
export function removeCommand(path: KeyPath): string {
  return `pulumi config rm ${path.length > 1 ? "--path " : ""}${shellQuote(fullKey(path))}`;
}
