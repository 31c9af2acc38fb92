import { dollars } from "../cost/money";
import { SIGNS_OF_LIFE } from "../components/naming";
import {
  bytesOf,
  contentsNamed,
  type Decision,
  decide,
  type Epoch,
  epochsOf,
  manifestsOf,
  missing,
  numbered,
  orphans,
} from "./copies";
import { type BucketObject, DatabaseBucket } from "./database-bucket";
import { priceOf } from "./keeping";
import { EXIT, parseOptions } from "./options";
import { PulumiStack, type State } from "./pulumi";
import { type Place, placeOf } from "./state";
import { Refused, type World } from "./world";

/** One kind of what is no longer needed. */
export interface PruneShare {
  readonly what: string;
  readonly objects: number;
  readonly bytes: number;
}

/** What `--json` prints. */
export interface PruneDocument {
  readonly stack: string;
  readonly bucket: string;
  /** Days within which every state can be restored. */
  readonly days: number;
  readonly keptEpochs: readonly number[];
  readonly keptBytes: number;
  readonly oldEpochs: readonly number[];
  readonly old: readonly PruneShare[];
  readonly bytes: number;
  /** US$ a month at list prices for what is no longer needed; absent where no price is known. */
  readonly monthly?: number;
  readonly deleted: boolean;
}

/**
 * `npm run prune-copies`: what is in the database bucket and needed for no recovery within the retention, what it costs,
 * and its end with `--yes`.
 *
 * By the rights of whoever runs it: nothing in the cluster may delete there. What it deletes stays as an earlier version
 * for as long as the bucket's rule says.
 *
 * @requirement S5
 */
export async function pruneCopiesCommand(args: readonly string[], world: World): Promise<number> {
  const { json, stack, yes } = parseOptions("prune-copies", args);
  const state = await new PulumiStack(stack, world.root, world.run).state();
  const place = placeOf(state);
  if (!place) throw new Refused(`stack ${stack} has nothing in any cloud, and nobody can tell where it was`);
  const days = retentionOf(state);
  const bucket = new DatabaseBucket(place, world.run);
  const found = await look(bucket, days, world);
  if (yes) await prune(bucket, found, world);
  const document = documentOf(stack, bucket, place, days, found, yes);
  world.out(json ? `${JSON.stringify(document, null, 2)}\n` : rendered(document));
  return EXIT.ok;
}

/** Days that the bucket keeps earlier versions, as it was made: the retention of copies is the same. */
function retentionOf({ resources }: State): number {
  const buckets = resources.find(({ type }) => /^cmb:(aws|gcp):Buckets$/.test(type));
  const days = buckets?.inputs?.["versionsDays"];
  if (typeof days === "number" && days > 0) return days;
  throw new Refused("the state does not say how long copies are kept: npm run up first");
}

interface Found extends Decision {
  readonly beats: readonly BucketObject[];
  readonly contents: readonly BucketObject[];
}

async function look(bucket: DatabaseBucket, days: number, world: World): Promise<Found> {
  world.err(`reads ${bucket.url}\n`);
  const decision = decide(epochsOf(await bucket.list("epochs/")), days, world.now() * 1000);
  if (decision.kept.length === 0) throw new Refused(`${bucket.url} holds no copy of a database`);
  const named = await namedBy(bucket, decision.kept);
  // After the lists: a content comes before the list that names it.
  const files = await bucket.list("files/");
  const gone = missing(files, named);
  if (gone.length > 0)
    throw new Refused(
      `${gone.length} contents that kept lists name are not in ${bucket.url}, such as ${gone[0]}: bring their earlier ` +
        "versions back first. Nothing was deleted",
    );
  const beats: BucketObject[] = [];
  for (const { number } of decision.old)
    beats.push(
      ...(await bucket.list(`${SIGNS_OF_LIFE}${numbered(number)}/`)).filter(({ at }) => at < decision.cutoff),
    );
  return { ...decision, beats, contents: orphans(files, named, decision) };
}

