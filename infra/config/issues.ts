import { z } from "zod";
import type { Fault } from "./faults";
import { fullKey, removeCommand, setCommand, type KeyPath } from "./keys";
import { metaOf, schemaAt, unwrap } from "./leaves";
import { valueAt } from "./judge";
import { secretNames } from "./secret-keys";
import { nearest } from "./spelling";

/** What the schema found: faults in this project's words, and where the values at fault stand. */
export interface SchemaFaults {
  readonly faults: Fault[];
  readonly at: KeyPath[];
}

/** Checks a tree against a schema; at most one fault a key. */
export function checkShape(schema: z.ZodType, tree: unknown): SchemaFaults {
  const result = schema.safeParse(tree);
  const found: SchemaFaults = { faults: [], at: [] };
  const add = (path: KeyPath, fault: Omit<Fault, "key">): void => {
    const key = fullKey(path);
    if (found.faults.some((other) => other.key === key)) return;
    found.faults.push({ key, ...fault });
    found.at.push(path);
  };
  for (const issue of result.error?.issues ?? []) {
    const path = issue.path as KeyPath;
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) add([...path, key], unknownKey(schema, path, key));
    } else add(path, wrongValue(schema, path, valueAt(tree, path), issue));
  }
  return found;
}

/** An unknown key never shows its value: it may be a secret's key misspelt. */
function unknownKey(schema: z.ZodType, path: KeyPath, key: string): Omit<Fault, "key"> {
  const parent = path.length === 0 ? schema : schemaAt(schema, path)!;
  const known = Object.keys((unwrap(parent) as z.ZodObject).shape);
  const meant = nearest(key, path.length === 0 ? [...known, ...secretNames] : known);
  const remove = removeCommand([...path, key]);
  if (!meant) return { code: "CMB-C003", cause: `no such key; there are ${known.join(", ")}`, fix: remove };
  const secret = path.length === 0 && (secretNames as string[]).includes(meant);
  const set = secret
    ? `pulumi config set --secret ${fullKey([meant])}`
    : setCommand([...path, meant], "<value>");
  return { code: "CMB-C003", cause: `no such key; the nearest is ${meant}`, fix: `${remove} && ${set}` };
}

function wrongValue(
  schema: z.ZodType,
  path: KeyPath,
  value: unknown,
  issue: z.core.$ZodIssue,
): Omit<Fault, "key"> {
  const at = schemaAt(schema, path);
  const meta = at && metaOf(at);
  const inner = at && unwrap(at);
  const isBlock = inner instanceof z.ZodObject || inner instanceof z.ZodRecord;
  const fix = isBlock ? fixBlock(path, inner) : fixLeaf(path, meta?.example, inner);
  if (value === undefined) {
    return { code: "CMB-C001", cause: `required: ${firstSentence(meta?.description ?? "a value")}`, fix };
  }
  const shown = JSON.stringify(value);
  if (isBlock) return { code: "CMB-C004", value: shown, cause: "a block of keys belongs here", fix };
  const options = inner instanceof z.ZodEnum ? (inner.options as string[]) : undefined;
  const meant = options && typeof value === "string" ? nearest(value, options) : undefined;
  // An account id written as a number loses its leading zeros.
  const short = meta?.fault === "CMB-C014" && typeof value === "string" && /^\d{1,11}$/.test(value);
  const cause =
    (meta?.cause ?? describe(inner, issue)) + (short ? "; a leading zero may have been lost: quote it" : "");
  return {
    code: meta?.fault ?? (issue.code === "too_big" || issue.code === "too_small" ? "CMB-C006" : "CMB-C002"),
    value: shown,
    cause,
    fix: meant ? setCommand(path, meant) : fix,
  };
}

function fixLeaf(path: KeyPath, example: unknown, inner: z.ZodType | undefined): string {
  if (inner instanceof z.ZodArray) {
    const first: unknown = Array.isArray(example) ? example[0] : "<value>";
    return setCommand([...path, 0], String(first));
  }
  return setCommand(path, String(example));
}

function fixBlock(path: KeyPath, inner: z.ZodType): string {
  if (!(inner instanceof z.ZodObject)) return removeCommand(path);
  const [key, schema] = Object.entries<z.ZodType>(inner.shape)[0]!;
  return setCommand([...path, key], exampleText(metaOf(schema)?.example));
}

function exampleText(example: unknown): string {
  return typeof example === "string" || typeof example === "number" ? String(example) : "<value>";
}

function describe(inner: z.ZodType | undefined, issue: z.core.$ZodIssue): string {
  if (inner instanceof z.ZodEnum) return `one of ${(inner.options as string[]).join(", ")}`;
  if (inner instanceof z.ZodNumber) {
    const { minValue, maxValue } = inner;
    return `a whole number from ${minValue} to ${maxValue}`;
  }
  if (inner instanceof z.ZodBoolean) return "true or false, without quotes";
  if (inner instanceof z.ZodArray) return "a list";
  return issue.code === "too_small" ? "empty" : "a text";
}

function firstSentence(text: string): string {
  return text
    .split(/(?<=[.:;])\s/)[0]!
    .replace(/[.:;]$/, "")
    .replace(/^([A-Z])(?=[a-z ])/, (c) => c.toLowerCase());
}
