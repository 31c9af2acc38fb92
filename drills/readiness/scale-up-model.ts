import { within } from "./draw";
import { inputs, type Shape } from "./inputs";

/**
 * The scale-up model: a stand-in for Cluster Autoscaler and GKE's autoscaler, neither of which can be run here. At each
 * scan it counts the pods without a node, in places, takes off the room of the nodes on their way, and orders as many
 * as the rest fills. Not in it: other pools, back-off after a cloud's refusal, scale-down.
 */
export class ScaleUpModel {
  /** Moments at which ordered nodes will join. */
  private coming: number[] = [];

  constructor(
    private readonly shape: Pick<Shape, "cloud" | "most" | "placesPerNode">,
    private readonly draw: () => number,
  ) {}

  /** How many nodes it ordered. */
  scan(now: number, waiting: number, nodes: number): number {
    const { cloud, most, placesPerNode } = this.shape;
    const short = waiting - this.coming.length * placesPerNode;
    const wanted = Math.max(0, Math.ceil(short / placesPerNode));
    const ordered = Math.min(wanted, most - nodes - this.coming.length);
    for (let i = 0; i < ordered; i++) this.coming.push(now + within(inputs.join[cloud], this.draw));
    return Math.max(0, ordered);
  }

  /** When the next of them joins; never, where none is on its way. */
  next(): number {
    return Math.min(Infinity, ...this.coming);
  }

  /** How many nodes join by now. */
  join(now: number): number {
    const before = this.coming.length;
    this.coming = this.coming.filter((at) => at > now);
    return before - this.coming.length;
  }
}
