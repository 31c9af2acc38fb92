import { storageIntents } from "../storage-intents";
import { expiryRules, storageClasses, versionRules } from "./storage-classes";

test("[S2] each intent has an S3 class that is read at once", () => {
  expect(storageClasses).toEqual({
    hot: "STANDARD",
    infrequent: "STANDARD_IA",
    cold: "GLACIER_IR",
    archive: "GLACIER_IR",
    auto: "INTELLIGENT_TIERING",
  });
});

test.each(storageIntents.filter((intent) => intent !== "hot"))(
  "[S1] old versions of a bucket for %s move on the thirtieth day and end on the ninetieth",
  (intent) => {
    expect(versionRules(90, intent)[0]).toEqual({
      id: "noncurrent-versions",
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: { noncurrentDays: 90 },
      noncurrentVersionTransitions: [{ noncurrentDays: 30, storageClass: storageClasses[intent] }],
      expiration: { expiredObjectDeleteMarker: true },
    });
  },
);

test("nothing moves that is hot, or that ends by the day it would move: S3 refuses such a rule", () => {
  expect(versionRules(90, "hot")[0]!.noncurrentVersionTransitions).toBeUndefined();
  expect(versionRules(30, "cold")[0]!.noncurrentVersionTransitions).toBeUndefined();
  expect(versionRules(31, "cold")[0]!.noncurrentVersionTransitions).toHaveLength(1);
});

test("unfinished uploads go after a week in every bucket, and logs when their days are over", () => {
  const unfinished = { abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } };
  expect(versionRules(7, "hot")[1]).toMatchObject(unfinished);
  expect(expiryRules(14)).toEqual([
    expect.objectContaining({ expiration: { days: 14 }, noncurrentVersionExpiration: { noncurrentDays: 1 } }),
    expect.objectContaining(unfinished),
  ]);
});
