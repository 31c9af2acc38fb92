import { type RecordedResource } from "../../engine";
import { at, type Query, textAt, textsAt } from "../query";
import { distinct } from "../words";
import { workloadOf } from "./workload";
import type { GrantReport } from ".";

/** Bindings of one member to one role, by what they are made on. */
const MEMBERS = /^gcp:(\w+)\/\w*[iI][aA][mM]Member:/;
const BINDINGS = /^gcp:(\w+)\/\w*[iI][aA][mM]Binding:/;

/** Property that names what a binding is made on, by type. */
const TARGETS = [
  "bucket",
  "managedZone",
  "repository",
  "secretId",
  "serviceAccountId",
  "cryptoKeyId",
  "subnetwork",
  "project",
];

/** Roles of Google in words; anything else is shown as it is. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  "roles/storage.admin": ["manage buckets", "read objects", "write objects", "delete objects"],
  "roles/storage.objectAdmin": ["read objects", "write objects", "delete objects"],
  "roles/storage.objectUser": ["read objects", "write objects", "delete objects"],
  "roles/storage.objectCreator": ["write objects"],
  "roles/storage.objectViewer": ["read objects"],
  "roles/storage.legacyBucketReader": ["list objects"],
  "roles/dns.admin": ["write DNS records"],
  "roles/dns.reader": ["read DNS records"],
  "roles/artifactregistry.reader": ["pull images"],
  "roles/artifactregistry.writer": ["push images"],
  "roles/container.defaultNodeServiceAccount": ["run nodes (logs and metrics)"],
  "roles/logging.logWriter": ["write logs"],
  "roles/monitoring.metricWriter": ["write metrics"],
  "roles/secretmanager.secretAccessor": ["read secrets"],
};

/** Permissions of custom roles in words; anything else is shown as it is. */
const PERMISSIONS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^storage\.buckets\.create$/, "create buckets"],
  [/^storage\.buckets\.list$/, "list all buckets"],
  [/^storage\.buckets\.delete$/, "delete buckets"],
  [/^storage\.buckets\.get$/, "read bucket settings"],
  [/^storage\.buckets\.update$/, "change bucket settings"],
  [/^storage\.buckets\.getIamPolicy$/, "see who has access"],
  [/^storage\.buckets\.setIamPolicy$/, "decide who has access"],
  [/^storage\.objects\.(get|list)$/, "read objects"],
  [/^storage\.objects\.(create|update)$/, "write objects"],
  [/^storage\.objects\.delete$/, "delete objects"],
  [/^dns\.(changes|resourceRecordSets)\.(create|update|delete)$/, "write DNS records"],
  [/^dns\.\w+\.(get|list)$/, "read DNS records"],
];

/** What members of IAM policies may do, but for the trust between service accounts, which tells who is who. */
export function gcpGrants(query: Query): GrantReport[] {
  const bindings = query.resources.filter(({ type }) => MEMBERS.test(type) || BINDINGS.test(type));
  const workloads = workloadsByAccount(query, bindings);
  return bindings
    .filter((binding) => !isTrust(binding))
    .flatMap((binding) => {
      const members = [
        textAt(binding, "member") ?? accountOf(query, binding),
        ...textsAt(binding, "members"),
      ];
      return distinct(members.filter((member) => member !== undefined)).map((member) => {
        const identity = member.replace(/^serviceAccount:/, "");
        const { verbs, actions } = roleInWords(query, binding);
        const condition = textAt(binding, "condition.expression");
        const resources = [targetOf(binding)];
        return {
          who: workloads.get(identity) ?? workloadOf(query, binding) ?? identity,
          identity,
          effect: "allow" as const,
          verbs,
          on: namesIn(resources[0]!, condition),
          actions,
          resources,
          ...(condition ? { condition } : {}),
        };
      });
    });
}

function isTrust(binding: RecordedResource): boolean {
  return textAt(binding, "role") === "roles/iam.workloadIdentityUser";
}

/** Which Kubernetes service account stands behind a service account, from the trust given to it. */
function workloadsByAccount(
  query: Query,
  bindings: readonly RecordedResource[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const binding of bindings.filter(isTrust)) {
    const member = textAt(binding, "member") ?? textsAt(binding, "members")[0];
    const subject = member && /\[(.+)\]$/.exec(member)?.[1];
    const account = textAt(binding, "serviceAccountId")?.split("/").at(-1) ?? accountOf(query, binding);
    if (subject && account) found.set(account, subject);
  }
  return found;
}

/** The service account that a binding depends on, by the address its id and project make. */
function accountOf(query: Query, binding: RecordedResource): string | undefined {
  const urns = [
    ...(binding.propertyDependencies["member"] ?? []),
    ...(binding.propertyDependencies["serviceAccountId"] ?? []),
  ];
  const account = urns
    .map((urn) => query.byUrn(urn))
    .find((one) => one?.type === "gcp:serviceaccount/account:Account");
  if (!account) return undefined;
  const project = textAt(account, "project");
  const id = textAt(account, "accountId") ?? account.name;
  return project ? `${id}@${project}.iam.gserviceaccount.com` : id;
}

function roleInWords(query: Query, binding: RecordedResource): Pick<GrantReport, "verbs" | "actions"> {
  const role = textAt(binding, "role");
  const custom = customRole(query, binding, role);
  if (custom) {
    const permissions = textsAt(custom, "permissions");
    const verbs = permissions.map((one) => PERMISSIONS.find(([pattern]) => pattern.test(one))?.[1] ?? one);
    return { verbs: distinct(verbs), actions: permissions };
  }
  const verbs = (role && ROLES[role]) || [`act as ${role ?? "a role known after up"}`];
  return { verbs: [...verbs], actions: [role ?? "[unknown]"] };
}

/** The role made in this stack, by its id or, where that is unknown, by what the property depends on. */
function customRole(
  query: Query,
  binding: RecordedResource,
  role: string | undefined,
): RecordedResource | undefined {
  const roles = query.ofType("gcp:projects/iAMCustomRole:IAMCustomRole");
  if (role !== undefined) return roles.find((one) => textAt(one, "roleId") === role.split("/").at(-1));
  return roles.find(({ urn }) => binding.propertyDependencies["role"]?.includes(urn));
}

function targetOf(binding: RecordedResource): string {
  for (const property of TARGETS) {
    const value = textAt(binding, property);
    if (value !== undefined) return property === "project" ? `project ${value}` : value.split("/").at(-1)!;
    if (at(binding, property) !== undefined) return "[unknown]";
  }
  return "[unknown]";
}

/** Prefixes that a condition names say more than the project it is bound to. */
function namesIn(target: string, condition: string | undefined): string[] {
  const prefixes = [...(condition ?? "").matchAll(/buckets\/([a-z0-9._-]+)/g)].map((match) => match[1]!);
  if (prefixes.length > 0)
    return distinct(prefixes.map((prefix) => (prefix.endsWith("-") ? `${prefix}*` : prefix)));
  return target === "[unknown]" ? [] : [target];
}
