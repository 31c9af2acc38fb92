import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** What a provider was asked to do with one resource. */
export type OperationKind = "create" | "read" | "update" | "delete";

/** One finished or running operation; seconds are virtual. */
export interface Operation {
  /** Position in the order in which operations began. */
  readonly order: number;
  readonly urn: string;
  readonly type: string;
  readonly kind: OperationKind;
  readonly start: number;
  end?: number;
  /**
   * URNs of things without which the cloud would have refused, or would still be waiting: of a creation, what was made
   * before it, of a deletion, what has to outlast it beside what its creation needed.
   */
  needed: string[];
  /** Its own share of the time: what it lasted beyond any waiting for others. */
  work?: number;
  /** The cloud's answer when it failed, or what a fault script did to it. */
  error?: string;
  /** True for what a real API server did: its time is an estimate by type. */
  readonly estimated?: boolean;
}

/** A question of the program to a cloud, which makes and changes nothing and has no place in the time that a run takes. */
export interface Invocation {
  /** Of the function: `aws:ec2/getAmi:getAmi`. */
  readonly token: string;
  /** As the provider is configured that was asked. */
  readonly region: string;
}

/** A chain of operations, each of which could start only when the one before had ended. */
export interface Chain {
  readonly seconds: number;
  readonly operations: readonly Operation[];
}

/** All operations of a simulation, in the order in which they began. */
export class Timeline {
  readonly operations: Operation[] = [];
  /** Questions, in their order; of this process alone. */
  readonly invocations: Invocation[] = [];

  /** @param folder for `operations.jsonl`, one line for each operation that ended */
  constructor(private readonly folder?: string) {}

  begin(operation: Omit<Operation, "order" | "needed">): Operation {
    const begun: Operation = { ...operation, order: this.operations.length, needed: [] };
    this.operations.push(begun);
    return begun;
  }

  finish(operation: Operation, end: number, error?: string): void {
    operation.end = end;
    if (error !== undefined) operation.error = error;
    if (this.folder === undefined) return;
    mkdirSync(this.folder, { recursive: true });
    appendFileSync(join(this.folder, "operations.jsonl"), `${JSON.stringify(operation)}\n`);
  }
}

/**
 * The chain that decided how long a run took: from the operation that ended last backwards, each time to the
 * one whose end let it start.
 *
 * @param dependencies of a URN, as the engine has them; where none fits, whatever ended at that moment
 */
export function criticalPath(
  operations: readonly Operation[],
  dependencies: (urn: string) => readonly string[] = () => [],
): Chain {
  const ended = operations.filter(({ end, kind }) => end !== undefined && kind !== "read");
  const chain: Operation[] = [];
  let last = latest(ended);
  const begin = Math.min(...ended.map(({ start }) => start));
  while (last) {
    chain.unshift(last);
    const current: Operation = last;
    const before = ended.filter((other) => other.end! <= current.start && !chain.includes(other));
    const wanted = new Set(dependencies(current.urn));
    const own = before.filter(({ urn }) => wanted.has(urn));
    last =
      current.start <= begin ? undefined : (atMoment(own, current.start) ?? atMoment(before, current.start));
  }
  return { seconds: chain.length === 0 ? 0 : chain.at(-1)!.end! - chain[0]!.start, operations: chain };
}

/**
 * The longest chain that no program could avoid: every operation waits for what the cloud refuses to do without.
 * Its length is the time a run would take if nothing else held it up.
 */
export function unavoidableChain(operations: readonly Operation[], kind: "create" | "delete"): Chain {
  const all = operations.filter((operation) => operation.kind === kind && operation.end !== undefined);
  const byUrn = new Map(all.map((operation) => [operation.urn, operation]));
  const needs = new Map(all.map(({ urn, needed }) => [urn, kind === "delete" ? [] : needed]));
  if (kind === "delete") reverse(needs, operations);
  const known = new Map<string, Chain>();
  const chainTo = (urn: string, path: ReadonlySet<string>): Chain => {
    const found = known.get(urn);
    const operation = byUrn.get(urn);
    if (found) return found;
    if (!operation || path.has(urn)) return { seconds: 0, operations: [] };
    const within = new Set([...path, urn]);
    const before = longest((needs.get(urn) ?? []).map((need) => chainTo(need, within)));
    const own = operation.work ?? operation.end! - operation.start;
    const chain = { seconds: before.seconds + own, operations: [...before.operations, operation] };
    known.set(urn, chain);
    return chain;
  };
  return longest(all.map(({ urn }) => chainTo(urn, new Set())));
}

/** What was needed to be made, or to be deleted, must outlive what needed it. */
function reverse(needs: Map<string, string[]>, operations: readonly Operation[]): void {
  for (const { urn, kind, needed } of operations) {
    if (kind !== "create" && kind !== "delete") continue;
    for (const need of needed) needs.get(need)?.push(urn);
  }
}

function longest(chains: readonly Chain[]): Chain {
  return chains.reduce((a, b) => (b.seconds > a.seconds ? b : a), { seconds: 0, operations: [] });
}

function latest(operations: readonly Operation[]): Operation | undefined {
  return operations.reduce<Operation | undefined>((a, b) => (a && a.end! >= b.end! ? a : b), undefined);
}

/** The one that ended at that moment; ends before it did not hold anything up. */
function atMoment(operations: readonly Operation[], second: number): Operation | undefined {
  const at = operations.filter(({ end }) => Math.abs(end! - second) < 0.001);
  return at.reduce<Operation | undefined>((a, b) => (a && a.start <= b.start ? a : b), undefined);
}
