import { shellQuote } from "../infra/config/keys";
import type { ResourceState } from "./plan";
import type { PulumiStack, State } from "./pulumi";
import { living } from "./state";
import { Refused, type World } from "./world";

/**
 * What lets the Kubernetes provider drop from the state what it cannot reach (pulumi-kubernetes v4.34.2, provider.go,
 * `Read`). On a destroy the variable does not help: there the provider refuses to delete a release of a cluster that
 * it does not reach, whatever the variable says (`Delete`).
 */
const DROPS = { PULUMI_K8S_DELETE_UNREACHABLE: "true" } as const;

/** What a state says is in its cluster: objects and releases, without the provider itself. */
export function insideCluster(state: State): ResourceState[] {
  return living(state).filter(({ type }) => type.startsWith("kubernetes:"));
}

/**
 * Drops from the state what was in a cluster that its cloud calls gone. Only to be called once the cloud itself has
 * said so: a cluster that merely does not answer would be forgotten with everything that goes on running there.
 *
 * @throws Refused where something of it stays in the state; the text names it, and the command that drops it by hand
 */
export async function forgetInside(
  stack: PulumiStack,
  state: State,
  world: World,
  output: "shown" | "reported",
): Promise<State> {
  const urns = insideCluster(state).map(({ urn }) => urn);
  if (urns.length === 0) return state;
  const command = [
    ...["refresh", "--yes", "--skip-preview"],
    ...urns.flatMap((urn) => ["--target", urn]),
  ] as const;
  world.err(
    `dropping from the state what was in it, ${urns.length} resources: ` +
      `PULUMI_K8S_DELETE_UNREACHABLE=true pulumi refresh --stack ${stack.stack} with each as a --target\n`,
  );
  const finished = await stack.command(command, output, DROPS);
  const after = await stack.state();
  const left = insideCluster(after);
  if (left.length === 0) return after;
  const byHand = left.map(
    ({ urn }) => `  pulumi state delete --stack ${stack.stack} --yes --target-dependents ${shellQuote(urn)}`,
  );
  throw new Refused(
    `${left.length} resources of the cluster that is gone are still in the state (pulumi refresh ended with ` +
      `${finished.code}); nothing else was touched. Drop them by hand, then again: npm run destroy -- ${stack.stack}\n` +
      byHand.join("\n"),
  );
}
