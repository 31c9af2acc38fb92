import { estimate } from "../cost/estimate";
import { type CostLine, monthly } from "../cost/model";
import { dollars } from "../cost/money";
import { type SleepSaving, sleepSaving } from "../cost/sleep";
import { previewStack } from "../preview/engine";
import { renderStaleLogin, staleLogin } from "./credentials";
import { ClusterSilent } from "./kubernetes";
import { findOccupants, type Occupants } from "./occupants";
import { EXIT, parseOptions } from "./options";
import {
  askGroup,
  awaitGroup,
  type Command,
  emptyPool,
  giveToAutoscaler,
  type Pool,
  type PoolPlace,
  poolsOf,
  resizeGroup,
  takeFromAutoscaler,
} from "./pools";
import { PulumiStack } from "./pulumi";
import { clusterOf, placeOf } from "./state";
import { agreed, Refused, type World } from "./world";

/** Plans a stack without touching anything; a test brings its own. */
export type PlanOffline = typeof previewStack;

/** What `--json` prints, of sleep and of wake. */
export interface SleepDocument {
  readonly stack: string;
  readonly result: "asleep" | "awake" | "declined";
  /** US$ a month. */
  readonly cost?: Pick<SleepSaving, "awake" | "asleep" | "saving" | "bySchedule">;
  readonly pools: readonly Pool[];
}

/**
 * Minutes until the site answers again: a node (EKS 2, GKE 1.5; published deployment logs), images, the ingress
 * controller's minute of grace.
 */
const MINUTES_TO_WAKE = 6;

/** The key that keeps a stack asleep through every run. */
const KEY = "cmbcluster:sleep.now";

/**
 * `npm run sleep`: says what stays and what is saved, asks, sends all nodes away by the cloud's own tool, and writes
 * into the stack file that it is asleep, so that no run wakes it. Data is not touched. User environments end, so it
 * refuses while one runs, until told to end them.
 *
 * @requirement O11
 */
export async function sleepCommand(
  args: readonly string[],
  world: World,
  plan: PlanOffline = previewStack,
): Promise<number> {
  const { endEnvironments, json, stack: name, yes } = parseOptions("sleep", args);
  const { pools, saving, stack, where } = await prepare(name, world, plan);
  const going = `${pools.length} node pools of ${name} go to zero`;
  world.err(`${going}\n${savingText(saving)}${wakingText(name, saving)}`);
  await holdForEnvironments(stack, where, world, endEnvironments);
  if (!(await agreed(world, yes, `Put ${name} to sleep?`, name))) return declined(name, pools, json, world);

  if (where.place.cloud === "aws") await emptyGroups(where, pools, world);
  else {
    for (const pool of pools) await must(world, takeFromAutoscaler(where, pool));
    for (const pool of pools) await must(world, emptyPool(where, pool));
  }
  await setAsleep(stack, true);
  return done({ stack: name, result: "asleep", cost: figures(saving), pools }, json, world);
}

/**
 * `npm run wake`: takes the stack file's word back and gives every pool the sizes that the stack's configuration
 * asks for. A pool that has more nodes already keeps them.
 *
 * @requirement O11
 */
export async function wakeCommand(
  args: readonly string[],
  world: World,
  plan: PlanOffline = previewStack,
): Promise<number> {
  const { json, stack: name } = parseOptions("wake", args);
  const { pools, saving, stack, where } = await prepare(name, world, plan);
  // The platform first: cluster DNS and the autoscaler are on its nodes.
  const systemFirst = [...pools].sort((a, b) => (a.role === b.role ? 0 : a.role === "system" ? -1 : 1));
  await setAsleep(stack, false);
  for (const pool of systemFirst) {
    if (where.place.cloud === "gcp") await must(world, giveToAutoscaler(where, pool));
    else {
      const present = Number((await must(world, askGroup(where, pool))).trim());
      await must(world, resizeGroup(where, pool, pool.min, Math.max(present, pool.min)));
    }
  }
  world.err(`nodes are on their way: about ${MINUTES_TO_WAKE} minutes until the site answers\n`);
  return done({ stack: name, result: "awake", cost: figures(saving), pools: systemFirst }, json, world);
}

/** Where the stack is, which pools its configuration asks for, and what sleeping saves. */
async function prepare(name: string, world: World, plan: PlanOffline) {
  const stack = new PulumiStack(name, world.root, world.run);
  const state = await stack.state();
  const place = placeOf(state);
  const cluster = place && clusterOf(state, place);
  if (!place || !cluster) throw new Refused(`stack ${name} has no cluster: there is nothing to put to sleep`);
  const planned = async (now: boolean) => {
    const recording = await plan({ root: world.root, stack: name, overrides: { [KEY]: now } });
    if (recording.exit !== "ok") throw new Refused(`${name} cannot be planned: ${recording.error}`);
    return recording.resources;
  };
  const awake = await planned(false);
  const pools = poolsOf(place.cloud, awake);
  const existing = poolsOf(place.cloud, state.resources).map((pool) => pool.name);
  const missing = pools.filter((pool) => !existing.includes(pool.name)).map((pool) => pool.name);
  if (missing.length > 0) {
    throw new Refused(
      `the configuration asks for pools that are not there (${missing.join(", ")}): npm run up -- ${name} first`,
    );
  }
  const schedule = scheduleOf(awake);
  const saving = sleepSaving(estimate(awake), estimate(await planned(true)), schedule);
  return { pools, saving, stack, where: { place, cluster } satisfies PoolPlace };
}

