import type { RecordedResource } from "../../preview/engine";
import { at, blocksAt, numberAt, textAt } from "../../preview/report/query";
import { type Book, regionOf } from "../book";
import { HOURS } from "../model";
import { nodeHours } from "../pools";
import { freeTier } from "../prices";
import { regionOfPlace } from "./nodes";

const WHERE = { cloud: "gcp" } as const;

/** Days a log is kept for its price of arrival (Cloud Logging pricing). */
const LOG_DAYS = 30;

/** True for a place that is one zone: `europe-west4-a`. */
function isZone(place: string): boolean {
  return /^[a-z]+-[a-z]+\d+-[a-z]$/.test(place);
}

/** The management fee, and the credit a billing account has on one zonal or Autopilot cluster. */
export function priceClusters(of: readonly RecordedResource[], book: Book): void {
  for (const cluster of of) {
    const place = textAt(cluster, "location");
    const region = place === undefined ? regionOf(book.plan, cluster) : regionOfPlace(place);
    const extended = textAt(cluster, "releaseChannel.channel") === "EXTENDED";
    const autopilot = at(cluster, "enableAutopilot") === true;
    if (autopilot) book.cannotPrice("pods of Autopilot", `gcp Autopilot in ${region}`, [cluster]);
    const price = book.add({
      group: "control plane",
      what: "GKE control plane",
      of: [cluster],
      ...WHERE,
      region,
      key: "gke.cluster",
      quantity: HOURS,
      basis: extended ? `${nodeHours(1)}; more once its version leaves standard support` : nodeHours(1),
    });
    if (!price) continue;
    if (extended) extendedSupport(cluster, region, price.amount, book);
    const credit = freeTier("gcp", "gke.cluster");
    if (credit?.creditUsd === undefined || !(autopilot || (place !== undefined && isZone(place)))) continue;
    book.credits.push({
      what: "credit on the management fee of one zonal cluster",
      per: "billing account",
      amount: Math.min(credit.creditUsd, price.amount * HOURS),
      managementFee: true,
      date: credit.date,
      source: credit.source,
    });
  }
}

function extendedSupport(
  cluster: RecordedResource,
  region: string | undefined,
  fee: number,
  book: Book,
): void {
  book.add({
    group: "control plane",
    what: "extended support, once standard support has ended",
    of: [cluster],
    ...WHERE,
    region,
    key: "gke.extendedSupport.surcharge",
    quantity: 0,
    most: HOURS,
    basis: `none while in standard support, on top of ${fee} then`,
  });
}

/** What lies in the buckets, by where they lie: a region, two of them, or a multi-region. */
export function priceBuckets(of: readonly RecordedResource[], book: Book): void {
  const logTargets = new Set(of.map((one) => textAt(one, "logging.logBucket")));
  for (const bucket of of) {
    const place = (textAt(bucket, "location") ?? "").toLowerCase();
    const takesLogs = logTargets.has(textAt(bucket, "name") ?? "");
    const gb = takesLogs ? book.assumptions.accessLogGb : book.assumptions.dataGb;
    const kind = place.includes("-") ? "" : /^(nam|eur|asia)\d/.test(place) ? "dualRegion." : "multiRegion.";
    const storage = (textAt(bucket, "storageClass") ?? "STANDARD").toLowerCase();
    book.add({
      group: "buckets",
      what: `${textAt(bucket, "name") ?? bucket.name}, stored`,
      of: [bucket],
      ...WHERE,
      // The price of a multi-region stands with the regions inside it.
      region: kind === "" ? place : regionOf(book.plan, bucket),
      key: `gcs.${kind}${storage}.gb`,
      quantity: gb,
      basis: `assumed ${gb} GiB`,
      fixed: false,
    });
  }
}

/** Images of all repositories together: assumed. */
export function priceRepositories(of: readonly RecordedResource[], book: Book): void {
  const { imagesGb } = book.assumptions;
  book.add({
    group: "images",
    what: "images in Artifact Registry",
    of,
    ...WHERE,
    region: textAt(of[0]!, "location") ?? regionOf(book.plan, of[0]!),
    key: "artifactRegistry.gb",
    quantity: imagesGb,
    basis: `assumed ${imagesGb} GiB`,
    fixed: false,
  });
  book.free("gcp", "artifactRegistry.gb", "first 0.5 GiB of images", "billing account");
}

/** Versions of secrets, one for each place they are kept in. */
export function priceSecretVersions(of: readonly RecordedResource[], book: Book): void {
  const places = of.reduce((sum, version) => sum + copies(version, book), 0);
  book.add({
    group: "keys and secrets",
    what: "secrets in Secret Manager",
    of,
    ...WHERE,
    region: regionOf(book.plan, of[0]!),
    key: "secretManager.version.month",
    quantity: places,
    basis: `${places} × a month, one a version and place`,
  });
  book.free("gcp", "secretManager.version.month", "first 6 versions of secrets", "billing account");
}

/** Places named count each; a secret that Google places counts once. */
function copies(version: RecordedResource, book: Book): number {
  const secret = (version.propertyDependencies["secret"] ?? []).map((urn) => book.plan.byUrn(urn))[0];
  return Math.max(1, secret ? blocksAt(secret, "replication.userManaged.replicas").length : 0);
}

/** Managed zones by the month. */
export function priceZones(of: readonly RecordedResource[], book: Book): void {
  book.add({
    group: "names",
    what: "DNS zones in Cloud DNS",
    of,
    ...WHERE,
    region: regionOf(book.plan, of[0]!),
    key: "dns.zone.month",
    quantity: of.length,
    basis: `${of.length} × a month`,
  });
}

/** Log stores: what arrives, and what is kept past thirty days. */
export function priceLogStores(of: readonly RecordedResource[], book: Book): void {
  for (const store of of) {
    const isFlow = /flow/.test(textAt(store, "bucketId") ?? store.name);
    const gb = isFlow ? book.assumptions.flowLogsGb : book.assumptions.logsGb;
    const common = {
      group: "logs",
      of: [store],
      ...WHERE,
      region: textAt(store, "location") ?? regionOf(book.plan, store),
      fixed: false,
    } as const;
    const what = isFlow ? "network flow logs" : "logs of cluster and pods";
    const basis = `assumed ${gb} GiB written`;
    book.add({ ...common, what, key: "logging.ingest.gb", quantity: gb, basis });
    const beyond = Math.max(0, (numberAt(store, "retentionDays") ?? LOG_DAYS) - LOG_DAYS) / LOG_DAYS;
    if (beyond === 0) continue;
    book.add({
      ...common,
      what: `${what}, kept past ${LOG_DAYS} days`,
      key: "logging.retention.gb",
      quantity: gb * beyond,
      basis: `${basis}, ${Math.round(beyond * LOG_DAYS)} days more`,
    });
  }
  book.free("gcp", "logging.ingest.gb", "first 50 GiB of logs", "project");
}

/** Scheduled jobs, whether they run or are paused. */
export function priceJobs(of: readonly RecordedResource[], book: Book): void {
  book.add({
    group: "budget and schedule",
    what: "jobs of Cloud Scheduler",
    of,
    ...WHERE,
    region: textAt(of[0]!, "region") ?? regionOf(book.plan, of[0]!),
    key: "scheduler.job.month",
    quantity: of.length,
    basis: `${of.length} × a month`,
  });
  book.free("gcp", "scheduler.job.month", "first 3 scheduled jobs", "billing account");
}
