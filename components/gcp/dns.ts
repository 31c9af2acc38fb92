import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { DnsFacts } from "../cmb-cluster";
import { InvalidArgsError } from "../errors";
import { hostNames } from "../naming";
import { childOptions, shaped, type ChildOptions, type Transform } from "./child";

/** A domain and where it leads. */
export interface DnsArgs {
  readonly cluster: string;
  readonly project: string;
  /** The site's name, without a final dot. */
  readonly domain: string;
  /** Public IPv4 address the three names lead to. */
  readonly address: pulumi.Input<string>;
  /**
   * Name of a managed zone of this project, as `gcloud dns managed-zones list` shows it, that serves the domain
   * or a domain above it. Default: a zone is made, to which the domain has to be delegated once at its registrar.
   */
  readonly existingZone?: string;
  /** Seconds that resolvers keep an answer; default 300. */
  readonly ttl?: number;
  /**
   * Protect and retain a zone that was made; default true. A zone made anew has other name servers, so the domain
   * would have to be delegated again.
   */
  readonly protect?: boolean;
  readonly transform?: {
    readonly zone?: Transform<gcp.dns.ManagedZoneArgs>;
    readonly record?: Transform<gcp.dns.RecordSetArgs>;
  };
}

/**
 * The public zone of the domain, with records for the site, the API and `*.` for user environments. A zone
 * costs 0.20 US$ a month.
 *
 * DNSSEC is on for a zone that is made; it takes effect once the registrar has the DS record.
 *
 * @requirement D1
 */
export class Dns extends pulumi.ComponentResource implements DnsFacts {
  readonly domain: string;
  readonly zoneCreated: boolean;
  readonly nameServers: pulumi.Output<string[]>;
  readonly challengeSolver: pulumi.Output<Record<string, unknown>>;
  /** The zone by name, and what must exist before a right on it is given. */
  readonly zone: { readonly name: string; readonly resources: readonly pulumi.Resource[] };

  constructor(name: string, args: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, project, domain, existingZone } = args;
    super("cmb:gcp:Dns", name, { cluster, project, domain, existingZone }, opts);
    const child = childOptions(this, opts);
    const zone = existingZone ? this.findZone(name, existingZone, args) : this.makeZone(name, args, child);
    const zoneName = existingZone ?? zoneNameOf(cluster);
    this.domain = domain;
    this.zoneCreated = existingZone === undefined;
    this.zone = { name: zoneName, resources: existingZone ? [] : [zone] };
    this.nameServers = pulumi.all([zone.nameServers, zone.dnsName]).apply(([servers, dnsName]) => {
      refuseForeignZone(domain, zoneName, dnsName);
      return servers;
    });
    // With the zone named, cert-manager looks for none, and needs no right to list the project's zones.
    this.challengeSolver = pulumi
      .output(zoneName)
      .apply((hostedZoneName): Record<string, unknown> => ({ cloudDNS: { project, hostedZoneName } }));
    this.makeRecords(name, zoneName, args, {
      ...child,
      dependsOn: [...child.dependsOn, ...this.zone.resources],
    });
    this.registerOutputs({ nameServers: this.nameServers });
  }

  private makeZone(name: string, args: DnsArgs, opts: ChildOptions) {
    const protect = args.protect ?? true;
    return new gcp.dns.ManagedZone(
      `${name}-zone`,
      ...shaped(
        args.transform?.zone,
        {
          name: zoneNameOf(args.cluster),
          project: args.project,
          dnsName: `${args.domain}.`,
          description: `${args.domain}, served by ${args.cluster}`,
          visibility: "public",
          dnssecConfig: { state: "on" },
          forceDestroy: false,
        },
        { ...opts, protect, retainOnDelete: protect },
      ),
    );
  }

  /** Reads a zone and never manages it: a destroy leaves it as it is. */
  private findZone(name: string, zone: string, args: DnsArgs) {
    const id = `projects/${args.project}/managedZones/${zone}`;
    return gcp.dns.ManagedZone.get(`${name}-zone`, id, undefined, { parent: this });
  }

  private makeRecords(name: string, zone: string, args: DnsArgs, opts: ChildOptions): void {
    for (const [role, host] of Object.entries(hostNames(args.domain))) {
      new gcp.dns.RecordSet(
        `${name}-${role}`,
        ...shaped(
          args.transform?.record,
          {
            project: args.project,
            managedZone: zone,
            name: `${host}.`,
            type: "A",
            ttl: args.ttl ?? 300,
            rrdatas: [args.address],
          },
          opts,
        ),
      );
    }
  }
}

/** Name of the managed zone that is made for a cluster. */
function zoneNameOf(cluster: string): string {
  return `${cluster}-zone`;
}

/** A zone that does not serve the domain would take the records, and nobody would ever ask it for them. */
export function refuseForeignZone(domain: string, zone: string, dnsName: string): void {
  if (`.${domain}.`.endsWith(`.${dnsName}`)) return;
  throw new InvalidArgsError(
    "existingZone",
    zone,
    `the zone serves ${dnsName} and not ${domain}.`,
    "Name a zone of that domain or of one above it, or leave the key out to have a zone made.",
  );
}
