import { byCost, type KeptInState, keptInState, type KeptThing } from "./keeping";
import { renderKept } from "./kept-text";
import { EXIT, parseOptions } from "./options";
import { findOutside, type Outside } from "./outside";
import { PulumiStack, type State } from "./pulumi";
import { type Place, placeOf } from "./state";
import { Refused, type World } from "./world";

/** What `--json` prints. */
export interface KeptDocument {
  readonly stack: string;
  /** There is more in the state: this is what a destroy would keep, and not what one has kept. */
  readonly running: boolean;
  readonly things: readonly KeptThing[];
  readonly settings: number;
  readonly dragged: readonly string[];
  readonly unanswered: readonly string[];
}

/**
 * `npm run kept`: what a stack keeps on purpose, or would keep if it were destroyed now.
 *
 * @requirement O5
 */
export async function keptCommand(args: readonly string[], world: World): Promise<number> {
  const { stack, json } = parseOptions("kept", args);
  const state = await new PulumiStack(stack, world.root, world.run).state();
  const place = placeOf(state);
  if (!place) throw new Refused(`stack ${stack} has nothing in any cloud, and nobody can tell where it was`);
  const report = await keptReport(stack, state, place, world);
  if (json) world.out(`${JSON.stringify(report.document, null, 2)}\n`);
  else world.out(report.text);
  return EXIT.ok;
}

/** What is kept, from the state and from the cloud itself. */
export async function keptReport(
  stack: string,
  state: State,
  place: Place,
  world: World,
): Promise<{ readonly document: KeptDocument; readonly text: string }> {
  const inState = keptInState(state, place);
  const running = inState.going > 0;
  const outside = await findOutside(place, world.run);
  const things = byCost(merged(inState, outside));
  const { settings, dragged } = inState;
  const { unanswered } = outside;
  const text =
    (running ? `${stack} runs; a destroy would leave this:\n` : "") + renderKept(things, inState, outside);
  return { document: { stack, running, things, settings, dragged, unanswered }, text };
}

/** A retained thing that the state still has is found in the cloud too: once is enough. */
function merged(inState: KeptInState, outside: Outside): KeptThing[] {
  const names = new Set(inState.things.map(({ name }) => name));
  return [...inState.things, ...outside.things.filter(({ name }) => !names.has(name))];
}
