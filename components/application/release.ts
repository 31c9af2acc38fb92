import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CmbCluster } from "../cmb-cluster";
import type { Admission } from "./admission/admission";
import { buildChartValues } from "./chart-values";
import { names } from "./names";
import type { ApplicationImages, ApplicationSettings, PlatformFacts } from "./settings";
import type { Workspace } from "./workspace";

/** What the release is made of. */
export interface ApplicationReleaseArgs {
  readonly cluster: CmbCluster;
  readonly platform: PlatformFacts;
  readonly workspace: Workspace;
  /** What every pod of an environment passes: there before the backend can make one. */
  readonly admission: Pick<Admission, "resources" | "needs">;
  readonly settings: ApplicationSettings;
  readonly images: ApplicationImages;
  readonly secretsVersion: number;
  /** Path of the chart. */
  readonly chart: string;
}

/** Seconds for images to be pulled, a node to be added and the database's volume to be attached. */
const TIMEOUT = 900;

/**
 * The Helm release of `app-chart`. It waits until both Deployments are available, and a release that does not
 * get there within 15 minutes is rolled back to the one before (a first one is taken away, all but the
 * database's claim): `kubectl get events -n <namespace>` then says why.
 *
 * @requirement H1
 */
export class ApplicationRelease extends pulumi.ComponentResource {
  readonly release: k8s.helm.v3.Release;

  constructor(name: string, args: ApplicationReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, platform, workspace } = args;
    // The gate of `npm run up` reads here which images have to be in the registry (operate/images.ts).
    const { mirrors } = cluster.registry;
    super("cmb:application:Release", name, { images: args.images, mirrors, chart: args.chart }, opts);
    const { backend, frontend } = workspace.secrets;
    this.release = new k8s.helm.v3.Release(
      `${name}-helm`,
      {
        name: names.release,
        chart: args.chart,
        namespace: workspace.namespaceName,
        createNamespace: false,
        // Helm would otherwise mix what an earlier release was given into this one.
        resetValues: true,
        atomic: true,
        cleanupOnFail: true,
        timeout: TIMEOUT,
        maxHistory: 10,
        values: buildChartValues({
          cluster,
          platform,
          namespace: workspace.namespaceName,
          settings: args.settings,
          images: args.images,
          secretsVersion: args.secretsVersion,
          secretVariables: { backend: backend.variables, frontend: frontend.variables },
          bindings: workspace.bindings,
          alsoNeeded: args.admission.needs,
        }) as pulumi.Inputs,
      },
      {
        parent: this,
        provider: cluster.kubernetes,
        dependsOn: [
          workspace.namespace,
          backend.resource,
          frontend.resource,
          ...cluster.ready,
          ...platform.ready,
          ...args.admission.resources,
        ],
      },
    );
    this.registerOutputs();
  }
}
