import { type Check, matched, ofAnEnvironment, type Rule, type Variable } from "./cel";
import type { AdmissionFacts } from "./facts";
import { containerChecks, containerVariables } from "./walls-containers";
import { podChecks } from "./walls-pod";
import { volumeChecks, volumeVariables } from "./walls-volumes";

/** A ValidatingAdmissionPolicy and its binding, without what Kubernetes writes into every object of a kind. */
export interface Wall {
  readonly name: string;
  readonly namespace: string;
  readonly spec: {
    readonly failurePolicy: "Fail";
    readonly matchConstraints: ReturnType<typeof matched>;
    readonly matchConditions: { readonly name: string; readonly expression: string }[];
    readonly variables: Variable[];
    readonly validations: Check[];
  };
}

/** A wall that refuses, rather than warns of, what does not pass it; also where it cannot be evaluated. */
export function wall(
  name: string,
  namespace: string,
  of: {
    readonly rules: readonly Rule[];
    readonly conditions: readonly { readonly name: string; readonly expression: string }[];
    readonly variables?: readonly Variable[];
    readonly checks: readonly Check[];
  },
): Wall {
  return {
    name,
    namespace,
    spec: {
      failurePolicy: "Fail",
      matchConstraints: matched(namespace, of.rules),
      matchConditions: [...of.conditions],
      variables: [...(of.variables ?? [])],
      validations: [...of.checks],
    },
  };
}

/**
 * The walls around the pods of environments, in the API server itself: they need no program that could be down, and
 * no request passes them by. They hold for every pod that the backend makes, whatever labels it carries, and for
 * every pod under the account of user pods, whoever makes it; they see the pod after it was mended, so a pod that was
 * not mended is refused.
 *
 * What is expected is listed, and everything else refused, wherever Kubernetes' own fields can be listed. Fields that
 * later versions of Kubernetes add are not known here: Pod Security `restricted` on the namespace is the second wall.
 *
 * @requirement H5
 */
export function environmentWall(facts: AdmissionFacts): Wall {
  return wall("cmbcluster-environments", facts.namespace, {
    rules: [{ resources: ["pods"] }],
    conditions: [ofAnEnvironment(facts.namespace)],
    variables: [...containerVariables(facts), ...volumeVariables(facts)],
    checks: [...podChecks(facts), ...containerChecks(facts), ...volumeChecks(facts)],
  });
}

/** A container that is put into a running environment would see everything of it, and none of the walls sees it. */
export function ephemeralWall({ namespace }: AdmissionFacts): Wall {
  return wall("cmbcluster-no-ephemeral", namespace, {
    rules: [{ resources: ["pods/ephemeralcontainers"], operations: ["CREATE", "UPDATE"] }],
    conditions: [ofAnEnvironment(namespace)],
    checks: [{ expression: "false", message: "No ephemeral container enters a user's environment." }],
  });
}
