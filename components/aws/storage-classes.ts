import type * as aws from "@pulumi/aws";
import { SIGNS_OF_LIFE, SIGNS_OF_LIFE_DAYS } from "../naming";
import type { StorageIntent } from "../storage-intents";

/**
 * The S3 class for each intent. Cold and archived data go to Glacier Instant Retrieval: the other Glacier classes
 * need hours before an object can be read, which a mount cannot wait for.
 *
 * @requirement S2
 */
export const storageClasses: Readonly<Record<StorageIntent, string>> = {
  hot: "STANDARD",
  infrequent: "STANDARD_IA",
  cold: "GLACIER_IR",
  archive: "GLACIER_IR",
  auto: "INTELLIGENT_TIERING",
};

/** Days before which S3 moves nothing to STANDARD_IA; kept for every class, below which a move never pays. */
const DAYS_BEFORE_TRANSITION = 30;

/** Days after which an upload that was never finished is dropped: its parts are billed and invisible. */
const DAYS_OF_UNFINISHED_UPLOADS = 7;

type Rule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/**
 * Rules of a versioned bucket: replaced and deleted objects are kept for `keepDays`, in the class of the intent
 * from the thirtieth day on where they live long enough for that.
 */
export function versionRules(keepDays: number, intent: StorageIntent): Rule[] {
  const moves = intent !== "hot" && keepDays > DAYS_BEFORE_TRANSITION;
  return [
    {
      id: "noncurrent-versions",
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: { noncurrentDays: keepDays },
      noncurrentVersionTransitions: moves
        ? [{ noncurrentDays: DAYS_BEFORE_TRANSITION, storageClass: storageClasses[intent] }]
        : undefined,
      expiration: { expiredObjectDeleteMarker: true },
    },
    unfinishedUploads,
  ];
}

/**
 * Rules of a bucket that holds the database's copies: those of versions, and signs of life end. Nothing else that is
 * live ends by its age: a database in which nothing changes writes no newer copy.
 */
export function databaseRules(keepDays: number, intent: StorageIntent): Rule[] {
  const signsOfLife: Rule = {
    id: "signs-of-life",
    status: "Enabled",
    filter: { prefix: SIGNS_OF_LIFE },
    expiration: { days: SIGNS_OF_LIFE_DAYS },
  };
  return [...versionRules(keepDays, intent), signsOfLife];
}

/** Rules of a bucket whose objects themselves end, such as logs. */
export function expiryRules(days: number): Rule[] {
  return [
    {
      id: "expire",
      status: "Enabled",
      filter: {},
      expiration: { days },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    },
    unfinishedUploads,
  ];
}

const unfinishedUploads: Rule = {
  id: "unfinished-uploads",
  status: "Enabled",
  filter: {},
  abortIncompleteMultipartUpload: { daysAfterInitiation: DAYS_OF_UNFINISHED_UPLOADS },
};
