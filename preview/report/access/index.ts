import type { GrantReport } from "../grants";
import type { Query } from "../query";
import { awsAccess } from "./aws";
import { gcpAccess } from "./gcp";
import { kubernetesAccess } from "./kubernetes";

/**
 * What is given at the thing itself, where grants tell it from the identity: policies of buckets, keys and secrets, who
 * may act as an identity, who administers the cluster. In the same words and fields as a grant.
 */
export function findAccess(query: Query): GrantReport[] {
  return [...awsAccess(query), ...gcpAccess(query), ...kubernetesAccess(query)];
}
