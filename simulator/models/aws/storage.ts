import { CloudError, type CloudView, type Properties, type ResourceModel } from "../model";
import { flag, hidden, regionOf, text } from "./values";

/** Type of buckets. */
export const BUCKET = "aws:s3/bucket:Bucket";
/** Kind of an object in a bucket with all its versions, which no program makes. */
export const OBJECT = "aws:hidden/s3Object";

/** What S3 answers for a bucket that is not there; the provider tries again for two minutes. */
export const noBucket = (bucket: string) =>
  new CloudError("NoSuchBucket", `The specified bucket does not exist: ${bucket}`, 120);

/** Hosted zones of S3 website endpoints: made up, nothing here uses them. */
const bucketZone = "Z3AQBSTGFYJSTF";

const bucket: ResourceModel = {
  type: BUCKET,
  durations: { create: 2, delete: 1, source: "published deployment logs: 0 to 6 s" },
  id: (inputs) => text(inputs, "bucket"),
  // One name in all of AWS, whoever has it.
  uniqueName: (inputs) => `global:${text(inputs, "bucket")}`,
  nameTaken: () =>
    new CloudError(
      "BucketAlreadyExists",
      "The requested bucket name is not available. The bucket namespace is shared by all users of the system. " +
        "Please select a different name and try again.",
    ),
  check: (inputs) =>
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text(inputs, "bucket") || "abc")
      ? []
      : [
          {
            property: "bucket",
            reason: "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens",
          },
        ],
  outputs: (inputs, cloud, id) => {
    const region = regionOf(inputs, cloud);
    return {
      arn: `arn:aws:s3:::${id}`,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
      bucketRegion: region,
      hostedZoneId: bucketZone,
      requestPayer: "BucketOwner",
      websiteDomain: "",
      websiteEndpoint: "",
      objectLockEnabled: flag(inputs, "objectLockEnabled"),
      bucketNamespace: "global",
    };
  },
  blockers: ({ id, properties }, cloud) =>
    objectsIn(cloud, id).length > 0 && !flag(properties, "forceDestroy")
      ? [
          new CloudError(
            "BucketNotEmpty",
            isVersioned(cloud, id)
              ? `The bucket ${id} you tried to delete is not empty. You must delete all versions in the bucket.`
              : `The bucket ${id} you tried to delete is not empty`,
          ),
        ]
      : [],
  deleting: ({ id }, cloud) => {
    for (const object of objectsIn(cloud, id)) cloud.remove(OBJECT, object.id);
  },
};

const objectsIn = (cloud: CloudView, name: string) =>
  cloud.list(OBJECT, ({ properties }) => properties["bucket"] === name);

function isVersioned(cloud: CloudView, name: string): boolean {
  const versioning = cloud.find("aws:s3/bucketVersioning:BucketVersioning", name);
  return text(versioning?.properties ?? {}, "versioningConfiguration.status") === "Enabled";
}

/** Somebody writes an object: the application, Litestream, S3's own log delivery. */
export function putObject(cloud: CloudView, name: string, key: string, content = ""): void {
  const id = `${name}/${key}`;
  const before = cloud.list(OBJECT, (object) => object.id === id)[0];
  const versions = isVersioned(cloud, name) ? Number(before?.properties["versions"] ?? 0) + 1 : 1;
  cloud.put(hidden(cloud, OBJECT, id, { bucket: name, key, content, versions, live: true }));
}

/** Somebody deletes an object. Of a versioned bucket its versions stay, and hold the bucket. */
export function deleteObject(cloud: CloudView, name: string, key: string): void {
  const id = `${name}/${key}`;
  const before = cloud.list(OBJECT, (object) => object.id === id)[0];
  if (!before) return;
  if (isVersioned(cloud, name)) cloud.put({ ...before, properties: { ...before.properties, live: false } });
  else cloud.remove(OBJECT, id);
}

/** The text of an object that is there and not deleted. */
export function readObject(cloud: CloudView, name: string, key: string): string | undefined {
  const object = cloud.list(OBJECT, ({ id }) => id === `${name}/${key}`)[0];
  return object?.properties["live"] === true ? text(object.properties, "content") : undefined;
}

/** The bucket that a setting belongs to. */
export const bucketOf = (inputs: Properties) => ({ kind: BUCKET, address: text(inputs, "bucket") });

/** Buckets; their settings are in `storage-settings.ts`. */
export const storageModels: readonly ResourceModel[] = [bucket];
