import { renderStaleLogin, staleLogin } from "./credentials";
import type { Finished, Run } from "./process";
import type { Place, RecordedCluster } from "./state";

/** What the cloud itself says of a cluster. Only its own "not found" counts as gone. */
export type ClusterAnswer =
  { readonly is: "there" } | { readonly is: "gone" } | { readonly is: "unknown"; readonly why: string };

/** The cluster that is asked for; where its place is no longer known, the whole of a Google project is looked through. */
type Wanted = Pick<RecordedCluster, "name"> & Partial<Pick<RecordedCluster, "location">>;

/**
 * Asks the cloud, through its own command-line tool, whether a cluster is there. A cluster that does not answer is
 * not gone: an address that is not let in, a log-in that ran out and a network that is down look the same from here.
 *
 * @requirement O5
 */
export async function askForCluster(place: Place, cluster: Wanted, run: Run): Promise<ClusterAnswer> {
  const wrong = place.cloud === "aws" ? await wrongAccount(place, run) : undefined;
  if (wrong) return wrong;
  const [command, ...args] = describeCluster(place, cluster);
  const finished = await run(command!, args, { output: "captured", timeout: 60_000 });
  if (finished.code === 0) {
    if (place.cloud === "aws" || cluster.location !== undefined) return { is: "there" };
    if (INCOMPLETE.test(finished.stderr)) return unknown(finished, [command!, ...args]);
    return { is: (JSON.parse(finished.stdout) as unknown[]).length > 0 ? "there" : "gone" };
  }
  if (NOT_FOUND[place.cloud].test(finished.stderr)) return { is: "gone" };
  return unknown(finished, [command!, ...args]);
}

/** Words of `aws eks describe-cluster` (EKS API) and of `gcloud container clusters describe` (GKE API, 404). */
const NOT_FOUND: Readonly<Record<Place["cloud"], RegExp>> = {
  aws: /\(ResourceNotFoundException\).*No cluster found for name/s,
  gcp: /code=404\b.*Not found/s,
};

/** What gcloud warns of when a list is not whole (GKE API, `missingZones`). */
const INCOMPLETE = /did not respond|may be incomplete/i;

function describeCluster({ cloud, account, region }: Place, { name, location }: Wanted): string[] {
  if (cloud === "aws")
    return ["aws", "eks", "describe-cluster", "--name", name, "--region", region, "--output", "json"];
  if (location === undefined) {
    const which = ["--filter", `name=${name}`, "--project", account, "--format", "json(name,location)"];
    return ["gcloud", "container", "clusters", "list", ...which];
  }
  const where = ["--location", location, "--project", account, "--format", "json(name,status)"];
  return ["gcloud", "container", "clusters", "describe", name, ...where];
}

/** In another account of Amazon's the cluster is not found either. */
async function wrongAccount({ account }: Place, run: Run): Promise<ClusterAnswer | undefined> {
  const args = ["sts", "get-caller-identity", "--output", "json"];
  const finished = await run("aws", args, { output: "captured", timeout: 60_000 });
  if (finished.code !== 0) return unknown(finished, ["aws", ...args]);
  const { Account: found } = JSON.parse(finished.stdout) as { readonly Account: string };
  if (found === account) return undefined;
  return { is: "unknown", why: `your log-in is for the AWS account ${found}, the stack is in ${account}` };
}

function unknown(finished: Finished, command: readonly string[]): ClusterAnswer {
  const said = `${finished.stderr}${finished.stdout}`.trim();
  const stale = staleLogin(said);
  if (stale) return { is: "unknown", why: renderStaleLogin(stale) };
  const reason =
    finished.code === 127 ? `there is no ${command[0]} on PATH` : said.split("\n").slice(-3).join(" ");
  return { is: "unknown", why: `${command.join(" ")}: ${reason || `ended with ${finished.code}`}` };
}
