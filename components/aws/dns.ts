import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DnsFacts } from "../cmb-cluster";
import { hostNames } from "../naming";
import { transformed, type Transform } from "./transform";

/** What the domain's zone and records are made of. */
export interface DnsArgs {
  /** The domain of the site, without a final dot. */
  readonly domain: string;
  readonly region: string;
  /** Id of a public Route 53 zone that holds the domain; omitted: a zone is made (0.50 US$ a month). */
  readonly existingZone?: string;
  /** Where the three names lead. */
  readonly target: { readonly dnsName: pulumi.Input<string>; readonly zoneId: pulumi.Input<string> };
  /**
   * What the records wait for beside the load balancer. Nothing in them needs it: the engine deletes in waves, by how
   * much lies under a thing, and Route 53 takes over half a minute for a record. Made as late as the nodes, records go
   * while the nodes do; by themselves they would be a wave of their own.
   */
  readonly recordsAfter?: readonly pulumi.Resource[];
  /** A zone made anew gets other name servers, and the domain has to be delegated again: keep it. */
  readonly protect: boolean;
  /** Ways out, one a child. */
  readonly transform?: {
    readonly zone?: Transform<aws.route53.ZoneArgs>;
    readonly record?: Transform<aws.route53.RecordArgs>;
  };
}

/**
 * The domain's zone, made or existing, and the three names of the stack as aliases of the load balancer: site,
 * API, and the wildcard of user environments.
 *
 * @requirement D1
 */
export class Dns extends pulumi.ComponentResource implements DnsFacts {
  readonly domain: string;
  readonly zoneCreated: boolean;
  /** Empty for an existing zone: it is delegated already, and looking them up would need credentials to preview. */
  readonly nameServers: pulumi.Output<string[]>;
  readonly challengeSolver: pulumi.Output<Record<string, unknown>>;
  /** Id of the zone, `Z…`. */
  readonly zoneId: pulumi.Output<string>;

  constructor(name: string, args: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { domain, existingZone, protect } = args;
    super("cmb:aws:Dns", name, { domain, existingZone, protect }, opts);
    this.domain = domain;
    this.zoneCreated = existingZone === undefined;
    const zone = existingZone === undefined ? this.makeZone(name, args) : undefined;
    this.zoneId = zone?.zoneId ?? pulumi.output(existingZone!);
    this.nameServers = zone?.nameServers ?? pulumi.output<string[]>([]);
    this.challengeSolver = this.zoneId.apply<Record<string, unknown>>((hostedZoneID) => ({
      route53: { region: args.region, hostedZoneID },
    }));

    for (const [role, host] of Object.entries<string>({ ...hostNames(domain) })) {
      new aws.route53.Record(
        `${name}-${role}`,
        transformed<aws.route53.RecordArgs>(args.transform?.record, {
          zoneId: this.zoneId,
          name: host,
          type: "A",
          aliases: [
            {
              name: args.target.dnsName,
              zoneId: args.target.zoneId,
              // There is one load balancer: answering nothing while it is ill would help nobody.
              evaluateTargetHealth: false,
            },
          ],
        }),
        { parent: this, dependsOn: [...(args.recordsAfter ?? [])] },
      );
    }
    this.registerOutputs({ zoneId: this.zoneId });
  }

  private makeZone(name: string, args: DnsArgs): aws.route53.Zone {
    return new aws.route53.Zone(
      `${name}-zone`,
      transformed<aws.route53.ZoneArgs>(args.transform?.zone, {
        name: args.domain,
        comment: `Site, API and user environments of ${args.domain}`,
        forceDestroy: !args.protect,
      }),
      { parent: this, protect: args.protect, retainOnDelete: args.protect },
    );
  }
}
