import type { RecordedResource } from "../engine";
import { accessBy } from "./access/aws";
import type { ExposureReport } from "./exposure";
import { isBinding, isEverybody, membersOf } from "./grants/gcp";
import { at, type Query, textAt } from "./query";
import { ANYONE } from "./words";

/** Who comes in where only a policy is missing. */
export const CAREFUL = `${ANYONE}, where a policy lets them`;

/** Buckets, keys and secrets that are open to everybody, or no longer kept from becoming so. */
export function findOpenStores(query: Query): ExposureReport[] {
  return [...unblocked(query), ...unprevented(query), ...openByPolicy(query)];
}

/** The four switches of a block of public access (Amazon S3 User Guide, "Blocking public access"). */
export const PUBLIC_ACCESS = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
] as const;

/** The block of a bucket. */
export const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

function unblocked(query: Query): ExposureReport[] {
  return query.ofType(BLOCK, "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock").flatMap((block) => {
    const off = PUBLIC_ACCESS.filter((key) => at(block, key) !== true);
    if (off.length === 0) return [];
    const what = `${bucketOf(query, block)}, public access not blocked (${off.join(", ")})`;
    return [{ what, who: CAREFUL, internet: true, urn: block.urn }];
  });
}

function bucketOf(query: Query, block: RecordedResource): string {
  const name = textAt(block, "bucket");
  if (name !== undefined) return `bucket ${name}`;
  const [urn] = block.propertyDependencies["bucket"] ?? [];
  const bucket = urn === undefined ? undefined : query.byUrn(urn);
  return bucket ? `bucket ${textAt(bucket, "bucket") ?? bucket.name}` : `buckets by ${block.name}`;
}

function unprevented(query: Query): ExposureReport[] {
  return query
    .ofType("gcp:storage/bucket:Bucket")
    .filter((bucket) => textAt(bucket, "publicAccessPrevention") !== "enforced")
    .map((bucket) => ({
      what: `bucket ${textAt(bucket, "name") ?? bucket.name}, public access not prevented`,
      who: CAREFUL,
      internet: true,
      urn: bucket.urn,
    }));
}

function openByPolicy(query: Query): ExposureReport[] {
  const open = query.resources.flatMap((resource) =>
    accessBy(query, resource)
      .filter(({ effect, who }) => effect === "allow" && who === ANYONE)
      .map(({ resources }) => ({ what: resources.join(", "), urn: resource.urn })),
  );
  const members = query.resources.filter((one) => isBinding(one) && membersOf(query, one).some(isEverybody));
  const targets = ["bucket", "secretId", "cryptoKeyId", "repository", "serviceAccountId", "project"] as const;
  const named = members.map((one) => {
    const target = targets.map((key) => textAt(one, key)).find((name) => name !== undefined) ?? one.name;
    return { what: target.split("/").at(-1)!, urn: one.urn };
  });
  return [...open, ...named].map(({ what, urn }) => ({
    what: `${what}, by its policy`,
    who: ANYONE,
    internet: true,
    urn,
  }));
}
