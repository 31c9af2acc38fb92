import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { chartValues } from "../components/application/values";
import { render } from "../tools/generate-chart-schema";
import { combinations, titleOf } from "./combinations";

const [generated] = render();

test("[H3] values.schema.json is what the program's own type says; `npx tsx tools/generate-chart-schema.ts` writes it", () => {
  const stored = readFileSync(join(__dirname, "..", generated!.path), "utf8");
  expect(JSON.parse(stored)).toEqual(JSON.parse(generated!.text));
});

test("[H3] every object in the schema is closed or a map of one type", () => {
  const open: string[] = [];
  const visit = (schema: unknown, path: string) => {
    if (typeof schema !== "object" || schema === null) return;
    const { type, additionalProperties } = schema as Record<string, unknown>;
    if (type === "object" && additionalProperties === undefined) open.push(path);
    for (const [key, inner] of Object.entries(schema)) visit(inner, `${path}/${key}`);
  };
  visit(JSON.parse(generated!.text), "");
  expect(open).toEqual([]);
});

test("schema and type agree on every combination", () => {
  const valid = new Ajv({ strict: false }).compile(JSON.parse(generated!.text) as object);
  for (const combination of combinations) {
    expect([titleOf(combination), valid(combination.values), valid.errors]).toEqual([
      titleOf(combination),
      true,
      null,
    ]);
    expect(chartValues.parse(combination.values)).toEqual(combination.values);
  }
});

test("[P9] the profiles differ in what the chart deploys", () => {
  const sizes = combinations.map(({ profile, values }) =>
    JSON.stringify([profile, values.backend.resources, values.environments.total, values.database.sizeGi]),
  );
  expect(new Set(sizes).size).toBe(3);
});

test("[H3] the program's type is closed at the top too, where a stray value would otherwise be dropped in silence", () => {
  expect(chartValues.safeParse({ ...combinations[0]!.values, stray: 1 }).success).toBe(false);
});
