import {
  CloudError,
  type CloudObject,
  type CloudView,
  type Properties,
  type ReferenceNeed,
  type ResourceModel,
} from "../model";
import { arn, capitals, flag, maps, need, text, texts } from "./values";

/** Types of roles and what is tied to them. */
export const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const INLINE = "aws:iam/rolePolicy:RolePolicy";
/** Type of the tie between a role and a managed policy. */
export const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

/**
 * Seconds until other services see a new role, policy or provider. IAM promises none ("eventually consistent",
 * IAM User Guide, "Troubleshooting IAM"); estimate.
 */
export const IAM_DELAY = 8;
/** Seconds for which the provider itself tries again: `propagationTimeout`, internal/service/iam. */
export const IAM_RETRY = 120;

const source = "published deployment logs: 1 to 2 s";

/** What IAM answers for a role that is not there. */
const noRole = (name: string) =>
  new CloudError("NoSuchEntity", `The role with name ${name} cannot be found.`);

const name = (inputs: Properties) => text(inputs, "name");
const path = (inputs: Properties) => text(inputs, "path") || "/";

/** Refuses what is no policy document; a `Version` and statements with an effect are looked for. */
function checkDocument(inputs: Properties, property: string) {
  const document = text(inputs, property);
  if (document === "") return [];
  try {
    const { Statement: statements } = JSON.parse(document) as { Statement?: unknown };
    const list = Array.isArray(statements) ? statements : [statements];
    const sound = list.every((one) =>
      /^(Allow|Deny)$/.test(String((one as { Effect?: unknown } | undefined)?.Effect)),
    );
    return sound ? [] : [{ property, reason: "MalformedPolicyDocument: a statement has no effect" }];
  } catch {
    return [{ property, reason: "MalformedPolicyDocument: it is no JSON" }];
  }
}

/**
 * A trust policy may name an identity provider that does not exist: IAM accepts it, and nobody can take the role
 * until there is one. Principals that are users or roles of the account must exist, but the program names none.
 */
const role: ResourceModel = {
  type: ROLE,
  durations: { create: 1, delete: 1, source },
  visibleAfter: IAM_DELAY,
  id: name,
  uniqueName: (inputs, cloud) => `${cloud.account}:${name(inputs).toLowerCase()}`,
  nameTaken: (inputs) =>
    new CloudError("EntityAlreadyExists", `Role with name ${name(inputs)} already exists.`),
  check: (inputs) => [
    ...(/^[\w+=,.@-]{1,64}$/.test(name(inputs) || "x")
      ? []
      : [{ property: "name", reason: "a role's name has 1 to 64 letters, digits and +=,.@_-" }]),
    ...checkDocument(inputs, "assumeRolePolicy"),
  ],
  outputs: (inputs, cloud) => ({
    arn: arn(cloud, "iam", "", `role${path(inputs)}${name(inputs)}`),
    uniqueId: `AROA${capitals(cloud, 17)}`,
    createDate: "2026-01-01T00:00:00Z",
    managedPolicyArns: [],
    inlinePolicies: [],
  }),
  blockers: ({ id, properties }, cloud) => {
    if (flag(properties, "forceDetachPolicies")) return [];
    const conflict = (message: string) => new CloudError("DeleteConflict", message, IAM_RETRY);
    if (cloud.list(ATTACHMENT, (one) => one.properties["role"] === id).length > 0)
      return [conflict("Cannot delete entity, must detach all policies first.")];
    if (cloud.list(INLINE, (one) => one.properties["role"] === id).length > 0)
      return [conflict("Cannot delete entity, must delete policies first.")];
    return [];
  },
  deleting: ({ id }, cloud) => {
    for (const kind of [ATTACHMENT, INLINE])
      for (const one of cloud.list(kind, ({ properties }) => properties["role"] === id))
        cloud.remove(kind, one.id);
  },
};

const policy: ResourceModel = {
  type: POLICY,
  durations: { create: 1, delete: 1, source },
  visibleAfter: IAM_DELAY,
  id: (inputs, cloud) => arn(cloud, "iam", "", `policy${path(inputs)}${name(inputs)}`),
  uniqueName: (inputs, cloud) => `${cloud.account}:${name(inputs).toLowerCase()}`,
  nameTaken: (inputs) =>
    new CloudError("EntityAlreadyExists", `A policy called ${name(inputs)} already exists.`),
  check: (inputs) => checkDocument(inputs, "policy"),
  outputs: (_inputs, cloud, id) => ({ arn: id, policyId: `ANPA${capitals(cloud, 17)}`, attachmentCount: 0 }),
  blockers: ({ id }, cloud) =>
    cloud.list(ATTACHMENT, (one) => one.properties["policyArn"] === id).length > 0
      ? [new CloudError("DeleteConflict", "Cannot delete a policy attached to entities.")]
      : [],
};