/** The schedule that the plan has, as its component shows it. */
function scheduleOf(resources: Awaited<ReturnType<PlanOffline>>["resources"]) {
  const component = resources.find(({ type }) => /^cmb:(aws|gcp):SleepSchedule$/.test(type));
  return component?.inputs["times"] as Parameters<typeof sleepSaving>[2];
}

/** @throws Refused while people work there and nobody has said that they may be sent home */
async function holdForEnvironments(
  stack: PulumiStack,
  { place }: PoolPlace,
  world: World,
  endEnvironments: boolean,
): Promise<void> {
  const present = await look(stack, place.namespace ?? place.clusterName, world);
  const lost = "their pods do not come back, and what is not saved to their buckets is lost";
  if (typeof present === "string") {
    world.err(`who works there is not known (${present}); ${lost}\n`);
    if (!endEnvironments)
      throw new Refused("nothing was touched; --end-environments puts it to sleep all the same");
  } else if (present.environments > 0) {
    world.err(`${present.environments} user environments of ${present.users} people run there: ${lost}\n`);
    if (!endEnvironments) throw new Refused("nothing was touched; --end-environments ends them");
  }
}

async function look(stack: PulumiStack, namespace: string, world: World): Promise<Occupants | string> {
  const kubeconfig = await stack.secretOutput("kubeconfig");
  if (kubeconfig === undefined) return "its first run never came to its end";
  try {
    return await findOccupants(namespace, world.listThrough(kubeconfig));
  } catch (error) {
    if (!(error instanceof ClusterSilent)) throw error;
    const stale = staleLogin(error.message);
    if (stale) throw new Refused(renderStaleLogin(stale));
    return error.message;
  }
}

/**
 * While system groups drain, the autoscaler may move from one to the next and ask for a new node: whatever wishes for
 * one afterwards is emptied once more, when it has nowhere left to run.
 */
async function emptyGroups(where: PoolPlace, pools: readonly Pool[], world: World): Promise<void> {
  let left = pools;
  for (let round = 0; round < 2 && left.length > 0; round++) {
    for (const pool of left) await must(world, resizeGroup(where, pool, 0, 0));
    for (const pool of left) await must(world, awaitGroup(where, pool));
    const sizes: string[] = [];
    for (const pool of pools) sizes.push((await must(world, askGroup(where, pool))).trim());
    left = pools.filter((_, i) => sizes[i] !== "0");
  }
  if (left.length > 0) {
    const names = left.map(({ name }) => name).join(", ");
    throw new Refused(`something brings nodes back to ${names}: the same command again`);
  }
}

/** Runs a tool of the cloud's. @throws Refused with its own words */
async function must(world: World, [program, ...args]: Command): Promise<string> {
  const finished = await world.run(program, args, { output: "captured", timeout: 2_700_000 });
  if (finished.code === 0) return finished.stdout;
  if (finished.code === 127) throw new Refused(`there is no ${program} on PATH`);
  const said = `${finished.stderr}${finished.stdout}`.trim();
  const stale = staleLogin(said);
  if (stale) throw new Refused(`${renderStaleLogin(stale)}\n  then the same command again`);
  throw new Refused(`${[program, ...args].join(" ")}: ${said}\nthe same command goes on from there`);
}

async function setAsleep(stack: PulumiStack, asleep: boolean): Promise<void> {
  const command = asleep ? ["config", "set", "--path", KEY, "true"] : ["config", "rm", "--path", KEY];
  const finished = await stack.command(command);
  // Taking back a word that was never given is no fault.
  if (finished.code !== 0 && asleep)
    throw new Refused(`${KEY} could not be written: ${finished.stderr.trim()}`);
}

function savingText({ asleep, awake, bySchedule, saving, stays }: SleepSaving): string {
  const lines = stays.map((line) => `  ${dollars(monthly(line)).padStart(9)}  ${named(line)}`);
  const schedule = bySchedule === undefined ? "" : `; its schedule saves ${dollars(bySchedule)}`;
  return [
    `these stay, US$ a month:`,
    ...lines,
    `asleep ${dollars(asleep)}, awake ${dollars(awake)}: saves ${dollars(saving)} a month${schedule}`,
    "",
  ].join("\n");
}

const named = ({ group, what }: CostLine) => `${what} (${group})`;

function wakingText(stack: string, { bySchedule }: SleepSaving): string {
  const by = bySchedule === undefined ? "" : ", or the next morning of its schedule";
  return `data stays; npm run wake -- ${stack} takes about ${MINUTES_TO_WAKE} minutes${by}\n`;
}

const figures = ({ asleep, awake, bySchedule, saving }: SleepSaving) => ({
  awake,
  asleep,
  saving,
  ...(bySchedule !== undefined && { bySchedule }),
});

function declined(stack: string, pools: readonly Pool[], json: boolean, world: World): number {
  if (json) print({ stack, result: "declined", pools }, world);
  return EXIT.refused;
}

function done(document: SleepDocument, json: boolean, world: World): number {
  if (json) print(document, world);
  else world.out(`${document.stack} is ${document.result}\n`);
  return EXIT.ok;
}

const print = (document: SleepDocument, world: World) => world.out(`${JSON.stringify(document, null, 2)}\n`);
