import type { Graph } from "./graph";
import type { RecordedInvoke, RecordedLog, RecordedResource } from "./recording";
import { decodeMap, encodeMap, type ValueMap } from "./values";

/** What an engine heard during one run of the program. */
export interface Heard {
  readonly resources: readonly RecordedResource[];
  /** The stack's outputs. */
  readonly outputs: ValueMap;
  readonly logs: readonly RecordedLog[];
  readonly invokes: readonly RecordedInvoke[];
  /** What the engine refused, in order. */
  readonly refusals: readonly string[];
}

export function heardBy(graph: Graph): Heard {
  const { resources, logs, invokes, refusals } = graph;
  return { resources, outputs: graph.root?.outputs ?? {}, logs, invokes, refusals };
}

/**
 * The text in which an engine inside the program's process hands on what it heard. Secrets are in it in the clear: it
 * goes through a pipe and nowhere else.
 */
export function writeTranscript(heard: Heard): string {
  return JSON.stringify(mapValues(heard, encodeMap));
}

/** Reads what {@link writeTranscript} wrote; a process that was killed wrote nothing, or not all. */
export function readTranscript(text: string): Heard {
  try {
    return mapValues(JSON.parse(text) as Heard, decodeMap);
  } catch {
    return { resources: [], outputs: {}, logs: [], invokes: [], refusals: [] };
  }
}

/** With all properties of resources, functions and the stack passed through `code`; the rest is plain. */
function mapValues(heard: Heard, code: (map: ValueMap) => ValueMap): Heard {
  return {
    ...heard,
    outputs: code(heard.outputs),
    invokes: heard.invokes.map((invoke) => ({ ...invoke, args: code(invoke.args) })),
    resources: heard.resources.map((resource) => ({
      ...resource,
      inputs: code(resource.inputs),
      outputs: code(resource.outputs),
    })),
  };
}
