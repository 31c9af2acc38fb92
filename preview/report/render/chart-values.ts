import { isMap, mask, UNKNOWN, type Value } from "../../engine";

/** What is read of a chart's `values.schema.json`. */
export interface ValuesSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, ValuesSchema>>;
  readonly [keyword: string]: unknown;
}

/**
 * Recorded values as helm can read them, `[unknown]` and `[secret]` in the place of such values. Where the chart
 * takes only an object or a list, the mark stands in one: helm would refuse it otherwise.
 */
export function chartValues(value: Value, schema: ValuesSchema | undefined): unknown {
  if (isMap(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, inner]) => [key, chartValues(inner, schema?.properties?.[key])]),
    );
  }
  if (value !== UNKNOWN) return mask(value);
  const mark = mask(UNKNOWN) as string;
  if (schema?.type === "object") return { [mark]: mark };
  return schema?.type === "array" ? [mark] : mark;
}
