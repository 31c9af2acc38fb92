import { CloudError, type Properties, type ResourceModel } from "../model";
import {
  alreadyExists,
  apiNeeds,
  computeLink,
  lastPart,
  notFound,
  projectOf,
  regionOf,
  text,
  texts,
  timestamp,
} from "./common";
import { ADDRESS, addressId } from "./addresses";
import { COMPUTE_POLL, networkNeed, ROUTER } from "./network";

export const ROUTER_NAT = "gcp:compute/routerNat:RouterNat";

const routerId = (name: string, project: string, region: string) =>
  `projects/${project}/regions/${region}/routers/${lastPart(name)}`;

const router: ResourceModel = {
  type: ROUTER,
  durations: { create: 11, update: 11, delete: 11, source: COMPUTE_POLL },
  id: (inputs, cloud) => routerId(text(inputs, "name"), projectOf(inputs, cloud), regionOf(inputs, cloud)),
  uniqueName: (inputs, cloud) =>
    `${projectOf(inputs, cloud)}/${regionOf(inputs, cloud)}:${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`routers/${text(inputs, "name")}`),
  needs: (inputs, cloud) => [
    ...apiNeeds(cloud, projectOf(inputs, cloud), "compute"),
    networkNeed(inputs, projectOf(inputs, cloud)),
  ],
  outputs: (inputs, cloud, id) => ({
    project: projectOf(inputs, cloud),
    region: regionOf(inputs, cloud),
    creationTimestamp: timestamp(cloud),
    selfLink: computeLink(id),
  }),
  // A gateway is a part of its router (`nats` of the Compute Engine resource): it goes with it.
  deleting: (object, cloud) => {
    const [, project = "", , region = ""] = object.id.split("/");
    for (const nat of cloud.list(ROUTER_NAT)) {
      const of = routerId(text(nat.properties, "router"), project, region);
      if (of === object.id && nat.id.startsWith(`${project}/${region}/`)) cloud.remove(ROUTER_NAT, nat.id);
    }
  },
};

const powerOfTwo = (value: unknown) => typeof value === "number" && Number.isInteger(Math.log2(value));

/** Combinations that Compute Engine answers with 400. */
function refuseBadPorts(inputs: Properties): void {
  const refuse = (message: string): never => {
    throw new CloudError("invalid", `Error 400: ${message}, invalid`);
  };
  const dynamic = inputs["enableDynamicPortAllocation"] === true;
  if (dynamic && inputs["enableEndpointIndependentMapping"] === true)
    refuse("Endpoint-Independent Mapping and Dynamic Port Allocation can not be enabled at the same time");
  for (const key of ["minPortsPerVm", "maxPortsPerVm"])
    if (dynamic && inputs[key] !== undefined && !powerOfTwo(inputs[key]))
      refuse(`Invalid value for field 'resource.nats[0].${key}': it must be a power of two`);
  const manual = text(inputs, "natIpAllocateOption") === "MANUAL_ONLY";
  if (manual && texts(inputs, "natIps").length === 0)
    refuse("natIps must be specified when natIpAllocateOption is MANUAL_ONLY");
}

const routerNat: ResourceModel = {
  type: ROUTER_NAT,
  durations: { create: 12, update: 12, delete: 12, source: "published logs of deployments: 11 to 23 s" },
  id: (inputs, cloud) =>
    [
      projectOf(inputs, cloud),
      regionOf(inputs, cloud),
      lastPart(text(inputs, "router")),
      text(inputs, "name"),
    ].join("/"),
  uniqueName: (inputs, cloud) =>
    `${routerId(text(inputs, "router"), projectOf(inputs, cloud), regionOf(inputs, cloud))}:${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`nats/${text(inputs, "name")}`),
  needs: (inputs, cloud) => {
    const [project, region] = [projectOf(inputs, cloud), regionOf(inputs, cloud)];
    const address = routerId(text(inputs, "router"), project, region);
    return [
      ...apiNeeds(cloud, project, "compute"),
      { property: "router", kind: ROUTER, address, error: notFound(address) },
      ...texts(inputs, "natIps").map((ip) => ({
        property: "natIps",
        kind: ADDRESS,
        address: addressId(ip, project, region),
        error: notFound(addressId(ip, project, region)),
      })),
    ];
  },
  accept: (inputs) => refuseBadPorts(inputs),
  updating: (_object, news) => refuseBadPorts(news),
  outputs: (inputs, cloud) => ({
    project: projectOf(inputs, cloud),
    region: regionOf(inputs, cloud),
    natIps: inputs["natIps"] ?? [],
    endpointTypes: ["ENDPOINT_TYPE_VM"],
    autoNetworkTier: "PREMIUM",
  }),
};

export const routerModels: readonly ResourceModel[] = [router, routerNat];
