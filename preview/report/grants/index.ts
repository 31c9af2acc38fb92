import type { Query } from "../query";
import { distinct } from "../words";
import { awsGrants } from "./aws";
import { gcpGrants } from "./gcp";

/** What one identity may do, as recorded: one entry a statement of a policy, or a role binding. */
export interface GrantReport {
  /** Who: `namespace/serviceaccount` of a workload, or the identity itself where no workload is bound to it. */
  readonly who: string;
  /** The cloud's identity behind it: a role's name, a service account's address. */
  readonly identity: string;
  readonly effect: "allow" | "deny";
  /** The grant in words. */
  readonly words: string;
  /** Actions (Amazon), or the role or its permissions (Google), as the cloud writes them. */
  readonly actions: string[];
  /** What they apply to, as the cloud writes it; `[unknown]` where only the cloud knows. */
  readonly resources: string[];
  /** Under which condition, as the cloud writes it. */
  readonly condition?: string;
}

/** All grants of a stack, workloads first. */
export function findGrants(query: Query): GrantReport[] {
  const all = [...awsGrants(query), ...gcpGrants(query)];
  return all.sort((a, b) => Number(b.who.includes("/")) - Number(a.who.includes("/")));
}

/** One line a subject: its statements joined. */
export function summariseGrants(grants: readonly GrantReport[]): { who: string; words: string }[] {
  return distinct(grants.map(({ who }) => who)).map((who) => {
    const own = grants.filter((grant) => grant.who === who);
    const text = (effect: GrantReport["effect"]) =>
      distinct(own.filter((grant) => grant.effect === effect).map(({ words }) => words)).join("; ");
    const denied = text("deny");
    return { who, words: `may ${text("allow") || "do nothing"}${denied ? `; never ${denied}` : ""}` };
  });
}
