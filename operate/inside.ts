import { ClusterSilent, type ClusterApi } from "./kubernetes";
import { PulumiStack } from "./pulumi";
import { clusterOf, placeOf } from "./state";
import { renderStaleLogin, staleLogin } from "./credentials";
import { Refused, type World } from "./world";

/** A stack's cluster and where in it the application is. */
export interface Inside {
  readonly api: ClusterApi;
  readonly namespace: string;
}

/**
 * The way into a stack's cluster.
 *
 * @throws Refused where the stack has none
 */
export async function inside(name: string, world: World): Promise<Inside> {
  const stack = new PulumiStack(name, world.root, world.run);
  const state = await stack.state();
  const place = placeOf(state);
  if (!place || !clusterOf(state, place)) throw new Refused(`stack ${name} has no cluster`);
  const kubeconfig = await stack.secretOutput("kubeconfig");
  if (kubeconfig === undefined)
    throw new Refused(`the first run of ${name} never came to its end: npm run up -- ${name} first`);
  return { api: world.reach(kubeconfig), namespace: place.namespace ?? place.clusterName };
}

/** Words a cluster's silence for the person in front. */
export async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ClusterSilent)) throw error;
    const stale = staleLogin(error.message);
    throw new Refused(stale ? renderStaleLogin(stale) : `the cluster gave no answer: ${error.message}`);
  }
}

/** A text of seconds as people say it. */
export function spoken(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 6) / 10} h`;
}
