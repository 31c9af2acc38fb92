import type { GrantVerb } from "../../../components/grants";
import type { RecordedResource } from "../../engine";
import { isMap, type Value } from "../../engine";
import { type Query, textAt, textsAt } from "../query";

/**
 * The workload that a component binds, `namespace/serviceaccount`, from the plan-time facts the component
 * gives as its inputs. The cloud's own trust document often holds the issuer's address, which is unknown
 * before the cluster exists.
 */
export function workloadOf(query: Query, resource: RecordedResource): string | undefined {
  for (const component of query.ancestors(resource)) {
    const [namespace, account] = [textAt(component, "namespace"), textAt(component, "serviceAccount")];
    if (namespace !== undefined && account !== undefined) return `${namespace}/${account}`;
  }
  return undefined;
}

/** Begins the name of what an EKS add-on may do. */
export const ADD_ON = "EKS add-on ";

/** The verbs of the contract in words. */
const NEUTRAL: Readonly<Record<GrantVerb, string>> = {
  "replicate-database": "read and write copies of the database",
  "read-database": "read copies of the database",
  "manage-user-buckets": "create and manage the users' buckets and their objects",
  "mount-user-buckets": "mount the users' buckets",
  "answer-dns-challenge": "answer DNS challenges in the zone",
  "sign-out-users": "sign users out",
};

/** What the component that binds a workload was asked to let it do; known also where the cloud's policy is not. */
export function neutralVerbs(query: Query, resource: RecordedResource): string[] {
  const verbs = query.ancestors(resource).flatMap((component) => textsAt(component, "verbs"));
  return verbs.map((verb) => NEUTRAL[verb as GrantVerb] ?? verb);
}

/**
 * What carries a role's ARN, which is computed and so known while planning: an EKS add-on, or a chart whose
 * values annotate its service account with it.
 */
export function userOfRole(query: Query, roleName: string): string | undefined {
  for (const resource of query.resources) {
    const carries = (value: Value | undefined): boolean =>
      typeof value === "string" && value.startsWith("arn:aws:iam::") && value.endsWith(`:role/${roleName}`);
    if (resource.type === "aws:eks/addon:Addon" && carries(resource.inputs["serviceAccountRoleArn"])) {
      return `${ADD_ON}${textAt(resource, "addonName")}`;
    }
    if (resource.type === "kubernetes:helm.sh/v3:Release" && anywhere(resource.inputs["values"], carries)) {
      return `${textAt(resource, "namespace") ?? "default"}/${textAt(resource, "chart")?.split("/").at(-1)}`;
    }
  }
  return undefined;
}

function anywhere(value: Value | undefined, test: (value: Value) => boolean): boolean {
  if (value === undefined) return false;
  if (Array.isArray(value)) return value.some((item) => anywhere(item, test));
  return isMap(value) ? Object.values(value).some((item) => anywhere(item, test)) : test(value);
}
