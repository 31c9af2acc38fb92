import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CmbCluster, KeptSecret, WorkloadBinding } from "../cmb-cluster";
import type { Grant } from "../grants";
import { BACKEND_SERVICE_ACCOUNT, RESTORE_DRILL_SERVICE_ACCOUNT, USER_SERVICE_ACCOUNT } from "../naming";
import { Keys } from "./keys";
import { names } from "./names";
import { backendSecrets, frontendSecrets } from "./secrets";
import type { SuppliedKeys } from "./settings";

/** What the application's place in the cluster depends on. */
export interface WorkspaceArgs {
  readonly cluster: CmbCluster;
  readonly namespace: string;
  readonly keys?: SuppliedKeys;
  readonly allowSignOutEverywhere: boolean;
  readonly protect: { readonly data: boolean; readonly cluster: boolean };
}

/** A Secret object by name and the variables it holds. */
export interface SecretFacts {
  readonly name: string;
  readonly variables: readonly string[];
  readonly resource: pulumi.Resource;
}

/**
 * Everything the application needs before its images exist: the namespace, the identities of its
 * workloads, its keys, and the Secret objects its pods read.
 */
export class Workspace extends pulumi.ComponentResource {
  readonly namespace: k8s.core.v1.Namespace;
  readonly namespaceName: string;
  readonly bindings: {
    readonly backend: WorkloadBinding;
    readonly drill: WorkloadBinding;
    readonly users: WorkloadBinding;
  };
  readonly secrets: { readonly backend: SecretFacts; readonly frontend: SecretFacts };
  /** The file encryption key in the cloud's secret store, from where a lost stack is restored. */
  readonly keptKey: KeptSecret;

  private readonly inCluster: pulumi.CustomResourceOptions;

  constructor(name: string, args: WorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cmb:application:Workspace", name, { namespace: args.namespace }, opts);
    const { cluster } = args;
    this.inCluster = { parent: this, provider: cluster.kubernetes };
    this.namespaceName = args.namespace;
    this.namespace = this.makeNamespace(name, args);
    this.bindings = this.bindWorkloads(args);
    const keys = new Keys(
      `${name}-keys`,
      { supplied: args.keys, protect: args.protect.data },
      { parent: this },
    );
    this.keptKey = cluster.keepSecret("file-encryption-key", {
      description: "Encrypts the files of the users; without it they cannot be read",
      value: keys.fileEncryption,
    });
    this.secrets = {
      backend: this.makeSecret(`${name}-backend`, names.backendSecret, backendSecrets(keys, cluster.signIn)),
      frontend: this.makeSecret(
        `${name}-frontend`,
        names.frontendSecret,
        frontendSecrets(keys, cluster.signIn),
      ),
    };
    this.registerOutputs();
  }

  /**
   * Pod Security `restricted` holds for everybody: no root, no added capability, no host access, seccomp on. The
   * application's own pods of users fail it as they are sent and pass it as admission mends them (`admission/mend.ts`),
   * which happens first: a pod that nothing mended is refused.
   *
   * @requirement H5
   */
  private makeNamespace(name: string, { cluster, namespace, protect }: WorkspaceArgs): k8s.core.v1.Namespace {
    return new k8s.core.v1.Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: namespace,
          labels: {
            "app.kubernetes.io/part-of": names.release,
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
            "pod-security.kubernetes.io/audit": "restricted",
          },
        },
      },
      // With the nodes gone first, what answers for metrics.k8s.io is gone too, and the namespace never ends.
      { ...this.inCluster, dependsOn: cluster.ready, protect: protect.cluster },
    );
  }

  /** @requirement W2 */
  private bindWorkloads({ cluster, namespace, allowSignOutEverywhere }: WorkspaceArgs) {
    const signOut: Grant[] = allowSignOutEverywhere ? [{ verb: "sign-out-users" }] : [];
    return {
      backend: cluster.bindWorkload("backend", {
        namespace,
        serviceAccount: BACKEND_SERVICE_ACCOUNT,
        grants: [
          { verb: "manage-user-buckets" },
          { verb: "replicate-database", bucket: cluster.buckets.database },
          ...signOut,
        ],
      }),
      drill: cluster.bindWorkload("drill", {
        namespace,
        serviceAccount: RESTORE_DRILL_SERVICE_ACCOUNT,
        grants: [{ verb: "read-database", bucket: cluster.buckets.database }],
      }),
      users: cluster.bindWorkload("users", {
        namespace,
        serviceAccount: USER_SERVICE_ACCOUNT,
        grants: [{ verb: "mount-user-buckets" }],
      }),
    };
  }

  private makeSecret(name: string, physicalName: string, data: Record<string, pulumi.Output<string>>) {
    const resource = new k8s.core.v1.Secret(
      `${name}-secrets`,
      {
        metadata: {
          name: physicalName,
          namespace: this.namespaceName,
          labels: { "app.kubernetes.io/part-of": names.release },
        },
        type: "Opaque",
        stringData: data,
      },
      { ...this.inCluster, dependsOn: [this.namespace] },
    );
    return { name: physicalName, variables: Object.keys(data), resource };
  }
}
