import type { Json } from "../../../preview/engine/values";
import type { CloudView, Properties } from "../model";
import { addressAt } from "./cidr";
import { block, blocks, labelOutputs, projectNumber, projectOf, text, texts } from "./common";
import { publicAddress } from "./addresses";
import { subnetworkId, SUBNETWORK } from "./network";
import { regionOfLocation, zonesOf } from "./nodes";

/** Default version of each channel; a patch that existed on 2026-09-17 for REGULAR, of that kind for the others. */
const VERSIONS: Readonly<Record<string, string>> = {
  RAPID: "1.36.2-gke.1000000",
  REGULAR: "1.35.8-gke.1000000",
  STABLE: "1.34.9-gke.1000000",
  EXTENDED: "1.35.8-gke.1000000",
};

/** Minor versions that GKE offers. */
const MINORS = ["1.33", "1.34", "1.35", "1.36"];

/** Can the control plane have this version? A minor one, a patch, or a full one. */
export function versionOffered(version: string): boolean {
  return (
    ["", "latest", "-"].includes(version) || MINORS.some((minor) => `${version}.`.startsWith(`${minor}.`))
  );
}

function versionOf(inputs: Properties): string {
  const wanted = text(inputs, "minMasterVersion");
  const channel = text(block(inputs, "releaseChannel"), "channel");
  const usual = VERSIONS[channel] ?? VERSIONS["REGULAR"]!;
  if (!/^\d+\.\d+/.test(wanted) || usual.startsWith(wanted)) return usual;
  if (/gke/.test(wanted)) return wanted;
  return `${wanted.split(".").length > 2 ? wanted : `${wanted}.1`}-gke.1000000`;
}

function rangeOf(cloud: CloudView, inputs: Properties, policy: Properties, key: string): string {
  const region = regionOfLocation(text(inputs, "location"));
  const id = subnetworkId(text(inputs, "subnetwork"), projectOf(inputs, cloud), region);
  const ranges = blocks(cloud.find(SUBNETWORK, id)?.properties ?? {}, "secondaryIpRanges");
  const range = ranges.find((each) => text(each, "rangeName") === text(policy, key));
  return text(range ?? {}, "ipCidrRange");
}

/** Host name of the control plane's DNS endpoint: a number of its own for every cluster ever made. */
export function dnsEndpoint(inputs: Properties, cloud: CloudView): string {
  const region = regionOfLocation(text(inputs, "location"));
  return `gke-${cloud.hex(28)}-${projectNumber(projectOf(inputs, cloud))}.${region}.gke.goog`;
}

/** What a cluster's resource shows beside its inputs. The certificate comes once the control plane runs. */
export function clusterOutputs(inputs: Properties, cloud: CloudView, id: string): Record<string, Json> {
  const endpoints = block(inputs, "controlPlaneEndpointsConfig");
  const policy = block(inputs, "ipAllocationPolicy");
  const range = block(inputs, "privateClusterConfig");
  const endpoint = publicAddress(cloud);
  const version = versionOf(inputs);
  const pods = rangeOf(cloud, inputs, policy, "clusterSecondaryRangeName");
  const services = rangeOf(cloud, inputs, policy, "servicesSecondaryRangeName");
  const zones = zonesOf(text(inputs, "location"), texts(inputs, "nodeLocations"));
  return {
    project: projectOf(inputs, cloud),
    selfLink: `https://container.googleapis.com/v1/${id}`,
    endpoint,
    masterVersion: version,
    nodeVersion: version,
    emulatedVersion: version.split(".").slice(0, 2).join("."),
    operation: "",
    labelFingerprint: cloud.hex(8),
    clusterIpv4Cidr: pods,
    servicesIpv4Cidr: services,
    tpuIpv4CidrBlock: "",
    defaultMaxPodsPerNode: inputs["defaultMaxPodsPerNode"] ?? 110,
    // The zones beyond a zonal cluster's own.
    nodeLocations: zones.filter((zone) => zone !== text(inputs, "location")),
    ipAllocationPolicy: { ...policy, clusterIpv4CidrBlock: pods, servicesIpv4CidrBlock: services },
    privateClusterConfig: {
      ...range,
      privateEndpoint: addressAt(text(range, "masterIpv4CidrBlock"), 2),
      publicEndpoint: endpoint,
      peeringName: "",
    },
    controlPlaneEndpointsConfig: {
      ...endpoints,
      dnsEndpointConfig: { ...block(endpoints, "dnsEndpointConfig"), endpoint: dnsEndpoint(inputs, cloud) },
    },
    masterAuth: {
      ...block(inputs, "masterAuth"),
      clientCertificate: "",
      clientKey: "",
      clusterCaCertificate: "",
    },
    ...labelOutputs(inputs, "resourceLabels"),
  };
}
