import { CloudError, type CloudObject, type CloudView, type Properties, type ResourceModel } from "../model";
import { apiNeeds, HIDDEN, numericId, projectOf, putHidden, text, texts } from "./common";

export const ACCOUNT = "gcp:serviceaccount/account:Account";
export const CUSTOM_ROLE = "gcp:projects/iAMCustomRole:IAMCustomRole";

/** Kinds of bindings to a member, for those that lose their meaning when it goes. */
export const BINDINGS = [
  "gcp:projects/iAMMember:IAMMember",
  "gcp:serviceaccount/iAMMember:IAMMember",
  "gcp:storage/bucketIAMMember:BucketIAMMember",
  "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
  "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember",
  "gcp:secretmanager/secretIamMember:SecretIamMember",
] as const;

/** Unique number of an account, which policies hold in place of its address. */
const UNIQUE_ID = "gcp:hidden/accountNumber";
/** A policy entry of an account that is gone: `deleted:serviceAccount:…?uid=…`. */
export const BROKEN_BINDING = "gcp:hidden/brokenBinding";

const emailOf = (inputs: Properties, cloud: CloudView) =>
  `${text(inputs, "accountId")}@${projectOf(inputs, cloud)}.iam.gserviceaccount.com`;

/** Id of a service account by its address. */
export function accountId(email: string): string {
  return `projects/${email.slice(email.indexOf("@") + 1).split(".")[0]}/serviceAccounts/${email}`;
}

/** The need of a service account: only those of a project's own are looked for, not Google's (`service-<number>@…`). */
export function accountNeeds(property: string, email: string, missing = accountMissing(email)) {
  if (!/^(?!service-\d+@)[^@]+@[^.]+\.iam\.gserviceaccount\.com$/.test(email)) return [];
  return [{ property, kind: ACCOUNT, address: accountId(email), error: missing }];
}

/**
 * IAM's answer to a policy that names an account it does not know. It is not tried again for long:
 * terraform-provider-google, google/tpgiamresource/iam.go gives up when the policy has not changed meanwhile.
 */
function accountMissing(email: string): CloudError {
  return new CloudError("badRequest", `Error 400: Service account ${email} does not exist., badRequest`);
}

const account: ResourceModel = {
  type: ACCOUNT,
  // After the answer the provider asks until it finds the account three times in a row, then sleeps 10 s.
  durations: {
    create: 13,
    update: 8,
    delete: 1,
    source: "terraform-provider-google, resource_google_service_account.go: polls, then sleeps 10 s",
  },
  id: (inputs, cloud) => accountId(emailOf(inputs, cloud)),
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "iam"),
  nameTaken: (inputs) =>
    new CloudError(
      "alreadyExists",
      `Error 409: Service account ${text(inputs, "accountId")} already exists within project, alreadyExists`,
    ),
  adopts: (inputs) => inputs["createIgnoreAlreadyExists"] === true,
  check: (inputs) => {
    const id = inputs["accountId"];
    return typeof id === "string" && !/^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/.test(id)
      ? [
          {
            property: "accountId",
            reason: `"account_id" ("${id}") doesn't match regexp ^[a-z](?:[-a-z0-9]{4,28}[a-z0-9])$`,
          },
        ]
      : [];
  },
  outputs: (inputs, cloud, id) => {
    const email = emailOf(inputs, cloud);
    const known = cloud.find(UNIQUE_ID, email)?.properties["uniqueId"];
    const uniqueId = typeof known === "string" ? known : numericId(cloud);
    putHidden(cloud, UNIQUE_ID, email, { uniqueId });
    return {
      project: projectOf(inputs, cloud),
      email,
      name: id,
      member: `serviceAccount:${email}`,
      uniqueId,
      disabled: inputs["disabled"] ?? false,
    };
  },
  // The account's name can be used again at once, but policies keep the number of the one that is gone.
  deleting: (object, cloud) => {
    const email = text(object.properties, "email");
    const uid = text(object.properties, "uniqueId");
    cloud.remove(UNIQUE_ID, email);
    for (const kind of BINDINGS)
      for (const binding of cloud.list(
        kind,
        ({ properties }) => properties["member"] === `serviceAccount:${email}`,
      )) {
        cloud.remove(kind, binding.id);
        const member = `deleted:serviceAccount:${email}?uid=${uid}`;
        putHidden(cloud, BROKEN_BINDING, `${binding.id}?uid=${uid}`, { ...binding.properties, member });
      }
  },
};

/** Days for which a deleted custom role can be brought back, and after which its id is free again. */
const ROLE_DAYS = { undelete: 7, free: 37 };
const DAY = 86_400;

const roleId = (inputs: Properties, cloud: CloudView) =>
  `projects/${projectOf(inputs, cloud)}/roles/${text(inputs, "roleId")}`;

function deletedRole(id: string, cloud: CloudView): CloudObject | undefined {
  return cloud.find(HIDDEN.tombstone, id);
}

/** Days since the role of that id was deleted; undefined if none was. */
function daysDeleted(id: string, cloud: CloudView): number | undefined {
  const tombstone = deletedRole(id, cloud);
  return tombstone && (cloud.now() - tombstone.createdAt) / DAY;
}

const customRole: ResourceModel = {
  type: CUSTOM_ROLE,
  durations: { create: 2, update: 2, delete: 2, source: "estimate" },
  id: roleId,
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "iam"),
  nameTaken: (inputs) =>
    new CloudError(
      "alreadyExists",
      `Custom project role ${text(inputs, "roleId")} already exists and must be imported`,
    ),
  accept: (inputs, cloud) => {
    const days = daysDeleted(roleId(inputs, cloud), cloud);
    if (days === undefined || days <= ROLE_DAYS.undelete || days > ROLE_DAYS.free) return;
    throw new CloudError(
      "failedPrecondition",
      `Error 400: You can't create a role with role_id (${text(inputs, "roleId")}) where there is an existing role ` +
        "with that role_id in a deleted state., failedPrecondition",
    );
  },
  check: (inputs) => [
    ...(typeof inputs["roleId"] === "string" && !/^[a-zA-Z0-9_.]{3,64}$/.test(inputs["roleId"])
      ? [
          {
            property: "roleId",
            reason: `"role_id" ("${inputs["roleId"]}") doesn't match regexp ^[a-zA-Z0-9_\\.]{3,64}$`,
          },
        ]
      : []),
    ...(inputs["permissions"] !== undefined && texts(inputs, "permissions").length === 0
      ? [{ property: "permissions", reason: "Attribute requires 1 item minimum" }]
      : []),
  ],
  outputs: (inputs, cloud, id) => ({ project: projectOf(inputs, cloud), name: id, deleted: false }),
  created: (object, cloud) => cloud.remove(HIDDEN.tombstone, object.id),
  deleting: (object, cloud) => void putHidden(cloud, HIDDEN.tombstone, object.id, { kind: CUSTOM_ROLE }),
};

/** The need of a role: predefined ones are there, custom ones have to be made. */
export function roleNeeds(role: string) {
  if (!/^(projects|organizations)\//.test(role)) return [];
  const error = new CloudError(
    "badRequest",
    `Error 400: Role (${role}) does not exist in the resource's hierarchy., badRequest`,
  );
  return [{ property: "role", kind: CUSTOM_ROLE, address: role, error }];
}

export const accountModels: readonly ResourceModel[] = [account, customRole];
