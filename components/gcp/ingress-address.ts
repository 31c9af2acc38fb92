import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { IngressFacts } from "../cmb-cluster";
import { childOptions, shaped, type Transform } from "./child";

/** Where the address lies. */
export interface IngressAddressArgs {
  readonly cluster: string;
  readonly project: string;
  readonly region: string;
  readonly transform?: { readonly address?: Transform<gcp.compute.AddressArgs> };
}

/**
 * The public address of the ingress, and what the controller's Service has to say so that GKE puts a passthrough
 * load balancer on that address. The load balancer hands packets on unchanged, so the client's address arrives
 * as it is (`externalTrafficPolicy: Local`) and no header or protocol has to be trusted for it.
 *
 * The address is free while in use; 7.30 US$ a month while it is not. The load balancer is made and deleted by
 * the cluster: the Service has to go before the cluster does, or its forwarding rule stays, is billed, and keeps
 * the network from being deleted.
 */
export class IngressAddress extends pulumi.ComponentResource implements IngressFacts {
  readonly address: pulumi.Output<string>;
  readonly service: IngressFacts["service"];
  readonly proxyProtocol = false;
  readonly trustedCidrs: readonly string[] = [];

  constructor(name: string, args: IngressAddressArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, project, region } = args;
    super("cmb:gcp:IngressAddress", name, { cluster, project, region }, opts);
    const address = new gcp.compute.Address(
      `${name}-address`,
      ...shaped(
        args.transform?.address,
        {
          name: `${cluster}-ingress`,
          project,
          region,
          description: `Ingress of ${cluster}`,
          addressType: "EXTERNAL",
          networkTier: "PREMIUM",
        },
        childOptions(this, opts),
      ),
    );
    this.address = address.address;
    this.service = {
      type: "LoadBalancer",
      // Backend services instead of the older target pools: the two cannot be exchanged later.
      annotations: pulumi.output<Record<string, string>>({ "cloud.google.com/l4-rbs": "enabled" }),
      spec: { externalTrafficPolicy: "Local", loadBalancerIP: this.address },
    };
    this.registerOutputs({ address: this.address });
  }

  /** GKE leads its load balancer to the Service by itself. */
  attach(): pulumi.Resource[] {
    return [];
  }
}
