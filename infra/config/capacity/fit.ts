import type { Room } from "./machines";
import type { Workload } from "./workloads";

/** Whether and how pods fit on nodes. */
export interface Fit {
  /** Names of the pods that found no node; empty when all did. */
  readonly unplaced: readonly string[];
  /** What is left, over all nodes. */
  readonly spare: { readonly cpu: number; readonly memory: number };
}

/**
 * Places pods on so many nodes of one size: largest first, each on the first node with room, as a scheduler would
 * rather spread them but could. Zones, volumes and wishes for spreading are left out: those of this program are soft,
 * and the database's volume is in a zone that still has a node.
 */
export function fit(nodes: number, room: Room, workloads: readonly Workload[]): Fit {
  const onEach = workloads.filter(({ pods }) => pods === "each-node");
  const single = workloads.flatMap((workload) =>
    workload.pods === "each-node" ? [] : Array.from({ length: workload.pods }, () => workload),
  );
  const sum = (key: "cpu" | "memory") => onEach.reduce((total, workload) => total + workload[key], 0);
  const free = Array.from({ length: nodes }, () => ({
    cpu: room.cpu - sum("cpu"),
    memory: room.memory - sum("memory"),
    pods: room.pods - onEach.length,
  }));
  const share = ({ cpu, memory }: Workload) => Math.max(cpu / room.cpu, memory / room.memory);
  const unplaced: string[] = [];
  for (const pod of [...single].sort((a, b) => share(b) - share(a))) {
    const node = free.find(({ cpu, memory, pods }) => cpu >= pod.cpu && memory >= pod.memory && pods > 0);
    if (!node) {
      unplaced.push(pod.name);
      continue;
    }
    node.cpu -= pod.cpu;
    node.memory -= pod.memory;
    node.pods -= 1;
  }
  const left = (key: "cpu" | "memory") => free.reduce((total, node) => total + node[key], 0);
  return { unplaced, spare: { cpu: left("cpu"), memory: left("memory") } };
}

/** The same with a further pod of each kind that is rolled out, one kind at a time: the worst of these. */
export function fitWhileRolling(nodes: number, room: Room, workloads: readonly Workload[]): Fit {
  const rolling = workloads.filter(({ rolls }) => rolls);
  const fits = [workloads, ...rolling.map((one) => [...workloads, { ...one, pods: 1 }])].map((all) =>
    fit(nodes, room, all),
  );
  return fits.reduce((worst, one) =>
    one.unplaced.length > worst.unplaced.length ||
    (one.unplaced.length === worst.unplaced.length && one.spare.cpu < worst.spare.cpu)
      ? one
      : worst,
  );
}
