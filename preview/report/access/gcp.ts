import type { RecordedResource } from "../../engine";
import type { GrantReport } from "../grants";
import { isBinding, isTrust, membersOf, trustedAccount, whoIs } from "../grants/gcp";
import { type Query, textAt } from "../query";

/** Who may act as a service account of Google: the trust that grants leave out, since it tells who is who there. */
export function gcpAccess(query: Query): GrantReport[] {
  return query.resources
    .filter((binding) => isBinding(binding) && isTrust(binding))
    .flatMap((binding) => membersOf(query, binding).map((member) => trust(query, binding, member)));
}

function trust(query: Query, binding: RecordedResource, member: string): GrantReport {
  const account = trustedAccount(query, binding);
  const condition = textAt(binding, "condition.expression");
  const short = account?.replace(/@.*/, "") ?? "known only after up";
  return {
    who: whoIs(member),
    identity: member,
    effect: "allow",
    verbs: [`act as service account ${short}`],
    on: [],
    actions: [textAt(binding, "role")!],
    resources: [`service account ${account ?? "[unknown]"}`],
    ...(condition ? { condition } : {}),
  };
}
