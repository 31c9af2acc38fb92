import { shellQuote } from "../infra/config/keys";
import type { State } from "./pulumi";
import { living, type Place } from "./state";
import { Refused, type World } from "./world";

/** What a cluster that is gone has left in its cloud, as the commands that take it away, in their order. */
export type Leftovers = readonly (readonly string[])[];

interface ForwardingRule {
  readonly name: string;
  readonly backendService?: string;
}

interface BackendService {
  readonly name: string;
  readonly healthChecks?: readonly string[];
}

/**
 * Looks for the parts of load balancers that a cluster of Google's made for its Services and that nobody else knows:
 * deleting a cluster is documented to try to delete them, without a promise (gcloud container clusters delete). The
 * stack's address and network cannot go while they are there. Only what listens at the stack's own address, or is a
 * firewall rule of a cluster's name in the stack's own network, counts. On Amazon the load balancer is the program's.
 *
 * @throws Refused where Google gives no answer
 */
export async function leftoversOfCluster(state: State, place: Place, world: World): Promise<Leftovers> {
  if (place.cloud !== "gcp") return [];
  const list = lister(place, world);
  const region = ["--region", place.region];
  const rules = await Promise.all(
    textsOf(state, "gcp:compute/address:Address", "address").map((address) =>
      list<ForwardingRule>("forwarding-rules", `IPAddress=${address}`, "json(name,backendService)"),
    ),
  );
  const services = await Promise.all(
    rules
      .flat()
      .flatMap(({ backendService }) => (backendService === undefined ? [] : [lastOf(backendService)]))
      .map((name) => list<BackendService>("backend-services", `name=${name}`, "json(name,healthChecks)")),
  );
  const firewalls = await Promise.all(
    textsOf(state, "gcp:compute/network:Network", "name").map((network) =>
      list<{ name: string }>("firewall-rules", `network~/${network}$ AND name~^(gke|k8s)`, "json(name)"),
    ),
  );
  const gone = (kind: string, name: string, ...where: string[]) => [
    ...["gcloud", "compute", kind, "delete", name, ...where],
    ...["--project", place.account, "--quiet"],
  ];
  const checks = services.flat().flatMap(({ healthChecks = [] }) => healthChecks);
  return [
    ...rules.flat().map(({ name }) => gone("forwarding-rules", name, ...region)),
    ...services.flat().map(({ name }) => gone("backend-services", name, ...region)),
    ...[...new Set(checks)].map((check) =>
      gone("health-checks", lastOf(check), ...(check.includes("/regions/") ? region : ["--global"])),
    ),
    ...firewalls.flat().map(({ name }) => gone("firewall-rules", name)),
  ];
}

/**
 * Takes them away, saying each.
 *
 * @throws Refused at the first that does not go
 */
export async function removeLeftovers(leftovers: Leftovers, world: World): Promise<void> {
  for (const [command, ...args] of leftovers) {
    world.err(`the cluster left this behind: ${[command!, ...args].map(shellQuote).join(" ")}\n`);
    const finished = await world.run(command!, args, { output: "captured", timeout: 300_000 });
    // A health check may serve other load balancers, and cannot go before they do: it costs nothing.
    if (finished.code !== 0 && !args.includes("health-checks"))
      throw new Refused(`it does not go: ${finished.stderr.trim().split("\n").at(-1)}`);
  }
}

function lister({ account }: Place, world: World) {
  return async <T>(kind: string, filter: string, format: string): Promise<readonly T[]> => {
    const command = ["compute", kind, "list", "--filter", filter, "--project", account, "--format", format];
    const finished = await world.run("gcloud", command, { output: "captured", timeout: 60_000 });
    if (finished.code === 0) return JSON.parse(finished.stdout) as readonly T[];
    throw new Refused(
      `nobody knows what the cluster has left behind, so nothing was touched: ${finished.stderr.trim()}\n` +
        `  ${["gcloud", ...command].map(shellQuote).join(" ")}`,
    );
  };
}

function textsOf(state: State, type: string, property: string): string[] {
  return living(state)
    .filter((resource) => resource.type === type)
    .flatMap(({ outputs, inputs }) => {
      const value = outputs?.[property] ?? inputs?.[property];
      return typeof value === "string" ? [value] : [];
    });
}

function lastOf(link: string): string {
  return link.slice(link.lastIndexOf("/") + 1);
}
