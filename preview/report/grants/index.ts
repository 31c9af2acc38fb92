import type { Query } from "../query";
import { abridged, distinct } from "../words";
import { awsGrants } from "./aws";
import { gcpGrants } from "./gcp";

/** What one identity may do, as recorded: one entry a statement of a policy, or a role binding. */
export interface GrantReport {
  /** Who: `namespace/serviceaccount` of a workload, or the identity itself where no workload is bound to it. */
  readonly who: string;
  /** The cloud's identity behind it: a role's name, a service account's address. */
  readonly identity: string;
  readonly effect: "allow" | "deny";
  /** What may be done, in words. */
  readonly verbs: string;
  /** To what, in short names; empty where the words say it all. */
  readonly on: string[];
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

/** One line a subject: its statements joined, those that differ only in what they apply to merged. */
export function summariseGrants(grants: readonly GrantReport[]): { who: string; words: string }[] {
  return distinct(grants.map(({ who }) => who)).map((who) => {
    const own = grants.filter((grant) => grant.who === who);
    const allowed = phrases(own.filter(({ effect }) => effect === "allow"));
    const denied = phrases(own.filter(({ effect }) => effect === "deny"));
    return { who, words: `may ${allowed || "do nothing"}${denied ? `; never ${denied}` : ""}` };
  });
}

function phrases(grants: readonly GrantReport[]): string {
  return distinct(grants.map(({ verbs }) => verbs))
    .map((verbs) => {
      const same = grants.filter((grant) => grant.verbs === verbs);
      const names = distinct(same.flatMap(({ on }) => on));
      // A condition that only narrows the names is told by them; any other is worth a word.
      const conditions = same.some(
        ({ condition }) => condition !== undefined && !/buckets\//.test(condition),
      );
      return `${verbs}${names.length > 0 ? ` on ${abridged(names)}` : ""}${conditions ? " under conditions" : ""}`;
    })
    .join("; ");
}
