import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { KeptSecret as KeptSecretFacts } from "../cmb-cluster";
import { shorten } from "../naming";
import { childOptions, shaped, type Transform } from "./child";

/** A value to keep. */
export interface KeptSecretArgs {
  readonly cluster: string;
  readonly project: string;
  /** What it is called after the cluster's name. */
  readonly secret: string;
  /** What it is, for whoever finds it. */
  readonly description: string;
  /**
   * Regions to keep it in; default: wherever Google chooses, which an organisation that restricts resource
   * locations refuses. Fixed at creation.
   */
  readonly locations?: readonly string[];
  /** The value; made secret here if it is not yet. */
  readonly value: pulumi.Input<string>;
  readonly transform?: {
    readonly secret?: Transform<gcp.secretmanager.SecretArgs>;
    readonly version?: Transform<gcp.secretmanager.SecretVersionArgs>;
  };
}

/** Secret Manager's limit on the id of a secret. */
const SECRET_ID_LIMIT = 255;

/**
 * A value in Secret Manager that outlives the state: always protected and retained. Copies lie in whatever
 * regions Google chooses, so that one region's loss does not make encrypted data unreadable. About 0.06 US$ a
 * month.
 *
 * A version's value is its identity. A new value would replace the protected version, so the plan is refused:
 * what the old value encrypted would be lost.
 */
export class KeptSecret extends pulumi.ComponentResource implements KeptSecretFacts {
  /** `projects/<project>/secrets/<id>/versions/<n>`. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: KeptSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, project } = args;
    super("cmb:gcp:KeptSecret", name, { cluster, project, secret: args.secret }, opts);
    const child = { ...childOptions(this, opts), protect: true, retainOnDelete: true };
    const secret = new gcp.secretmanager.Secret(
      `${name}-secret`,
      ...shaped(
        args.transform?.secret,
        {
          project,
          secretId: shorten(`${cluster}-${args.secret}`, SECRET_ID_LIMIT),
          replication: replication(args.locations ?? []),
          annotations: { description: args.description },
        },
        child,
      ),
    );
    const version = new gcp.secretmanager.SecretVersion(
      `${name}-version`,
      ...shaped(args.transform?.version, { secret: secret.id, secretData: pulumi.secret(args.value) }, child),
    );
    this.id = version.name;
    this.registerOutputs({ id: this.id });
  }
}

function replication(locations: readonly string[]): gcp.types.input.secretmanager.SecretReplication {
  if (locations.length === 0) return { auto: {} };
  return { userManaged: { replicas: locations.map((location) => ({ location })) } };
}
