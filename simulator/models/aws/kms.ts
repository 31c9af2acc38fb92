import { CloudError, type CloudView, type ReferenceNeed, type ResourceModel } from "../model";
import { arn, flag, hidden, number, regional, regionOf, text, uuid } from "./values";

/** Type of keys. */
export const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";
/** Kind of a key that waits for the end of its window: nothing can be decrypted with it, but it can be restored. */
export const PENDING_KEY = "aws:hidden/kmsKeyPendingDeletion";

/** Deleting a key only schedules its end; what it encrypted cannot be read from that second on. */
const key: ResourceModel = {
  type: KEY,
  durations: { create: 20, delete: 2, source: "estimate: 10 to 30 s, most of it the wait for the policy" },
  id: (inputs, cloud) => (flag(inputs, "multiRegion") ? `mrk-${cloud.hex(32)}` : uuid(cloud)),
  check: (inputs) => {
    const days = number(inputs, "deletionWindowInDays", 30);
    return days >= 7 && days <= 30
      ? []
      : [{ property: "deletionWindowInDays", reason: "a window of 7 to 30 days is taken" }];
  },
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "kms", regionOf(inputs, cloud), `key/${id}`),
    keyId: id,
    multiRegion: flag(inputs, "multiRegion"),
    policy:
      text(inputs, "policy") ||
      JSON.stringify({
        Version: "2012-10-17",
        Id: "key-default-1",
        Statement: [
          {
            Sid: "Enable IAM User Permissions",
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${cloud.account}:root` },
            Action: "kms:*",
            Resource: "*",
          },
        ],
      }),
    ...(flag(inputs, "enableKeyRotation") && {
      rotationPeriodInDays: number(inputs, "rotationPeriodInDays", 365),
    }),
  }),
  deleting: ({ id, properties }, cloud) => {
    const days = number(properties, "deletionWindowInDays", 30);
    const goneAt = cloud.now() + days * 86_400;
    cloud.put(hidden(cloud, PENDING_KEY, id, { arn: text(properties, "arn"), keyId: id, days, goneAt }));
    // Its aliases stay on the key until it is gone, but one resource each has them in the state.
  },
};

const alias: ResourceModel = {
  type: ALIAS,
  durations: { create: 1, delete: 1, source: "published deployment logs: seconds" },
  id: (inputs) => text(inputs, "name"),
  uniqueName: (inputs, cloud) => regional(inputs, cloud, text(inputs, "name")),
  nameTaken: (inputs) =>
    new CloudError("AlreadyExistsException", `An alias with the name ${text(inputs, "name")} already exists`),
  check: (inputs) =>
    /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/.test(text(inputs, "name") || "alias/x")
      ? []
      : [
          {
            property: "name",
            reason: 'must begin with "alias/", not with "alias/aws/", and hold letters, digits and /_-',
          },
        ],
  needs: (inputs, cloud) => keyNeeds(text(inputs, "targetKeyId"), "targetKeyId", cloud),
  outputs: (inputs, cloud, id) => ({
    arn: arn(cloud, "kms", regionOf(inputs, cloud), id),
    targetKeyArn: text(cloud.find(KEY, text(inputs, "targetKeyId"))?.properties ?? {}, "arn"),
  }),
};

/** The need of a key by id, ARN or alias; none for an empty address. A key that is to be deleted does not do. */
export function keyNeeds(address: string, property: string, cloud: CloudView): ReferenceNeed[] {
  if (address === "") return [];
  const pending = cloud.find(PENDING_KEY, address);
  const error = pending
    ? new CloudError("KMSInvalidStateException", `${text(pending.properties, "arn")} is pending deletion.`)
    : new CloudError("NotFoundException", `Key '${address}' does not exist`);
  const kind = /(^|:)alias\//.test(address) ? ALIAS : KEY;
  return [{ property, kind, address, error }];
}

/** Keys and their names. */
export const kmsModels: readonly ResourceModel[] = [key, alias];
