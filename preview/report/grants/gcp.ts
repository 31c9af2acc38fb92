import { type RecordedResource } from "../../engine";
import { at, type Query, textAt, textsAt } from "../query";
import { ANYONE, distinct } from "../words";
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
  "roles/container.admin": ["administer clusters: everything in them"],
  "roles/container.clusterAdmin": ["create, change and delete clusters"],
  "roles/container.developer": ["change what runs in clusters"],
  "roles/container.viewer": ["read clusters"],
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
  const bindings = query.resources.filter(isBinding);
  const workloads = workloadsByAccount(query, bindings);
  return bindings
    .filter((binding) => !isTrust(binding))
    .flatMap((binding) => {
      const given = membersOf(query, binding).flatMap((member) => {
        const behind = workloads.get(member.replace(/^serviceAccount:/, "")) ?? [undefined];
        return behind.map((workload) => ({ member, workload }));
      });
      return given.map(({ member, workload }) => {
        const identity = member.replace(/^serviceAccount:/, "");
        const { verbs, actions } = roleInWords(query, binding);
        const condition = textAt(binding, "condition.expression");
        const resources = [targetOf(binding)];
        return {
          who: workload ?? workloadOf(query, binding) ?? whoIs(member),
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

/** Roles on a service account whose holder acts as it (cloud.google.com/iam/docs/service-account-permissions). */
const TRUSTING = [
  "roles/iam.workloadIdentityUser",
  "roles/iam.serviceAccountUser",
  "roles/iam.serviceAccountTokenCreator",
  "roles/iam.serviceAccountOpenIdTokenCreator",
];

/** True for what gives a role to one member, or to several. */
export function isBinding({ type }: Pick<RecordedResource, "type">): boolean {
  return MEMBERS.test(type) || BINDINGS.test(type);
}

/** True for a binding on a service account that lets others be it. */
export function isTrust(binding: RecordedResource): boolean {
  return binding.type.startsWith("gcp:serviceaccount/") && TRUSTING.includes(textAt(binding, "role") ?? "");
}

/** Everybody a binding names; where that is known only after up, the account it depends on. */
export function membersOf(query: Query, binding: RecordedResource): string[] {
  const one = textAt(binding, "member");
  const many = textsAt(binding, "members");
  const found = one !== undefined || many.length > 0 ? [one, ...many] : [accountOf(query, binding)];
  return distinct(found.filter((member) => member !== undefined));
}

/** True for a member that stands for anybody there is. */
export function isEverybody(member: string): boolean {
  return member === "allUsers" || member === "allAuthenticatedUsers";
}

/** The service account that a trust is given on: its address, or as much of it as is known. */
export function trustedAccount(query: Query, binding: RecordedResource): string | undefined {
  return textAt(binding, "serviceAccountId")?.split("/").at(-1) ?? accountOf(query, binding);
}

/** A member in words: the service account of Kubernetes, everybody, or the address. */
export function whoIs(member: string): string {
  if (member === "allUsers") return ANYONE;
  if (member === "allAuthenticatedUsers") return `${ANYONE} with a Google account`;
  return subjectOf(member) ?? member.replace(/^serviceAccount:/, "");
}

/** `cmb/backend` of `serviceAccount:project.svc.id.goog[cmb/backend]`. */
function subjectOf(member: string): string | undefined {
  return /\[(.+)\]$/.exec(member)?.[1];
}

/** Which service accounts of Kubernetes stand behind a service account, from the trust given to it. */
function workloadsByAccount(
  query: Query,
  bindings: readonly RecordedResource[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const binding of bindings.filter(isTrust)) {
    const subjects = membersOf(query, binding).flatMap((member) => subjectOf(member) ?? []);
    const account = trustedAccount(query, binding);
    if (account && subjects.length > 0) {
      found.set(account, distinct([...(found.get(account) ?? []), ...subjects]));
    }
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
