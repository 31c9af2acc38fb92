import { z } from "zod";

/** Part of the document of `--json`: two clouds side by side. See ../report/document. */
const row = z.strictObject({
  aspect: z.enum(["reach", "kept", "rights", "cost"]),
  subject: z.string(),
  aws: z.array(z.string()),
  gcp: z.array(z.string()),
  why: z.string().optional().describe("why the two differ; absent: nobody explained it"),
});

const counterpart = z.strictObject({
  requirement: z.string().describe("id of the row in docs/requirements.md"),
  what: z.string(),
  aws: z.array(z.strictObject({ type: z.string(), count: z.int() })),
  gcp: z.array(z.strictObject({ type: z.string(), count: z.int() })),
  why: z.string().optional(),
});

export const comparison = z.strictObject({
  aws: z.string().describe("the stack on Amazon"),
  gcp: z.string().describe("the stack on Google Cloud"),
  felt: z.array(row).describe("what a user notices"),
  counterparts: z.array(counterpart).describe("what stands for what, requirement by requirement"),
  unexplained: z.array(z.string()).describe("rows and resource types that nobody explained"),
});

export type Comparison = z.infer<typeof comparison>;
export type ComparisonRow = z.infer<typeof row>;
export type CounterpartRow = z.infer<typeof counterpart>;
