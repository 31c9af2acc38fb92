import { backendWalls } from "./backend-objects";
import type { AdmissionFacts } from "./facts";
import { mendingPolicy } from "./mend";
import { ownerPolicy } from "./owner";
import { secretSweep, volumeSweep } from "./sweep";
import { volumePolicy, volumeWall } from "./volumes";
import { environmentWall, ephemeralWall, type Wall } from "./walls";

/** An object of Kubernetes, written out. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** Kyverno's policies: what the API server cannot do by itself. */
export function kyvernoPolicies(facts: AdmissionFacts): Manifest[] {
  const volumes = facts.cluster.userVolumes.kind === "claim" ? [volumePolicy(facts), volumeSweep(facts)] : [];
  return [mendingPolicy(facts), ownerPolicy(facts), ...volumes, secretSweep(facts)];
}

/** The walls that the API server holds by itself. */
export function walls(facts: AdmissionFacts): Wall[] {
  const volumes = facts.cluster.userVolumes.kind === "claim" ? [volumeWall(facts)] : [];
  return [environmentWall(facts), ephemeralWall(facts), ...volumes, ...backendWalls(facts)];
}

/** A wall as two objects: what is checked, and that it is enforced. */
function wallManifests({ name, spec }: Wall): Manifest[] {
  const apiVersion = "admissionregistration.k8s.io/v1";
  return [
    { apiVersion, kind: "ValidatingAdmissionPolicy", metadata: { name }, spec },
    {
      apiVersion,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name },
      spec: { policyName: name, validationActions: ["Deny"] },
    },
  ];
}

/** Everything, in an order in which it can be made. */
export function admissionManifests(facts: AdmissionFacts): Manifest[] {
  return [...walls(facts).flatMap(wallManifests), ...kyvernoPolicies(facts)];
}

/** What Kyverno's controllers may do in the namespace, beside what their chart gives them: nothing anywhere else. */
export function admissionRights({ cluster, namespace }: AdmissionFacts): Manifest[] {
  const claims = { apiGroups: [""], resources: ["persistentvolumeclaims"] };
  const background =
    cluster.userVolumes.kind === "claim"
      ? role(namespace, "background", [{ ...claims, verbs: ["get", "list", "watch", "create", "update"] }])
      : [];
  return [
    ...background,
    ...role(namespace, "cleanup", [
      { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch", "delete"] },
      { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
    ]),
  ];
}

function role(namespace: string, controller: "background" | "cleanup", rules: readonly object[]): Manifest[] {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const metadata = { name: `cmbcluster-kyverno-${controller}`, namespace };
  return [
    { apiVersion, kind: "Role", metadata, rules },
    {
      apiVersion,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", name: `kyverno-${controller}-controller`, namespace: "kyverno" }],
    },
  ];
}
