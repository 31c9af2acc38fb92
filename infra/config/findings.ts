import type { Draft } from "./complete";
import type { Finding } from "./faults";
import { NAMESPACE, fullKey } from "./keys";
import { gcpRegions, gcpZones, isGcpRegionName, isGcpZoneNameOf, isKnownGcpRegion } from "./places";
import { profiles } from "./profiles";
import type { Raw } from "./schema";
import { nearest } from "./spelling";

/** Namespaces whose keys configure default providers, of which this program uses none. */
const providerNamespaces = ["aws", "gcp", "google-native", "kubernetes", "eks", "random", "aws-native"];

/**
 * What is worth knowing and stops nothing. A code is never reused: CMB-N005 told of a placeholder domain, which is
 * now to be supplied (CMB-C059).
 */
export function findFindings(
  keys: readonly string[],
  raw: Raw,
  draft: Draft,
  supplied: readonly string[],
): Finding[] {
  const findings: Finding[] = [];
  const note = (code: string, key: string, message: string): void => {
    findings.push({ code, key, message });
  };
  const own = (path: string): string => `${NAMESPACE}:${path}`;

  const other = raw.cloud && (raw.cloud === "gcp" ? "aws" : "gcp");
  if (other && raw[other]) note("CMB-N001", own(other), `block ${other} stands by, unused: it was checked`);
  for (const key of keys) {
    const namespace = key.split(":")[0]!;
    if (!providerNamespaces.includes(namespace)) continue;
    note(
      "CMB-N002",
      key,
      `ignored: the program's providers read ${NAMESPACE}:${namespace === "gcp" ? "gcp" : "aws"} and nothing else`,
    );
  }
  if (!draft.protect.data)
    note("CMB-N003", own("protect.data"), "a destroy loses database copies, zone, pool and keys for good");
  if (draft.certificates.issuer === "staging") {
    note(
      "CMB-N004",
      own("certificates.issuer"),
      "no browser trusts certificates of Let's Encrypt's staging environment",
    );
  }
  const active = draft.auth?.active;
  if (draft.auth?.google && draft.auth.cognito) {
    note(
      "CMB-N006",
      own("auth.provider"),
      `the application takes one provider's tokens at a time: ${active}'s`,
    );
  }
  if (active === "cognito") {
    note(
      "CMB-N007",
      own("auth"),
      "today's sign-in page offers Google only: with Cognito alone nobody gets in; also set auth.google and provider google",
    );
  }
  if (supplied.includes("googleClientSecret") && !draft.auth?.google) {
    note("CMB-N008", fullKey(["googleClientSecret"]), "unused: no Google client is configured");
  }
  if (supplied.includes("cognitoClientSecret") && draft.auth?.cognito?.kind !== "existing") {
    note("CMB-N008", fullKey(["cognitoClientSecret"]), "unused: no existing Cognito client is configured");
  }
  if (draft.auth?.cognito?.kind === "create" && draft.auth.cognito.selfSignUp) {
    note(
      "CMB-N009",
      own("auth.cognito.selfSignUp"),
      "anyone on the internet can make an account and start machines",
    );
  }
  if (draft.cloud === "aws" && draft.aws?.cluster.privateOnly) {
    note("CMB-N010", own("aws.cluster.privateOnly"), "deploy from inside the VPC or a network joined to it");
  }
  if (draft.cloud === "aws" && draft.aws?.adoptMountRole) {
    note(
      "CMB-N012",
      own("aws.adoptMountRole"),
      "for one up only: while it is set, changes of the mounting role's trust and tags are not made",
    );
  }
  findings.push(...unheardBudgets(draft), ...unknownPlaces(raw), ...oneRegionAlone(draft));
  if (!draft.images)
    note("CMB-N011", own("images"), "not named yet: everything but the application is built");
  return findings;
}

/** Data whose copies lie in one region, under a profile that wants two. */
function oneRegionAlone({ cloud, profile, gcp, aws }: Draft): Finding[] {
  const note = (path: string[], message: string) => [{ code: "CMB-N017", key: fullKey(path), message }];
  const lost = "the loss of this region would be the loss of the database and its copies";
  const wished = profiles[profile];
  if (cloud === "aws" && wished.aws.secondRegion && aws?.region !== undefined && aws.copyRegion === undefined)
    return note(["aws", "copyRegion"], `no copy in a second region: ${lost}`);
  if (
    cloud === "gcp" &&
    wished.gcp.multiRegion &&
    gcp?.region !== undefined &&
    gcp.databaseLocation === gcp.region
  )
    return note(["gcp", "databaseLocation"], `in one region: ${lost}; it can never be changed`);
  return [];
}

/** Budgets that the cloud does not watch, or whose alerts nobody gets. */
function unheardBudgets({ cloud, budget, gcp }: Draft): Finding[] {
  const account = gcp?.billingAccount;
  const note = (code: string, path: string[], message: string) => [{ code, key: fullKey(path), message }];
  if (!budget) {
    return account === undefined || cloud !== "gcp"
      ? []
      : note("CMB-N014", ["gcp", "billingAccount"], "unused: there is no budget");
  }
  if (cloud === "gcp" && account === undefined) {
    const message =
      "held against the plan only: without gcp.billingAccount Google watches none and sends no alert";
    return note("CMB-N015", ["budget"], message);
  }
  if (budget.alertEmails.length > 0) return [];
  const who = cloud === "aws" ? "nobody" : "only the administrators of the billing account";
  return note("CMB-N016", ["budget", "alertEmails"], `alerts reach ${who}: name somebody`);
}

/** Places of Google Cloud that are right in form and not on a list that is no authority. */
function unknownPlaces({ gcp }: Raw): Finding[] {
  const region = gcp?.region;
  if (region === undefined || !isGcpRegionName(region)) return [];
  if (!isKnownGcpRegion(region)) {
    const meant = nearest(region, gcpRegions);
    const nearby = meant ? `, of which the nearest is ${meant}` : "";
    const zones = gcp?.zones ? "" : "; its zones are taken to be a, b and c unless gcp.zones names them";
    const message = `not among the regions known here${nearby}: see gcloud compute regions list${zones}`;
    return [{ code: "CMB-N013", key: fullKey(["gcp", "region"]), message }];
  }
  const known = gcpZones(region);
  return (gcp?.zones ?? []).flatMap((zone, i) => {
    if (known.includes(zone) || !isGcpZoneNameOf(zone, region)) return [];
    const message = `not among the zones known here, ${known.join(", ")}: see gcloud compute zones list`;
    return [{ code: "CMB-N013", key: fullKey(["gcp", "zones", i]), message }];
  });
}
