import type { Json } from "../../../preview/engine/values";
import type { CloudObject, CloudView } from "../model";
import { hidden, text, texts } from "./values";

/** Kind of network interfaces, which no program makes but everything in a VPC has. */
export const INTERFACE = "aws:hidden/networkInterface";

/** An interface to come into being. */
export interface NewInterface {
  readonly subnetId: string;
  readonly groups: readonly string[];
  /** Id of the thing it belongs to. */
  readonly owner: string;
  /** As the console shows it: `Interface for NAT Gateway nat-...`. */
  readonly description: string;
  /** A public address is mapped to it, which holds the internet gateway. */
  readonly mapped?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Adds an interface to a subnet; returns its id. */
export function addInterface(cloud: CloudView, made: NewInterface): string {
  const id = `eni-${cloud.hex(17)}`;
  const subnet = cloud.find("aws:ec2/subnet:Subnet", made.subnetId);
  const properties: Record<string, Json> = {
    subnetId: made.subnetId,
    vpcId: subnet ? text(subnet.properties, "vpcId") : "",
    groups: [...made.groups],
    owner: made.owner,
    description: made.description,
    mapped: made.mapped ?? false,
    tags: { ...made.tags },
  };
  cloud.put(hidden(cloud, INTERFACE, id, properties));
  return id;
}

/** Interfaces by what they hold back. */
export function interfaces(
  cloud: CloudView,
  by: {
    readonly subnetId?: string;
    readonly vpcId?: string;
    readonly group?: string;
    readonly owner?: string;
  },
): CloudObject[] {
  return cloud.list(INTERFACE, ({ properties }) => {
    if (by.subnetId !== undefined && properties["subnetId"] !== by.subnetId) return false;
    if (by.vpcId !== undefined && properties["vpcId"] !== by.vpcId) return false;
    if (by.owner !== undefined && properties["owner"] !== by.owner) return false;
    return by.group === undefined || texts(properties, "groups").includes(by.group);
  });
}

/** Takes away all interfaces of a thing, at once or some seconds later. */
export function removeInterfaces(cloud: CloudView, owner: string, after = 0): void {
  const remove = (later: CloudView) => {
    for (const { id } of interfaces(later, { owner })) later.remove(INTERFACE, id);
  };
  if (after === 0) remove(cloud);
  else cloud.later(after, remove);
}
