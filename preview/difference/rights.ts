import {
  containsUnknown,
  isMap,
  previewNamed,
  type RecordedResource,
  type Recording,
  Secret,
  UNKNOWN,
  type Value,
  type ValueMap,
} from "../engine";
import { isStandIn } from "../engine/stand-ins";

/** Properties of Amazon's resources that say who may do what: documents, and references to some. */
const AWS =
  /^((assumeRole|access|resource|secret|key)?policy|policies|inlinePolicies|managedPolicyArns|policyArn)$/i;
/** The same of Google's bindings and roles. */
const GCP = /^(role|members?|condition|policyData|permissions)$/;
/** The same of Kubernetes' roles and bindings. */
const KUBERNETES = /^(rules|subjects|roleRef|aggregationRule)$/;

/** True for an input of which a change gives or takes a right. */
export function bearsRights(type: string, key: string): boolean {
  if (type.startsWith("aws:")) return AWS.test(key) && !/lifecyclePolicy/i.test(type);
  if (type.startsWith("gcp:")) return /iam|custom_?role/i.test(type) && GCP.test(key);
  return type.startsWith("kubernetes:rbac.authorization.k8s.io/") && KUBERNETES.test(key);
}

/** A plan with names in its documents, or what is left of it to read. */
export interface NamedPlan {
  readonly recording: Recording;
  /** Inputs that bear rights and cannot be read even so, by URN. */
  readonly unseen: ReadonlyMap<string, readonly string[]>;
}

/** Inputs that bear rights and are known only after `up`, by URN. */
export function unseenRights(resources: readonly Pick<RecordedResource, "urn" | "type" | "inputs">[]) {
  return new Map(
    resources.flatMap(({ urn, type, inputs }): [string, string[]][] => {
      const keys = Object.keys(inputs).filter(
        (key) => bearsRights(type, key) && containsUnknown(inputs[key]!),
      );
      return keys.length > 0 ? [[urn, keys]] : [];
    }),
  );
}

/**
 * The plan with its documents readable: where something that bears rights waits for an id, the program is run a second
 * time with names for such ids. Undefined where that run does not end well.
 */
export async function namedPlan(root: string, plan: Recording): Promise<NamedPlan | undefined> {
  const unseen = unseenRights(plan.resources);
  if (plan.exit !== "ok" || unseen.size === 0) return { recording: plan, unseen: new Map() };
  const named = await previewNamed({ root, stack: plan.stack });
  return named.exit === "ok" ? filled(plan, named) : undefined;
}

/** The first plan, with what only the second knows in the place of unknowns. Ids that are passed on stay unknown. */
export function filled(plan: Recording, named: Recording): NamedPlan {
  const byUrn = new Map(named.resources.map(({ urn, inputs }) => [urn, inputs]));
  const resources = plan.resources.map((one) => ({
    ...one,
    inputs: fill(one.inputs, byUrn.get(one.urn)) as ValueMap,
  }));
  const unseen = [...unseenRights(resources)].flatMap(([urn, keys]): [string, string[]][] => {
    // What the second run knows is an id and nothing else here: where it comes from is compared instead.
    const rest = keys.filter((key) => {
      const told = byUrn.get(urn)?.[key];
      return told === undefined || containsUnknown(told);
    });
    return rest.length > 0 ? [[urn, rest]] : [];
  });
  return { recording: { ...plan, resources }, unseen: new Map(unseen) };
}

function fill(plain: Value, named: Value | undefined): Value {
  if (named === undefined) return plain;
  if (plain === UNKNOWN) return withoutIds(named);
  if (plain instanceof Secret && named instanceof Secret)
    return new Secret(fill(plain.reveal(), named.reveal()));
  if (Array.isArray(plain) && Array.isArray(named)) return plain.map((one, i) => fill(one, named[i]));
  if (!isMap(plain) || !isMap(named)) return plain;
  return Object.fromEntries(Object.entries(plain).map(([key, one]) => [key, fill(one, named[key])]));
}

/** What is nothing but an id is unknown again. */
function withoutIds(value: Value): Value {
  if (typeof value === "string") return isStandIn(value) ? UNKNOWN : value;
  if (value instanceof Secret) return new Secret(withoutIds(value.reveal()));
  if (Array.isArray(value)) return value.map(withoutIds);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutIds(one)]));
}
