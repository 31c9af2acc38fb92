/**
 * How often stored data is read, in words that mean the same on every cloud. Each cloud maps an intent to a
 * storage class whose objects can be read at once: a mount cannot wait for a restore, so S3 Glacier and Deep
 * Archive are never used for one.
 *
 * | intent | minimum days billed (GCS / S3) |
 * |---|---|
 * | hot | none |
 * | infrequent | 30 / 30 |
 * | cold | 90 / 90 |
 * | archive | 365 / 90 |
 * | auto | none; a fee per object for watching it |
 *
 * @requirement S2
 */
export const storageIntents = ["hot", "infrequent", "cold", "archive", "auto"] as const;

/** One of {@link storageIntents}. */
export type StorageIntent = (typeof storageIntents)[number];
