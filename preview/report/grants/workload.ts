import type { RecordedResource } from "../../engine";
import { type Query, textAt } from "../query";

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
