import type { ControlPlane, KubernetesObject } from "../../simulator/kubernetes";
import type { Api } from "../../simulator/kubernetes/api";
import { Watched } from "../../simulator/kubernetes/watch";
import { arrivals, drawer } from "./draw";
import { inputs, type Shape } from "./inputs";
import { nodesFor, placesHeld } from "./room-size";
import { ScaleUpModel } from "./scale-up-model";
import { PEOPLE, ROOM, Stage } from "./stage";
import { startSeconds } from "./start-model";

/** What one round is about. */
export interface RoundSettings {
  readonly shape: Shape;
  /** Environments that run when the first of the round arrives. */
  readonly running: number;
  /** Room that is kept free; absent: none, and no image is pulled before it is needed. */
  readonly spare?: { readonly least: number; readonly percent: number };
  /** Environments ask for a node with their images; default as in the program, where there is spare room. */
  readonly asksForImages?: boolean;
  readonly perMinute: number;
  /** Seconds in which environments arrive. */
  readonly seconds: number;
  readonly seed: number;
}

/** How long people waited, and what there was. */
export interface RoundResult {
  /** Seconds from the request to Ready, one an environment. */
  readonly waits: readonly number[];
  /** At the round's begin. */
  readonly nodes: number;
  readonly places: number;
  readonly nodesAtEnd: number;
}

interface Pod extends KubernetesObject {
  readonly spec: { readonly nodeName?: string };
  readonly status?: { readonly nominatedNodeName?: string };
}

/** Where and when a pod got its node. */
interface Placed {
  readonly at: number;
  readonly node: string;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Milliseconds without a change of any pod after which the scheduler has nothing left to do. */
const QUIET = { whenAllHaveNodes: 100, whenSomeWait: 600 } as const;

/**
 * One round: people arrive, the genuine scheduler places, the models of the autoscalers react.
 *
 * Its clock is ours while the scheduler has something to do, and jumps to the next event when it has not: what the
 * scheduler takes is measured in real seconds, on whatever machine this runs, and everything else costs no time.
 */
export class Round {
  private readonly stage: Stage;
  private readonly asksForImages: boolean;
  private readonly placed = new Map<string, Placed>();
  private readonly asked = new Map<string, number>();
  /** When a node has its images. */
  private readonly pulledAt = new Map<string, number>();
  private readonly unmarked = new Set<string>();
  private readonly mounted = new Set<string>();
  private readonly model: ScaleUpModel;
  private readonly people: Watched;
  private readonly room: Watched;
  private offset = 0;
  private changed = 0;

  constructor(
    plane: ControlPlane,
    private readonly settings: RoundSettings,
  ) {
    const { shape, spare, seed } = settings;
    this.asksForImages = settings.asksForImages ?? spare !== undefined;
    this.stage = new Stage(plane, shape, this.asksForImages);
    this.model = new ScaleUpModel(shape, drawer(seed + 1));
    const watch = (namespace: string) =>
      new Watched(plane.api as Api, `/api/v1/namespaces/${namespace}/pods`, (pod) =>
        Promise.resolve(this.see(pod as Pod)),
      );
    this.people = watch(PEOPLE);
    this.room = watch(ROOM);
  }

  /** @throws when somebody has no node twenty minutes after the last arrival */
  async play(): Promise<RoundResult> {
    const { perMinute, seconds, seed, spare } = this.settings;
    await this.begin();
    const nodes = this.stage.nodes;
    const moments = arrivals(perMinute, seconds, drawer(seed));
    try {
      const until = { count: 0, scan: 0 };
      this.jumpTo(0);
      while (this.asked.size < moments.length || this.waiting()) {
        if (this.now() > seconds + 1200) throw new Error("environments are left without a node");
        await this.admit(moments);
        await this.changeNodes();
        if (this.now() >= until.count) {
          until.count = this.now() + inputs.count;
          if (spare) await this.stage.grow(this.held(this.stage.nodes));
        }
        if (this.now() >= until.scan) {
          until.scan = this.now() + inputs.scan;
          this.model.scan(this.now(), this.unplaced(), this.stage.nodes);
        }
        if (!this.isQuiet()) await pause();
        else this.jumpTo(Math.max(this.now(), Math.min(until.count, until.scan, this.next(moments))));
      }
    } finally {
      await Promise.all([this.people.stop(), this.room.stop()]);
    }
    return { waits: this.waits(), nodes, places: this.held(nodes), nodesAtEnd: this.stage.nodes };
  }

