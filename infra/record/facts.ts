import type { Settings } from "../config/settings";

/** A fact as the state keeps it. */
export type Fact = string | readonly string[];

/**
 * What a stack is bound to once it runs, by configuration key without its namespace: a change of any of these
 * would make the cluster, or what holds data, anew.
 */
export type StackFacts = Readonly<Record<string, Fact>>;

/**
 * The facts of a configuration. Places of things that the configuration leaves out are absent, and are not compared:
 * a user pool that is added later is new wherever it is.
 */
export function factsOf(settings: Settings): StackFacts {
  return {
    cloud: settings.cloud,
    clusterName: settings.clusterName,
    namespace: settings.namespace,
    ...(settings.cloud === "gcp" ? ofGoogle(settings.gcp) : ofAmazon(settings.aws)),
    ...ofUserPool(settings),
  };
}

function ofGoogle(gcp: Extract<Settings, { cloud: "gcp" }>["gcp"]): StackFacts {
  return {
    "gcp.project": gcp.project,
    "gcp.region": gcp.region,
    "gcp.zones": [...gcp.zones],
    "gcp.databaseLocation": gcp.databaseLocation,
    "gcp.secretLocations": [...gcp.secretLocations],
    "gcp.network.nodesCidr": gcp.network.nodesCidr,
    "gcp.network.podsCidr": gcp.network.podsCidr,
    "gcp.network.servicesCidr": gcp.network.servicesCidr,
    "gcp.network.controlPlaneCidr": gcp.network.controlPlaneCidr,
  };
}

function ofAmazon(aws: Extract<Settings, { cloud: "aws" }>["aws"]): StackFacts {
  return {
    "aws.accountId": aws.accountId,
    "aws.region": aws.region,
    "aws.zones": [...aws.zones],
    ...(aws.copyRegion !== undefined && { "aws.copyRegion": aws.copyRegion }),
    "aws.network.cidr": aws.network.cidr,
    "aws.network.servicesCidr": aws.network.servicesCidr,
  };
}

function ofUserPool({ auth: { cognito } }: Settings): StackFacts {
  if (cognito?.kind !== "create") return {};
  return { "auth.cognito.accountId": cognito.accountId, "auth.cognito.region": cognito.region };
}
