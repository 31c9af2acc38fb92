import type { CloudObject, InvokeModel } from "../model";
import { ACCOUNT, accountId, CUSTOM_ROLE } from "./accounts";
import { lastPart, projectNumber, projectOf, text } from "./common";
import { BUCKET } from "./storage";
import { ZONE } from "./dns";
import { CLUSTER } from "./cluster";
import { zonesOf } from "./nodes";
import { ADDRESS, addressId } from "./addresses";

/** Answers with the properties of a thing, and fails as the provider does where there is none. */
function found(object: CloudObject | undefined, what: string) {
  if (!object) throw new Error(`${what} not found`);
  return { ...object.properties, id: object.id };
}

/**
 * Functions of the provider by which a program finds what exists. In the offline preview nothing exists: lists are
 * empty, and what asks for one thing by name is answered with its name alone.
 */
export const gcpInvokes: Readonly<Record<string, InvokeModel>> = {
  "gcp:serviceaccount/getAccount:getAccount": (args, cloud) => {
    const named = text(args, "accountId");
    if (!cloud) return { accountId: named };
    const email = named.includes("@")
      ? lastPart(named)
      : `${named}@${projectOf(args, cloud)}.iam.gserviceaccount.com`;
    return found(cloud.find(ACCOUNT, accountId(email)), `service account ${email}`);
  },
  "gcp:serviceaccount/getS:getS": (args, cloud) => ({
    accounts: cloud
      ? cloud
          .list(ACCOUNT, ({ id }) => id.startsWith(`projects/${projectOf(args, cloud)}/`))
          .map(({ properties }) => ({ ...properties }))
      : [],
  }),
  "gcp:storage/getBucket:getBucket": (args, cloud) =>
    cloud
      ? found(cloud.find(BUCKET, text(args, "name")), `bucket ${text(args, "name")}`)
      : { name: text(args, "name") },
  "gcp:storage/getBuckets:getBuckets": (args, cloud) => ({
    buckets: cloud
      ? cloud
          .list(BUCKET, ({ properties }) => text(properties, "project") === projectOf(args, cloud))
          .filter(({ id }) => id.startsWith(text(args, "prefix")))
          .map(({ id, properties }) => ({
            name: id,
            location: text(properties, "location"),
            storageClass: text(properties, "storageClass"),
            selfLink: text(properties, "selfLink"),
            labels: properties["effectiveLabels"] ?? {},
          }))
      : [],
  }),
  "gcp:iam/getRoles:getRoles": (args, cloud) => ({
    roles: cloud
      ? cloud
          .list(CUSTOM_ROLE, ({ id }) => id.startsWith(`projects/${projectOf(args, cloud)}/`))
          .map(({ id }) => ({ name: id }))
      : [],
  }),
  "gcp:dns/getManagedZone:getManagedZone": (args, cloud) => {
    const name = text(args, "name");
    if (!cloud) return { name };
    return found(cloud.find(ZONE, `projects/${projectOf(args, cloud)}/managedZones/${name}`), `zone ${name}`);
  },
  "gcp:compute/getAddress:getAddress": (args, cloud) => {
    const name = text(args, "name");
    if (!cloud) return { name };
    const region = text(args, "region") || cloud.region;
    return found(cloud.find(ADDRESS, addressId(name, projectOf(args, cloud), region)), `address ${name}`);
  },
  "gcp:container/getCluster:getCluster": (args, cloud) => {
    const name = text(args, "name");
    if (!cloud) return { name };
    const id = `projects/${projectOf(args, cloud)}/locations/${text(args, "location")}/clusters/${name}`;
    return found(cloud.find(CLUSTER, id), `cluster ${name}`);
  },
  "gcp:compute/getZones:getZones": (args, cloud) => ({
    names: cloud ? [...zonesOf(text(args, "region") || cloud.region, [])] : [],
  }),
  "gcp:organizations/getProject:getProject": (args, cloud) => {
    const projectId = text(args, "projectId") || (cloud?.project ?? "");
    return { projectId, id: `projects/${projectId}`, name: projectId, number: projectNumber(projectId) };
  },
  "gcp:organizations/getClientConfig:getClientConfig": (_args, cloud) => ({
    project: cloud?.project ?? "",
    region: cloud?.region ?? "",
    accessToken: cloud ? "ya29.simulated" : "",
  }),
};