  /** Nodes enough for who is there and the room held beside them, all images pulled, all room in place. */
  private async begin(): Promise<void> {
    const { running, shape, spare } = this.settings;
    await this.stage.open();
    const nodes = nodesFor(running, shape, (count) => this.held(count));
    if (spare) await this.stage.holdRoom(this.held(nodes));
    for (let left = running, i = 0; i < nodes; i++, left -= shape.placesPerNode) {
      const node = await this.stage.join();
      this.pulledAt.set(node, 0);
      if (left > 0) await this.stage.occupy(node, Math.min(left, shape.placesPerNode));
      if (spare) await this.stage.pulled(node);
    }
    const places = () => (this.room.all() as Pod[]).filter(({ spec }) => spec.nodeName).length;
    await Promise.all([this.people.start(), this.room.start()]);
    while (places() < this.held(nodes)) await pause();
  }

  private now(): number {
    return this.offset + performance.now() / 1000;
  }

  private jumpTo(time: number): void {
    this.offset = time - performance.now() / 1000;
    this.changed = performance.now();
  }

  /** The next arrival, node or node with images, in seconds of the round. */
  private next(moments: readonly number[]): number {
    const images = [...this.unmarked].map((node) => this.pulledAt.get(node)!);
    return Math.min(moments[this.asked.size] ?? Infinity, this.model.next(), ...images);
  }

  private isQuiet(): boolean {
    const quiet = performance.now() - this.changed;
    if (!this.waiting()) return quiet >= QUIET.whenAllHaveNodes;
    return quiet >= QUIET.whenSomeWait;
  }

  private held(nodes: number): number {
    const { shape, spare } = this.settings;
    return spare ? placesHeld(shape, nodes, spare.percent, spare.least) : 0;
  }

  private see({ metadata: { name }, spec: { nodeName } }: Pod): void {
    this.changed = performance.now();
    if (nodeName && !this.placed.has(name)) this.placed.set(name, { at: this.now(), node: nodeName });
  }

  /** Somebody has no node yet, or no mount. */
  private waiting(): boolean {
    const prefixes = this.settings.shape.cloud === "aws" ? ["", "mount-"] : [""];
    return [...this.asked.keys()].some((name) => prefixes.some((prefix) => !this.placed.has(prefix + name)));
  }

  /** People whose moment has come; and, for those who have a node, the pod that mounts. */
  private async admit(moments: readonly number[]): Promise<void> {
    while (this.asked.size < moments.length && moments[this.asked.size]! <= this.now()) {
      const name = `user-${this.asked.size}`;
      this.asked.set(name, this.now());
      await this.stage.arrive(name);
    }
    if (this.settings.shape.cloud !== "aws") return;
    for (const name of this.asked.keys()) {
      const place = this.placed.get(name);
      if (!place || this.mounted.has(name)) continue;
      this.mounted.add(name);
      await this.stage.mount(name, place.node);
    }
  }

  /** Nodes that were ordered join; those that have pulled say so. */
  private async changeNodes(): Promise<void> {
    for (let i = this.model.join(this.now()); i > 0; i--) {
      const node = await this.stage.join();
      if (!this.settings.spare) continue;
      this.pulledAt.set(node, this.now() + inputs.pull);
      this.unmarked.add(node);
    }
    for (const node of this.unmarked) {
      if (this.pulledAt.get(node)! > this.now()) continue;
      this.unmarked.delete(node);
      await this.stage.pulled(node);
    }
  }

  /**
   * Pods that a new machine would help. Whoever asks for a node with images is helped by none; the room's own pods
   * have machines brought.
   */
  private unplaced(): number {
    const without = (watched: Watched) =>
      (watched.all() as Pod[]).filter(({ spec, status }) => !spec.nodeName && !status?.nominatedNodeName);
    const mounts = ({ metadata: { name } }: Pod) => name.startsWith("mount-");
    const people = this.asksForImages ? [] : without(this.people).filter((pod) => !mounts(pod));
    return without(this.room).length + people.length;
  }

  private waits(): number[] {
    const { seed, shape } = this.settings;
    const draw = drawer(seed + 2);
    return [...this.asked].map(([name, at]) => {
      const place = this.placed.get(name)!;
      // Without pulling beforehand the first environment on a node is what pulls.
      const pulled = this.pulledAt.get(place.node) ?? place.at + inputs.pull;
      this.pulledAt.set(place.node, pulled);
      const mount = this.placed.get(`mount-${name}`)?.at ?? place.at;
      return Math.max(place.at, mount, pulled) - at + startSeconds(shape.cloud, draw);
    });
  }
}
