import { type Holding, holdingOf } from "../preview/report/holdings";
import { nameOf, type Plan, type ResourceState, type Step, typeOf } from "./plan";
import { changesOf, type Change } from "./changes";

/** A step that takes something away which holds data, or which people are at. */
export interface Loss {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** The provider's id, for whoever looks it up in the cloud's console. */
  readonly id?: string;
  /** `gone`: in the state, no longer in the cloud; the run would make an empty one in its place. */
  readonly action: "deleted" | "replaced" | "forgotten" | "gone";
  /** What forces it; empty for what the program no longer asks for. */
  readonly because: readonly Change[];
  readonly holds: Holding;
  /** The state keeps it: the engine would stop at it, in the worst case half-way. */
  readonly protected: boolean;
}

/** What may go and what may not. */
export interface Verdict {
  /** Losses that nobody allowed. */
  readonly refused: readonly Loss[];
  /** Losses that `--allow` named. */
  readonly allowed: readonly Loss[];
  /** Names and URNs given to `--allow` that fit none of the losses. */
  readonly unused: readonly string[];
}

/** Operations that end the life of the resource that is there (pulumi v3.259.0, sdk/go/common/display/ops.go). */
const ENDS: Readonly<Record<string, Loss["action"]>> = {
  delete: "deleted",
  replace: "replaced",
  "delete-replaced": "replaced",
};

/**
 * Judges a plan before anything of it is done. A loss is allowed by its logical name or URN; what is protected is
 * not, since the engine would refuse it in the middle of the run: its protection has to be lifted by a run before.
 *
 * @requirement O5
 */
export function judge(plan: Plan, allow: readonly string[] = []): Verdict {
  const losses = lossesOf(plan);
  const named = (loss: Loss) => allow.some((one) => one === loss.urn || one === loss.name);
  const allowed = losses.filter((loss) => named(loss) && !loss.protected);
  return {
    refused: losses.filter((loss) => !allowed.includes(loss)),
    allowed,
    unused: allow.filter((one) => !losses.some(({ urn, name }) => one === urn || one === name)),
  };
}

function lossesOf({ steps }: Plan): Loss[] {
  const found = new Map<string, Loss>();
  const recorded = new Set(steps.filter(({ op }) => op === "refresh").map(({ urn }) => urn));
  for (const step of steps) {
    const loss = lossOf(step) ?? (recorded.has(step.urn) ? goneOf(step) : undefined);
    if (loss && !found.has(step.urn)) found.set(step.urn, loss);
  }
  // What can never be made again is told first.
  const rank = ({ holds }: Loss) => (holds.kind === "data" ? 0 : 1);
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

function lossOf(step: Step): Loss | undefined {
  const action = ENDS[step.op];
  const old = step.oldState;
  if (action === undefined || old === undefined) return undefined;
  const holds = holdingOfState(old) ?? protectedOnly(old);
  if (!holds) return undefined;
  return {
    urn: step.urn,
    type: typeOf(step.urn),
    name: nameOf(step.urn),
    ...(old.id !== undefined && { id: old.id }),
    action: old.retainOnDelete && action === "deleted" ? "forgotten" : action,
    because: action === "replaced" ? changesOf(step) : [],
    holds,
    protected: old.protect ?? false,
  };
}

/** Data that the refresh of this run no longer found, and that the run would quietly begin anew. */
function goneOf({ op, urn, newState }: Step): Loss | undefined {
  const holds = op === "create" && newState ? holdingOfState(newState) : undefined;
  if (holds?.kind !== "data") return undefined;
  return { urn, type: typeOf(urn), name: nameOf(urn), action: "gone", because: [], holds, protected: false };
}

/** What a resource of a plan or of a state holds. */
export function holdingOfState(state: ResourceState): Holding | undefined {
  const identity = state.inputs?.["accountId"] ?? state.inputs?.["name"];
  return holdingOf({
    type: state.type,
    name: nameOf(state.urn),
    ...(typeof identity === "string" && { identity }),
  });
}

/** What the program protects without holding anything by itself belongs to something that does. */
function protectedOnly(state: ResourceState): Holding | undefined {
  return state.protect ? { kind: "data", holds: "a part of what is kept whole" } : undefined;
}
