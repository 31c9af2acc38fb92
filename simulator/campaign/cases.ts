import { createHash } from "node:crypto";

/** Clouds of which the shipped stack goes through the campaign. */
export type CampaignCloud = "aws" | "gcp";
export const CLOUDS: readonly CampaignCloud[] = ["gcp", "aws"];

/**
 * What goes wrong:
 *
 * - `refused`: a creation fails before anything was made;
 * - `lost`: a creation succeeds, and the engine is told that it failed;
 * - `killed-up`, `killed-destroy`: the process group of the engine is killed, in the middle of the n-th operation.
 */
export type Sort = "refused" | "lost" | "killed-up" | "killed-destroy";
export const SORTS: readonly Sort[] = ["refused", "lost", "killed-up", "killed-destroy"];

/** One thing that goes wrong once. */
export type Case =
  | { readonly sort: "refused" | "lost"; readonly urn: string }
  | { readonly sort: "killed-up" | "killed-destroy"; readonly point: number };

/** What an undisturbed life of the stack consists of. */
export interface Undisturbed {
  /** URNs of all that was created, sorted: their order in time is never quite the same. */
  readonly created: readonly string[];
  /** Deletions of its destroy. */
  readonly deletions: number;
}

/** Cases that one life of a stack goes through, from the first `up` on empty clouds to the destroy. */
export type Life = readonly Case[];

/** Points at which a process is killed in the whole campaign, for `up` and for `destroy` each. */
export const POINTS = 20;

/**
 * The whole campaign on one cloud: a life in which every creation is refused once, one in which every creation's
 * answer is lost once, and a life for each point at which the process is killed, once in its `up` and once in its
 * `destroy`.
 */
export function wholeCampaign({ created, deletions }: Undisturbed, points = POINTS): Life[] {
  const killedUp = spread(created.length, points);
  const killedDestroy = spread(deletions, points);
  return [
    created.map((urn) => ({ sort: "refused", urn })),
    created.map((urn) => ({ sort: "lost", urn })),
    ...Array.from({ length: Math.max(killedUp.length, killedDestroy.length) }, (_, index) => [
      ...killedUp.slice(index, index + 1).map((point) => ({ sort: "killed-up", point }) as const),
      ...killedDestroy.slice(index, index + 1).map((point) => ({ sort: "killed-destroy", point }) as const),
    ]),
  ];
}

/**
 * A sample: `count` cases of each sort, all in one life, so that it is short. The same seed draws the same cases from
 * the same program.
 */
export function sample({ created, deletions }: Undisturbed, count: number, seed: string): Life[] {
  const draw = drawer(seed);
  const urns = draw.some(created, 2 * count);
  const points = (of: number) => draw.some(range(of), count).sort((a, b) => a - b);
  return [
    [
      ...urns.slice(0, count).map((urn) => ({ sort: "refused", urn }) as const),
      ...urns.slice(count).map((urn) => ({ sort: "lost", urn }) as const),
      ...points(created.length).map((point) => ({ sort: "killed-up", point }) as const),
      ...points(deletions).map((point) => ({ sort: "killed-destroy", point }) as const),
    ],
  ];
}

/** The cloud that a seed draws, for runs that have time for one. */
export function cloudOf(seed: string): CampaignCloud {
  return drawer(`cloud/${seed}`).some(CLOUDS, 1)[0]!;
}

/** The cases of some sorts alone, and of some names if there are any, without the lives that have none of them. */
export function only(sorts: readonly Sort[], lives: readonly Life[], names: readonly string[] = []): Life[] {
  return lives
    .map((life) => life.filter(({ sort }) => sorts.includes(sort)))
    .map((life) => life.filter((one) => names.length === 0 || names.includes(nameOf(one))))
    .filter((life) => life.length > 0);
}

/** `killed-up 17`, `lost cmb-network-vpc`. */
export function nameOf(one: Case): string {
  return "urn" in one ? `${one.sort} ${one.urn.split("::").at(-1)}` : `${one.sort} at operation ${one.point}`;
}

/** Numbers from 1 to `of`, as evenly spread as they can be, the first and the last among them. */
function spread(of: number, count: number): number[] {
  const step = count > 1 ? (of - 1) / (count - 1) : 0;
  return [...new Set(Array.from({ length: count }, (_, index) => Math.round(1 + index * step)))].filter(
    (point) => point >= 1 && point <= of,
  );
}

function range(of: number): number[] {
  return Array.from({ length: of }, (_, index) => index + 1);
}

/** Draws without putting back; what is drawn follows from the seed alone. */
function drawer(seed: string) {
  let drawn = 0;
  const number = (below: number) =>
    createHash("sha256").update(`${seed}/${drawn++}`).digest().readUInt32BE() % below;
  return {
    some<T>(from: readonly T[], count: number): T[] {
      const left = [...from];
      return Array.from(
        { length: Math.min(count, from.length) },
        () => left.splice(number(left.length), 1)[0]!,
      );
    },
  };
}
