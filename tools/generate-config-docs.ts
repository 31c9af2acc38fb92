import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { complete } from "../infra/config/complete";
import { faultTitles } from "../infra/config/faults";
import { valueAt } from "../infra/config/judge";
import { NAMESPACE, removeCommand, setCommand, shellQuote } from "../infra/config/keys";
import { metaOf, unwrap } from "../infra/config/leaves";
import { anyStackSchema } from "../infra/config/schema";
import { secretKeys } from "../infra/config/secret-keys";
import { profileNames } from "../infra/config/settings";

/** A generated file: its path from the root, and its text. */
export interface Rendered {
  readonly path: string;
  readonly text: string;
}

/** One line of the reference. */
interface Row {
  readonly path: readonly string[];
  readonly schema: z.ZodType;
  readonly required: boolean;
}

/**
 * The reference of all keys and the editor's schema of a stack file, both out of the schema that checks the
 * configuration; defaults are read from what fills them in.
 *
 * @requirement C4
 */
export function render(): Rendered[] {
  return [
    formatted("docs/configuration.md", reference()),
    formatted("docs/stack.schema.json", JSON.stringify(stackFileSchema())),
  ];
}

/** As `npm run format` would leave it. In a process of its own: prettier loads itself in ways a test runner forbids. */
function formatted(path: string, text: string): Rendered {
  const prettier = require.resolve("prettier/bin/prettier.cjs");
  const run = { cwd: join(__dirname, ".."), input: text, encoding: "utf8" } as const;
  return { path, text: execFileSync(process.execPath, [prettier, "--stdin-filepath", path], run) };
}

/** The generated files that differ from what lies in the repository. */
export function drift(): string[] {
  return render()
    .filter(({ path, text }) => readOrEmpty(path) !== text)
    .map(({ path }) => path);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(join(__dirname, "..", path), "utf8");
  } catch {
    return "";
  }
}

function rows(schema: z.ZodType, path: readonly string[] = []): Row[] {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([key, child]) => {
    const row = { path: [...path, key], schema: child, required: !(child instanceof z.ZodOptional) };
    return unwrap(child) instanceof z.ZodObject ? rows(child, row.path) : [row];
  });
}

function typeName(schema: z.ZodType): string {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodEnum)
    return (inner.options as string[]).map((option) => `\`${option}\``).join(", ");
  if (inner instanceof z.ZodNumber) return `${inner.minValue} to ${inner.maxValue}`;
  if (inner instanceof z.ZodBoolean) return "true, false";
  if (inner instanceof z.ZodArray) return "list";
  if (inner instanceof z.ZodRecord) return "map";
  if (inner instanceof z.ZodLiteral) return `\`${JSON.stringify(inner.value)}\``;
  return "text";
}

const emptyBlocks = { gcp: { region: "europe-west4" }, aws: {} };

/** The default in each profile, once where they agree. */
function defaultOf({ path, required, schema }: Row): string {
  if (required) return path.length > 2 && path[0] === "auth" ? "required in its block" : "**required**";
  const { fallback } = metaOf(schema) ?? {};
  if (fallback !== undefined) return `\`${String(fallback)}\``;
  const values = profileNames.map((profile) => {
    const draft = complete({ profile, ...emptyBlocks });
    const value = valueAt(draft, path);
    return value === undefined ? "–" : `\`${JSON.stringify(value).replace(/^"|"$/g, "")}\``;
  });
  return new Set(values).size === 1 ? values[0]! : values.join(" / ");
}

