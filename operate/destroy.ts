import { askForCluster } from "./cloud";
import { renderStaleLogin, staleLogin } from "./credentials";
import { keptInState } from "./keeping";
import { keptReport, type KeptDocument } from "./kept";
import { forgetInside, insideCluster } from "./gone-cluster";
import { type Leftovers, leftoversOfCluster, removeLeftovers } from "./gone-leftovers";
import { ClusterSilent } from "./kubernetes";
import { findOccupants, type Occupants } from "./occupants";
import { EXIT, parseOptions } from "./options";
import { PulumiStack, type State } from "./pulumi";
import { clusterOf, living, type Place, placeOf, type RecordedCluster } from "./state";
import { agreed, Refused, type World } from "./world";

/** What `--json` prints. */
export interface DestroyDocument {
  readonly stack: string;
  readonly result: "destroyed" | "declined" | "failed";
  readonly occupants?: Occupants;
  readonly kept?: KeptDocument;
  readonly error?: string;
}

/** What stands in the way, or goes with it, found before anything is touched. */
interface Survey {
  readonly cluster: "there" | "gone" | "none";
  readonly occupants?: Occupants;
  /** What a cluster that is gone has left behind. */
  readonly leftovers?: Leftovers;
}

/**
 * `npm run destroy`: says who still works there and what stays, asks, destroys all that is not protected, and lists
 * what is kept. A cluster that is gone does not block it; a log-in that ran out stops it before anything.
 *
 * @requirement O5
 */
export async function destroyCommand(args: readonly string[], world: World): Promise<number> {
  const { stack: name, yes, json } = parseOptions("destroy", args);
  const stack = new PulumiStack(name, world.root, world.run);
  const state = await stack.state();
  const place = placeOf(state);
  if (living(state).length === 0 || !place) {
    world.err(`stack ${name} has nothing that a destroy could end\n`);
    return EXIT.ok;
  }
  const survey = await look(stack, state, place, world);
  world.err(announcement(name, survey, keptInState(state, place).going));
  world.err((await keptReport(name, state, place, world)).text);
  if (!(await agreed(world, yes, `Destroy ${name}?`, name))) {
    if (json) world.out(`${JSON.stringify({ stack: name, result: "declined" } satisfies DestroyDocument)}\n`);
    return EXIT.refused;
  }

  const output = json ? "reported" : "shown";
  if (survey.cluster === "gone") {
    await forgetInside(stack, state, world, output);
    await removeLeftovers(survey.leftovers ?? [], world);
  }
  const finished = await stack.destroy([], output);
  const error = finished.code === 0 ? undefined : whyHalfWay(finished.stdout + finished.stderr);
  const after = await stack.state();
  const kept = await keptReport(name, after, place, world);
  if (error === undefined) world.err(`\n${name} is destroyed\n`);
  else world.err(`\n${error}\n`);
  const document: DestroyDocument = {
    stack: name,
    result: error === undefined ? "destroyed" : "failed",
    ...(survey.occupants && { occupants: survey.occupants }),
    kept: kept.document,
    ...(error !== undefined && { error }),
  };
  world.out(json ? `${JSON.stringify(document, null, 2)}\n` : kept.text);
  return error === undefined ? EXIT.ok : EXIT.refused;
}

/** @throws Refused for what has to be settled first */
async function look(stack: PulumiStack, state: State, place: Place, world: World): Promise<Survey> {
  const recorded = clusterOf(state, place);
  // A refresh that found the cluster gone has dropped it alone: what was inside still waits for it to answer.
  if (!recorded && insideCluster(state).length === 0) return { cluster: "none" };
  const cluster = recorded ?? { name: place.clusterName, protected: false };
  if (cluster.protected) throw new Refused(protectedCluster(stack.stack, cluster));
  const answer = await askForCluster(place, cluster, world.run);
  if (answer.is === "unknown") {
    throw new Refused(
      `${answer.why}\nnobody knows whether the cluster ${cluster.name} is there, so nothing was touched; then again: npm run destroy -- ${stack.stack}`,
    );
  }
  if (answer.is === "gone")
    return { cluster: "gone", leftovers: await leftoversOfCluster(state, place, world) };
  const namespaces = insideCluster(state).filter(({ type }) => type === NAMESPACE).length;
  return { cluster: "there", occupants: await occupantsOf(stack, place, world, namespaces) };
}

