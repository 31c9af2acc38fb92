import type { OperationKind } from "./timeline";

/** How an operation goes wrong. */
export type FaultKind =
  /** The cloud refuses; nothing was made or changed. */
  | "before"
  /** It succeeds, and the engine is told that it failed: a lost answer. */
  | "after"
  /** The thing exists, unfinished, and the engine is told both. */
  | "partial"
  /** No answer ever comes. */
  | "hang"
  /** The whole process group of the engine dies as the operation begins; the cloud goes on. */
  | "kill"
  /** The same once the operation has succeeded, before the engine hears of it. */
  | "kill-after"
  /** Refused three times for asking too often, then done: the provider tries again by itself. */
  | "throttle"
  /** From this operation on nobody's credentials are valid any more. */
  | "expire";

/** One rule of a script. Rules are tried in order; the first that fits acts. */
export interface FaultRule {
  readonly fault: FaultKind;
  /** Part of the URN, `*` for anything; left out: every resource. */
  readonly urn?: string;
  /** The whole URN, where a part would fit others too. */
  readonly exactly?: string;
  /** Left out: creations. `any` for every operation but reads. */
  readonly operation?: OperationKind | "any";
  /** Acts on the n-th operation that fits, counted from 1, and later ones as `times` allows. Left out: 1. */
  readonly nth?: number;
  /** How often in all. Left out: once, or, with `each`, without limit. */
  readonly times?: number;
  /** At most once for each URN: for campaigns that fail everything once. */
  readonly each?: boolean;
  /** What the engine is told. */
  readonly message?: string;
}

/** A fault that is to happen now. */
export interface Fault {
  readonly kind: FaultKind;
  readonly message: string;
}

/** A script of faults, and what of it has happened. */
export class Faults {
  #rules: { rule: FaultRule; seen: number; done: number; urns: Set<string> }[] = [];
  /** False: everything is refused as for an expired token. */
  credentialsValid = true;
  /** Faults that happened, for reports. */
  readonly happened: {
    readonly urn: string;
    readonly operation: OperationKind;
    readonly fault: FaultKind;
  }[] = [];

  /** Replaces the script. */
  set(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, seen: 0, done: 0, urns: new Set() }));
  }

  /** To be asked once for every operation that is not a preview. */
  next(urn: string, operation: OperationKind): Fault | undefined {
    for (const state of this.#rules) {
      const { rule } = state;
      if (!fits(rule, urn, operation)) continue;
      if (rule.each && state.urns.has(urn)) continue;
      state.seen++;
      if (state.seen < (rule.nth ?? 1) || state.done >= (rule.times ?? (rule.each ? Infinity : 1))) continue;
      state.done++;
      state.urns.add(urn);
      this.happened.push({ urn, operation, fault: rule.fault });
      if (rule.fault === "expire") this.credentialsValid = false;
      return { kind: rule.fault, message: rule.message ?? MESSAGES[rule.fault] };
    }
    return undefined;
  }
}

const MESSAGES: Readonly<Record<FaultKind, string>> = {
  before: "InternalFailure: the service is not available (fault by script)",
  after: "RequestError: send request failed, connection reset by peer (fault by script)",
  partial: "the resource was made, but did not become ready (fault by script)",
  hang: "no answer (fault by script)",
  kill: "the process was ended (fault by script)",
  "kill-after": "the process was ended (fault by script)",
  throttle: "Throttling: Rate exceeded (fault by script)",
  expire: "ExpiredToken: The security token included in the request is expired",
};

function fits(rule: FaultRule, urn: string, operation: OperationKind): boolean {
  const wanted = rule.operation ?? "create";
  if (wanted === "any" ? operation === "read" : wanted !== operation) return false;
  if (rule.exactly !== undefined && rule.exactly !== urn) return false;
  if (rule.urn === undefined) return true;
  const parts = rule.urn.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join(".*")).test(urn);
}
