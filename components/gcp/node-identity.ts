import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { childOptions, shaped, type Transform } from "./child";

/** Whose nodes. */
export interface NodeIdentityArgs {
  readonly cluster: string;
  readonly project: string;
  readonly transform?: {
    readonly account?: Transform<gcp.serviceaccount.AccountArgs>;
    readonly role?: Transform<gcp.projects.IAMMemberArgs>;
  };
}

/**
 * The service account that nodes run as: it writes logs and metrics, and nothing else. The right to pull images
 * comes from the registry (`Registry`, `readers`), on the one repository. Without an account of its own a node
 * runs as the project's default one, which in older projects may edit everything.
 *
 * @requirement N3
 */
export class NodeIdentity extends pulumi.ComponentResource {
  /** Address, known before the account exists: depend on {@link ready} before using it. */
  readonly email: string;
  readonly member: string;
  /** The account and its role. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: NodeIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, project } = args;
    super("cmb:gcp:NodeIdentity", name, { cluster, project }, opts);
    const child = childOptions(this, opts);
    const account = new gcp.serviceaccount.Account(
      `${name}-account`,
      ...shaped(
        args.transform?.account,
        {
          accountId: nodeAccountId(cluster),
          project,
          displayName: `Nodes of ${cluster}`,
          description: "What the nodes themselves may do; pods have identities of their own",
        },
        child,
      ),
    );
    this.email = `${nodeAccountId(cluster)}@${project}.iam.gserviceaccount.com`;
    this.member = `serviceAccount:${this.email}`;
    const role = new gcp.projects.IAMMember(
      `${name}-role`,
      ...shaped(
        args.transform?.role,
        { project, role: "roles/container.defaultNodeServiceAccount", member: this.member },
        { ...child, dependsOn: [...child.dependsOn, account] },
      ),
    );
    this.ready = [account, role];
    this.registerOutputs({ email: this.email });
  }
}

/** Account id of a cluster's nodes. */
export function nodeAccountId(cluster: string): string {
  return `${cluster}-nodes`;
}
