import { readStackFile, type Setting, StackFileError } from "../stack-file";

/**
 * The secrets of a stack's file as they are stored, encrypted, by setting. What is read here goes no further than
 * the comparison: neither a value nor its stored form is ever told. Empty where the file cannot be read.
 */
export function storedSecrets(root: string, stack: string): ReadonlyMap<string, string> {
  try {
    const found = Object.entries(readStackFile(root, stack).settings).flatMap(([key, value]) =>
      secretsIn(value, key),
    );
    return new Map(found);
  } catch (error) {
    if (error instanceof StackFileError) return new Map();
    throw error;
  }
}

function secretsIn(value: Setting, path: string): [string, string][] {
  if (typeof value !== "object" || value === null) return [];
  if (!Array.isArray(value) && typeof value["secure"] === "string" && Object.keys(value).length === 1) {
    return [[path, value["secure"]]];
  }
  return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, `${path}.${key}`));
}

/** Settings whose secret is stored otherwise than before: another value, or the same one encrypted again. */
export function secretsStoredAnew(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  const told = (key: string) => {
    if (before.get(key) === after.get(key)) return [];
    return [`${key} (${!before.has(key) ? "new" : !after.has(key) ? "gone" : "stored anew"})`];
  };
  return [...new Set([...before.keys(), ...after.keys()])].flatMap(told);
}
