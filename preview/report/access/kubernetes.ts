import type { RecordedResource, Value } from "../../engine";
import { isMap } from "../../engine";
import type { GrantReport } from "../grants";
import { blocksAt, type Query, textAt, textsAt } from "../query";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1:";

/** What bindings of Kubernetes give, with the rules of their role where this stack makes it. */
export function kubernetesAccess(query: Query): GrantReport[] {
  return query
    .ofType(`${RBAC}RoleBinding`, `${RBAC}ClusterRoleBinding`)
    .flatMap((binding) =>
      blocksAt(binding, "subjects").map((subject) => grantOf(query, binding, subject.inputs)),
    );
}

function grantOf(
  query: Query,
  binding: RecordedResource,
  subject: Readonly<Record<string, Value>>,
): GrantReport {
  const [kind, name] = [
    textAt(binding, "roleRef.kind") ?? "Role",
    textAt(binding, "roleRef.name") ?? "[unknown]",
  ];
  const namespace = binding.type.endsWith(":RoleBinding") ? textAt(binding, "metadata.namespace") : undefined;
  const place = namespace === undefined ? "the cluster" : `namespace ${namespace}`;
  const role = query
    .ofType(`${RBAC}${kind}`)
    .find(
      (one) =>
        textAt(one, "metadata.name") === name &&
        (kind === "ClusterRole" || textAt(one, "metadata.namespace") === namespace),
    );
  const of = (key: string) => textAt({ inputs: { ...subject } }, key) ?? "[unknown]";
  const own = subject["namespace"] === undefined ? (namespace ?? "default") : of("namespace");
  const who =
    of("kind") === "ServiceAccount" ? `${own}/${of("name")}` : `${of("kind").toLowerCase()} ${of("name")}`;
  return {
    who,
    identity: who,
    effect: "allow",
    verbs: [`do what ${kind} ${name} allows in ${place}`],
    on: [],
    actions: role ? rulesOf(role) : [`${kind} ${name}`],
    resources: [place],
  };
}

/** `get pods`, `create apps/deployments`: each verb on each kind. */
function rulesOf(role: RecordedResource): string[] {
  return blocksAt(role, "rules").flatMap((rule) => {
    if (!isMap(rule.inputs)) return [];
    const names = textsAt(rule, "resourceNames");
    const groups = textsAt(rule, "apiGroups");
    const kinds = [
      ...textsAt(rule, "resources").flatMap((kind) =>
        (groups.length > 0 ? groups : [""]).map((group) => (group === "" ? kind : `${group}/${kind}`)),
      ),
      ...textsAt(rule, "nonResourceURLs"),
    ];
    const only = names.length > 0 ? ` named ${names.join(", ")}` : "";
    return textsAt(rule, "verbs").flatMap((verb) => kinds.map((kind) => `${verb} ${kind}${only}`));
  });
}
