import { CloudError, type CloudObject, type CloudView, type ResourceModel } from "../model";
import {
  alreadyExists,
  apiNeeds,
  computeLink,
  HIDDEN,
  inUse,
  labelOutputs,
  projectOf,
  regionOf,
  text,
  texts,
  timestamp,
} from "./common";
import { COMPUTE_POLL } from "./network";
import { quotaOf } from "./quotas";

export const ADDRESS = "gcp:compute/address:Address";

/** Id of a regional address given by name, id or link. */
export function addressId(address: string, project: string, region: string): string {
  const match = /projects\/[^/]+\/regions\/[^/]+\/addresses\/[^/]+$/.exec(address);
  return match ? match[0] : `projects/${project}/regions/${region}/addresses/${address}`;
}

/** What uses an address: forwarding rules that listen on it, NAT gateways that send from it. */
function usersOf(object: CloudObject, cloud: CloudView): CloudObject[] {
  const [, project = "", , region = ""] = object.id.split("/");
  const ip = object.properties["address"];
  return [
    ...cloud.list(HIDDEN.forwardingRule, ({ properties }) => properties["IPAddress"] === ip),
    ...cloud.list("gcp:compute/routerNat:RouterNat", ({ properties }) =>
      texts(properties, "natIps").some((nat) => addressId(nat, project, region) === object.id),
    ),
  ];
}

/** A public address out of Google's ranges, different for every thing that asks. */
export function publicAddress(cloud: CloudView): string {
  const part = () => 1 + (parseInt(cloud.hex(4), 16) % 254);
  return `34.${part()}.${part()}.${part()}`;
}

const address: ResourceModel = {
  type: ADDRESS,
  durations: { create: 11, update: 11, delete: 11, source: COMPUTE_POLL },
  id: (inputs, cloud) => addressId(text(inputs, "name"), projectOf(inputs, cloud), regionOf(inputs, cloud)),
  uniqueName: (inputs, cloud) =>
    `${projectOf(inputs, cloud)}/${regionOf(inputs, cloud)}:${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`addresses/${text(inputs, "name")}`),
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "compute"),
  accept: (inputs, cloud) => {
    const [project, region] = [projectOf(inputs, cloud), regionOf(inputs, cloud)];
    const limit = quotaOf(cloud, "STATIC_ADDRESSES", project, region);
    const prefix = addressId("", project, region);
    if (cloud.list(ADDRESS, ({ id }) => id.startsWith(prefix)).length >= limit)
      throw new CloudError(
        "quotaExceeded",
        `Error 403: Quota 'STATIC_ADDRESSES' exceeded.  Limit: ${limit}.0 in region ${region}., quotaExceeded`,
      );
  },
  outputs: (inputs, cloud, id) => ({
    project: projectOf(inputs, cloud),
    region: regionOf(inputs, cloud),
    address: text(inputs, "address") || publicAddress(cloud),
    addressId: 0,
    creationTimestamp: timestamp(cloud),
    labelFingerprint: cloud.hex(8),
    networkTier: text(inputs, "networkTier") || "PREMIUM",
    prefixLength: 0,
    purpose: "",
    selfLink: computeLink(id),
    subnetwork: "",
    users: [],
    ...labelOutputs(inputs),
  }),
  blockers: (object, cloud) => usersOf(object, cloud).map((user) => inUse(object.id, user.id, "address")),
};

export const addressModels: readonly ResourceModel[] = [address];
