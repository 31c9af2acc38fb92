import type { RecordedResource } from "../../preview/engine";
import { at, textAt } from "../../preview/report/query";
import { type Book, regionOf } from "../book";
import type { CostGroup } from "../model";
import { HOURS } from "../model";
import { nodeHours } from "../pools";

const WHERE = { cloud: "aws" } as const;

/** The control plane. A cluster that may enter extended support costs six times the fee then. */
export function priceClusters(of: readonly RecordedResource[], book: Book): void {
  for (const cluster of of) {
    // AWS's default is extended support (EKS CreateCluster, upgradePolicy.supportType).
    const extended = (textAt(cluster, "upgradePolicy.supportType") ?? "EXTENDED") === "EXTENDED";
    const price = book.add({
      group: "control plane",
      what: "EKS control plane",
      of: [cluster],
      ...WHERE,
      region: regionOf(book.plan, cluster),
      key: "eks.cluster",
      quantity: HOURS,
      basis: extended
        ? `${nodeHours(1)}; 0.60 an hour once ${textAt(cluster, "version") ?? "its version"} leaves standard support`
        : nodeHours(1),
    });
    if (!price || !extended) continue;
    book.units.push({
      what: "the control plane in extended support",
      unit: "hour",
      least: price.amount,
      most: 0.6,
      basis: "0.10 in standard support",
    });
  }
}

/** A key of KMS; each of its first two rotations adds as much again. */
export function priceKeys(of: readonly RecordedResource[], book: Book): void {
  count(of, book, "keys and secrets", "KMS keys", "kms.key.month");
}

/** Secrets by the month; a copy in another region counts as one more. */
export function priceSecrets(of: readonly RecordedResource[], book: Book): void {
  const copies = of.flatMap((one) => {
    const replicas = at(one, "replicas");
    return Array.isArray(replicas) ? replicas.map(() => one) : [];
  });
  const what = "secrets in Secrets Manager";
  count([...of, ...copies], book, "keys and secrets", what, "secretsManager.secret.month");
}

/** Hosted zones: charged whole, also for a part of the month. */
export function priceZones(of: readonly RecordedResource[], book: Book): void {
  count(of, book, "names", "DNS zones in Route 53", "route53.zone.month");
}

function count(
  of: readonly RecordedResource[],
  book: Book,
  group: CostGroup,
  what: string,
  key: string,
): void {
  const region = regionOf(book.plan, of[0]!);
  book.add({ group, what, of, ...WHERE, region, key, quantity: of.length, basis: `${of.length} × a month` });
}

/** What lies in the buckets: assumed. Buckets that take another's access logs are told apart. */
export function priceBuckets(of: readonly RecordedResource[], book: Book): void {
  const logging = book.plan.ofType("aws:s3/bucketLogging:BucketLogging");
  const logTargets = new Set(
    logging.flatMap((one) => [
      ...(one.propertyDependencies["targetBucket"] ?? []),
      textAt(one, "targetBucket"),
    ]),
  );
  for (const bucket of of) {
    const takesLogs = logTargets.has(bucket.urn) || logTargets.has(textAt(bucket, "bucket") ?? "");
    const gb = takesLogs ? book.assumptions.accessLogGb : book.assumptions.dataGb;
    book.add({
      group: "buckets",
      what: `${textAt(bucket, "bucket") ?? bucket.name}, stored`,
      of: [bucket],
      ...WHERE,
      region: regionOf(book.plan, bucket),
      key: "s3.standard.gb",
      quantity: gb,
      basis: `assumed ${gb} GB`,
      fixed: false,
    });
  }
}

/**
 * What S3 copies to a second region, by the GB written: the way there (0.01 to 0.147 by region, most pairs 0.02) and
 * Replication Time Control (0.015), list prices of the S3 pricing page. How much is written nobody knows beforehand.
 */
export function priceReplication(of: readonly RecordedResource[], book: Book): void {
  for (const one of of) {
    book.units.push({
      what: `${textAt(one, "bucket") ?? one.name}, copied to a second region`,
      unit: "GB written",
      least: 0.025,
      most: 0.162,
      basis: "0.02 for the way between most regions, 0.015 for the promise of 15 minutes",
    });
  }
}

/** Images of all repositories together: assumed. */
export function priceRepositories(of: readonly RecordedResource[], book: Book): void {
  const { imagesGb } = book.assumptions;
  book.add({
    group: "images",
    what: "images in ECR",
    of,
    ...WHERE,
    region: regionOf(book.plan, of[0]!),
    key: "ecr.gb",
    quantity: imagesGb,
    basis: `assumed ${imagesGb} GB`,
    fixed: false,
  });
}

/** Log groups by what is written into them: flow logs are found by the flow log that points there. */
export function priceLogGroups(of: readonly RecordedResource[], book: Book): void {
  const flows = book.plan.ofType("aws:ec2/flowLog:FlowLog");
  const vended = new Set(flows.flatMap((one) => one.propertyDependencies["logDestination"] ?? []));
  for (const group of of) {
    const isFlow = vended.has(group.urn);
    const gb = isFlow ? book.assumptions.flowLogsGb : book.assumptions.logsGb;
    book.add({
      group: "logs",
      what: isFlow ? "network flow logs" : "logs of the control plane",
      of: [group],
      ...WHERE,
      region: regionOf(book.plan, group),
      key: isFlow ? "cloudwatch.logs.vended.gb" : "cloudwatch.logs.ingest.gb",
      quantity: gb,
      basis: `assumed ${gb} GB written`,
      fixed: false,
    });
  }
}

/** People who sign in, by the pool's tier. */
export function priceUserPools(of: readonly RecordedResource[], book: Book): void {
  for (const pool of of) {
    const tier = (textAt(pool, "userPoolTier") ?? "ESSENTIALS").toLowerCase();
    const { people } = book.assumptions;
    book.add({
      group: "sign-in",
      what: `people in Cognito (${tier})`,
      of: [pool],
      ...WHERE,
      region: regionOf(book.plan, pool),
      key: `cognito.${tier}.mau`,
      quantity: people,
      basis: `assumed ${people} people`,
      fixed: false,
    });
  }
  book.free("aws", "cognito.essentials.mau", "first 10,000 people in Cognito", "account");
}
