import { z } from "zod";
import { chartValues } from "./values";

interface Schema {
  readonly type?: string;
  readonly minItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** Paths of the lists that have to be there. */
function requiredLists(schema: Schema, path = ""): { path: string; least: number }[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const at = path === "" ? name : `${path}.${name}`;
    const required = schema.required?.includes(name) === true && property.type === "array";
    return [
      ...(required ? [{ path: at, least: property.minItems ?? 0 }] : []),
      ...requiredLists(property, at),
    ];
  });
  return [...own, ...(schema.items ? requiredLists(schema.items, `${path}[]`) : [])];
}

/*
 * The Kubernetes provider passes no empty list on to Helm. Where the chart's schema wanted it all the same, the release was
 * refused as soon as the list was empty: on nodes without a taint, in every profile but dev.
 */
test("[H3] a list that the chart cannot do without has an entry at least; one that may be empty may be missing", () => {
  const lists = requiredLists(z.toJSONSchema(chartValues) as Schema);
  expect(lists.map(({ path }) => path)).toContain("backend.secret.variables");
  expect(lists.filter(({ least }) => least < 1)).toEqual([]);
  expect(lists.map(({ path }) => path)).not.toContain("backend.tolerations");
});
