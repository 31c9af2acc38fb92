import * as pulumi from "@pulumi/pulumi";
import type { CmbCluster } from "../cmb-cluster";
import { Admission } from "./admission/admission";
import { ApplicationRelease } from "./release";
import type { ApplicationImages, ApplicationSettings, PlatformFacts, SuppliedKeys } from "./settings";
import { pulledNodes, SpareRoom } from "./spare-room";
import { Workspace } from "./workspace";

/** Where the application goes and what it is made of. */
export interface ApplicationArgs {
  readonly cluster: CmbCluster;
  readonly platform: PlatformFacts;
  /** Kubernetes namespace, made here. Trust of both workloads is bound to it, so it can never change. */
  readonly namespace: string;
  readonly settings: ApplicationSettings;
  /** Keys the stack brings along; the others are generated. */
  readonly keys?: SuppliedKeys;
  /** Raised by one after a secret was changed: restarts the pods that read it. */
  readonly secretsVersion: number;
  /**
   * The three images. Absent, as before the first push: the namespace, identities and keys are made, the
   * release is not.
   */
  readonly images?: ApplicationImages;
  /** Give the backend the right to sign a user out everywhere in the Cognito pool; today's code never does. */
  readonly allowSignOutEverywhere?: boolean;
  readonly protect: {
    /** Protect the file encryption key: without it the users' files cannot be read. */
    readonly data: boolean;
    /**
     * Protect the namespace, and with it the claim of the database. Set it where the cluster is protected: a
     * protected namespace keeps, in the state, the cluster it is in.
     */
    readonly cluster: boolean;
  };
  /** Path of the chart, from the directory of `Pulumi.yaml`. */
  readonly chart?: string;
}

/**
 * The application in its cluster: namespace, identities, keys and admission policies always, the Helm release of
 * `app-chart` once its images are named.
 *
 * @requirement P3
 */
export class Application extends pulumi.ComponentResource {
  readonly workspace: Workspace;
  readonly admission: Admission;
  /** Undefined while the images are not named. */
  readonly release?: ApplicationRelease;

  constructor(name: string, args: ApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, platform, namespace, settings, keys, images, protect, secretsVersion } = args;
    const facts = { namespace, secretsVersion, images, replicas: settings.frontend };
    super("cmb:application:Application", name, facts, opts);
    this.workspace = new Workspace(
      `${name}-workspace`,
      { cluster, namespace, keys, protect, allowSignOutEverywhere: args.allowSignOutEverywhere ?? false },
      { parent: this },
    );
    const { spare } = settings.environments;
    this.admission = new Admission(
      `${name}-admission`,
      {
        cluster,
        namespace,
        images: [
          ...(images ? [repositoryOf(images["user-environment"])] : []),
          ...(settings.environments.allowedImages ?? []),
        ],
        ...(spare.least > 0 && { pulledNodes: pulledNodes(namespace) }),
        dependsOn: [this.workspace.namespace, ...platform.admission],
      },
      { parent: this },
    );
    if (images) {
      this.release = new ApplicationRelease(
        `${name}-release`,
        {
          cluster,
          platform,
          settings,
          secretsVersion,
          images,
          workspace: this.workspace,
          admission: this.admission,
          chart: args.chart ?? "./app-chart",
        },
        { parent: this },
      );
      if (spare.least > 0) {
        const room = { cluster, application: namespace, images, spare };
        new SpareRoom(`${name}-spare-room`, room, { parent: this });
      }
    }
    this.registerOutputs();
  }
}

/** A reference without its tag or digest: another version of the same image is allowed as well. */
function repositoryOf(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}
