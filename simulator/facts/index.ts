import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What the genuine provider says of one resource type: which inputs it demands, which changes replace the
 * resource, what it fills in, what stands in the way of a deletion.
 *
 * AWS: Go source of terraform-provider-aws v6.58.0 (2026-08-05), of a neighbouring commit for autoscaling/tag,
 * ec2/securityGroupRule and scheduler/schedule; property names of @pulumi/aws 7.48.0.
 * Google: schema objects of terraform-provider-google of 2026-08-21, names of @pulumi/gcp 9.37.0.
 */
export interface ResourceFacts {
  /** Terraform's name of the type. */
  readonly terraform: string;
  /** Path in the provider's source, or another public place, where it was read. */
  readonly source?: string;
  /** Inputs of which any change replaces the resource. A listed block covers what is in it. */
  readonly replaceOn: readonly string[];
  /** Inputs that replace only under the condition in words; otherwise they change in place. */
  readonly replaceWhen?: Readonly<Record<string, string>>;
  /** Blocks that replace when they are added or removed as a whole. */
  readonly replaceOnPresence?: readonly string[];
  /** Inputs without which the provider refuses (dots: nested). */
  readonly required?: readonly string[];
  /** Inputs that are needed once their optional parent is given. */
  readonly requiredInBlocks?: readonly string[];
  readonly exactlyOneOf?: readonly (readonly string[])[];
  readonly atLeastOneOf?: readonly (readonly string[])[];
  readonly requiredWith?: Readonly<Record<string, readonly string[]>>;
  readonly conflicts?: Readonly<Record<string, readonly string[]>>;
  /** Output only. */
  readonly computed?: readonly string[];
  /** Inputs that the provider or the service fills when they are not given. */
  readonly computedIfUnset?: readonly string[];
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Secret in the state. */
  readonly secret?: readonly string[];
  readonly idFormat?: string;
  readonly arnFormat?: string | null;
  readonly defaultDeletionBlockers?: readonly string[];
  readonly onDelete?: readonly string[];
  readonly timeouts?: Readonly<Record<string, string>>;
  /** The property that Pulumi names (logical name and seven hexadecimal digits) when it is absent. */
  readonly autoName?: string;
  /** Always deleted before its replacement is made. */
  readonly deleteBeforeReplace?: string;
  readonly notes?: string;
  /** True where the provider has further rules while planning that these facts do not hold. */
  readonly customDiff?: boolean;
}

const files: Readonly<Record<string, string>> = { aws: "aws.json", gcp: "gcp.json" };
const read = new Map<string, Readonly<Record<string, ResourceFacts>>>();

/** All facts of a package (`aws`, `gcp`), by type token; an empty table for any other package. */
export function factsOf(packageName: string): Readonly<Record<string, ResourceFacts>> {
  const known = read.get(packageName);
  if (known) return known;
  const file = files[packageName];
  const table = file
    ? (JSON.parse(readFileSync(join(__dirname, file), "utf8")) as Record<string, ResourceFacts>)
    : {};
  read.set(packageName, table);
  return table;
}

/** The facts of one type, or undefined where nobody looked them up. */
export function resourceFacts(type: string): ResourceFacts | undefined {
  return factsOf(type.split(":")[0] ?? "")[type];
}
