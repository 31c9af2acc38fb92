import { createHash } from "node:crypto";
import type { CloudObject, CloudView, ClusterHands } from "../models/model";
import type { VirtualClock } from "./clock";
import type { Store } from "./store";

/** What all operations share. */
export interface Simulation {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly clusters: ClusterHands;
  /** Changes every made-up id; the same seed gives the same ids. */
  readonly seed: string;
}

/** From whose credentials and where an operation is asked for. */
export interface Context {
  readonly account: string;
  readonly region: string;
  readonly project: string;
}

/** Where an operation notes what it waited for. */
export interface Waiting {
  /** Spent waiting for others. */
  seconds: number;
  /** Things without which a wait would not have ended. */
  readonly awaited: Set<CloudObject>;
}

/** Extra names under which things are found: properties that clouds accept in place of an id. */
const ADDRESSES = ["arn", "name", "selfLink", "email", "bucket", "url", "allocationId", "keyId", "uniqueId"];

/**
 * The cloud as one operation sees it.
 *
 * @param name of the operation: made-up ids follow from it, whatever else runs at the same time
 */
export function viewOf(simulation: Simulation, context: Context, name: string, waiting?: Waiting): CloudView {
  const { clock, store } = simulation;
  const place = `${context.project || context.account}/${context.region}`;
  let drawn = 0;
  /** What a condition comes upon, while it is looked at. */
  let looked: Set<CloudObject> | undefined;

  const view: CloudView = {
    ...context,
    place,
    clusters: simulation.clusters,
    images: store.images,
    now: () => clock.now(),
    sleep: (seconds) => clock.sleep(seconds),
    async until(done, seconds, timeout) {
      const began = clock.now();
      const holds = () => {
        looked = new Set();
        const answer = done();
        if (answer) for (const object of looked) waiting?.awaited.add(object);
        looked = undefined;
        return answer;
      };
      const ended = await eventually(simulation, holds, seconds);
      if (waiting) waiting.seconds += clock.now() - began;
      if (!ended) throw timeout;
    },
    find(kind, address) {
      const found = lookUp(store, kind, address, place).find(
        (object) => object.status !== "deleting" && object.visibleAt <= clock.now(),
      );
      if (found) looked?.add(found);
      return found;
    },
    list(kind, where = () => true) {
      const found = store
        .ofKind(kind)
        .map(({ object }) => object)
        .filter(where);
      // Of several that would all do, the oldest is the one that could not be missed.
      const [first] = [...found].sort((a, b) => a.createdAt - b.createdAt);
      if (first) looked?.add(first);
      return found;
    },
    put(object) {
      const known = store.get(object.kind, object.place, object.id);
      store.put({ ...known, object });
      if (object.visibleAt > clock.now()) clock.at(object.visibleAt, () => store.changed(), true);
    },
    remove(kind, id) {
      const [object] = lookUp(store, kind, id, place);
      const stored = object && store.get(kind, object.place, object.id);
      if (stored) store.remove(stored);
    },
    later(seconds, what) {
      const run = () => void clock.during(async () => what(view)).catch(reportLater);
      clock.at(clock.now() + seconds, run, true);
    },
    hex(digits) {
      let text = "";
      while (text.length < digits) text += sha256(`${simulation.seed}/${name}/${drawn++}`);
      return text.slice(0, digits);
    },
  };
  return view;
}

/** Everything of a kind that answers to an address, that of the operation's own place first. */
export function lookUp(store: Store, kind: string, address: string, place: string): CloudObject[] {
  if (address === "") return [];
  return store
    .ofKind(kind)
    .map(({ object }) => object)
    .filter((object) => answersTo(object, address))
    .sort((a, b) => Number(b.id === address) - Number(a.id === address))
    .sort((a, b) => Number(b.place === place) - Number(a.place === place));
}

function answersTo(object: CloudObject, address: string): boolean {
  if (object.id === address) return true;
  if (ADDRESSES.some((property) => object.properties[property] === address)) return true;
  const link = object.properties["selfLink"];
  return typeof link === "string" && address.includes("/") && link.endsWith(`/${address}`);
}

/** Waits in virtual time until a condition holds, looking at every change; false when the time is over. */
export function eventually(
  { clock, store }: Pick<Simulation, "clock" | "store">,
  holds: () => boolean,
  seconds: number,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let over = false;
    const look = () => {
      if (over) return;
      try {
        if (holds()) end(true);
      } catch (error) {
        end(false);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const end = (answer: boolean) => {
      over = true;
      for (const stop of stops) stop();
      resolve(answer);
    };
    const timer = clock.at(clock.now() + seconds, () => {
      look();
      if (!over) end(false);
    });
    const stops = [store.onChange(look), clock.onStep(look), () => timer.cancel()];
    look();
  });
}

/** What happens by itself has nobody to tell its failure to. */
function reportLater(error: Error): void {
  process.stderr.write(`something that happens by itself failed: ${error.stack}\n`);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
