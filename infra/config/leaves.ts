import { z } from "zod";
import type { FaultCode } from "./faults";

/** What is known of a key besides its type; the reference, the editor's schema and the messages are made of it. */
export interface KeyMeta {
  /** Meaning, unit, cost, and what cannot be undone. */
  readonly description: string;
  /** A value that works: shown in the reference, and offered by the message that refuses another. */
  readonly example?: unknown;
  /** Default for the reference, where it is not seen in a stack's completed settings. */
  readonly fallback?: string | boolean;
  /** Code of any fault of this value but its absence; `CMB-C002` or `CMB-C006` when omitted. */
  readonly fault?: FaultCode;
  /** What the message says; made from the type when omitted. */
  readonly cause?: string;
  /** `pulumi config set --path` writes digits as a number: take a number for the text. */
  readonly alsoNumber?: boolean;
}

export const text = (meta: KeyMeta) =>
  z
    .string()
    .min(1)
    .meta({ ...meta });
export const pattern = (regex: RegExp, meta: KeyMeta) =>
  z
    .string()
    .regex(regex)
    .meta({ ...meta });
export const flag = (meta: KeyMeta) => z.boolean().meta({ ...meta });
export const whole = (min: number, max: number, meta: KeyMeta) =>
  z
    .int()
    .min(min)
    .max(max)
    .meta({ ...meta });
export const choice = <const T extends readonly [string, ...string[]]>(values: T, meta: KeyMeta) =>
  z.enum(values).meta({ ...meta });
export const list = <T extends z.ZodType>(element: T, meta: KeyMeta) => z.array(element).meta({ ...meta });
export const block = <T extends z.ZodRawShape>(shape: T, description: string) =>
  z.strictObject(shape).meta({ description });

/** Host name of two labels or more, lower case, without a final dot (RFC 1123). */
export const hostName =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/** Local part, one @, domain; no blanks or quotes. The longest address the application can label a pod with. */
export const email =
  /^(?=.{3,46}$)[A-Za-z0-9._%+-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/;

/** The schema below optional wrappers. */
export function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

/** What a schema's keys lead to; undefined where it has none of that name. */
export function childOf(schema: z.ZodType, key: string | number): z.ZodType | undefined {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return inner.shape[key] as z.ZodType | undefined;
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
  return undefined;
}

/** The schema at a path. */
export function schemaAt(schema: z.ZodType, path: readonly (string | number)[]): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((at, key) => at && childOf(at, key), schema);
}

/** What was noted about a key. */
export function metaOf(schema: z.ZodType): KeyMeta | undefined {
  return unwrap(schema).meta() as KeyMeta | undefined;
}
