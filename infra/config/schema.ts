import { z } from "zod";
import { cloudNames } from "../../components/cmb-cluster";
import { awsSchema, gcpSchema } from "./schema-clouds";
import { commonShape } from "./schema-common";

const cloudMeta = {
  description: "The cloud of this stack. Both blocks may stand; the one named here is used.",
  example: "gcp",
  fault: "CMB-C005",
  cause: `one of ${cloudNames.join(", ")}`,
};

/** A stack's plain configuration, the union told apart by `cloud`. @requirement C1 */
export const stackSchema = z.discriminatedUnion("cloud", [
  z.strictObject({
    cloud: z.literal("gcp").meta(cloudMeta),
    ...commonShape,
    gcp: gcpSchema,
    aws: awsSchema.optional(),
  }),
  z.strictObject({
    cloud: z.literal("aws").meta(cloudMeta),
    ...commonShape,
    gcp: gcpSchema.optional(),
    aws: awsSchema,
  }),
]);

/** The same without the choice: what is checked while `cloud` is wrong, and what the reference lists. */
export const anyStackSchema = z.strictObject({
  cloud: z.enum(cloudNames).meta(cloudMeta),
  ...commonShape,
  gcp: gcpSchema.optional(),
  aws: awsSchema.optional(),
});

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> }
    : T;

/** What is left of a stack's configuration after everything that failed the schema was taken out. */
export type Raw = DeepPartial<z.infer<typeof anyStackSchema>>;

/** The schema that judges a stack of that cloud. */
export function schemaFor(cloud: unknown): z.ZodType {
  return stackSchema.options.find((option) => option.shape.cloud.value === cloud) ?? anyStackSchema;
}
