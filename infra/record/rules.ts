import { contains, parseCidr } from "../config/cidr";
import type { Fact } from "./facts";

/** What a change of one fact would do to a live stack. */
export interface Rule {
  /** What would be made anew, or be without effect, and what that loses. */
  readonly loss: string;
  /** True for a change that the cloud makes in place. Left out: every change counts. */
  readonly harmless?: (before: Fact, after: Fact) => boolean;
}

const cluster = "the cluster would be made anew, with all that runs in it and the environments of its users";
const everything = "every resource would be made anew there, the data left behind or lost";

/**
 * Facts in the order in which they are told. What replaces is told by the providers: terraform-provider-google
 * (2026-08-21) and terraform-provider-aws v6.58.0, see simulator/facts.
 */
export const rules: Readonly<Record<string, Rule>> = {
  clusterName: { loss: `it goes into nearly every name: ${everything}` },
  namespace: {
    loss: "the application's namespace would be deleted with every environment in it and the database's claim",
  },
  "gcp.project": { loss: everything },
  "gcp.region": { loss: everything },
  "gcp.zones": {
    loss: `${cluster}; nodes and volumes stay in the zone they were made in`,
    harmless: zonesAdded,
  },
  "gcp.databaseLocation": {
    loss: "Cloud Storage moves no bucket: the database's copies would be deleted with theirs",
  },
  "gcp.secretLocations": {
    loss: "Secret Manager moves no secret: the kept key of users' files would be deleted",
  },
  "gcp.network.nodesCidr": {
    loss: "Google grows the range of a subnet, and does nothing else to it",
    harmless: grown,
  },
  "gcp.network.podsCidr": {
    loss: "Google changes no range that a cluster uses: the run would stop half-way",
  },
  "gcp.network.servicesCidr": {
    loss: "Google changes no range that a cluster uses: the run would stop half-way",
  },
  "gcp.network.controlPlaneCidr": {
    loss: "GKE sets it at creation for good: the change would have no effect",
  },
  "aws.accountId": { loss: everything },
  "aws.region": { loss: everything },
  "aws.zones": {
    loss: "ranges go by position in the list, so subnets would be made anew under the nodes, and the database's volume stays in its zone",
  },
  "aws.copyRegion": {
    loss: "S3 moves no bucket: the copy would be deleted, and begun anew without what was written before",
  },
  "aws.network.cidr": { loss: `the VPC would be made anew: ${cluster}` },
  "aws.network.servicesCidr": { loss: `EKS sets it at creation for good: ${cluster}` },
  "auth.cognito.accountId": { loss: "the user pool would be made anew there: everybody's account is lost" },
  "auth.cognito.region": { loss: "the user pool would be made anew there: everybody's account is lost" },
};

/** More zones for a regional cluster, in any order: GKE adds nodes in place. */
function zonesAdded(before: Fact, after: Fact): boolean {
  if (before.length < 2) return false;
  return [...before].every((zone) => after.includes(zone));
}

function grown(before: Fact, after: Fact): boolean {
  const [inner, outer] = [parseCidr(String(before)), parseCidr(String(after))];
  return inner !== undefined && outer !== undefined && contains(outer, inner);
}
