import type { Step } from "./plan";

/** One property that differs, in words. */
export interface Change {
  readonly property: string;
  readonly before: string;
  readonly after: string;
}

/** Longest value that is shown; a certificate or a policy helps nobody here. */
const LIMIT = 60;

/**
 * What forces a replacement: the properties that the provider names. Where it names none, everything that differs;
 * a resource that goes because another one does has no difference of its own, and then the list is empty.
 */
export function changesOf(step: Step): Change[] {
  const [before, after] = [step.oldState?.inputs ?? {}, step.newState?.inputs ?? {}];
  const reasons = step.replaceReasons ?? [];
  // Its provider is for another cluster now: nothing of its own has changed.
  if (reasons.length > 0 && reasons.every((key) => key === "provider")) return [];
  const named = reasons.filter((key) => key !== "__provider");
  const detailed = Object.entries(step.detailedDiff ?? {})
    .filter(([, { kind }]) => kind.endsWith("-replace"))
    .map(([path]) => path);
  const properties = detailed.length > 0 ? detailed : named.length > 0 ? named : differing(before, after);
  return properties.map((property) => ({
    property,
    before: worded(at(before, property)),
    after: worded(at(after, property)),
  }));
}

function differing(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

/** Follows a path as the engine writes it: `scalingConfig.minSize`, `subnetIds[0]`, `tags["a.b"]`. */
function at(inputs: Readonly<Record<string, unknown>>, path: string): unknown {
  const parts = path.match(/[^.[\]"]+|"[^"]*"/g) ?? [];
  return parts.reduce<unknown>((inner, part) => {
    if (typeof inner !== "object" || inner === null) return inner;
    return (inner as Record<string, unknown>)[part.replace(/^"|"$/g, "")];
  }, inputs);
}

/** Marks of the engine for a secret and for what a preview cannot know (sdk/go/common/resource/properties.go). */
const SECRET = "4dabf18193072939515e22adb298388d";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function worded(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  const text = JSON.stringify(value);
  if (text.includes(SECRET) || text.includes("[secret]")) return "[secret]";
  if (text.includes(UNKNOWN)) return "known after the run";
  return text.length > LIMIT ? `${text.slice(0, LIMIT - 1)}…` : text;
}
