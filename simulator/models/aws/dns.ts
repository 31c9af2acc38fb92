import { CloudError, type CloudView, type Properties, type ResourceModel } from "../model";
import { capitals, flag, hidden, maps, need, required, text } from "./values";

const ZONE = "aws:route53/zone:Zone";
const RECORD = "aws:route53/record:Record";
/** Kind of a record that no program made: cert-manager's challenges, somebody's by hand. */
export const FOREIGN_RECORD = "aws:hidden/dnsRecord";

/** Names may repeat: two zones of one domain have different name servers. */
const zone: ResourceModel = {
  type: ZONE,
  durations: { create: 40, delete: 15, source: "published deployment logs: 30 to 60 s, the wait for INSYNC" },
  id: (_inputs, cloud) => `Z${capitals(cloud, 20)}`,
  outputs: (_inputs, cloud, id) => {
    const nameServers = ["org", "com", "net", "co.uk"].map((end) => {
      const digits = cloud.hex(5);
      return `ns-${parseInt(digits.slice(0, 3), 16) % 2048}.awsdns-${(parseInt(digits.slice(3), 16) % 64)
        .toString()
        .padStart(2, "0")}.${end}`;
    });
    return {
      zoneId: id,
      arn: `arn:aws:route53:::hostedzone/${id}`,
      nameServers,
      primaryNameServer: nameServers[0]!,
      enableAcceleratedRecovery: false,
    };
  },
  blockers: ({ id, properties }, cloud) =>
    recordsIn(cloud, id).length > 0 && !flag(properties, "forceDestroy")
      ? [
          new CloudError(
            "HostedZoneNotEmpty",
            "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
          ),
        ]
      : [],
  deleting: ({ id }, cloud) => {
    for (const { kind, id: record } of recordsIn(cloud, id)) cloud.remove(kind, record);
  },
};

const recordsIn = (cloud: CloudView, zoneId: string) =>
  [RECORD, FOREIGN_RECORD].flatMap((kind) =>
    cloud.list(kind, ({ properties }) => properties["zoneId"] === zoneId),
  );

/** Somebody else than the program writes a record. */
export function putRecord(cloud: CloudView, zoneId: string, name: string, type: string): void {
  cloud.put(hidden(cloud, FOREIGN_RECORD, recordId({ zoneId, name, type }), { zoneId, name, type }));
}

function recordId(inputs: Properties): string {
  const parts = [
    text(inputs, "zoneId"),
    text(inputs, "name").toLowerCase().replace(/\.$/, ""),
    text(inputs, "type"),
  ];
  const set = text(inputs, "setIdentifier");
  return [...parts, ...(set ? [set] : [])].join("_");
}

const record: ResourceModel = {
  type: RECORD,
  durations: { create: 35, delete: 35, source: "published deployment logs: 30 to 60 s, the wait for INSYNC" },
  id: recordId,
  adopts: (inputs) => flag(inputs, "allowOverwrite"),
  nameTaken: existsAlready,
  needs: (inputs) =>
    need(
      inputs,
      "zoneId",
      ZONE,
      (id) => new CloudError("NoSuchHostedZone", `No hosted zone found with ID: ${id}`, 60),
    ),
  accept: async (inputs, cloud) => {
    const foreign = cloud.list(FOREIGN_RECORD, ({ id }) => id === recordId(inputs));
    if (foreign.length > 0 && !flag(inputs, "allowOverwrite")) throw existsAlready(inputs);
    const apex = text(cloud.find(ZONE, text(inputs, "zoneId"))?.properties ?? {}, "name");
    const name = text(inputs, "name").replace(/\.$/, "");
    if (apex !== "" && name !== apex && !name.endsWith(`.${apex}`))
      throw new CloudError(
        "InvalidChangeBatch",
        `RRSet with DNS name ${name}. is not permitted in zone ${apex}.`,
      );
    for (const alias of maps(inputs, "aliases")) await assertTarget(alias, cloud);
  },
  outputs: (inputs) => ({ fqdn: text(inputs, "name").replace(/\.$/, "") }),
};

function existsAlready(inputs: Properties): CloudError {
  const [name, type] = [text(inputs, "name").replace(/\.$/, ""), text(inputs, "type")];
  return new CloudError(
    "InvalidChangeBatch",
    `[Tried to create resource record set [name='${name}.', type='${type}'] but it already exists]`,
  );
}

/** Route 53 looks up the load balancer behind an alias when the record is written, and never again. */
async function assertTarget(alias: Properties, cloud: CloudView): Promise<void> {
  const target = text(alias, "name");
  if (!/\.elb\.[a-z0-9-]+\.amazonaws\.com$/.test(target)) return;
  const balancers = () =>
    cloud.list("aws:lb/loadBalancer:LoadBalancer", ({ properties }) => properties["dnsName"] === target);
  await required(
    cloud,
    () => balancers().length > 0,
    new CloudError(
      "InvalidChangeBatch",
      `[Tried to create an alias that targets ${target}., type A in zone ${text(alias, "zoneId")}, but the alias ` +
        "target name does not lie within the target zone]",
    ),
  );
}

/** Zones and records. */
export const dnsModels: readonly ResourceModel[] = [zone, record];
