import { z } from "zod";

/** Part of the document of `--json`: what a stack's plan does that another one did not. See ../report/document. */

const urn = z.string().describe("Pulumi URN");
const json = z.json();

const property = z.strictObject({
  path: z.string().describe("path of the input; a dependency's change is that of the input it feeds"),
  before: json.optional().describe('absent: there was none; "[secret]" stands for any secret'),
  after: json.optional(),
  secret: z.boolean().describe("changed, and a secret on either side: neither is shown"),
  replaces: z
    .enum(["yes", "no", "maybe", "unknown"])
    .describe("whether this change alone replaces the resource, from the sources of its provider"),
  why: z.string().optional().describe("the condition of a maybe, or the reason"),
  ignored: z
    .boolean()
    .optional()
    .describe("true: the program ignores changes of it once the resource exists"),
});

const resourceChange = z.strictObject({
  action: z.enum(["create", "delete", "replace", "maybe-replace", "update", "move"]),
  urn: urn.describe("as it is after, or was before where it goes"),
  type: z.string(),
  name: z.string(),
  section: z.string(),
  custom: z.boolean(),
  movedFrom: urn.optional().describe("an alias joins it to this resource: it is the same one"),
  properties: z.array(property),
  deleteFirst: z
    .string()
    .optional()
    .describe("of a replacement: why the old one goes before the new one is made"),
  refused: z.string().optional().describe("why the engine stops at this change"),
  leaves: z.string().optional().describe("what stays behind in the cloud"),
  loses: z.string().optional().describe("the data that goes with it"),
  hint: z.string().optional(),
});

const grantChange = z.strictObject({
  who: z.string(),
  words: z.string(),
  effect: z.enum(["allow", "deny"]),
  actions: z.array(z.string()),
  resources: z.array(z.string()),
  condition: z.string().optional(),
});

const exposureChange = z.strictObject({
  what: z.string(),
  who: z.string(),
  internet: z.boolean(),
  urn,
});

const dataChange = z.strictObject({ urn, name: z.string(), holds: z.string(), kept: z.string() });

const findingChange = z.strictObject({
  kind: z.enum(["fault", "to supply", "remark"]),
  code: z.string(),
  key: z.string(),
  text: z.string(),
});

const pair = z.strictObject({ base: z.number(), head: z.number(), difference: z.number() });

const cost = z
  .strictObject({
    totals: z.strictObject({ fixed: pair, platform: pair, use: pair, maximum: pair }),
    lines: z.array(
      z.strictObject({
        group: z.string(),
        what: z.string(),
        fixed: z.boolean().describe("false: of assumed use"),
        least: pair.describe("with every pool at its minimum"),
        most: pair.describe("with every pool at its maximum"),
      }),
    ),
    unpriced: z.strictObject({ gained: z.array(z.string()), lost: z.array(z.string()) }),
  })
  .describe("US$ a month before and after, where prices are known");

const compared = z.strictObject({
  resources: z.array(resourceChange),
  unseen: z
    .array(z.string())
    .optional()
    .describe("what bears rights and is known only after up on both sides: a change of it is not seen"),
  counts: z.record(z.string(), z.int()).describe("of what a provider makes, by action"),
  grants: z.strictObject({ gained: z.array(grantChange), lost: z.array(grantChange) }),
  exposure: z.strictObject({
    gained: z.array(exposureChange),
    lost: z.array(exposureChange),
    changed: z.array(exposureChange.extend({ was: z.string().describe("what, and who, before") })),
  }),
  data: z.strictObject({
    lostNow: z.array(dataChange).describe("what this very change deletes"),
    newlyLost: z.array(dataChange).describe("kept before, lost by a destroy after"),
    newlyKept: z.array(dataChange),
  }),
  findings: z
    .strictObject({ new: z.array(findingChange), gone: z.array(findingChange) })
    .optional()
    .describe("absent: the base's configuration could not be checked by its own rules"),
  cost: cost.optional().describe("absent where one side has no estimate"),
  secretSettings: z
    .array(z.string())
    .describe("secrets of the stack file that were stored anew, came or went; their values are never read"),
  outputs: z.array(z.strictObject({ path: z.string(), before: json.optional(), after: json.optional() })),
});

export const difference = z.strictObject({
  stack: z.string(),
  base: z.string().describe("what it is compared with: a file, or a revision with its commit"),
  state: z
    .enum(["compared", "new stack", "stack gone", "no base", "no plan"])
    .describe("no base: the base cannot be previewed; no plan: this plan has no sound end"),
  reason: z.string().optional().describe("why nothing could be compared"),
  warnings: z.array(z.string()).describe("what limits the comparison"),
  changes: compared.optional(),
});

export type Difference = z.infer<typeof difference>;
export type Changes = z.infer<typeof compared>;
export type ResourceChange = z.infer<typeof resourceChange>;
export type PropertyChange = z.infer<typeof property>;
export type GrantChange = z.infer<typeof grantChange>;
export type ExposureChange = z.infer<typeof exposureChange>;
export type DataChange = z.infer<typeof dataChange>;
export type FindingChange = z.infer<typeof findingChange>;
