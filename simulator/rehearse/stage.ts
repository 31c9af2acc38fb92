import { criticalPath, type Operation } from "../engine/timeline";
import type { PulumiResult } from "../lab";
import { errorsOf, type StackLife } from "../life/stack-life";
import { dependenciesOf, dependentsOf, type ExportedState } from "../state";
import { duration } from "../timeline-text";

/** One operation of a chain, seconds simulated. */
export interface Step {
  readonly what: Operation["kind"];
  readonly name: string;
  readonly type: string;
  readonly start: number;
  readonly seconds: number;
}

/** One act of a rehearsal, and how long it would take. */
export interface Stage {
  readonly name: string;
  readonly ok: boolean;
  /** Simulated. */
  readonly seconds: number;
  readonly operations: number;
  /** Times of Kubernetes objects are estimates by type. */
  readonly estimated: number;
  /** The chain that decided how long it took. */
  readonly chain: readonly Step[];
  /** Every operation that took time, the longest first. */
  readonly steps: readonly Step[];
  /** What a person should read: what was said, refused, or is to be done by hand. */
  readonly notes: readonly string[];
}

/** Says what is going on. */
export type Tell = (text: string) => void;

/** Milliseconds between two looks at what is being done. */
const LOOK = 3000;

/** What a run came to. */
export interface Ended {
  readonly ok: boolean;
  readonly notes: readonly string[];
}

/** Does one act while saying how far it is, and draws its timeline. */
export async function stage(
  name: string,
  life: StackLife,
  act: () => Promise<Ended>,
  tell: Tell,
): Promise<Stage> {
  tell(`\n== ${name}`);
  const { cloud } = life.lab;
  const before = (await cloud.operations()).length;
  const [begun, stateBefore] = [await cloud.now(), await life.lab.state(life.stack)];
  let last = "";
  const look = async (): Promise<void> => {
    const own = (await cloud.operations()).slice(before).filter(({ kind }) => kind !== "read");
    const running = own.filter(({ end }) => end === undefined).map(({ urn }) => nameIn(urn));
    const said = `${own.length - running.length} done${running.length > 0 ? `, at work: ${some(running)}` : ""}`;
    if (said !== last && own.length > 0)
      tell(`  ${duration((await cloud.now()) - begun).padStart(12)}  ${said}`);
    last = said;
  };
  // A look that fails must not end the rehearsal: the act itself tells what is wrong.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK);
  const ended = await act().finally(() => clearInterval(timer));
  await look();
  const stateAfter = await life.lab.state(life.stack);
  const done = (await cloud.operations()).slice(before);
  return { name, ...summary(done, stateBefore, stateAfter), ...ended };
}

/** An `up`, a `destroy` or another run of the engine as an act. */
export function ended(result: PulumiResult, notes: readonly string[] = []): Ended {
  return { ok: result.code === 0, notes: result.code === 0 ? notes : [...notes, errorsOf(result)] };
}

/** Length and chains of what was done. */
export function summary(
  operations: readonly Operation[],
  before: ExportedState,
  after: ExportedState,
): Pick<Stage, "seconds" | "operations" | "estimated" | "chain" | "steps"> {
  const finished = operations.filter(({ end, kind }) => end !== undefined && kind !== "read");
  const deletes = finished.some(({ kind }) => kind === "delete");
  const path = criticalPath(operations, deletes ? dependentsOf(before) : dependenciesOf(after));
  const start = Math.min(...finished.map((operation) => operation.start));
  const end = Math.max(...finished.map((operation) => operation.end!));
  const steps = finished.map((operation) => stepOf(operation, start)).filter(({ seconds }) => seconds > 0);
  return {
    seconds: finished.length === 0 ? 0 : end - start,
    operations: finished.length,
    estimated: finished.filter(({ estimated }) => estimated).length,
    chain: path.operations.map((operation) => stepOf(operation, start)),
    steps: steps.sort((a, b) => b.seconds - a.seconds),
  };
}

/** A stage as a person reads it. */
export function stageText({ name, ok, seconds, operations, estimated, chain, steps, notes }: Stage): string {
  const title = `${name}: ${ok ? "" : "FAILED, "}${operations} operations, ${duration(seconds)} simulated`;
  const rest = estimated > 0 ? ` (${estimated} of them in Kubernetes, whose times are estimates)` : "";
  return [
    `${title}${rest}`,
    ...notes.flatMap((note) => note.trimEnd().split("\n")).map((line) => `  ${line}`),
    ...(chain.length > 0 ? ["  What decided it:", ...chain.map(line)] : []),
    ...(steps.length > 0 ? ["  What took longest:", ...steps.slice(0, 10).map(line)] : []),
  ].join("\n");
}

function line({ what, name, type, start, seconds }: Step): string {
  return `  ${duration(start).padStart(12)}  ${duration(seconds).padStart(12)}  ${what}  ${name}  (${type})`;
}

function stepOf({ urn, kind, type, start, end }: Operation, begun: number): Step {
  return { what: kind, name: nameIn(urn), type, start: start - begun, seconds: end! - start };
}

function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

function nameIn(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
