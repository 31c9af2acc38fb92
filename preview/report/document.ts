import { z } from "zod";
import { costDocument } from "../../cost/document";
import { comparison } from "../compare/document";
import { difference } from "../difference/document";

/**
 * The document of `npm run preview -- --json`, a contract: `docs/preview.schema.json` is made from it, and a
 * test fails when the two differ. New optional fields may come; a change of meaning raises the version.
 */
export const DOCUMENT_VERSION = 1;

const urn = z.string().describe("Pulumi URN");
const json = z.json();

const alias = z.union([
  urn,
  z.strictObject({
    name: z.string().optional(),
    type: z.string().optional(),
    stack: z.string().optional(),
    project: z.string().optional(),
    parentUrn: urn.optional(),
    noParent: z.literal(true).optional().describe("it had no parent but the stack"),
  }),
]);

const resource = z.strictObject({
  urn,
  type: z.string().describe("Pulumi type token"),
  name: z.string().describe("logical name, unique together with type and parents"),
  parent: urn.optional(),
  section: z.string().describe("the line of the summary that counts it"),
  custom: z.boolean().describe("true: a provider makes it; false: it groups others"),
  remote: z.boolean().describe("true: its plugin makes its children"),
  expandedFrom: urn.optional().describe("the remote component whose plugin makes it"),
  inputs: z.record(z.string(), json).describe('inputs; "[secret]" and "[unknown]" stand for such values'),
  protect: z.boolean().describe("refuses to be deleted"),
  retainOnDelete: z.boolean().describe("is forgotten instead of deleted"),
  deletedWith: urn.optional(),
  deleteBeforeReplace: z.boolean(),
  dependencies: z.array(urn),
  propertyDependencies: z.record(z.string(), z.array(urn)),
  provider: z.string().optional().describe("urn::id of the explicit provider"),
  providers: z.record(z.string(), z.string()).describe("providers for its children, by package"),
  aliases: z.array(alias),
  ignoreChanges: z.array(z.string()),
  timeouts: z.record(z.string(), z.string()),
  version: z.string().describe("version of the provider's package"),
  importId: z.string().optional(),
});

const section = z.strictObject({
  name: z.string(),
  fact: z.string().describe("what is made, in one line"),
  count: z.int().describe("resources that a provider makes"),
});

const grant = z.strictObject({
  who: z.string().describe("namespace/serviceaccount, or the identity where no workload is bound"),
  identity: z.string(),
  effect: z.enum(["allow", "deny"]),
  verbs: z.array(z.string()).describe("what may be done, in words"),
  on: z.array(z.string()).describe("to what, in short names"),
  actions: z.array(z.string()),
  resources: z.array(z.string()),
  condition: z.string().optional(),
});

const exposure = z.strictObject({
  what: z.string(),
  who: z.string(),
  internet: z.boolean().describe("false: reachable from the stack's own network only"),
  urn,
});

const data = z.strictObject({
  urn,
  type: z.string(),
  name: z.string(),
  holds: z.string(),
  kept: z.enum(["protected", "retained", "protected and retained", "no"]),
});

export const finding = z.strictObject({
  code: z.string().describe("stable code, documented in docs/configuration.md"),
  key: z.string(),
  value: z.string().optional().describe("the value at fault, as JSON; never a secret"),
  cause: z.string(),
  fix: z.string(),
});

export const supply = z.strictObject({
  code: z.string(),
  key: z.string(),
  cause: z.string(),
  fix: z.string().describe("the command that supplies it"),
});

export const note = z.strictObject({
  code: z.string(),
  key: z.string(),
  message: z.string(),
});

const log = z.strictObject({
  severity: z.enum(["info", "warning", "error", "stdout", "stderr"]),
  message: z.string(),
  urn: urn.optional(),
});

const stack = z.strictObject({
  stack: z.string(),
  project: z.string(),
  exit: z.enum(["ok", "refused", "crashed"]),
  error: z.string().optional(),
  cloud: z.enum(["gcp", "aws"]).optional().describe("the cloud its components are of"),
  region: z.string().optional(),
  profile: z.string().optional().describe("the output of that name"),
  application: z.string().optional().describe("installed, or what it waits for: the output of that name"),
  count: z.int().describe("resources that a provider makes"),
  sections: z.array(section),
  resources: z.array(resource),
  grants: z.array(grant),
  access: z
    .array(grant)
    .optional()
    .describe(
      "what is given at the thing itself: policies of buckets, keys and secrets, who may act as whom",
    ),
  exposure: z.array(exposure),
  data: z.array(data).describe("what holds data, and whether a destroy keeps it"),
  cost: costDocument.optional().describe("what it costs; absent where nothing was planned"),
  outputs: z.record(z.string(), json),
  findings: z.array(finding).describe("faults of the configuration; not empty: nothing was run"),
  toSupply: z.array(supply).describe("what is needed before up and cannot be known offline"),
  notes: z.array(note).describe("remarks on the configuration that stop nothing"),
  logs: z.array(log),
});

/** The whole document. */
export const previewDocument = z
  .strictObject({
    version: z.literal(DOCUMENT_VERSION),
    stacks: z.array(stack),
    comparison: comparison.optional().describe("with --compare: a stack on each cloud side by side"),
    differences: z.array(difference).optional().describe("with --against: what each stack's plan changes"),
  })
  .describe("What `pulumi up` of each stack would make, as planned offline");

export type PreviewDocument = z.infer<typeof previewDocument>;
export type StackReport = z.infer<typeof stack>;
export type ResourceReport = z.infer<typeof resource>;
export type Finding = z.infer<typeof finding>;
export type Supply = z.infer<typeof supply>;
export type Note = z.infer<typeof note>;

/** The JSON Schema to publish, as text with a final newline. */
export function previewSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(previewDocument, { target: "draft-2020-12" }), null, 2)}\n`;
}
