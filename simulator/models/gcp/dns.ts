import { CloudError, type CloudView, type Properties, type ResourceModel } from "../model";
import {
  alreadyExists,
  apiNeeds,
  HIDDEN,
  labelOutputs,
  lastPart,
  notFound,
  projectOf,
  text,
  timestamp,
} from "./common";

export const ZONE = "gcp:dns/managedZone:ManagedZone";
export const RECORD_SET = "gcp:dns/recordSet:RecordSet";

const zoneId = (name: string, project: string) => `projects/${project}/managedZones/${lastPart(name)}`;

/** Name servers of a new zone: one of five sets, never the one of the zone before. */
function nameServers(cloud: CloudView): string[] {
  const letter = "abcde"[parseInt(cloud.hex(4), 16) % 5]!;
  return [1, 2, 3, 4].map((number) => `ns-cloud-${letter}${number}.googledomains.com.`);
}

/** Records that keep a zone from being deleted: all but the NS and SOA of the zone itself. */
function recordsIn(zone: string, dnsName: string, cloud: CloudView) {
  return [RECORD_SET, HIDDEN.recordSet].flatMap((kind) =>
    cloud.list(
      kind,
      ({ id, properties }) =>
        id.startsWith(`${zone}/rrsets/`) &&
        !(text(properties, "name") === dnsName && ["NS", "SOA"].includes(text(properties, "type"))),
    ),
  );
}

const zone: ResourceModel = {
  type: ZONE,
  durations: { create: 2, update: 2, delete: 2, source: "estimate" },
  id: (inputs, cloud) => zoneId(text(inputs, "name"), projectOf(inputs, cloud)),
  uniqueName: (inputs, cloud) => `${projectOf(inputs, cloud)}:${text(inputs, "name")}`,
  nameTaken: (inputs) => alreadyExists(`entity.managedZone' named '${text(inputs, "name")}`),
  needs: (inputs, cloud) => apiNeeds(cloud, projectOf(inputs, cloud), "dns"),
  check: (inputs) => {
    const name = inputs["dnsName"];
    return typeof name === "string" && !name.endsWith(".")
      ? [{ property: "dnsName", reason: `"dns_name" ("${name}") must end with a '.'` }]
      : [];
  },
  outputs: (inputs, cloud) => ({
    project: projectOf(inputs, cloud),
    creationTime: timestamp(cloud),
    managedZoneId: Number(`0x${cloud.hex(12)}`),
    nameServers: nameServers(cloud),
    ...labelOutputs(inputs),
  }),
  blockers: ({ id, properties }, cloud) =>
    properties["forceDestroy"] !== true && recordsIn(id, text(properties, "dnsName"), cloud).length > 0
      ? [
          new CloudError(
            "containerNotEmpty",
            `Error 400: The resource named '${lastPart(id)}' cannot be deleted because it contains one or more ` +
              "'resource records'., containerNotEmpty",
          ),
        ]
      : [],
  deleting: ({ id, properties }, cloud) => {
    for (const record of recordsIn(id, text(properties, "dnsName"), cloud))
      cloud.remove(record.kind, record.id);
    const entries = "gcp:dns/dnsManagedZoneIamMember:DnsManagedZoneIamMember";
    for (const entry of cloud.list(entries, (each) => each.id.startsWith(`${id}/`)))
      cloud.remove(entries, entry.id);
  },
};

const recordId = (inputs: Properties, cloud: CloudView) =>
  `${zoneId(text(inputs, "managedZone"), projectOf(inputs, cloud))}/rrsets/${text(inputs, "name")}/${text(inputs, "type")}`;

const recordTaken = (inputs: Properties) => {
  const [name, type] = [text(inputs, "name"), text(inputs, "type")];
  return alreadyExists(`entity.change.additions[${name}][${type}]' named '${name} (${type})`);
};

const recordSet: ResourceModel = {
  type: RECORD_SET,
  durations: {
    create: 3,
    update: 3,
    delete: 3,
    source: "estimate: the provider waits until the change is done",
  },
  id: recordId,
  uniqueName: recordId,
  nameTaken: recordTaken,
  needs: (inputs, cloud) => {
    const address = zoneId(text(inputs, "managedZone"), projectOf(inputs, cloud));
    return [
      ...apiNeeds(cloud, projectOf(inputs, cloud), "dns"),
      { property: "managedZone", kind: ZONE, address, error: notFound(address) },
    ];
  },
  accept: (inputs, cloud) => {
    const zone = cloud.find(ZONE, zoneId(text(inputs, "managedZone"), projectOf(inputs, cloud)));
    const [name, dnsName] = [text(inputs, "name"), zone && text(zone.properties, "dnsName")];
    if (dnsName !== undefined && name !== dnsName && !name.endsWith(`.${dnsName}`))
      throw new CloudError(
        "invalidZoneApex",
        `Error 400: The DNS name '${name}' is not in the managed zone '${dnsName}', invalid`,
      );
    if (cloud.find(HIDDEN.recordSet, recordId(inputs, cloud))) throw recordTaken(inputs);
  },
  outputs: (inputs, cloud) => ({ project: projectOf(inputs, cloud) }),
};

export const dnsModels: readonly ResourceModel[] = [zone, recordSet];
