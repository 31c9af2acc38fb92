/**
 * Every fault a configuration can have: a stable code, a title for the reference, and nothing else. A code is
 * never reused and never given another meaning, since people search for it; a new fault takes the next number.
 *
 * @requirement C1
 */
export const faultTitles = {
  "CMB-C001": "a required value is missing",
  "CMB-C002": "a value of the wrong kind, or not among the choices",
  "CMB-C003": "an unknown key",
  "CMB-C004": "a block that is not an object, or broken JSON",
  "CMB-C005": "an unknown cloud",
  "CMB-C006": "a number outside its range",
  "CMB-C007": "a secret in plain text",
  "CMB-C008": "a plain key stored as a secret",
  "CMB-C009": "a secret that is too short",
  "CMB-C010": "a cluster name that the application or the cloud refuses",
  "CMB-C011": "a namespace that Kubernetes refuses or that is taken",
  "CMB-C012": "not a domain name",
  "CMB-C013": "not an e-mail address the application can use",
  "CMB-C014": "not an AWS account id",
  "CMB-C015": "not an AWS region",
  "CMB-C016": "not the name of a Google Cloud region",
  "CMB-C017": "not a Google Cloud project id",
  "CMB-C018": "a zone outside the region",
  "CMB-C019": "a zone named twice",
  "CMB-C020": "the wrong number of zones",
  "CMB-C021": "not an IPv4 range",
  "CMB-C022": "an address range of a size the cloud refuses",
  "CMB-C023": "address ranges that overlap",
  "CMB-C024": "an address range that is not private",
  "CMB-C025": "too few addresses for the nodes",
  "CMB-C026": "too few addresses for the pods",
  "CMB-C027": "subnets too small for nodes and pods",
  "CMB-C028": "a Kubernetes version out of support",
  "CMB-C029": "nobody, or somebody who cannot, reaches the API server",
  "CMB-C030": "an API server open to the internet",
  "CMB-C031": "a minimum above its maximum",
  "CMB-C032": "fewer system nodes than zones",
  "CMB-C033": "spot nodes for user environments",
  "CMB-C034": "more than one backend",
  "CMB-C035": "a storage class that is no intent, or that a mount cannot read",
  "CMB-C036": "an unsafe switch in production",
  "CMB-C037": "a sign-in provider without what it needs",
  "CMB-C038": "a Cognito pool without a place, or in the wrong one",
  "CMB-C039": "an existing Cognito pool named by half",
  "CMB-C040": "a Cognito domain prefix that AWS refuses",
  "CMB-C041": "not a Cognito pool id, or of another region",
  "CMB-C042": "signing out everywhere from Google Cloud",
  "CMB-C043": "an image without a fixed version",
  "CMB-C044": "some images named, others not",
  "CMB-C045": "an empty list where at least one entry is needed",
  "CMB-C046": "a database bucket that looks like a user's",
  "CMB-C047": "a tag that one of the clouds refuses",
  "CMB-C048": "a machine type that is none, or of another architecture",
  "CMB-C049": "a maintenance window that GKE refuses",
  "CMB-C050": "a retention that CloudWatch does not offer",
  "CMB-C051": "not the ARN of an IAM role or user",
  "CMB-C052": "a number of NAT ports that Cloud NAT refuses",
  "CMB-C053": "not a DNS zone of this cloud",
  "CMB-C054": "an environment larger than all environments together",
  "CMB-C055": "not a Kubernetes quantity",
  "CMB-C056": "a bucket location that does not hold the region",
  "CMB-C057": "the Google client secret is missing",
  "CMB-C058": "the Cognito client secret is missing",
  "CMB-C059": "a placeholder where a value of your own is needed",
  "CMB-C060": "not a Google billing account",
  "CMB-C061": "more addresses than a budget can alert",
  "CMB-C062": "a sleep schedule that cannot be kept",
  "CMB-C063": "user nodes kept warm beside a sleep schedule",
  "CMB-C064": "a second region that is none",
  "CMB-C065": "room for environments that a whole machine would be kept for",
} as const;

/** A stable code out of {@link faultTitles}. */
export type FaultCode = keyof typeof faultTitles;

/** One fault. Holds no secret: {@link value} is absent for everything that may be one. */
export interface Fault {
  readonly code: FaultCode;
  /** Key as the Pulumi CLI takes it: `cmbcluster:aws.accountId`. */
  readonly key: string;
  /** What stands there, as JSON; absent when nothing does, or when it may be secret. */
  readonly value?: string;
  /** Why it cannot work, with the limit and whose limit it is. */
  readonly cause: string;
  /** The command that mends it. */
  readonly fix: string;
}

/** Something worth knowing that stops nothing. */
export interface Finding {
  readonly code: string;
  readonly key: string;
  readonly message: string;
}

/**
 * Faults as a person reads them or as a program does.
 *
 * @param format `text`: three lines a fault, sorted by code; `json`: an array of {@link Fault}
 */
export function renderFaults(faults: readonly Fault[], format: "text" | "json"): string {
  const sorted = [...faults].sort((a, b) => a.code.localeCompare(b.code) || a.key.localeCompare(b.key));
  if (format === "json") return JSON.stringify(sorted, undefined, 2);
  const indent = " ".repeat("CMB-C000  ".length);
  return sorted
    .map(({ code, key, value, cause, fix }) =>
      [
        `${code}  ${key}${value === undefined ? "" : ` = ${value}`}`,
        `${indent}${cause}`,
        `${indent}fix: ${fix}`,
      ].join("\n"),
    )
    .join("\n");
}
