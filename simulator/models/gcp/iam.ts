import {
  CloudError,
  type CloudView,
  type Properties,
  type ReferenceNeed,
  type ResourceModel,
} from "../model";
import { ACCOUNT, accountId, accountNeeds, roleNeeds } from "./accounts";
import { apiNeeds, block, HIDDEN, lastPart, notFound, projectOf, regionOf, text } from "./common";

/** Somebody else's write to a policy, by the policy's resource: as long as it is there, writes meet a conflict. */
export const POLICY_WRITER = "gcp:hidden/policyWriter";

const CLUSTER = "gcp:container/cluster:Cluster";

/** One kind of policy entry: which resource carries the policy. */
interface PolicyKind {
  readonly type: string;
  /** Short name of the API that holds the policy. */
  readonly api: string;
  readonly seconds: number;
  /** Id of the resource with the policy, as it begins the entry's id. */
  resource(inputs: Properties, cloud: CloudView): string;
  /** The resource as a need; none where it always exists (the project). */
  needs?(inputs: Properties, cloud: CloudView): readonly ReferenceNeed[];
  /** Members this resource never takes. */
  refuses?(inputs: Properties, cloud: CloudView): CloudError | undefined;
}

/**
 * Google's answer to a Workload Identity member while the project has never had a cluster with the pool. Not tried
 * again by the provider.
 */
function poolMissing(pool: string): CloudError {
  return new CloudError(
    "badRequest",
    `Error 400: Identity Pool does not exist (${pool}). Please check that you specified a valid resource name as returned in the \`name\` attribute in the configuration API., badRequest`,
  );
}

