import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KeptSecret as KeptSecretFacts, KeptSecretArgs as SecretArgs } from "../cmb-cluster";
import { secretName } from "./names";
import { transformed, type Transform } from "./transform";

/** What a kept secret is made of. */
export interface KeptSecretArgs extends SecretArgs {
  readonly cluster: string;
  /** Last part of its name in Secrets Manager: `<cluster>/<role>`. */
  readonly role: string;
  /** Second region in which Secrets Manager keeps a copy, for as much again; default: there is none. */
  readonly copyRegion?: string;
  readonly transform?: { readonly secret?: Transform<aws.secretsmanager.SecretArgs> };
}

/**
 * A value in Secrets Manager, under Amazon's key for it, that no plan deletes (0.40 US$ a month). A deletion by
 * hand can be undone for 30 days, during which the name stays taken.
 */
export class KeptSecret extends pulumi.ComponentResource implements KeptSecretFacts {
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: KeptSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:aws:KeptSecret", name, { cluster: args.cluster, role: args.role }, opts);
    const kept = { parent: this, protect: true, retainOnDelete: true };
    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      transformed<aws.secretsmanager.SecretArgs>(args.transform?.secret, {
        name: secretName(args.cluster, args.role),
        description: args.description,
        recoveryWindowInDays: 30,
        ...(args.copyRegion !== undefined && { replicas: [{ region: args.copyRegion }] }),
      }),
      kept,
    );
    new aws.secretsmanager.SecretVersion(
      `${name}-version`,
      { secretId: secret.id, secretString: args.value },
      kept,
    );
    this.id = secret.arn;
    this.registerOutputs({ id: this.id });
  }
}