async function namedBy(bucket: DatabaseBucket, epochs: readonly Epoch[]): Promise<Set<string>> {
  const named = new Set<string>();
  for (const epoch of epochs) {
    const lists = epoch.objects.some(({ name }) => name.startsWith(manifestsOf(epoch)));
    if (!lists) continue;
    for (const name of contentsNamed(epoch, await bucket.read(manifestsOf(epoch)))) named.add(name);
  }
  return named;
}

/** An epoch's copy goes last of what is its own: until then another run finds all of it again. */
async function prune(
  bucket: DatabaseBucket,
  { beats, contents, kept, old }: Found,
  world: World,
): Promise<void> {
  const names = [...beats, ...old.flatMap(({ objects }) => objects), ...contents].map(({ name }) => name);
  world.err(`deletes ${names.length} objects\n`);
  await bucket.remove(names);
  if (contents.length === 0) return;
  // Somebody may have uploaded the same again meanwhile, and the backend have found its content there.
  const newest = kept.at(-1)!.number;
  const now = epochsOf(await bucket.list("epochs/")).filter(({ number }) => number >= newest);
  const gone = missing(await bucket.list("files/"), await namedBy(bucket, now));
  if (gone.length > 0)
    throw new Refused(
      `While this ran, the backend came to need what it deleted: bring the earlier version of ${gone.join(", ")} in ` +
        `${bucket.url} back now, or upload these files again`,
    );
}

function documentOf(
  stack: string,
  bucket: DatabaseBucket,
  place: Place,
  days: number,
  { beats, contents, kept, old }: Found,
  deleted: boolean,
): PruneDocument {
  const objects = old.flatMap((epoch) => epoch.objects);
  const shares = [
    share("copies of the database, and lists of files", objects),
    share("signs of life", beats),
    share("uploads that no kept list names", contents),
  ];
  const bytes = shares.reduce((sum, each) => sum + each.bytes, 0);
  const type = place.cloud === "aws" ? "aws:s3/bucket:Bucket" : "gcp:storage/bucket:Bucket";
  const monthly = priceOf(place, type, bytes / 1e9)?.monthly;
  return {
    stack,
    bucket: bucket.url,
    days,
    keptEpochs: kept.map(({ number }) => number),
    keptBytes: kept.reduce((sum, epoch) => sum + bytesOf(epoch.objects), 0),
    oldEpochs: old.map(({ number }) => number),
    old: shares,
    bytes,
    ...(monthly !== undefined && { monthly }),
    deleted,
  };
}

const share = (what: string, objects: readonly BucketObject[]): PruneShare => ({
  what,
  objects: objects.length,
  bytes: bytesOf(objects),
});

function rendered({
  bucket,
  bytes,
  days,
  deleted,
  keptBytes,
  keptEpochs,
  monthly,
  old,
  oldEpochs,
}: PruneDocument): string {
  const count = old.reduce((sum, { objects }) => sum + objects, 0);
  const lines = [
    `${bucket}: every state of the last ${days} days can be restored from ${epochs(keptEpochs)}, ${size(keptBytes)}`,
  ];
  if (count === 0) return `${lines[0]}\nnothing is older than that\n`;
  const price = monthly === undefined ? "" : `, ${dollars(monthly)} US$ a month at list prices`;
  lines.push(
    `${deleted ? "deleted" : "no longer needed"}: ${size(bytes)}${price}, of ${epochs(oldEpochs)}`,
    ...old.map(
      (each) =>
        `  ${String(each.objects).padStart(8)} objects  ${size(each.bytes).padStart(10)}  ${each.what}`,
    ),
    deleted
      ? `each stays as an earlier version for ${days} days, and costs what it cost until then`
      : "nothing was deleted: say --yes",
  );
  return `${lines.join("\n")}\n`;
}

function epochs(numbers: readonly number[]): string {
  if (numbers.length === 0) return "no epoch";
  if (numbers.length === 1) return `epoch ${numbers[0]}`;
  return `${numbers.length} epochs, ${numbers[0]} to ${numbers.at(-1)}`;
}

function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
