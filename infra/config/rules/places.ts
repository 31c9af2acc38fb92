import {
  awsRegions,
  copyRegionOf,
  gcpRegions,
  gcpZones,
  isAwsZoneOf,
  isGcpRegionName,
  isGcpZoneNameOf,
  kubernetesVersions,
  multiRegionOf,
} from "../places";
import { nearest } from "../spelling";
import type { Rule } from "../judge";

/** Regions AWS does not have, and names that no region of Google's can have. */
export const refuseUnknownRegion: Rule = ({ raw, refuse }) => {
  const aws = (path: string, region: string | undefined): void => {
    if (region === undefined || (awsRegions as readonly string[]).includes(region)) return;
    const cause = "not a region of the commercial AWS partition";
    refuse("CMB-C015", path, cause, { set: nearest(region, awsRegions) ?? "eu-central-1" });
  };
  aws("aws.region", raw.aws?.region);
  aws("auth.cognito.region", raw.auth?.cognito?.region);
  const region = raw.gcp?.region;
  if (region === undefined || isGcpRegionName(region)) return;
  const hint = nearest(region, gcpRegions) ?? "europe-west4";
  const cause =
    "not the name of a Google Cloud region, which look like europe-west4 (a zone has a letter more)";
  refuse("CMB-C016", "gcp.region", cause, { set: hint });
};

/** Zones of another region, or that no region has. */
export const refuseZoneOutsideRegion: Rule = ({ raw, refuse }) => {
  const { gcp, aws } = raw;
  const { region: place } = gcp ?? {};
  if (place !== undefined && isGcpRegionName(place)) {
    const known = gcpZones(place);
    (gcp?.zones ?? []).forEach((zone, i) => {
      if (isGcpZoneNameOf(zone, place)) return;
      const cause = `not in ${place}, whose zones are called ${known.join(", ")} or the like`;
      refuse("CMB-C018", `gcp.zones[${i}]`, cause, { set: known[i] ?? known[0]! }, ["gcp.region"]);
    });
  }
  const region = aws?.region;
  if (region !== undefined && (awsRegions as readonly string[]).includes(region)) {
    (aws?.zones ?? []).forEach((zone, i) => {
      if (isAwsZoneOf(zone, region)) return;
      const cause = `not an availability zone of ${region}, whose zones are ${region}a, ${region}b and so on`;
      refuse("CMB-C018", `aws.zones[${i}]`, cause, { set: `${region}${"abc"[i] ?? "a"}` }, ["aws.region"]);
    });
  }
};

/** A zone that stands twice in the list. */
export const refuseDuplicateZones: Rule = ({ raw, refuse }) => {
  for (const cloud of ["gcp", "aws"] as const) {
    const zones = raw[cloud]?.zones ?? [];
    zones.forEach((zone, i) => {
      const first = zones.indexOf(zone);
      if (first === i) return;
      refuse("CMB-C019", `${cloud}.zones[${i}]`, `${cloud}.zones[${first}] is ${zone} already`, {
        remove: true,
      });
    });
  }
};

/** Three zones on AWS, one or more on Google Cloud. */
export const refuseZoneCount: Rule = ({ raw, refuse }) => {
  const { gcp, aws } = raw;
  if (gcp?.zones?.length === 0) {
    refuse("CMB-C020", "gcp.zones", "an empty list: leave the key out, or name one zone or more", {
      remove: true,
    });
  }
  if (aws?.zones === undefined || aws.zones.length === 3) return;
  const region = aws.region ?? "eu-central-1";
  const at = Math.min(aws.zones.length, 2);
  const fix =
    aws.zones.length > 3
      ? { run: `pulumi config rm --path 'cmbcluster:aws.zones[3]'` }
      : { at: `aws.zones[${at}]`, set: `${region}${"abc"[at]!}` };
  const cause = `${aws.zones.length} zones: subnets, node groups and load balancer are laid out over three`;
  refuse("CMB-C020", "aws.zones", cause, fix);
};

/** Minors that left standard support, or that nobody has read the add-ons of. */
export const refuseUnsupportedVersion: Rule = ({ raw, refuse }) => {
  for (const cloud of ["gcp", "aws"] as const) {
    const version = raw[cloud]?.cluster?.version;
    const known = kubernetesVersions[cloud];
    if (version === undefined || version in known) continue;
    const supported = Object.entries(known).map(([minor, end]) => `${minor} (until ${end})`);
    const cause = `not among the versions in standard support this program knows: ${supported.join(", ")}`;
    refuse("CMB-C028", `${cloud}.cluster.version`, cause, { set: Object.keys(known)[0]! });
  }
};

/** A copy beside the bucket itself, or in a region AWS does not have. */
export const refuseCopyRegion: Rule = ({ raw, refuse }) => {
  const { region, copyRegion } = raw.aws ?? {};
  if (copyRegion === undefined || copyRegion === "none") return;
  const other = (region && copyRegionOf(region)) ?? "none";
  if (!(awsRegions as readonly string[]).includes(copyRegion)) {
    const cause = "neither a region of the commercial AWS partition nor none";
    refuse("CMB-C064", "aws.copyRegion", cause, { set: nearest(copyRegion, awsRegions) ?? other });
  } else if (copyRegion === region) {
    const cause = "the region of the bucket itself: its loss would be the copy's";
    refuse("CMB-C064", "aws.copyRegion", cause, { set: other }, ["aws.region"]);
  }
};

/** A bucket in a place from which the region's nodes would read across an ocean, or that does not exist. */
export const refuseFarBucket: Rule = ({ raw, refuse }) => {
  const region = raw.gcp?.region;
  const location = raw.gcp?.databaseLocation;
  if (region === undefined || location === undefined) return;
  const multi = multiRegionOf(region);
  if (location === region || location === multi) return;
  const cause = `neither the region ${region} nor ${multi ? `the multi-region ${multi} around it` : "a multi-region that holds it (there is none)"}`;
  refuse("CMB-C056", "gcp.databaseLocation", cause, { set: multi ?? region }, ["gcp.region"]);
};
