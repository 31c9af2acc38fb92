/**
 * Regions of the commercial AWS partition (pulumi-aws v7.48.0, enum `Region`). The partitions of China, GovCloud,
 * the European Sovereign Cloud and the isolated ones have other ARNs, endpoints and services: they are refused.
 */
export const awsRegions = [
  ...[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
  ],
  ...["ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"],
  ...[
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
  ],
  ...["eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1"],
  ...["me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"],
] as const;

/**
 * Regions of Google Cloud known when this was written: an aid against typing errors and no authority. Google's
 * SDKs carry no list to check it against, and regions are added, so one that is missing here is noted
 * (CMB-N013), never refused. What there is: `gcloud compute regions list`.
 */
export const gcpRegions = [
  ...["africa-south1", "asia-east1", "asia-east2", "asia-northeast1", "asia-northeast2", "asia-northeast3"],
  ...["asia-south1", "asia-south2", "asia-southeast1", "asia-southeast2", "asia-southeast3"],
  ...["australia-southeast1", "australia-southeast2", "europe-central2", "europe-north1", "europe-north2"],
  ...["europe-southwest1", "europe-west1", "europe-west2", "europe-west3", "europe-west4", "europe-west6"],
  ...[
    "europe-west8",
    "europe-west9",
    "europe-west10",
    "europe-west12",
    "me-central1",
    "me-central2",
    "me-west1",
  ],
  ...["northamerica-northeast1", "northamerica-northeast2", "northamerica-south1", "southamerica-east1"],
  ...[
    "southamerica-west1",
    "us-central1",
    "us-east1",
    "us-east4",
    "us-east5",
    "us-south1",
    "us-west1",
    "us-west2",
  ],
  ...["us-west3", "us-west4"],
] as const;

/** Regions known to have other zones than a, b, c; as little an authority as the list above. */
const zoneLetters: Readonly<Record<string, string>> = {
  "europe-west1": "bcd",
  "us-east1": "bcd",
  "us-central1": "abcf",
};

/** True for a name of the form that Google Cloud's regions have. */
export function isGcpRegionName(text: string): boolean {
  return /^[a-z]+-[a-z]+\d{1,2}$/.test(text);
}

/** True for a region out of {@link gcpRegions}. */
export function isKnownGcpRegion(region: string): boolean {
  return (gcpRegions as readonly string[]).includes(region);
}

/** The zones of a Google Cloud region: as known, else the a, b and c of most. */
export function gcpZones(region: string): string[] {
  return [...(zoneLetters[region] ?? "abc")].map((letter) => `${region}-${letter}`);
}

/** True for a name that a zone of the Google Cloud region can have: the region's with a letter. */
export function isGcpZoneNameOf(zone: string, region: string): boolean {
  return zone.length === region.length + 2 && zone.startsWith(`${region}-`) && /[a-z]$/.test(zone);
}

/** True for the name of an availability zone of the region; local and wavelength zones are none. */
export function isAwsZoneOf(zone: string, region: string): boolean {
  return zone.length === region.length + 1 && zone.startsWith(region) && /[a-z]$/.test(zone);
}

/**
 * The Cloud Storage multi-region a region's data may lie in (cloud.google.com/storage/docs/locations): `EU` is
 * the European Union only, so London and Zurich have none, and neither have the other continents.
 */
export function multiRegionOf(region: string): "US" | "EU" | "ASIA" | undefined {
  if (region.startsWith("us-")) return "US";
  if (region.startsWith("asia-")) return "ASIA";
  if (region === "europe-west2" || region === "europe-west6") return undefined;
  return region.startsWith("europe-") ? "EU" : undefined;
}

/**
 * Where the database bucket's copy goes by default: a region of the same country or union that is on in every AWS
 * account (regions since 2019 have to be switched on: AWS Account Management, "Enable or disable Regions"). Where
 * there is none nothing is chosen: data leaves a country only because somebody said so.
 */
const copyRegions: Readonly<Record<string, string>> = {
  "us-east-1": "us-west-2",
  "us-east-2": "us-west-2",
  "us-west-1": "us-east-2",
  "us-west-2": "us-east-2",
  "eu-central-1": "eu-west-1",
  "eu-west-1": "eu-central-1",
  "eu-west-3": "eu-west-1",
  "eu-north-1": "eu-central-1",
  "eu-south-1": "eu-central-1",
  "eu-south-2": "eu-west-3",
  "ap-northeast-1": "ap-northeast-3",
  "ap-northeast-3": "ap-northeast-1",
  "ap-south-2": "ap-south-1",
  "ap-southeast-4": "ap-southeast-2",
  "ca-west-1": "ca-central-1",
};

/** The second region of a stack in this one, where one can be chosen without asking. */
export function copyRegionOf(region: string): string | undefined {
  return copyRegions[region];
}

/**
 * Kubernetes minors this program is built for, newest last, with the end of standard support (endoflife.date:
 * amazon-eks, google-kubernetes-engine). A table, not a clock: the same configuration gives the same answer on
 * every day, and a new minor comes in together with the add-on versions that were read for it.
 */
export const kubernetesVersions = {
  aws: { "1.35": "2027-03-27", "1.36": "2027-08-02" },
  gcp: { "1.35": "2027-04-11", "1.36": "2027-08-09" },
} as const satisfies Record<string, Record<string, string>>;

/** Retentions in days that CloudWatch Logs offers (API PutRetentionPolicy). */
export const cloudWatchRetentions = [
  ...[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ],
];
