import { z } from "zod";
import type { CmbCluster } from "../cmb-cluster";
import { DATA_DIRECTORY, DATABASE_FILE, UPLOADS_DIRECTORY } from "./environment";
import { names } from "./names";
import type { ApplicationSettings, PlatformFacts } from "./settings";

const label = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const path = z.string().regex(/^\//);
const positive = z.int().min(1).max(1_000_000);
const amounts = z.strictObject({
  cpu: z.string().regex(/^\d+m$/),
  memory: z.string().regex(/^\d+Mi$/),
});
const resources = z.strictObject({ requests: amounts, limits: amounts });

/** The chart's `database`: the volume, and the copies in the bucket. */
export const databaseValues = z.strictObject({
  claim: label.describe("Name of the claim, which outlives the release"),
  storageClass: label.describe("Block storage: a database on a mounted bucket is lost"),
  sizeGi: positive.describe("GiB; can grow, never shrink"),
  directory: path.describe("Where the volume is mounted in the backend"),
  file: path.describe("The database's file, on that volume"),
  uploads: path.describe("Folder of uploaded files, on that volume: copied with the database"),
  copies: z
    .strictObject({
      url: z
        .string()
        .regex(/^[a-z][a-z0-9]+:\/\/[a-z0-9][a-z0-9._-]+$/)
        .describe("The database bucket: its scheme says which protocol it speaks"),
      region: z.string().describe("Region of an S3 bucket; not looked at for Cloud Storage"),
      image: z.string().describe("Litestream's image, from the stack's own registry"),
      keeper: label.describe("Name of the ConfigMap with the keeper's program"),
      ports: z.strictObject({ litestream: positive.max(65535), keeper: positive.max(65535) }),
      syncMilliseconds: positive.describe(
        "Between two copies of what changed: what the loss of a node costs",
      ),
      beatSeconds: positive.describe("Between two signs of life in the bucket while nothing is written"),
      leaseSeconds: positive.describe(
        "Silence after which an owner is taken for dead; a start waits as long",
      ),
      snapshotMinutes: positive.describe(
        "Between two full copies; a restore reads one and all changes since",
      ),
      acceptEpoch: z
        .int()
        .min(0)
        .describe("Epoch of a volume that is to be used although a later one exists elsewhere; 0: none"),
      resources: z.strictObject({ litestream: resources, keeper: resources }),
    })
    .describe("Continuous copies in the database bucket, and the only way back from them"),
});

/**
 * A loss may cost a second: what is written waits for the next look of Litestream, and then as long again for the
 * upload.
 */
const SYNC_MILLISECONDS = 400;
const BEAT_SECONDS = 15;
/** Three beats: two may go astray. Compared with no clock (`app-chart/files/keeper/ownership.py`). */
const LEASE_SECONDS = 45;

/**
 * What the two containers beside the backend request, counted by `infra/config/capacity`. Estimates with room to spare:
 * no test runs the two in a pod. The keeper's are mostly the clouds' Python libraries.
 */
export const copyResources = {
  litestream: {
    requests: { cpu: "20m", memory: "128Mi" },
    limits: { cpu: "500m", memory: "384Mi" },
  },
  keeper: {
    requests: { cpu: "20m", memory: "128Mi" },
    limits: { cpu: "500m", memory: "256Mi" },
  },
} as const;

/**
 * The chart's values of the database: where its volume is, and where its copies go.
 *
 * @requirement S5
 */
export function databaseChartValues(
  cluster: Pick<CmbCluster, "buckets" | "place" | "registry">,
  platform: Pick<PlatformFacts, "storageClass">,
  { database }: Pick<ApplicationSettings, "database">,
) {
  return {
    claim: names.databaseClaim,
    storageClass: platform.storageClass,
    sizeGi: database.volumeGb,
    directory: DATA_DIRECTORY,
    file: DATABASE_FILE,
    uploads: UPLOADS_DIRECTORY,
    copies: {
      url: cluster.buckets.database.url,
      region: cluster.place.region,
      image: cluster.registry.mirrors.litestream,
      keeper: names.keeper,
      ports: { litestream: 9090, keeper: 9091 },
      syncMilliseconds: SYNC_MILLISECONDS,
      beatSeconds: BEAT_SECONDS,
      leaseSeconds: LEASE_SECONDS,
      snapshotMinutes: database.snapshotMinutes,
      acceptEpoch: database.acceptEpoch,
      resources: copyResources,
    },
  };
}
