import { coresPerPlace } from "../../components/application/spare-room/size";
import type { Shape } from "./inputs";

/** Places that the cluster-proportional-autoscaler holds for so many nodes: its linear mode, cores rounded up. */
export function placesHeld(
  shape: Pick<Shape, "cores" | "place">,
  nodes: number,
  percent: number,
  least: number,
): number {
  return Math.max(least, Math.ceil(Math.ceil(shape.cores * nodes) / coresPerPlace(shape.place, percent)));
}

/** The fewest nodes that carry so many environments and the room that is held for that many nodes. */
export function nodesFor(running: number, shape: Shape, held: (nodes: number) => number): number {
  let nodes = 1;
  while (nodes * shape.placesPerNode < running + held(nodes)) nodes++;
  return nodes;
}
