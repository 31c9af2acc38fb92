import { recoveryGoals, recoverySteps } from "../components/application/recovery";
import {
  awaitBackend,
  type DatabasePlace,
  exchangeVolume,
  livingBackend,
  lookForDatabase,
  type Volume,
  volumeToReattach,
} from "./database-volume";
import { asking, inside, type Inside, spoken } from "./inside";
import { EXIT, parseOptions, usages, UsageError } from "./options";
import { agreed, Refused, type World } from "./world";

/** What `--json` prints, of failover and of reattach. */
export interface FailoverDocument {
  readonly stack: string;
  readonly result: "answers" | "declined";
  /** What stays behind: retained, and listed by `npm run kept`. Absent where a former run had let it go. */
  readonly givenUp?: Volume;
  /** What the backend runs on now. */
  readonly volume?: Volume;
  /** From the word given to the backend's first answer. */
  readonly seconds?: number;
}

/**
 * `npm run failover`: after the loss of a zone, the database goes on in another one. A volume cannot leave its zone, so
 * it is given up, and the backend starts on an empty one, which the keeper fills from the bucket.
 *
 * Refused while the backend answers. A backend that Kubernetes cannot see may live on all the same, cut off in its zone:
 * the keeper asks the bucket, waits until it has given no sign of life for a whole lease, and refuses while it does.
 *
 * @requirement S5
 * @requirement O9
 */
export async function failoverCommand(args: readonly string[], world: World): Promise<number> {
  const { json, stack, yes } = parseOptions("failover", args);
  return asking(async () => {
    const where = await inside(stack, world);
    const place = await lookForDatabase(where);
    const living = livingBackend(place);
    if (living)
      throw new Refused(
        `the backend answers (${living.pod} on ${living.node}): nothing is to be given up. To move it: kubectl cordon its node, then delete the pod`,
      );
    if (!place.nodes.some(({ ready }) => ready))
      throw new Refused(
        `no node is ready: nothing could take the database over. Asleep? npm run wake -- ${stack}`,
      );
    world.err(toldBefore(place));
    if (!(await agreed(world, yes, `Give up the volume of ${stack}?`, stack)))
      return declined(stack, json, world);
    return carryOut(stack, where, place, json, world);
  });
}

/**
 * `npm run reattach`: puts a volume that stayed behind back in the place of the present one. The keeper refuses a volume
 * that is older than what others have written since, until the stack file accepts it (`database.acceptEpoch`).
 *
 * @requirement S5
 */
export async function reattachCommand(args: readonly string[], world: World): Promise<number> {
  const { json, stack, volume: name, yes } = parseOptions("reattach", args);
  if (name === undefined) throw new UsageError(`name a volume\n${usages.reattach}`);
  return asking(async () => {
    const where = await inside(stack, world);
    const volume = await volumeToReattach(name, where);
    const place = await lookForDatabase(where);
    world.err(
      `${described(volume)} takes the place of ${place.volume ? described(place.volume) : "none"}, which stays as it is.\n` +
        "The backend stops meanwhile, and starts only if nobody has written a later database since.\n",
    );
    if (!(await agreed(world, yes, `Put ${name} back into ${stack}?`, stack)))
      return declined(stack, json, world);
    return carryOut(stack, where, place, json, world, volume);
  });
}

async function carryOut(
  stack: string,
  where: Inside,
  place: DatabasePlace,
  json: boolean,
  world: World,
  onto?: Volume,
): Promise<number> {
  const begun = world.now();
  await exchangeVolume(where, place, world, onto);
  world.err("the claim is made anew; waiting for the backend\n");
  const { node, volume } = await awaitBackend(where, world, recoveryGoals.timeSeconds);
  const seconds = Math.round(world.now() - begun);
  const document: FailoverDocument = {
    stack,
    result: "answers",
    ...(place.volume && { givenUp: place.volume }),
    volume,
    seconds,
  };
  if (json) print(document, world);
  else {
    const stays = place.volume ? `${described(place.volume)} stays: npm run kept -- ${stack}\n` : "";
    world.out(
      `the backend of ${stack} answers on ${node} after ${spoken(seconds)}, from ${described(volume)}\n${stays}`,
    );
  }
  return EXIT.ok;
}

function toldBefore({ nodes, pods, volume }: DatabasePlace): string {
  const zones = [...new Set(nodes.filter(({ ready }) => ready).map(({ zone }) => zone ?? "an unnamed zone"))];
  const others = zones.filter((zone) => zone !== volume?.zone);
  return [
    volume
      ? `given up: ${described(volume)}; it stays, as it is`
      : "the volume was given up already: this goes on from there",
    `ready nodes are in ${zones.join(", ")}`,
    ...(others.length === 0 ? ["  the volume's own zone alone: this is no loss of a zone"] : []),
    ...pods.map(({ metadata, spec }) => `not ready: pod ${metadata.name} on ${nodeOf(spec)}`),
    "the backend restores what the bucket has: npm run restore-drill tells how old that is and how long it takes",
    "besides, by published durations:",
    ...recoverySteps.map(({ seconds, what }) => `  ${spoken(seconds).padStart(6)}  ${what}`),
    "",
  ].join("\n");
}

const described = ({ disk, name, zone }: Volume) =>
  `volume ${name} (disk ${disk}${zone === undefined ? "" : ` in ${zone}`})`;

function declined(stack: string, json: boolean, world: World): number {
  if (json) print({ stack, result: "declined" }, world);
  return EXIT.refused;
}

const print = (document: FailoverDocument, world: World) =>
  world.out(`${JSON.stringify(document, null, 2)}\n`);

const nodeOf = (spec: { readonly nodeName?: unknown } | undefined) =>
  typeof spec?.nodeName === "string" ? spec.nodeName : "no node";
