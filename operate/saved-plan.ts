import { readFileSync, writeFileSync } from "node:fs";

/** Marks of the engine in a plan file (sdk/go/common/resource/properties.go). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * A saved plan in which a reference to a resource that is yet to be made is unknown, as every other value of it is.
 *
 * The engine writes such a reference down with an empty id, and then refuses its own plan, since by the time it
 * comes to it the resource has one: `violates plan: properties changed: ++serviceRole[…]` (pulumi v3.259.0, seen at
 * the EKS component, which takes its role as a resource). What may be done with which resource stays in the plan.
 */
export function withOpenReferences(plan: unknown): unknown {
  if (Array.isArray(plan)) return plan.map(withOpenReferences);
  if (typeof plan !== "object" || plan === null) return plan;
  const fields = plan as Readonly<Record<string, unknown>>;
  if (fields[SIGNATURE] === REFERENCE && fields["id"] === "") return UNKNOWN;
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, withOpenReferences(value)]));
}

/** Inputs of a release that the Kubernetes provider fills in (pulumi-kubernetes v4.34.2, helm/v3/release.d.ts). */
const RELEASE_INPUTS =
  "allowNullValues atomic chart cleanupOnFail createNamespace dependencyUpdate description devel disableCRDHooks " +
  "disableOpenapiValidation disableWebhooks forceUpdate keyring lint manifest maxHistory name namespace postrender " +
  "recreatePods renderSubchartNotes replace repositoryOpts resetValues resourceNames reuseValues skipAwait skipCrds takeOwnership " +
  "timeout valueYamlFiles values verify version waitForJobs checksum";

/** Inputs that are not in the plan and may come, by type. A secret's words are moved from `stringData` to `data`. */
const FILLED_IN: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:helm.sh/v3:Release": RELEASE_INPUTS.split(" "),
  "kubernetes:core/v1:Secret": ["data"],
};

interface PlanFile {
  readonly resourcePlans?: Readonly<Record<string, ResourcePlan>>;
}

interface ResourcePlan {
  readonly goal?: {
    readonly type: string;
    /** `urn::id`, the id unknown while the provider is yet to be made. */
    readonly provider?: string;
    readonly inputDiff?: { readonly adds?: Readonly<Record<string, unknown>> };
  };
}

/**
 * A saved plan in which what goes into a cluster that is yet to be made may be filled in. Without a cluster the
 * Kubernetes provider plans with the inputs as the program gives them, and once there is one it completes and trims
 * them: the engine then refuses its own plan, `violates plan: properties changed: =+allowNullValues[{false}], …` (seen
 * with pulumi v3.259.0 at the first release, and at a secret, whose words stood in that message). That these objects are
 * made, and nothing else, stays in the plan; in a cluster that is there every value stays in it.
 */
export function withOpenObjects<T>(plan: T): T {
  const { resourcePlans = {} } = plan as PlanFile;
  const entries = Object.entries(resourcePlans).map(([urn, one]) => {
    const { goal } = one;
    if (!goal?.type.startsWith("kubernetes:") || !goal.provider?.endsWith(`::${UNKNOWN}`)) return [urn, one];
    const names = [...Object.keys(goal.inputDiff?.adds ?? {}), ...(FILLED_IN[goal.type] ?? [])];
    const adds = Object.fromEntries(names.map((name) => [name, UNKNOWN]));
    return [urn, { ...one, goal: { ...goal, inputDiff: { ...goal.inputDiff, adds } } }];
  });
  return { ...plan, resourcePlans: Object.fromEntries(entries) as unknown };
}

/** {@link withOpenReferences} and {@link withOpenObjects} on a plan file, in place. */
export function openPlan(file: string): void {
  const plan = JSON.parse(readFileSync(file, "utf8")) as unknown;
  writeFileSync(file, JSON.stringify(withOpenObjects(withOpenReferences(plan))), { mode: 0o600 });
}
