import type { StorageIntent } from "../storage-intents";

/**
 * The Cloud Storage class for each intent. All of them are read at once, so a mount can use any; `AUTOCLASS` is
 * not a class but a switch of the bucket that moves each object by itself.
 *
 * @requirement S2
 */
export const storageClasses: Readonly<Record<StorageIntent, string>> = {
  hot: "STANDARD",
  infrequent: "NEARLINE",
  cold: "COLDLINE",
  archive: "ARCHIVE",
  auto: "AUTOCLASS",
};
