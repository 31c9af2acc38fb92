import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { USER_BUCKET_PREFIXES } from "../naming";
import { type ClusterIdentity, policyDocument, type PolicyDocument, trustFor } from "./irsa";
import { mountRoleName, roleArn } from "./names";
import { withoutDependencies } from "./unbound";
import { userObjectArns } from "./user-buckets";

/** The service account of the Mountpoint driver, made by its add-on (awslabs/mountpoint-s3-csi-driver). */
const MOUNT_DRIVER = { namespace: "kube-system", serviceAccount: "s3-csi-driver-sa" } as const;

/** What may differ in a role that is taken over; the provider's default tags stand in `tagsAll` (pulumi-aws#4030). */
const UNTOUCHED_ON_ADOPTION = ["assumeRolePolicy", "description", "tags", "tagsAll"];

/** What the mounting role is made of. */
export interface MountIdentityArgs {
  readonly cluster: string;
  readonly accountId: string;
  readonly identity: ClusterIdentity;
  /**
   * True: the role of the name exists, left by an earlier stack of the same cluster name, and is taken over with
   * its unique id, on which the policies of all older buckets rest. Pulumi imports nothing that differs from what it
   * is told, so trust, description and tags stay as they are for that one run. The trust is the old cluster's until
   * then: **every mount of a user bucket fails until this is false again and a second `up` has run**. False with such
   * a role there: IAM refuses the creation and nothing is lost.
   */
  readonly adopt: boolean;
  /** Keep the role, and with it the mounts of all user buckets, when the stack goes. */
  readonly retain: boolean;
}

/**
 * The role whose name the application computes and writes into the policy of every bucket it makes. The
 * Mountpoint driver alone may take it; its permissions on a bucket come from that bucket's policy, and only the
 * abort of an unfinished upload, which the application does not grant, is given here.
 *
 * It holds data as the buckets do: S3 remembers its unique id, so a role of the same name made anew opens none of
 * them. It stays in the state through a destroy, and the next `up` of the stack makes it trust the new cluster. The
 * engine is not told that its trust comes from the cluster: it would keep the cluster for its sake.
 *
 * @requirement W3
 */
export class MountIdentity extends pulumi.ComponentResource {
  /** Name of the role: an address in form. */
  readonly roleName: string;
  /** ARN, known before the role exists. */
  readonly arn: string;
  /** Role and policy. */
  readonly resources: readonly pulumi.Resource[];

  constructor(name: string, args: MountIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:aws:MountIdentity", name, { cluster: args.cluster, adopt: args.adopt }, opts);
    this.roleName = mountRoleName(args.cluster);
    this.arn = roleArn(args.accountId, this.roleName);
    const kept = { parent: this, protect: args.retain, retainOnDelete: args.retain };
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: this.roleName,
        description: `Mounts the user buckets of ${args.cluster}`,
        assumeRolePolicy: withoutDependencies(trustFor(args.identity, args.accountId, MOUNT_DRIVER)),
      },
      args.adopt ? { ...kept, import: this.roleName, ignoreChanges: UNTOUCHED_ON_ADOPTION } : kept,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { name: "abort-uploads", role: role.name, policy: JSON.stringify(mountPolicy()) },
      kept,
    );
    this.resources = [role, policy];
    this.registerOutputs({ arn: this.arn });
  }
}

/** What the driver may do that no bucket policy grants it. */
function mountPolicy(): PolicyDocument {
  return policyDocument({
    Effect: "Allow",
    Action: ["s3:AbortMultipartUpload"],
    Resource: USER_BUCKET_PREFIXES.map(userObjectArns),
  });
}
