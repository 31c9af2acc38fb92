import { z } from "zod";
import type { Fault } from "./faults";
import { NAMESPACE, fullKey, secretCommand, setCommand, type KeyPath } from "./keys";
import { childOf, metaOf, unwrap } from "./leaves";
import { anyStackSchema } from "./schema";
import { UNKNOWN, isSecretName, secretKeys } from "./secret-keys";

/** The stack's own keys as values of the types they should have, and what could not be read. */
export interface ReadConfig {
  readonly tree: Record<string, unknown>;
  /** Secrets that are set, without the namespace. */
  readonly supplied: string[];
  /** Keys that were given and could not be read: nothing more is said about them. */
  readonly broken: string[];
  readonly faults: Fault[];
}

/** Reads the map the CLI passes: `cmbcluster:key` to text, objects as JSON. */
export function readConfig(raw: Readonly<Record<string, string>>, stored: readonly string[]): ReadConfig {
  const read: ReadConfig = { tree: {}, supplied: [], broken: [], faults: [] };
  for (const [full, text] of Object.entries(raw)) {
    if (!full.startsWith(`${NAMESPACE}:`)) continue;
    const key = full.slice(NAMESPACE.length + 1);
    const secret = stored.includes(full);
    const refuse = (fault: Omit<Fault, "key">): void => {
      read.faults.push({ key: fullKey([key]), ...fault });
      read.broken.push(key);
    };
    if (isSecretName(key)) {
      read.supplied.push(key);
      const { minLength } = secretKeys[key];
      if (!secret) {
        const cause =
          "stands in plain text in the stack file: change the secret where it was made, then store it encrypted";
        refuse({ code: "CMB-C007", cause, fix: secretCommand(key) });
      } else if (text !== UNKNOWN && text.length < minLength) {
        refuse({ code: "CMB-C009", cause: `shorter than ${minLength} characters`, fix: secretCommand(key) });
      }
      continue;
    }
    const schema = childOf(anyStackSchema, key);
    if (secret && schema) {
      const cause = "not a secret: previews and plans show it. Only top-level secret keys are encrypted";
      refuse({
        code: "CMB-C008",
        cause,
        fix: `pulumi config rm ${fullKey([key])}, then set it again without --secret`,
      });
      continue;
    }
    if (!schema) {
      // The schema says that it is unknown.
      read.tree[key] = undefined;
      continue;
    }
    const value = parse(schema, text);
    if (value === undefined) {
      const example = Object.keys((unwrap(schema) as z.ZodObject).shape ?? { team: "" })[0]!;
      const cause = `${text === "" ? "empty" : "not an object"}: this key is a block of keys`;
      refuse({
        code: "CMB-C004",
        value: JSON.stringify(text.slice(0, 40)),
        cause,
        fix: `pulumi config rm ${fullKey([key])} && ${setCommand([key, example], "<value>")}`,
      });
    } else read.tree[key] = value;
  }
  return read;
}

function parse(schema: z.ZodType, text: string): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === "object" && value !== null && !Array.isArray(value)
        ? numbersToText(inner, value)
        : undefined;
    } catch {
      return undefined;
    }
  }
  if (inner instanceof z.ZodNumber && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text;
}

/** Turns numbers into text where a key of text says so: `pulumi config set --path` writes digits as numbers. */
function numbersToText(schema: z.ZodType, value: unknown): unknown {
  if (typeof value === "number" && metaOf(schema)?.alsoNumber) return String(value);
  if (Array.isArray(value)) {
    return value.map((entry, i) => numbersToText(childOf(schema, i) ?? z.unknown(), entry));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      numbersToText(childOf(schema, key) ?? z.unknown(), entry),
    ]),
  );
}

/** A copy without what stands at the paths; of a list, the whole list. */
export function prune(tree: unknown, paths: readonly KeyPath[]): unknown {
  const copy = structuredClone(tree);
  for (const path of paths) {
    const index = path.findIndex((key) => typeof key === "number");
    const keys = index < 0 ? path : path.slice(0, index);
    let at = copy as Record<string | number, unknown> | undefined;
    for (const key of keys.slice(0, -1)) at = at?.[key] as typeof at;
    const last = keys[keys.length - 1];
    if (at && last !== undefined) delete at[last];
  }
  return copy;
}