/** What a member refers to: an account, or the pool of Workload Identity. */
function memberNeeds(member: string, cloud: CloudView): readonly ReferenceNeed[] {
  const pool =
    /^serviceAccount:([^[]+\.svc\.id\.goog)\[/.exec(member)?.[1] ??
    /^principal(?:Set)?:\/\/.*\/workloadIdentityPools\/([^/]+\.svc\.id\.goog)\//.exec(member)?.[1];
  if (pool !== undefined) return poolNeeds(pool, cloud);
  const email = /^serviceAccount:(.+)$/.exec(member)?.[1];
  return email === undefined ? [] : accountNeeds("member", email);
}

/** The pool is there from the project's first cluster with it on: that cluster is the need, while there is one. */
function poolNeeds(pool: string, cloud: CloudView): readonly ReferenceNeed[] {
  const error = poolMissing(pool);
  if (!cloud.find(HIDDEN.identityPool, pool))
    return [{ property: "member", kind: HIDDEN.identityPool, address: pool, error }];
  const [cluster] = cloud.list(
    CLUSTER,
    ({ status, properties }) =>
      status !== "deleting" && text(block(properties, "workloadIdentityConfig"), "workloadPool") === pool,
  );
  return cluster ? [{ property: "member", kind: CLUSTER, address: cluster.id, error }] : [];
}

/** `…/role/member`, and the condition behind it (terraform-provider-google, resource_iam_member.go). */
function entryId(resource: string, inputs: Properties): string {
  const condition = block(inputs, "condition");
  const parts = ["title", "description", "expression"].map((key) => text(condition, key));
  const suffix = parts.some((part) => part !== "") ? `/${parts.join("/")}` : "";
  return `${resource}/${text(inputs, "role")}/${text(inputs, "member")}${suffix}`;
}

/** Two conditions, titles the same and expressions not, are two entries; more than 12 operators are refused. */
const OPERATOR_LIMIT = 12;

function refuseBadCondition(inputs: Properties): void {
  const expression = text(block(inputs, "condition"), "expression");
  const operators = expression.match(/&&|\|\||!(?!=)/g)?.length ?? 0;
  if (operators > OPERATOR_LIMIT)
    throw new CloudError(
      "badRequest",
      `Error 400: The condition has ${operators} logical operators, the limit is ${OPERATOR_LIMIT}., badRequest`,
    );
}

function policyMember(kind: PolicyKind): ResourceModel {
  const writable = (inputs: Properties, cloud: CloudView) => {
    const resource = kind.resource(inputs, cloud);
    // iam.go: waits 1, 2, 4, 8 and 16 s and tries again, then gives up.
    if (cloud.find(POLICY_WRITER, resource))
      throw new CloudError(
        "conflict",
        "Error 409: There were concurrent policy changes. Please retry the whole read-modify-write with " +
          "exponential backoff., aborted",
        31,
      );
  };
  return {
    type: kind.type,
    durations: {
      create: kind.seconds,
      delete: kind.seconds,
      source: "terraform-provider-google, iam.go: reads three times, a second apart, after the write",
    },
    id: (inputs, cloud) => entryId(kind.resource(inputs, cloud), inputs),
    needs: (inputs, cloud) => [
      ...apiNeeds(cloud, projectOf(inputs, cloud), kind.api),
      ...(kind.needs?.(inputs, cloud) ?? []),
      ...roleNeeds(text(inputs, "role")),
      ...memberNeeds(text(inputs, "member"), cloud),
    ],
    accept: (inputs, cloud) => {
      refuseBadCondition(inputs);
      const refusal = kind.refuses?.(inputs, cloud);
      if (refusal) throw refusal;
      writable(inputs, cloud);
    },
    // Adding an entry that is there already changes nothing, and is no fault.
    adopts: () => true,
    outputs: (_inputs, cloud) => ({ etag: `BwY${cloud.hex(8)}=` }),
    deleting: (object, cloud) => writable(object.properties, cloud),
  };
}

const bucketName = (inputs: Properties) => text(inputs, "bucket").replace(/^b\//, "");

const kinds: readonly PolicyKind[] = [
  {
    type: "gcp:projects/iAMMember:IAMMember",
    api: "cloudresourcemanager",
    // And gathers for 3 s before it writes (batcher.go).
    seconds: 8,
    resource: projectOf,
  },
  {
    type: "gcp:serviceaccount/iAMMember:IAMMember",
    api: "iam",
    seconds: 4,
    resource: (inputs) => text(inputs, "serviceAccountId"),
    needs: (inputs) => {
      const email = lastPart(text(inputs, "serviceAccountId"));
      return [
        { property: "serviceAccountId", kind: ACCOUNT, address: accountId(email), error: notFound(email) },
      ];
    },
  },
  {
    type: "gcp:storage/bucketIAMMember:BucketIAMMember",
    api: "storage",
    seconds: 4,
    resource: (inputs) => `b/${bucketName(inputs)}`,
    needs: (inputs) => {
      const [kind, address] = ["gcp:storage/bucket:Bucket", bucketName(inputs)];
      const error = new CloudError("notFound", "Error 404: The specified bucket does not exist., notFound");
      return [{ property: "bucket", kind, address, error }];
    },
    refuses: (inputs, cloud) => {
      const bucket = cloud.find("gcp:storage/bucket:Bucket", bucketName(inputs));
      const everyone = /^all(Authenticated)?Users$/.test(text(inputs, "member"));
      return everyone && bucket?.properties["publicAccessPrevention"] === "enforced"
        ? new CloudError(
            "conditionNotMet",
            "Error 412: The member bindings allUsers and allAuthenticatedUsers are not allowed since public access " +
              "prevention is enforced., conditionNotMet",
          )
        : undefined;
    },
  },
  {
    type: "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
    api: "artifactregistry",
    seconds: 4,
    resource: repositoryOf,
    needs: (inputs, cloud) => {
      const address = repositoryOf(inputs, cloud);
      const kind = "gcp:artifactregistry/repository:Repository";
      return [{ property: "repository", kind, address, error: notFound(address) }];
    },
  },
  {
    type: "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember",
    api: "dns",
    seconds: 4,
    resource: zoneOf,
    needs: (inputs, cloud) => {
      const address = zoneOf(inputs, cloud);
      const kind = "gcp:dns/managedZone:ManagedZone";
      return [{ property: "managedZone", kind, address, error: notFound(address) }];
    },
  },
  {
    type: "gcp:secretmanager/secretIamMember:SecretIamMember",
    api: "secretmanager",
    seconds: 4,
    resource: (inputs, cloud) =>
      `projects/${projectOf(inputs, cloud)}/secrets/${lastPart(text(inputs, "secretId"))}`,
    needs: (inputs, cloud) => {
      const address = `projects/${projectOf(inputs, cloud)}/secrets/${lastPart(text(inputs, "secretId"))}`;
      return [
        { property: "secretId", kind: "gcp:secretmanager/secret:Secret", address, error: notFound(address) },
      ];
    },
  },
];

function repositoryOf(inputs: Properties, cloud: CloudView): string {
  const location = text(inputs, "location") || regionOf(inputs, cloud);
  return `projects/${projectOf(inputs, cloud)}/locations/${location}/repositories/${lastPart(text(inputs, "repository"))}`;
}

function zoneOf(inputs: Properties, cloud: CloudView): string {
  return `projects/${projectOf(inputs, cloud)}/managedZones/${lastPart(text(inputs, "managedZone"))}`;
}

export const iamModels: readonly ResourceModel[] = kinds.map(policyMember);
