import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { DnsFacts } from "../cmb-cluster";
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
   * or a domain above it; Cloud DNS refuses records for any other. Default: a zone is made, to which the domain has
   * to be delegated once at its registrar.
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
  /** Empty for an existing zone: it is delegated already, and a look-up would need credentials to preview. */
  readonly nameServers: pulumi.Output<string[]>;
  readonly challengeSolver: pulumi.Output<Record<string, unknown>>;
  /** The zone by name, and what must exist before a right on it is given. */
  readonly zone: { readonly name: string; readonly resources: readonly pulumi.Resource[] };

  constructor(name: string, args: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, project, domain, existingZone } = args;
    super("cmb:gcp:Dns", name, { cluster, project, domain, existingZone }, opts);
    const child = childOptions(this, opts);
    const zone = existingZone === undefined ? this.makeZone(name, args, child) : undefined;
    const zoneName = existingZone ?? zoneNameOf(cluster);
    this.domain = domain;
    this.zoneCreated = zone !== undefined;
    this.zone = { name: zoneName, resources: zone ? [zone] : [] };
    this.nameServers = zone?.nameServers ?? pulumi.output([]);
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
