import type { Json } from "../../../preview/engine/values";
import { CloudError, type CloudObject, type CloudView, type Properties, type ReferenceNeed } from "../model";

/** Kinds that no program makes, which come with something else. */
export const HIDDEN = {
  /** An API that is switched on in a project; stays when the resource that asked for it goes. */
  api: "gcp:hidden/enabledApi",
  /** `<project>.svc.id.goog`; there from the project's first cluster with Workload Identity, for good. */
  identityPool: "gcp:hidden/identityPool",
  /** A custom role, service account, log bucket or storage bucket which Google has deleted but not forgotten. */
  tombstone: "gcp:hidden/tombstone",
  /** Something that runs on a cluster: at most one that concerns the whole, several on its pools. */
  operation: "gcp:hidden/operation",
  disk: "gcp:hidden/disk",
  instance: "gcp:hidden/instance",
  forwardingRule: "gcp:hidden/forwardingRule",
  backendService: "gcp:hidden/backendService",
  healthCheck: "gcp:hidden/healthCheck",
  firewall: "gcp:hidden/firewall",
  /** An object in a bucket, to be put there by tests and by the application's stand-in. */
  bucketObject: "gcp:hidden/bucketObject",
  /** A record in a managed zone that the program did not make. */
  recordSet: "gcp:hidden/recordSet",
} as const;

/** An input that has to be text; empty when it is absent. */
export function text(inputs: Properties, key: string): string {
  const value = inputs[key];
  return typeof value === "string" ? value : "";
}

/** A block of inputs; empty when it is absent. */
export function block(inputs: Properties, key: string): Properties {
  const value = inputs[key];
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

/** A list of inputs; empty when it is absent. */
export function list(inputs: Properties, key: string): readonly Json[] {
  const value = inputs[key];
  return Array.isArray(value) ? value : [];
}

/** The texts of a list. */
export function texts(inputs: Properties, key: string): string[] {
  return list(inputs, key).filter((item): item is string => typeof item === "string");
}

/** The blocks of a list. */
export function blocks(inputs: Properties, key: string): Properties[] {
  return list(inputs, key).filter(
    (item): item is { [key: string]: Json } =>
      item !== null && typeof item === "object" && !Array.isArray(item),
  );
}

/** The resource's own project, else the provider's. */
export function projectOf(inputs: Properties, cloud: CloudView): string {
  return text(inputs, "project") || cloud.project;
}

/** The resource's own region, else the provider's. */
export function regionOf(inputs: Properties, cloud: CloudView): string {
  return lastPart(text(inputs, "region")) || cloud.region;
}

/** What stands behind the last slash: names come as bare names, ids and links. */
export function lastPart(address: string): string {
  return address.slice(address.lastIndexOf("/") + 1);
}

/** A twelve-digit number that belongs to the project for ever. */
export function projectNumber(project: string): string {
  let number = 7n;
  for (const character of project)
    number = (number * 131n + BigInt(character.codePointAt(0)!)) % 900_000_000_000n;
  return String(100_000_000_000n + number);
}

/** A number as Google gives its things: nineteen digits. */
export function numericId(cloud: CloudView): string {
  return `1${(BigInt(`0x${cloud.hex(14)}`) % 10n ** 18n).toString().padStart(18, "0")}`;
}

/** A virtual second as Google writes times. */
export function timestamp(cloud: CloudView): string {
  return new Date(Date.UTC(2026, 0, 1) + cloud.now() * 1000).toISOString();
}

/** The address of a Compute Engine thing as it links to itself. */
export function computeLink(id: string): string {
  return `https://www.googleapis.com/compute/v1/${id}`;
}

/** Labels as a read answers them. The provider adds its default labels to `labels` beforehand. */
export function labelOutputs(inputs: Properties, key = "labels"): Properties {
  const labels = { ...block(inputs, "effectiveLabels"), ...block(inputs, key) };
  return { effectiveLabels: labels, pulumiLabels: labels };
}

/**
 * What the cloud answers to a call of an API that is off (google.rpc.ErrorInfo reason SERVICE_DISABLED). The
 * provider does not try it again: terraform-provider-google, google/transport/error_retry_predicates.go.
 */
function serviceDisabled(project: string, api: string): CloudError {
  const url = `https://console.developers.google.com/apis/api/${api}/overview?project=${project}`;
  return new CloudError(
    "SERVICE_DISABLED",
    `Error 403: ${api} has not been used in project ${project} before or it is disabled. Enable it by visiting ` +
      `${url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to ` +
      "our systems and retry., accessNotConfigured",
  );
}

/** Type of the resource that switches an API on. */
const SERVICE = "gcp:projects/service:Service";

/**
 * Needs: these APIs, by short name, switched on in the project. One that is on and that no resource stands for, or
 * that is on in every project, is no need.
 */
export function apiNeeds(cloud: CloudView, project: string, ...apis: readonly string[]): ReferenceNeed[] {
  return apis.flatMap((api) => {
    const service = `${api}.googleapis.com`;
    const address = `${project}/${service}`;
    const error = serviceDisabled(project, service);
    if (!cloud.find(HIDDEN.api, address)) return [{ property: "project", kind: HIDDEN.api, address, error }];
    return cloud.find(SERVICE, address) ? [{ property: "project", kind: SERVICE, address, error }] : [];
  });
}

/** Google's words for something that is not there. */
export function notFound(what: string): CloudError {
  return new CloudError("notFound", `Error 404: The resource '${what}' was not found, notFound`);
}

/** Google's words for a name that is taken. */
export function alreadyExists(what: string): CloudError {
  return new CloudError("alreadyExists", `Error 409: The resource '${what}' already exists, alreadyExists`);
}

/** Compute Engine's words for a thing that another one still uses. */
export function inUse(what: string, user: string, kind: string): CloudError {
  return new CloudError(
    "resourceInUseByAnotherResource",
    `Error 400: The ${kind} resource '${what}' is already being used by '${user}', resourceInUseByAnotherResource`,
  );
}

/** Puts a thing that comes with another. */
export function putHidden(
  cloud: CloudView,
  kind: string,
  id: string,
  properties: Properties = {},
): CloudObject {
  const object: CloudObject = {
    kind,
    id,
    place: cloud.place,
    status: "active",
    properties: { ...properties },
    visibleAt: cloud.now(),
    createdAt: cloud.now(),
  };
  cloud.put(object);
  return object;
}
