import { type Query, textAt } from "../query";
import { awsGrants } from "./aws";
import { gcpGrants } from "./gcp";
import { ADD_ON } from "./workload";

/** What one identity may do, as recorded: one entry a statement of a policy, or a role binding. */
export interface GrantReport {
  /** Who: `namespace/serviceaccount` of a workload, or the identity itself where no workload is bound to it. */
  readonly who: string;
  /** The cloud's identity behind it: a role's name, a service account's address. */
  readonly identity: string;
  readonly effect: "allow" | "deny";
  /** What may be done, in words. */
  readonly verbs: string[];
  /** To what, in short names; empty where the words say it all. */
  readonly on: string[];
  /** Actions (Amazon), or the role or its permissions (Google), as the cloud writes them. */
  readonly actions: string[];
  /** What they apply to, as the cloud writes it; `[unknown]` where only the cloud knows. */
  readonly resources: string[];
  /** Under which condition, as the cloud writes it. */
  readonly condition?: string;
}

/** All grants of a stack: the application's workloads first, then the platform's, then services of the cloud. */
export function findGrants(query: Query): GrantReport[] {
  const components = query.resources.filter(({ type }) => type.startsWith("cmb:application:"));
  const own = components.map((component) => textAt(component, "namespace"));
  const rank = ({ who }: GrantReport) => {
    if (own.some((namespace) => namespace !== undefined && who.startsWith(`${namespace}/`))) return 0;
    return who.includes("/") ? 1 : who.startsWith(ADD_ON) ? 2 : 3;
  };
  return [...awsGrants(query), ...gcpGrants(query)].sort((a, b) => rank(a) - rank(b));
}
