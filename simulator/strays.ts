import type { Stored } from "./engine/store";
import type { ExportedState } from "./state";

/**
 * Things that a resource of a program made and no state knows: an answer that was lost, a process that died. What
 * comes with other things (interfaces, disks of nodes) is none; it has {@link leftovers} of its own.
 */
export function strays(things: readonly Stored[], ...states: readonly ExportedState[]): Stored[] {
  const known = knownOf(states);
  return things.filter(({ object, urn }) => urn !== undefined && !known.has(keyOf(object.kind, object.id)));
}

/** Things that came by themselves and are still there, with those that no state knows: what a destroy has left. */
export function leftovers(things: readonly Stored[], ...states: readonly ExportedState[]): Stored[] {
  const known = knownOf(states);
  return things.filter(({ object }) => !known.has(keyOf(object.kind, object.id)));
}

function knownOf(states: readonly ExportedState[]): Set<string> {
  return new Set(
    states.flatMap(({ deployment }) =>
      (deployment.resources ?? []).flatMap(({ type, id }) => (id === undefined ? [] : [keyOf(type, id)])),
    ),
  );
}

function keyOf(type: string, id: string): string {
  return `${type}\n${id}`;
}
