import type { Json } from "../../preview/engine/values";
import type { DefaultTags } from "./tagging";
import type { Context } from "./view";

/** Whose credentials the simulated person holds. */
export interface Credentials {
  /** AWS account. Left out: whichever the provider is told to allow, else 111122223333. */
  readonly account?: string;
}

/** A provider's configuration as far as the simulation has a use for it. */
export interface ProviderConfig extends Context {
  readonly defaults: DefaultTags;
}

const DEFAULT_ACCOUNT = "111122223333";

/**
 * Reads what a provider is configured with.
 *
 * @param environment of whoever runs the engine: providers take a region or project from there
 * @throws Error in the words of the genuine provider where it would refuse
 */
export function readConfig(
  packageName: string,
  args: Readonly<Record<string, Json>>,
  environment: Readonly<Record<string, string | undefined>>,
  credentials: Credentials,
): ProviderConfig {
  const config = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, unfold(value)]));
  if (packageName === "gcp") return google(config, environment);
  if (packageName === "aws") return amazon(config, environment, credentials);
  // Things in one cluster are not those in another.
  return { account: "", region: "", project: serverOf(config["kubeconfig"]), defaults: { tags: {} } };
}

/** The address of a kubeconfig's cluster, which this program writes as JSON. */
function serverOf(kubeconfig: Json | undefined): string {
  const clusters = block(kubeconfig)["clusters"];
  const [first] = Array.isArray(clusters) ? clusters : [];
  return text(block(block(first)["cluster"])["server"]);
}

function amazon(
  config: Readonly<Record<string, Json>>,
  environment: Readonly<Record<string, string | undefined>>,
  credentials: Credentials,
): ProviderConfig {
  const region = text(config["region"]) || environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"];
  if (!region)
    throw new Error("Missing region configuration: set aws:region, AWS_REGION or AWS_DEFAULT_REGION");
  const allowed = texts(config["allowedAccountIds"]);
  const account = credentials.account ?? allowed[0] ?? DEFAULT_ACCOUNT;
  // terraform-provider-aws, internal/conns/config.go: the account is checked against both lists.
  if (
    (allowed.length > 0 && !allowed.includes(account)) ||
    texts(config["forbiddenAccountIds"]).includes(account)
  )
    throw new Error(`AWS account ID not allowed: ${account}`);
  return { account, region, project: "", defaults: { tags: block(block(config["defaultTags"])["tags"]) } };
}

function google(
  config: Readonly<Record<string, Json>>,
  environment: Readonly<Record<string, string | undefined>>,
): ProviderConfig {
  const project =
    text(config["project"]) || environment["GOOGLE_PROJECT"] || environment["GOOGLE_CLOUD_PROJECT"];
  const region = text(config["region"]) || environment["GOOGLE_REGION"] || "";
  // terraform-provider-google adds this label to what it creates unless told not to.
  const attribution =
    config["addPulumiAttributionLabel"] === false || config["addPulumiAttributionLabel"] === "false";
  const mark: Record<string, Json> = attribution ? {} : { "goog-pulumi-provisioned": "true" };
  return {
    account: "",
    region,
    project: project ?? "",
    defaults: { tags: { ...mark, ...block(config["defaultLabels"]) } },
  };
}

/** Everything but text arrives as JSON in a text. */
function unfold(value: Json): Json {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function block(value: Json | undefined): Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