function table(lines: readonly Row[]): string {
  const body = lines.map((row) => {
    const meta = metaOf(row.schema);
    const { example } = meta ?? {};
    const value = (Array.isArray(example) ? example[0] : example) as string | object;
    const listed = Array.isArray(example) ? [...row.path, 0] : row.path;
    const command =
      typeof value === "object"
        ? JSON.stringify(value)
        : setCommand(listed, String(value)).replace("pulumi config set ", "");
    const cells = [
      `\`${row.path.join(".")}\``,
      typeName(row.schema),
      defaultOf(row),
      meta?.description ?? "",
      `\`${command}\``,
    ];
    return `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
  });
  return ["| key | value | default | meaning | example |", "|---|---|---|---|---|", ...body].join("\n");
}

function reference(): string {
  const all = rows(anyStackSchema);
  const groups = [...new Set(all.map((row) => (row.path.length === 1 ? "" : row.path[0]!)))];
  const sections = groups.map((group) => {
    const title = group === "" ? "## The stack" : `## ${group}`;
    const block = group && metaOf((anyStackSchema.shape as Record<string, z.ZodType>)[group]!)?.description;
    const lines = all.filter((row) =>
      group === "" ? row.path.length === 1 : row.path[0] === group && row.path.length > 1,
    );
    return [title, block, table(lines)].filter(Boolean).join("\n\n");
  });
  const secrets = Object.entries(secretKeys).map(
    ([key, { description, minLength }]) => `| \`${key}\` | ${minLength} | ${description} |`,
  );
  return [
    "<!-- Generated by tools/generate-config-docs.ts (npm run docs); do not edit. -->",
    "# Configuration",
    `Every key stands in \`Pulumi.<stack>.yaml\` under the namespace \`${NAMESPACE}\`: \`domain\` is \`${NAMESPACE}:domain\`. ` +
      "An example below is what follows `pulumi config set`. Where three defaults stand they are those of the profiles " +
      `${profileNames.join(" / ")} (\`infra/config/profiles.ts\`); a dash means none.`,
    `A key inside a block needs \`--path\`; to return to the default: \`${removeCommand(["aws", "nodes", "users", "max"])}\`. ` +
      `Brackets need quotes: ${"`"}--path ${shellQuote(`${NAMESPACE}:aws.zones[0]`)}${"`"}.`,
    ...sections,
    "## Secrets",
    `Entered by \`pulumi config set --secret ${NAMESPACE}:<key>\`, never written in plain text. After a change raise \`secretsVersion\`.`,
    ["| key | characters at least | meaning |", "|---|---|---|", ...secrets].join("\n"),
    "## Faults",
    "Each fault is reported with its code, key, value, cause and the command that mends it, all at once and before anything is made. Codes are stable.",
    [
      "| code | what is refused |",
      "|---|---|",
      ...Object.entries(faultTitles).map(([code, title]) => `| ${code} | ${title} |`),
    ].join("\n"),
    "",
  ].join("\n\n");
}

interface JsonSchema {
  [keyword: string]: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
}

/** The JSON Schema (2020-12) of a stack file of this project. */
export function stackFileSchema(): JsonSchema {
  const plain = z.toJSONSchema(anyStackSchema, {
    io: "input",
    override: ({ jsonSchema }) => {
      const node = jsonSchema as JsonSchema;
      if (node.alsoNumber) node.type = ["string", "number"];
      if (node.example !== undefined) node.examples = [node.example];
      for (const own of ["fault", "cause", "alsoNumber", "example", "fallback"]) delete node[own];
    },
  }) as JsonSchema;
  const properties: Record<string, JsonSchema> = {};
  for (const [key, value] of Object.entries(plain.properties ?? {})) {
    // The CLI writes a number at the top as text.
    properties[`${NAMESPACE}:${key}`] =
      value.type === "integer" ? { ...value, type: ["integer", "string"] } : value;
  }
  for (const [key, { description }] of Object.entries(secretKeys)) {
    properties[`${NAMESPACE}:${key}`] = {
      description,
      type: "object",
      properties: { secure: { type: "string" } },
      required: ["secure"],
      additionalProperties: false,
    };
  }
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A stack file of CMBCluster (Pulumi.<stack>.yaml)",
    type: "object",
    properties: {
      secretsprovider: { type: "string" },
      encryptedkey: { type: "string" },
      encryptionsalt: { type: "string" },
      config: {
        type: "object",
        properties,
        required: (plain.required ?? []).map((key) => `${NAMESPACE}:${key}`),
        // Other namespaces are Pulumi's own business; an unknown key of ours is a mistake.
        patternProperties: { [`^(?!${NAMESPACE}:)[^:]+:.+$`]: {} },
        additionalProperties: false,
        oneOf: ["gcp", "aws"].map((cloud) => ({
          properties: { [`${NAMESPACE}:cloud`]: { const: cloud } },
          required: [`${NAMESPACE}:${cloud}`],
        })),
      },
    },
    required: ["config"],
  };
}
