import type { ClusterNeed } from "../needs";
import type { AdmissionFacts } from "./facts";
import { admissionManifests } from "./manifests";

/** Plural of each kind in the API's paths, and what the application cannot do without the objects of it. */
const kinds: Readonly<Record<string, readonly [resource: string, purpose: string]>> = {
  ValidatingAdmissionPolicy: ["validatingadmissionpolicies", "says what is refused to keep users apart"],
  ValidatingAdmissionPolicyBinding: ["validatingadmissionpolicybindings", "puts what it says into force"],
  MutatingPolicy: ["mutatingpolicies", "mends the pod of an environment, without which none is admitted"],
  ValidatingPolicy: ["validatingpolicies", "sees to it that a user gets no bucket of another's"],
  GeneratingPolicy: ["generatingpolicies", "makes the volume of an environment's bucket"],
  DeletingPolicy: ["deletingpolicies", "takes away the volumes of environments that are gone"],
};

/**
 * The policies that have to stand before the backend may make pods, as things that the chart looks up. Those within
 * the namespace are left out: they only clear up.
 *
 * @requirement N5
 */
export function admissionNeeds(facts: AdmissionFacts): ClusterNeed[] {
  return admissionManifests(facts).flatMap(({ apiVersion, kind, metadata: { name } }) => {
    const known = kinds[kind];
    if (!known) return [];
    const [resource, purpose] = known;
    const remedy = "run `pulumi refresh`, then `npm run up -- <stack>`, which makes it again";
    return [{ apiVersion, kind, resource, name, purpose, remedy }];
  });
}
