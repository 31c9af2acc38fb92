import { CloudError, type CloudObject, type CloudView, type Properties, type ResourceModel } from "../model";
import {
  apiNeeds,
  block,
  HIDDEN,
  labelOutputs,
  projectNumber,
  projectOf,
  putHidden,
  text,
  timestamp,
} from "./common";

export const BUCKET = "gcp:storage/bucket:Bucket";

/** Objects in a bucket, old versions among them. */
export function objectsIn(bucket: string, cloud: CloudView): CloudObject[] {
  return cloud.list(HIDDEN.bucketObject, ({ properties }) => properties["bucket"] === bucket);
}

/** Seconds for which deleted objects can be brought back; 0: not at all. */
function softDeleteSeconds(inputs: Properties): number {
  const seconds = block(inputs, "softDeletePolicy")["retentionDurationSeconds"];
  return typeof seconds === "number" ? seconds : 7 * DAY;
}

const DAY = 86_400;

/** Names of buckets are one space for the whole of Google; the answer tells only whether it is one's own. */
function nameTaken(holder: CloudObject, project: string): CloudError {
  const own = text(holder.properties, "project") === project;
  return new CloudError(
    "conflict",
    own
      ? "Error 409: Your previous request to create the named bucket succeeded and you already own it., conflict"
      : "Error 409: The requested bucket name is not available. The bucket namespace is shared by all users of the " +
          "system. Please select a different name and try again., conflict",
  );
}

function refuseBadRetention(inputs: Properties): void {
  const seconds = softDeleteSeconds(inputs);
  if (seconds === 0 || (seconds >= 7 * DAY && seconds <= 90 * DAY)) return;
  throw new CloudError(
    "invalid",
    `Error 400: Soft delete policy retention duration must be zero or between 7 and 90 days, not ${seconds} s, invalid`,
  );
}

const bucket: ResourceModel = {
  type: BUCKET,
  durations: { create: 2, update: 1, delete: 1, source: "published logs of deployments: 1 to 4 s" },
  id: (inputs) => text(inputs, "name"),
  uniqueName: (inputs) => `global:${text(inputs, "name")}`,
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "storage"),
  accept: (inputs, cloud) => {
    refuseBadRetention(inputs);
    const name = text(inputs, "name");
    const [holder] = cloud.list(BUCKET, ({ id }) => id === name);
    if (holder) throw nameTaken(holder, projectOf(inputs, cloud));
  },
  check: (inputs) => {
    const name = inputs["name"];
    const good = (text: string) =>
      /^[a-z0-9][-_.a-z0-9]{1,61}[a-z0-9]$/.test(text) && !/goog/.test(text.slice(0, 4));
    return typeof name === "string" && !good(name)
      ? [{ property: "name", reason: `${name} is no bucket name: 3 to 63 of a-z, 0-9, '-', '_' and '.'` }]
      : [];
  },
  outputs: (inputs, cloud, id) => ({
    project: projectOf(inputs, cloud),
    projectNumber: Number(projectNumber(projectOf(inputs, cloud))),
    url: `gs://${id}`,
    selfLink: `https://www.googleapis.com/storage/v1/b/${id}`,
    timeCreated: timestamp(cloud),
    updated: timestamp(cloud),
    publicAccessPrevention: text(inputs, "publicAccessPrevention") || "inherited",
    rpo: text(inputs, "rpo") || "DEFAULT",
    uniformBucketLevelAccess: inputs["uniformBucketLevelAccess"] ?? false,
    softDeletePolicy: {
      retentionDurationSeconds: softDeleteSeconds(inputs),
      effectiveTime: timestamp(cloud),
    },
    ...labelOutputs(inputs),
  }),
  updating: (_object, news) => refuseBadRetention(news),
  // The provider counts the objects, old versions as well, before it asks for anything.
  blockers: ({ id, properties }, cloud) =>
    properties["forceDestroy"] !== true && objectsIn(id, cloud).length > 0
      ? [
          new CloudError(
            "bucketNotEmpty",
            `Error trying to delete bucket ${id} without \`force_destroy\` set to true`,
          ),
        ]
      : [],
  // Google keeps what was in it for a while, and bills it; the name is free at once.
  deleting: ({ id, properties }, cloud) => {
    const objects = objectsIn(id, cloud);
    const seconds = softDeleteSeconds(properties);
    if (seconds > 0)
      putHidden(cloud, HIDDEN.tombstone, `${id}#${cloud.now()}`, {
        kind: BUCKET,
        objects: objects.length,
        untilSecond: cloud.now() + seconds,
      });
    for (const object of objects) cloud.remove(object.kind, object.id);
    const entries = "gcp:storage/bucketIAMMember:BucketIAMMember";
    for (const entry of cloud.list(entries, (each) => each.id.startsWith(`b/${id}/`)))
      cloud.remove(entries, entry.id);
  },
};

export const storageModels: readonly ResourceModel[] = [bucket];
