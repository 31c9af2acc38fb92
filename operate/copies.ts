import type { BucketObject } from "./database-bucket";
import { Refused } from "./world";

/** What is in the bucket, as far as a decision needs it. */
export interface Copies {
  /** Everything below `epochs/`. */
  readonly epochs: readonly BucketObject[];
  /** Everything below `files/`. */
  readonly files: readonly BucketObject[];
}

/** One start of the backend, with what it left below `epochs/`. */
export interface Epoch {
  readonly number: number;
  /** Prefix of all of it. */
  readonly prefix: string;
  readonly objects: readonly BucketObject[];
  /** When its first copy of the database came; undefined where none ever did: nothing can be restored from it. */
  readonly copied: number | undefined;
}

/** Which epochs are needed for a recovery to any moment of the retention, and which are not. */
export interface Decision {
  readonly kept: readonly Epoch[];
  readonly old: readonly Epoch[];
  /** Everything that was written later is left alone; milliseconds since 1970. */
  readonly cutoff: number;
}

const DAY = 86_400_000;

/** `epochs/<number>/db/…`, `epochs/<number>/manifests/<number>`: keeper/keys.py. */
const EPOCH = /^epochs\/(\d{10})\/(db|manifests)\/./;
const CONTENT = /^files\/[0-9a-f]{64}$/;

export const numbered = (epoch: number) => String(epoch).padStart(10, "0");
export const manifestsOf = ({ prefix }: Epoch) => `${prefix}manifests/`;
export const bytesOf = (objects: readonly BucketObject[]) =>
  objects.reduce((sum, { bytes }) => sum + bytes, 0);

/** The epochs that have anything below `epochs/`, oldest first. What has another shape of name is nobody's here. */
export function epochsOf(objects: readonly BucketObject[]): Epoch[] {
  const found = new Map<string, BucketObject[]>();
  for (const each of objects) {
    const number = EPOCH.exec(each.name)?.[1];
    if (number !== undefined) found.set(number, [...(found.get(number) ?? []), each]);
  }
  return [...found]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([number, own]) => {
      const copies = own.filter(({ name }) => name.endsWith(".ltx")).map(({ at }) => at);
      const copied = copies.length > 0 ? Math.min(...copies) : undefined;
      return { number: Number(number), prefix: `epochs/${number}/`, objects: own, copied };
    });
}

/**
 * An epoch was the newest state from its first copy until the next epoch's first copy. It is needed while any of that
 * lies within the retention; the newest with a copy always, and whatever has begun after it. Whoever wrote into an old
 * epoch later, such as an owner that was cut off, keeps it whole.
 *
 * Time is the bucket's own: the retention ends with the newest object rather than now, so that a clock which is ahead
 * takes nothing away, and a platform that sleeps finds all as it left it.
 *
 * @param days of the retention
 * @param now milliseconds since 1970
 */
export function decide(epochs: readonly Epoch[], days: number, now: number): Decision {
  const last = epochs.flatMap(({ objects }) => objects).reduce((newest, { at }) => Math.max(newest, at), 0);
  const cutoff = Math.min(now, last) - days * DAY;
  const withCopy = epochs.filter(({ copied }) => copied !== undefined);
  const newest = withCopy.at(-1)?.number ?? -Infinity;
  const isOld = ({ number, objects }: Epoch) => {
    // Infinity for the newest, and for what has begun after it.
    const ended = number < newest ? withCopy.find((next) => next.number > number)!.copied! : Infinity;
    return ended < cutoff && objects.every(({ at }) => at < cutoff);
  };
  return {
    kept: epochs.filter((epoch) => !isOld(epoch)),
    old: epochs.filter(isOld),
    cutoff,
  };
}

/** The contents that an epoch's lists of files name. @throws Refused where a list was not read, or is none */
export function contentsNamed(epoch: Epoch, lists: ReadonlyMap<string, string>): Set<string> {
  const prefix = manifestsOf(epoch);
  const named = new Set<string>();
  for (const { name } of epoch.objects.filter((each) => each.name.startsWith(prefix))) {
    const text = lists.get(name.slice(prefix.length));
    if (text === undefined)
      throw new Refused(`${name} was listed and could not be read: nothing was deleted`);
    for (const content of contentsIn(name, text)) named.add(`files/${content}`);
  }
  return named;
}

function contentsIn(name: string, text: string): string[] {
  try {
    return Object.values(JSON.parse(text) as Record<string, { sha256: string }>).map(({ sha256 }) => {
      if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error();
      return sha256;
    });
  } catch {
    throw new Refused(`${name} is not a list of files: it is damaged; bring its earlier version back first`);
  }
}

/**
 * Contents that no kept list names, were written before the retention began, and before the present backend started:
 * that one may know them to be there, and name them again.
 */
export function orphans(
  files: readonly BucketObject[],
  named: ReadonlySet<string>,
  decision: Decision,
): BucketObject[] {
  const { cutoff, kept } = decision;
  const newest = kept.filter(({ copied }) => copied !== undefined).at(-1);
  const started = newest ? Math.min(...newest.objects.map(({ at }) => at)) : -Infinity;
  return files.filter(
    ({ name, at }) => CONTENT.test(name) && !named.has(name) && at < cutoff && at < started,
  );
}

/** Contents that are named and not there: a copy that cannot be restored whole. */
export function missing(files: readonly BucketObject[], named: ReadonlySet<string>): string[] {
  const there = new Set(files.map(({ name }) => name));
  return [...named].filter((name) => !there.has(name)).sort();
}