async function occupantsOf(
  stack: PulumiStack,
  place: Place,
  world: World,
  namespaces: number,
): Promise<Occupants | undefined> {
  const kubeconfig = await stack.secretOutput("kubeconfig");
  // The outputs are written by the first run that comes to its end.
  if (kubeconfig === undefined) return undefined;
  try {
    const list = world.listThrough(kubeconfig);
    if ((await list("/api/v1/nodes?limit=1")).length === 0 && namespaces > 0)
      throw new Refused(withoutNodes(stack.stack));
    return await findOccupants(place.namespace ?? place.clusterName, list);
  } catch (error) {
    if (!(error instanceof ClusterSilent)) throw error;
    const stale = staleLogin(error.message);
    if (stale) throw new Refused(renderStaleLogin(stale));
    throw new Refused(
      `the cloud says that the cluster is there, and it does not answer: ${error.message}\n` +
        "nothing was touched: what runs in it has to be taken down in order. Is your address let in " +
        `(cmbcluster:${LET_IN[place.cloud]}), is a VPN missing?`,
    );
  }
}

const NAMESPACE = "kubernetes:core/v1:Namespace";

/**
 * Without a node nothing answers for the API of metrics, and a namespace whose deletion has begun never ends
 * (kubernetes/kubernetes#60807): the destroy would give up half-way, after ten minutes for each.
 */
function withoutNodes(stack: string): string {
  return (
    `no node runs in the cluster (does ${stack} sleep?), and its namespaces do not end without one: nothing was touched\n` +
    `  first: npm run wake -- ${stack}`
  );
}

/** Keys that say whose addresses reach the API server. */
const LET_IN = { aws: "aws.cluster.publicAccessCidrs", gcp: "gcp.cluster.authorizedNetworks" } as const;

function protectedCluster(stack: string, { name }: Pick<RecordedCluster, "name">): string {
  return (
    `the cluster ${name} is protected, and so is all that it stands on: nothing was touched\n` +
    `  lift it first: pulumi config set --stack ${stack} --path cmbcluster:protect.cluster false && npm run up -- ${stack}`
  );
}

function announcement(stack: string, { cluster, occupants, leftovers = [] }: Survey, going: number): string {
  const who = {
    none: "its cluster is gone already",
    gone: `its cluster is gone, the cloud says so: what ran in it is dropped from the state${leftBehind(leftovers)}`,
    there:
      occupants === undefined
        ? "who is in the cluster is not known: its first run never came to its end"
        : present(occupants),
  }[cluster];
  return `destroying ${stack} ends ${going} resources; ${who}\n`;
}

function leftBehind(leftovers: Leftovers): string {
  const things = leftovers.map(([, , kind, , name]) => `${name} (${kind})`);
  return things.length === 0 ? "" : `; what it left behind is taken away: ${things.join(", ")}`;
}

function present({ environments, users, disks }: Occupants): string {
  const people =
    environments === 0
      ? "no user environment runs"
      : `${environments} user environments of ${users} people run there and END NOW, with whatever is not saved to their buckets`;
  const kept = disks.map(({ claim, disk, size }) => `${disk} (${claim}, ${size})`);
  return kept.length === 0 ? people : `${people}; these disks stay: ${kept.join(", ")}`;
}

function whyHalfWay(said: string): string {
  const stale = staleLogin(said);
  const again = "the same command goes on from there";
  if (stale) return `your log-in ran out on the way (${stale.said}): ${stale.renew}; then ${again}`;
  return `the destroy stopped half-way: the reason stands above, docs/troubleshooting.md knows most of them; ${again}`;
}
