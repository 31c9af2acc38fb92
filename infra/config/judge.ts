import type { Draft } from "./complete";
import { fullKey, readPath, removeCommand, setCommand, writePath, type KeyPath } from "./keys";
import type { Fault, FaultCode } from "./faults";
import type { Raw } from "./schema";

/** How a fault is mended: a value to set, a key to remove, or a command in full. */
export type Fix =
  | { readonly set: string | number | boolean; readonly at?: string }
  | { readonly remove: true }
  | { readonly run: string };

/** What a rule sees, and where it says what it refuses. */
export interface Case {
  /** What the user wrote, as far as it is sound. */
  readonly raw: Raw;
  /** The same with the defaults filled in. */
  readonly draft: Draft;
  /**
   * Refuses the value at a path (`aws.nodes.users.min`).
   *
   * @param because paths the judgement rests on besides: when one of them is at fault itself, nothing is said
   */
  readonly refuse: (
    code: FaultCode,
    path: string | KeyPath,
    cause: string,
    fix: Fix,
    because?: readonly string[],
  ) => void;
}

/** Refuses one thing; its name says which. */
export type Rule = (subject: Case) => void;

/** Runs every rule over what is sound and collects what they refuse. */
export function judge(rules: readonly Rule[], raw: Raw, draft: Draft, broken: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  const unsound = (path: string): boolean =>
    broken.some((key) => key === path || startsAt(path, key) || startsAt(key, path));
  const refuse: Case["refuse"] = (code, path, cause, fix, because = []) => {
    const keys = typeof path === "string" ? readPath(path) : path;
    if ([writePath(keys), ...because].some(unsound)) return;
    if (faults.some((fault) => fault.code === code && fault.key === fullKey(keys))) return;
    const value = valueAt(raw, keys) ?? valueAt(draft, keys);
    faults.push({
      code,
      key: fullKey(keys),
      ...(value !== undefined && { value: JSON.stringify(value) }),
      cause,
      fix: command(keys, fix),
    });
  };
  for (const rule of rules) rule({ raw, draft, refuse });
  return faults;
}

function startsAt(path: string, key: string): boolean {
  return path.startsWith(`${key}.`) || path.startsWith(`${key}[`);
}

function command(path: KeyPath, fix: Fix): string {
  if ("run" in fix) return fix.run;
  if ("remove" in fix) return removeCommand(path);
  return setCommand(fix.at ? readPath(fix.at) : path, String(fix.set));
}

/** The value at a path of a plain object. */
export function valueAt(root: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null ? (at as Record<string | number, unknown>)[key] : undefined,
    root,
  );
}