/** Writing one again overwrites it, as attaching twice attaches once: neither is refused for being there. */
const inlinePolicy: ResourceModel = {
  type: INLINE,
  durations: { create: 1, delete: 1, source },
  id: (inputs) => `${text(inputs, "role")}:${name(inputs)}`,
  adopts: () => true,
  needs: needRole,
  check: (inputs) => checkDocument(inputs, "policy"),
  accept: (inputs, cloud) => {
    const others = cloud.list(
      INLINE,
      ({ properties }) => properties["role"] === inputs["role"] && properties["name"] !== inputs["name"],
    );
    const length = [inputs, ...others.map((one) => one.properties)]
      .map((one) => text(one, "policy").replace(/\s/g, "").length)
      .reduce((sum, one) => sum + one, 0);
    if (length > 10240)
      throw new CloudError(
        "LimitExceeded",
        `Maximum policy size of 10240 bytes exceeded for role ${text(inputs, "role")}`,
      );
  },
};

/** IAM reads its own writes at once, so a role is found however new it is. */
function needRole(inputs: Properties, cloud: CloudView): ReferenceNeed[] {
  const found = cloud.list(ROLE, ({ id, status }) => id === text(inputs, "role") && status !== "deleting");
  return found.length > 0 && found[0]!.visibleAt > cloud.now() ? [] : need(inputs, "role", ROLE, noRole);
}

const attachment: ResourceModel = {
  type: ATTACHMENT,
  durations: { create: 1, delete: 1, source },
  id: (inputs) => `${text(inputs, "role")}/${text(inputs, "policyArn")}`,
  adopts: () => true,
  needs: (inputs, cloud) => [
    ...needRole(inputs, cloud),
    ...(isManagedByAws(text(inputs, "policyArn"))
      ? []
      : need(
          inputs,
          "policyArn",
          POLICY,
          (address) =>
            new CloudError("NoSuchEntity", `Policy ${address} does not exist or is not attachable.`),
        )),
  ],
  accept: (inputs) => {
    const address = text(inputs, "policyArn");
    if (isManagedByAws(address) && !AWS_POLICIES.has(address.slice(address.indexOf(":policy/") + 8)))
      throw new CloudError("NoSuchEntity", `Policy ${address} does not exist or is not attachable.`);
  },
};

const isManagedByAws = (address: string) => address.startsWith("arn:aws:iam::aws:policy/");

/** Managed policies that exist, of those that a cluster's roles may need (AWS Managed Policy Reference). */
const AWS_POLICIES: ReadonlySet<string> = new Set([
  "AmazonEKSClusterPolicy",
  "AmazonEKSVPCResourceController",
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKSWorkerNodeMinimalPolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonEC2ContainerRegistryReadOnly",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEBSCSIDriverPolicyV2",
  "AmazonSSMManagedInstanceCore",
  "CloudWatchAgentServerPolicy",
  "service-role/AmazonEBSCSIDriverPolicy",
  "service-role/AWSBackupServiceRolePolicyForBackup",
]);

const openIdConnectProvider: ResourceModel = {
  type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  durations: { create: 1, delete: 1, source },
  visibleAfter: IAM_DELAY,
  id: (inputs, cloud) => arn(cloud, "iam", "", `oidc-provider/${host(inputs)}`),
  uniqueName: (inputs, cloud) => `${cloud.account}:${host(inputs)}`,
  nameTaken: (inputs) =>
    new CloudError("EntityAlreadyExists", `Provider with url ${text(inputs, "url")} already exists.`),
  check: (inputs, unknown) =>
    unknown.has("url") || /^https:\/\//.test(text(inputs, "url"))
      ? []
      : [{ property: "url", reason: 'must begin with "https://"' }],
  outputs: (_inputs, cloud, id) => ({ arn: id, thumbprintLists: [cloud.hex(40)] }),
};

const host = (inputs: Properties) => text(inputs, "url").replace(/^https:\/\//, "");

/** Whether a role carries a managed policy, by the last part of the policy's ARN. */
export function carries(cloud: CloudView, roleName: string, ...policies: readonly string[]): boolean {
  const ties = cloud.list(
    ATTACHMENT,
    ({ properties, status }) =>
      status === "active" &&
      properties["role"] === roleName &&
      policies.some((one) => text(properties, "policyArn").endsWith(`/${one}`)),
  );
  return ties.length > 0;
}

/** Whether an inline policy of a role allows an action; managed policies and conditions are not looked at. */
export function allowsInline(cloud: CloudView, roleName: string, action: string): boolean {
  const statements = cloud
    .list(INLINE, ({ properties }) => properties["role"] === roleName)
    .flatMap(({ properties }) => maps(JSON.parse(text(properties, "policy")) as Properties, "Statement"));
  const named = (statement: Properties) => {
    const actions = [text(statement, "Action"), ...texts(statement, "Action")];
    return actions.some((one) => one !== "" && matches(one, action));
  };
  const effects = statements.filter(named).map((statement) => statement["Effect"]);
  return effects.includes("Allow") && !effects.includes("Deny");
}

function matches(pattern: string, action: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`, "i").test(action);
}

/** Whether a role's trust policy names a service. */
export function trusts(found: CloudObject | undefined, service: string): boolean {
  return found !== undefined && text(found.properties, "assumeRolePolicy").includes(`"${service}"`);
}

/** Roles, policies and identity providers. */
export const iamModels: readonly ResourceModel[] = [
  role,
  policy,
  inlinePolicy,
  attachment,
  openIdConnectProvider,
];
