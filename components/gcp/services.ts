import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { childOptions, shaped, type Transform } from "./child";

/** The Google APIs that the components of this folder call, by the short name used in the state. */
export const apis = [
  "serviceusage",
  "cloudresourcemanager",
  "compute",
  "container",
  "iam",
  "iamcredentials",
  "artifactregistry",
  "containerscanning",
  "dns",
  "secretmanager",
  "storage",
  "logging",
  "monitoring",
  "cloudscheduler",
  "billingbudgets",
] as const;

/** One of {@link apis}. */
export type Api = (typeof apis)[number];

/** The two that the others are enabled through. */
const first: readonly Api[] = ["serviceusage", "cloudresourcemanager"];

/** Which project, and which APIs not. */
export interface ServicesArgs {
  readonly project: string;
  /**
   * APIs that stay as they are: `containerscanning` where images are not scanned, since scans are billed, and
   * those of parts that a stack does not have.
   */
  readonly except?: readonly Api[];
  readonly transform?: { readonly service?: Transform<gcp.projects.ServiceArgs> };
}

/**
 * Enables the Google APIs that a stack needs. They are never disabled again: the project may have other users,
 * and disabling an API deletes what they have in it.
 *
 * Enabling is free. A project whose Service Usage API is off has to enable that one by hand.
 *
 * @requirement P1
 */
export class Services extends pulumi.ComponentResource {
  private readonly enabled = new Map<Api, gcp.projects.Service>();

  constructor(name: string, args: ServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    const wanted = apis.filter((api) => !args.except?.includes(api));
    super("cmb:gcp:Services", name, { project: args.project, apis: wanted }, opts);
    const child = childOptions(this, opts);
    for (const api of wanted) {
      const before = first.includes(api) ? [] : this.need(...first.filter((one) => wanted.includes(one)));
      this.enabled.set(
        api,
        new gcp.projects.Service(
          `${name}-${api}`,
          ...shaped(
            args.transform?.service,
            { project: args.project, service: `${api}.googleapis.com`, disableOnDestroy: false },
            { ...child, dependsOn: [...child.dependsOn, ...before] },
          ),
        ),
      );
    }
    this.registerOutputs({});
  }

  /** What to depend on before calling the APIs named; those left out by `except` count as enabled. */
  need(...wanted: Api[]): pulumi.Resource[] {
    return wanted.flatMap((api) => this.enabled.get(api) ?? []);
  }
}
